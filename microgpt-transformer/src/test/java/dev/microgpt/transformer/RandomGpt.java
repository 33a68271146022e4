package dev.microgpt.transformer;

import dev.microgpt.optim.Parameters;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** Models with random weights, for tests. */
final class RandomGpt {
    private RandomGpt() {}

    /** Weights from N(0, 1/embedDim), which leave the activations at an ordinary size; the same for the same shape. */
    static Gpt ordinary(GptConfig config) {
        Random random = new Random(config.toString().hashCode()); // an enum's own hash differs from JVM to JVM
        return of(config, () -> random.nextGaussian() / Math.sqrt(config.embedDim()));
    }

    /** Weights from [−size, size). */
    static Gpt uniform(GptConfig config, Random random, double size) {
        return of(config, () -> random.nextDouble(-size, size));
    }

    /** Weights drawn one after the other. */
    static Gpt of(GptConfig config, DoubleSupplier weight) {
        Parameters parameters = config.newParameters();
        double[] w = parameters.values();
        for (int i = 0; i < w.length; i++) {
            w[i] = weight.getAsDouble();
        }
        return new Gpt(config, parameters);
    }
}
