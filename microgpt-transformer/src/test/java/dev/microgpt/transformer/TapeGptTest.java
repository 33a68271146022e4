package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.graph.TapeGpt;
import dev.microgpt.transformer.graph.ValueGpt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The graph on a tape is that of values, whatever a dot product is made of. */
class TapeGptTest {
    private static final int[][] DOCUMENTS = {{26, 4, 12, 12, 0, 26}, {26, 0, 26}};
    private static final double[] SHARES = {0.3, 0.7};

    @ParameterizedTest
    @EnumSource
    void has_the_loss_and_the_gradient_of_the_graph_of_values(DotProducts dotProducts) {
        GptConfig config = Preset.EARLY.config(27);
        Parameters weights = new Initialization(0.3, false, Set.of()).draw(config, new PythonRandom(2));
        double[] expected = new double[weights.size()];
        double[] gradient = new double[weights.size()];

        double expectedLoss = valueGpt(config, weights, DotProducts.AS_MULTIPLY_ADDS)
                .gradient(weights.values(), DOCUMENTS, SHARES, expected);
        double loss = new TapeGpt(config.layout(), weights, new Tape(dotProducts))
                .gradient(weights.values(), DOCUMENTS, SHARES, gradient);

        assertThat(loss).isCloseTo(expectedLoss, within(1e-12));
        assertThat(gradient).satisfies(closeTo(expected, 1e-12));
        assertThat(gradient).isNotEqualTo(new double[gradient.length]);
    }

    @Test
    void values_with_dot_products_as_one_node_have_the_same_loss_and_gradient() {
        GptConfig config = Preset.EARLY.config(27);
        Parameters weights = new Initialization(0.3, false, Set.of()).draw(config, new PythonRandom(2));
        double[] expected = new double[weights.size()];
        double[] gradient = new double[weights.size()];

        double expectedLoss = valueGpt(config, weights, DotProducts.AS_MULTIPLY_ADDS)
                .gradient(weights.values(), DOCUMENTS, SHARES, expected);
        double loss = valueGpt(config, weights, DotProducts.AS_ONE_NODE)
                .gradient(weights.values(), DOCUMENTS, SHARES, gradient);

        assertThat(loss).isEqualTo(expectedLoss); // not even rounding differs
        assertThat(gradient).satisfies(closeTo(expected, 1e-12));
    }

    private static ValueGpt valueGpt(GptConfig config, Parameters weights, DotProducts dotProducts) {
        return new ValueGpt(config.layout(), weights, dotProducts);
    }
}
