package dev.microgpt.examples;

import dev.microgpt.autograd.Value;
import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.mlp.Mlp;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;

/**
 * Stage 2: the machine derives the gradient.
 *
 * <p>Same as stage 1: the model, its weights, the update, the losses and the names.
 *
 * <p>New here: every number of the forward pass is a {@link Value} that remembers what it was computed from. One call of
 * {@link Value#backward()} walks from the loss back to the weights; nothing is derived by hand any more.
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 2"}
 *
 * <p>You should see the losses and the names of stage 1 again.
 */
public final class Stage2Autograd {
    private Stage2Autograd() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, Stage2Autograd::run, StepTrace::mlp);
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        MlpConfig config = MlpConfig.original(tokenizer.vocabSize());
        Parameters parameters = config.initialParameters(random);
        Mlp model = new Mlp(config, parameters);
        Parameters gradient = parameters.zeros();
        program.print("num params: %d", parameters.size());

        // Training: the loss is now the root of a graph whose leaves are the weights
        int steps = program.steps(1000);
        Sgd sgd = new Sgd();
        Moments moments = sgd.start(parameters);
        LearningRate rate = LearningRate.linear(1.0, steps);
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            Value loss = model.lossGraph(tokens);
            loss.backward();
            model.gradient(gradient);
            sgd.update(parameters, gradient, moments, rate.at(step));
            program.step(step, loss.data(), step < 5 || step % 200 == 0);
        }

        program.samples(model, new Sampler(0.5, 16), tokenizer, random);
    }
}
