package dev.microgpt.playground;

import dev.microgpt.playground.Variant.Part;
import java.util.Arrays;
import java.util.Map;

/**
 * Is a difference luck? The unseen losses of a variant, each beside that of the whole model with the same seed. A seed chooses the
 * names and the first weights, so losses scatter from seed to seed; what both models have in common goes away in the difference.
 *
 * @param seeds how many seeds
 * @param mean mean loss, in nats per token
 * @param meanError its standard error: the standard deviation divided by √seeds; 0 for one seed
 * @param difference mean of variant minus whole model
 * @param differenceError its standard error
 * @param worse with how many seeds the variant has the larger loss
 * @param verdict the same in words
 */
record Luck(
        int seeds, double mean, double meanError, double difference, double differenceError, int worse, String verdict)
        implements JsonObject {
    @Override
    public Map<String, Object> fields() {
        return Json.fields(
                "seeds mean meanError difference differenceError worse verdict",
                seeds,
                mean,
                meanError,
                difference,
                differenceError,
                worse,
                verdict);
    }

    private static final double HAIR = 0.003; // nats: what nobody would notice in the names

    /** The losses so far of a variant, and of the whole model with the same seeds; {@code chance} is ln V. */
    static Luck of(Variant variant, double[] losses, double[] whole, double chance) {
        double[] differences = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            differences[i] = losses[i] - whole[i];
        }
        double mean = mean(losses);
        double difference = mean(differences);
        double error = standardError(differences);
        return new Luck(
                losses.length,
                mean,
                standardError(losses),
                difference,
                error,
                (int) Arrays.stream(differences).filter(d -> d > 0).count(),
                verdict(variant, losses, difference, error, chance));
    }

    private static String verdict(Variant variant, double[] losses, double difference, double error, double chance) {
        if (variant.equals(Variant.WHOLE)) {
            return "the measure of all others";
        }
        if (Arrays.stream(losses).allMatch(loss -> Math.abs(loss - chance) < 1e-5)) {
            return "It never learns";
        }
        if (difference < 0 && variant.has(Part.ATTENTION) && !variant.has(Part.MASK)) {
            return "A cheat: it reads the answer";
        }
        if (losses.length < 2) {
            return "One seed cannot tell";
        }
        if (difference == 0 || Math.abs(difference) < 2 * error) {
            return "Cannot tell";
        }
        return (difference > 0 ? "Worse" : "Better") + (Math.abs(difference) < HAIR ? " by a hair" : "") + ", not luck";
    }

    private static double mean(double... x) {
        return Arrays.stream(x).average().orElseThrow();
    }

    private static double standardError(double... x) {
        double mean = mean(x);
        double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        return x.length < 2 ? 0 : Math.sqrt(squares / (x.length - 1) / x.length);
    }
}
