package dev.microgpt.evaluation;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The losses of a model on each token of each held-out string.
 *
 * @param losses shape [strings][predictions], in nats; at least one string
 */
record TokenLosses(double[][] losses) {
    private static final int STEPS = 20; // a weight is a multiple of 1/20

    /** Mean over all tokens, in nats per token. */
    double mean() {
        double sum = 0;
        long count = 0;
        for (double[] string : losses) {
            for (double loss : string) {
                sum += loss;
            }
            count += string.length;
        }
        return sum / count;
    }

    /**
     * Standard error of the difference of two means, Σ differences / Σ tokens, strings being drawn independently; of one string
     * nothing is known, so its whole difference counts as error.
     */
    double standardErrorAgainst(TokenLosses other) {
        int n = losses.length;
        double[] differences = new double[n]; // of each string, in nats
        long count = 0;
        for (int i = 0; i < n; i++) {
            for (int t = 0; t < losses[i].length; t++) {
                differences[i] += losses[i][t] - other.losses[i][t];
            }
            count += losses[i].length;
        }
        double mean = Arrays.stream(differences).sum() / count;
        if (n == 1) {
            return Math.abs(mean);
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double deviation = differences[i] - mean * losses[i].length;
            squares += deviation * deviation;
        }
        return Math.sqrt(squares * n / (n - 1)) / count;
    }

    /**
     * A model mixed with another one.
     *
     * @param losses of the mixture, each half of the strings read with the weight that is best on the other
     * @param weight of this model, in [0, 1], with which the mixture predicts all strings best
     */
    record Mixture(TokenLosses losses, double weight) {}

    /**
     * Mixes this model with another one. Strings 0, 2, 4, … are read with the weight that is best on strings 1, 3, 5,
     * …, and the other way round: neighbours in a sorted list are in different halves. A single string is read with one half.
     */
    Mixture mixedWith(TokenLosses other) {
        double[][] sums = sums(other);
        double[] weights = {losses.length == 1 ? 0.5 : best(step -> sums[step][1]), best(step -> sums[step][0])};
        double[][] mixed = new double[losses.length][];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = mixed(i, other, weights[i % 2]);
        }
        return new Mixture(new TokenLosses(mixed), best(step -> sums[step][0] + sums[step][1]));
    }

    private static double best(IntToDoubleFunction sums) {
        double best = 0.5;
        double lowest = Double.POSITIVE_INFINITY;
        for (int step = 0; step <= STEPS; step++) {
            double sum = sums.applyAsDouble(step);
            if (sum < lowest) {
                lowest = sum;
                best = weight(step);
            }
        }
        return best;
    }

    private static double weight(int step) {
        return (double) step / STEPS;
    }

    /** What the mixture comes to with each weight, on strings 0, 2, 4, … and on the others: shape [STEPS + 1][2], in nats. */
    private double[][] sums(TokenLosses other) {
        double[][] sums = new double[STEPS + 1][2];
        for (int i = 0; i < losses.length; i++) {
            int half = i % 2;
            for (int t = 0; t < losses[i].length; t++) {
                double mine = losses[i][t];
                double others = other.losses[i][t];
                double p = Math.exp(-mine);
                double q = Math.exp(-others);
                sums[0][half] += others; // no e^−loss that may be 0
                sums[STEPS][half] += mine;
                for (int step = 1; step < STEPS; step++) {
                    sums[step][half] -= Math.log(weight(step) * p + (1 - weight(step)) * q);
                }
            }
        }
        return sums;
    }

    /** −ln(weight · p + (1 − weight) · p of the other model), for each token of a string. */
    private double[] mixed(int string, TokenLosses other, double weight) {
        double[] mine = losses[string];
        double[] others = other.losses[string];
        if (weight == 0 || weight == 1) {
            return weight == 0 ? others : mine;
        }
        double[] mixed = new double[mine.length];
        for (int t = 0; t < mixed.length; t++) {
            mixed[t] = -Math.log(weight * Math.exp(-mine[t]) + (1 - weight) * Math.exp(-others[t]));
        }
        return mixed;
    }
}
