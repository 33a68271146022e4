package dev.microgpt.examples;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;

/**
 * Stage 4: several heads, several layers.
 *
 * <p>Same as stage 3: embeddings, rmsNorm, attention, perceptron, residuals, plain gradient descent. The forward pass of
 * stage 3 now lives in the library, where an {@link Engine} computes loss and gradient.
 *
 * <p>New here: attention runs in four heads, each on its own quarter of the activations, so that a position can look at
 * several others for several reasons; and the block can be repeated layer by layer (here there is one).
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 4"}
 *
 * <p>You should see losses close to those of stage 3: at this size and after 1,000 steps four heads are no better than one.
 * And "tina", "autor", "sesa", "korina".
 */
public final class Stage4MultiHead {
    private Stage4MultiHead() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(args);
        if (arguments.trace().isPresent()) {
            StepTrace.gpt(Preset.STAGE4, arguments);
            return;
        }
        Output out = new Output();

        PythonRandom random = new PythonRandom(arguments.seed());
        Documents documents = arguments.documents().shuffled(random);
        out.line("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        out.line("vocab size: %d", tokenizer.vocabSize());

        Gpt untrained = Gpt.initial(Preset.STAGE4, tokenizer.vocabSize(), random);
        out.line("num params: %d", untrained.parameters().size());

        int steps = arguments.steps(1000);
        Engine engine = Engine.of(Engine.Kind.VALUE, untrained, new Sgd());
        LearningRate rate = LearningRate.linear(0.1, steps);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            losses[step] = engine.lossAndGradient(tokens);
            engine.update(rate.at(step));
            if (step < 5 || step % 200 == 0) {
                out.step(step, steps, losses[step]);
            }
        }
        arguments.writeMetrics(losses);

        out.samples(engine.model(), new Sampler(0.5, 16), tokenizer, random);
    }
}
