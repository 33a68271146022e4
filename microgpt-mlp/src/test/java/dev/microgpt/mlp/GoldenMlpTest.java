package dev.microgpt.mlp;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runs of train1 and train2, number by number. */
class GoldenMlpTest {
    @ParameterizedTest
    @ValueSource(strings = {"given-stage1", "stage1"})
    void by_hand_reproduces_the_original_run(String run) {
        reproduces(run, (config, parameters) -> {
            MlpByHand model = new MlpByHand(config, parameters);
            return new Trainable(model, (gradient, tokens) -> model.lossAndGradient(gradient, tokens));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"given-stage2", "stage2"})
    void on_values_reproduces_the_original_run(String run) {
        reproduces(run, (config, parameters) -> {
            Mlp model = new Mlp(config, parameters);
            return new Trainable(model, (gradient, tokens) -> {
                var loss = model.lossGraph(tokens);
                loss.backward();
                model.gradient(gradient);
                return loss.data();
            });
        });
    }

    private interface Stage {
        Trainable start(MlpConfig config, Parameters parameters);
    }

    private record Trainable(LanguageModel model, ToDoubleBiFunction<Parameters, int[]> lossAndGradient) {}

    private static void reproduces(String run, Stage stage) {
        Golden golden = Golden.read(run);
        MlpPreset preset = MlpPreset.valueOf(run.replace("given-", "").toUpperCase(Locale.ROOT));
        PythonRandom random = new PythonRandom(42);
        Documents documents = (run.startsWith("given")
                        ? Documents.givenNames()
                        : Documents.read(NamesFile.orAbort("the run " + run + " of the original program")))
                .shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(documents);
        MlpConfig config = preset.config(tokenizer.vocabSize());
        Parameters parameters = config.initialParameters(random);
        double[] initial = golden.doubles("init_params");
        for (int i = 0; i < initial.length; i++) {
            assertThat(parameters.values()[i]).isCloseTo(initial[i], within(4 * Math.ulp(initial[i])));
        }

        Trainable trainable = stage.start(config, parameters);
        Parameters gradient = parameters.zeros();
        Optimizer optimizer = preset.optimizer();
        Moments moments = optimizer.start(parameters);
        LearningRate rate = preset.learningRate(preset.steps());
        double[] losses = new double[preset.steps()];
        for (int step = 0; step < losses.length; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            losses[step] = trainable.lossAndGradient.applyAsDouble(gradient, tokens);
            optimizer.update(parameters, gradient, moments, rate.at(step));
        }
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            samples.add(tokenizer.decode(preset.sampler().sample(trainable.model, random)));
        }

        assertThat(documents.size()).isEqualTo((int) golden.number("documents"));
        assertThat(losses).satisfies(closeTo(golden.doubles("losses"), 1e-9));
        assertThat(parameters.values()).satisfies(closeTo(golden.doubles("final_params"), 1e-9));
        assertThat(samples).isEqualTo(golden.strings("samples"));
    }
}
