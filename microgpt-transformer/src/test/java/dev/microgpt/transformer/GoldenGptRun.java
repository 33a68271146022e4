package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A run of one of the original programs, done again by an engine. */
public record GoldenGptRun(Documents documents, Tokenizer tokenizer, Gpt model, double[] losses, List<String> samples) {
    /** Trains and samples as the original does. */
    public static GoldenGptRun of(Preset preset, boolean onGivenNames, Engine.Kind kind) {
        PythonRandom random = new PythonRandom(42);
        Documents documents = (onGivenNames
                        ? Documents.givenNames()
                        : Documents.read(NamesFile.orAbort(preset + " on names.txt with the " + kind + " engine")))
                .shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(documents);
        Engine engine = Engine.of(kind, Gpt.initial(preset, tokenizer.vocabSize(), random), preset.optimizer());
        LearningRate rate = preset.learningRate(preset.steps());
        double[] losses = new double[preset.steps()];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
            engine.update(rate.at(step));
        }
        Gpt model = engine.model();
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            samples.add(tokenizer.decode(preset.sampler().sample(model, random)));
        }
        return new GoldenGptRun(documents, tokenizer, model, losses, samples);
    }

    public void agreesWith(Golden golden, double tolerance) {
        assertThat(documents.size()).isEqualTo((int) golden.number("documents"));
        assertThat(losses).satisfies(closeTo(golden.doubles("losses"), tolerance));
        assertThat(samples).isEqualTo(golden.strings("samples"));
        Parameters parameters = model.parameters();
        for (Tensor tensor : parameters.tensors()) {
            assertThat(values(parameters, tensor))
                    .as(tensor.name())
                    .satisfies(closeTo(golden.tensor("final_params", tensor.name()), tolerance));
        }
    }

    static double[] values(Parameters parameters, Tensor tensor) {
        return Arrays.copyOfRange(parameters.values(), tensor.offset(), tensor.offset() + tensor.size());
    }
}
