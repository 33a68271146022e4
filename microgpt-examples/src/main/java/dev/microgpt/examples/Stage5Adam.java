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
 * Stage 5: the microgpt.
 *
 * <p>Same as stage 4: the whole model.
 *
 * <p>New here: Adam. Each weight remembers how its gradient has been (m) and how large (v), and goes a step of its own.
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 5"}
 *
 * <p>You should see the lowest mean loss of all stages over the last 100 steps, though not by much (2.488 against 2.489),
 * and "tina", "avita", "serari", "rika".
 */
public final class Stage5Adam {
    private Stage5Adam() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(args);
        if (arguments.trace().isPresent()) {
            StepTrace.gpt(Preset.STAGE5, arguments);
            return;
        }
        Output out = new Output();

        PythonRandom random = new PythonRandom(arguments.seed());
        Documents documents = arguments.documents().shuffled(random);
        out.line("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        out.line("vocab size: %d", tokenizer.vocabSize());

        Gpt untrained = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random);
        out.line("num params: %d", untrained.parameters().size());

        int steps = arguments.steps(1000);
        Engine engine = Engine.of(Engine.Kind.VALUE, untrained, new Adam(0.85, 0.99, 1e-8));
        LearningRate rate = LearningRate.linear(0.01, steps);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            losses[step] = engine.lossAndGradient(tokens);
            engine.update(rate.at(step));
            out.step(step, steps, losses[step]);
        }
        arguments.writeMetrics(losses);

        out.samples(engine.model(), new Sampler(0.5, 16), tokenizer, random);
    }
}
