package dev.microgpt.examples;

import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.mlp.MlpByHand;
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
 * Stage 1: a model that learns by walking downhill.
 *
 * <p>Same as stage 0: documents, tokens, loss, the loop, sampling. The model still sees the current token only.
 *
 * <p>New here: the table becomes a function with weights, logits = fc2·relu(fc1·wte[token]). How the loss changes with
 * each weight is derived by hand, checked by nudging, and each weight goes a little against it.
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 1"}
 *
 * <p>You should see a gradient check with a difference of 0.00000000, a loss that ends where stage 0 ended (a mean of 2.64
 * over the last 100 steps: the same task, learned in another way), and "in", "ishin", "shi", "kadashin".
 */
public final class Stage1MlpByHand {
    private Stage1MlpByHand() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, Stage1MlpByHand::run, StepTrace::mlpByHand);
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        // Weights: small random numbers
        MlpConfig config = MlpConfig.original(tokenizer.vocabSize());
        Parameters parameters = config.initialParameters(random);
        MlpByHand model = new MlpByHand(config, parameters);
        Parameters gradient = parameters.zeros();
        program.print("num params: %d", parameters.size());
        checkGradient(model, gradient, tokenizer.encodeDocument(documents.get(0)), program);

        // Training: loss and gradient of a document, then a step against the gradient
        int steps = program.steps(1000);
        Sgd sgd = new Sgd();
        Moments moments = sgd.start(parameters);
        LearningRate rate = LearningRate.linear(1.0, steps);
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            double loss = model.lossAndGradient(gradient, tokens);
            sgd.update(parameters, gradient, moments, rate.at(step)); // p −= lr·g
            program.step(step, loss, step < 5 || step % 200 == 0);
        }

        // Inference: a temperature below 1 sharpens the distribution
        program.samples(model, new Sampler(0.5, 16), tokenizer, random);
    }

    /** Compares the derivation with the slope that is found by trying: (loss(p + ε) − loss(p)) / ε for every weight. */
    private static void checkGradient(MlpByHand model, Parameters gradient, int[] tokens, Program program) {
        double[] numerical = model.numericalGradient(1e-5, tokens).values();
        double analytic = model.lossAndGradient(gradient, tokens);
        double maxDifference = 0;
        for (int i = 0; i < numerical.length; i++) {
            maxDifference = Math.max(maxDifference, Math.abs(numerical[i] - gradient.values()[i]));
        }
        program.print(
                "gradient check | loss_n %.6f | loss_a %.6f | max diff %.8f",
                model.loss(tokens), analytic, maxDifference);
    }
}
