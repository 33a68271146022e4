package dev.microgpt.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitializationTest {
    @ParameterizedTest
    @EnumSource
    void draws_the_weights_of_the_original_on_the_given_names(Preset preset) {
        Golden golden = Golden.read("given-" + preset.name().toLowerCase(Locale.ROOT));
        PythonRandom random = new PythonRandom(42);
        Documents.givenNames().shuffled(random);

        agree(preset, random, golden);

        assertThat(random.nextDouble()).isEqualTo(golden.number("next_random_after_init"));
    }

    @ParameterizedTest
    @EnumSource
    void draws_the_weights_of_the_original_on_names_txt(Preset preset) {
        Golden golden = Golden.read(preset.name().toLowerCase(Locale.ROOT));
        PythonRandom random = new PythonRandom(42);
        Documents.read(NamesFile.orAbort("initial weights of " + preset + " on names.txt"))
                .shuffled(random);

        agree(preset, random, golden);
    }

    private static void agree(Preset preset, PythonRandom random, Golden golden) {
        Parameters parameters = preset.initialization().draw(preset.config(27), random);
        for (Tensor tensor : parameters.tensors()) {
            double[] drawn = GoldenGptRun.values(parameters, tensor);
            double[] original = golden.tensor("init_params", tensor.name());
            for (int i = 0; i < drawn.length; i++) {
                assertThat(drawn[i])
                        .as("%s, element %d", tensor.name(), i)
                        .isCloseTo(original[i], within(4 * Math.ulp(original[i])));
            }
        }
    }

    @Test
    void a_matrix_that_starts_at_zero_consumes_its_draws() {
        GptConfig config = Preset.STAGE5.config(3);

        Parameters all = new Initialization(0.1, false, Set.of()).draw(config, new PythonRandom(5));
        Parameters some = new Initialization(0.1, false, Set.of("attn_wk")).draw(config, new PythonRandom(5));

        Tensor wk = all.tensor("layer0.attn_wk");
        assertThat(GoldenGptRun.values(some, wk)).containsOnly(0);
        Tensor fc2 = all.tensor("layer0.mlp_fc2");
        assertThat(GoldenGptRun.values(some, fc2)).isEqualTo(GoldenGptRun.values(all, fc2));
    }

    @Test
    void names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Initialization(-1, false, Set.of()))
                .withMessage("deviation -1.0 is not a finite number of at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Initialization(1, true, Set.of("wo")))
                .withMessage("zeroed wo is not a matrix of a layer");
    }
}
