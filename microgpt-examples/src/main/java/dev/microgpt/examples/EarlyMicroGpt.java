package dev.microgpt.examples;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;

/**
 * The microgpt of 12 February 2026, an earlier version of stage 5 on which a published course is built.
 *
 * <p>Same as stage 5: the model, {@link Stage4MultiHead#loss}, and Adam, now the one of the library.
 *
 * <p>New here, or rather old: names are cut at 8 positions, ReLU is squared, the weights start smaller and those of
 * attn_wo and mlp_fc2 at zero, the learning rate falls along a cosine, and there are 500 steps.
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage early"}
 *
 * <p>You should see 4,064 parameters and names of at most 8 characters: "ginin", "simen", "enin", "nika".
 */
public final class EarlyMicroGpt {
    private EarlyMicroGpt() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, EarlyMicroGpt::run, program -> StepTrace.gpt(Preset.EARLY, program));
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        GptConfig config = Preset.EARLY.config(tokenizer.vocabSize()); // blockSize 8
        Parameters parameters = Preset.EARLY.initialization().draw(config, random); // N(0, 0.02²) and zeros
        Parameters gradient = parameters.zeros();
        Leaves leaves = new Leaves(parameters.values());
        Stage4MultiHead model =
                new Stage4MultiHead(config, parameters, leaves, a -> a.relu().pow(2));
        program.print("num params: %d", parameters.size());

        int steps = program.steps(500);
        Adam adam = new Adam(0.9, 0.95, 1e-8); // the update of stage 5
        Moments moments = adam.start(parameters);
        LearningRate rate = LearningRate.cosine(0.01, steps); // 0.01·½·(1 + cos(π·step/steps))
        for (int step = 0; step < steps; step++) {
            leaves.load(parameters.values());
            Value loss = model.loss(tokenizer.encodeDocument(documents.atStep(step)));
            loss.backward();
            leaves.gradient(gradient.values());
            adam.update(parameters, gradient, moments, rate.at(step));
            program.step(step, loss.data());
        }

        // Here the engine takes over: the library's Gpt has the same weights and reads without a graph
        program.samples(new Gpt(config, parameters), new Sampler(0.5, 8), tokenizer, random);
    }
}
