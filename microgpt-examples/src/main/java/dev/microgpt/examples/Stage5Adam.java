package dev.microgpt.examples;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;

/**
 * Stage 5: the microgpt.
 *
 * <p>Same as stage 4: the whole model, {@link Stage4MultiHead#loss}.
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
        Program.run(args, Stage5Adam::run, program -> StepTrace.gpt(Preset.STAGE5, program));
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        GptConfig config = Preset.STAGE5.config(tokenizer.vocabSize());
        Parameters parameters = Preset.STAGE5.initialization().draw(config, random);
        Leaves leaves = new Leaves(parameters.values());
        Stage4MultiHead model = new Stage4MultiHead(config, parameters, leaves, Value::relu);
        program.print("num params: %d", parameters.size());

        double[] w = parameters.values(); // the weights themselves
        double[] g = new double[w.length]; // their gradient
        double[] m = new double[w.length]; // what it has been lately
        double[] v = new double[w.length]; // and its square
        int steps = program.steps(1000);
        for (int step = 0; step < steps; step++) {
            leaves.load(w);
            Value loss = model.loss(tokenizer.encodeDocument(documents.atStep(step)));
            loss.backward();
            leaves.gradient(g);
            double learningRate = 0.01 * (1 - (double) step / steps);
            for (int i = 0; i < w.length; i++) {
                m[i] = 0.85 * m[i] + 0.15 * g[i];
                v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
                double mHat = m[i] / (1 - Math.pow(0.85, step + 1)); // both begin at 0, too small at first
                double vHat = v[i] / (1 - Math.pow(0.99, step + 1));
                w[i] -= learningRate * mHat / (Math.sqrt(vHat) + 1e-8);
            }
            program.step(step, loss.data());
        }

        // Here the engine takes over: the library's Gpt has the same weights and reads without a graph
        program.samples(new Gpt(config, parameters), new Sampler(0.5, 16), tokenizer, random);
    }
}
