package dev.microgpt.examples;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import org.junit.jupiter.api.Test;

class Stage3AttentionTest {
    @Test
    void attention_written_out_equals_the_library_with_one_head() {
        Gpt gpt = Gpt.initial(Preset.STAGE3, 27, new PythonRandom(5));
        Engine engine = Engine.of(Engine.Kind.VALUE, gpt, new Sgd());
        Parameters parameters = gpt.parameters();
        Leaves leaves = new Leaves(parameters.values());
        double[] gradient = new double[parameters.size()];
        int[] tokens = {26, 4, 12, 12, 0, 26};

        Value loss = new Stage3Attention(parameters, leaves).loss(tokens);
        loss.backward();
        leaves.gradient(gradient);

        assertThat(loss.data()).isCloseTo(engine.lossAndGradient(tokens), within(1e-14));
        assertThat(gradient).satisfies(closeTo(engine.gradient().values(), 1e-14));
    }
}
