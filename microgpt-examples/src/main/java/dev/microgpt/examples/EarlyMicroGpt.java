package dev.microgpt.examples;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;

/**
 * The microgpt of 12 February 2026, an earlier version of stage 5 on which a published course is built.
 *
 * <p>Same as stage 5: the model and Adam.
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
        Arguments arguments = Arguments.parse(args);
        if (arguments.trace().isPresent()) {
            StepTrace.gpt(Preset.EARLY, arguments);
            return;
        }
        Output out = new Output();

        PythonRandom random = new PythonRandom(arguments.seed());
        Documents documents = arguments.documents().shuffled(random);
        out.line("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        out.line("vocab size: %d", tokenizer.vocabSize());

        Gpt untrained = Gpt.initial(Preset.EARLY, tokenizer.vocabSize(), random);
        out.line("num params: %d", untrained.parameters().size());

        int steps = arguments.steps(500);
        Engine engine = Engine.of(Engine.Kind.VALUE, untrained, new Adam(0.9, 0.95, 1e-8));
        LearningRate rate = LearningRate.cosine(0.01, steps);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            losses[step] = engine.lossAndGradient(tokens);
            engine.update(rate.at(step));
            out.step(step, steps, losses[step]);
        }
        arguments.writeMetrics(losses);

        out.samples(engine.model(), new Sampler(0.5, 8), tokenizer, random);
    }
}
