package dev.microgpt;

import dev.microgpt.pattern.Matches;
import dev.microgpt.text.Sampler;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which tokens may come next in a string. The others are cut in this order: those after which no match of the pattern can be
 * reached, or the end before minLength; then all but topK; then all but topP. Immutable.
 */
final class Allowed {
    private final Optional<Matches> matches;
    private final int minLength;
    private final int topK;
    private final double topP;
    private final Sampler sampler; // to whose probabilities topP refers

    /** @param matches what may be written, minLength included, if there is a pattern */
    Allowed(Optional<Matches> matches, int minLength, GenerationOptions options, Sampler sampler) {
        this.matches = matches;
        this.minLength = minLength;
        this.topK = options.topK();
        this.topP = options.topP();
        this.sampler = sampler;
    }

    /**
     * The logits with −Infinity for a token that must not come.
     *
     * @param logits the last one is that of the end; not modified
     * @param length characters before it
     * @param state what they are to the pattern
     */
    double[] of(double[] logits, int length, int state) {
        if (matches.isEmpty() && length >= minLength && topK >= logits.length && topP == 1) {
            return logits;
        }
        double[] allowed = possible(logits, length, state);
        if (topK < allowed.length) {
            keepMostLikely(allowed, topK);
        }
        if (topP < 1) {
            keepMostLikely(allowed, countOfTopP(allowed, 0));
        }
        return allowed;
    }

    private double[] possible(double[] logits, int length, int state) {
        double[] possible = logits.clone();
        if (matches.isPresent()) {
            matches.get().rule(possible, length, state);
        } else if (length < minLength) {
            possible[possible.length - 1] = Double.NEGATIVE_INFINITY;
        }
        return possible;
    }

    /**
     * The smallest number of tokens whose probabilities add up to topP, as far as a rounded sum can tell.
     *
     * @param less by how much a sum may fall short
     */
    private int countOfTopP(double[] logits, double less) {
        double[] probs = sampler.probabilities(logits);
        Arrays.sort(probs);
        double enough =
                topP - probs.length * Math.ulp(1.0) - less; // of ten equal ones, eight have 0.7999999999999999 in sum
        int count = 0;
        for (double sum = 0; (count == 0 || sum < enough) && count < probs.length; count++) {
            sum += probs[probs.length - 1 - count];
        }
        return count;
    }

    /** Whether other logits, each at most {@code error} away, leave the same tokens after topK and topP. */
    boolean isClear(double[] logits, int length, int state, double error) {
        if (topK >= logits.length && topP == 1) {
            return true;
        }
        if (sampler.temperature() == 0) {
            return false;
        }
        double[] left = possible(logits, length, state);
        if (topK < left.length) {
            if (!isGapAfter(left, topK, error)) {
                return false;
            }
            keepMostLikely(left, topK);
        }
        if (topP == 1) {
            return true;
        }
        double share = 2.1 * error / sampler.temperature(); // of the total, by which a sum of probabilities may differ
        int count = countOfTopP(left, 0);
        return count == countOfTopP(left, share)
                && count == countOfTopP(left, -share)
                && isGapAfter(left, count, error);
    }

    /** Whether the largest {@code count} logits are clearly above the others, or these are ruled out. */
    private static boolean isGapAfter(double[] logits, int count, double error) {
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        int first = sorted.length - count;
        return first == 0
                || sorted[first - 1] == Double.NEGATIVE_INFINITY
                || sorted[first] - sorted[first - 1] > 2 * error;
    }

    /** Cuts all but the largest {@code count} logits; of equal ones the first stay. */
    private static void keepMostLikely(double[] logits, int count) {
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        double least = sorted[sorted.length - count];
        long equalOnes =
                count - Arrays.stream(logits).filter(logit -> logit > least).count();
        for (int i = 0; i < logits.length; i++) {
            boolean kept = logits[i] > least || (logits[i] == least && equalOnes-- > 0);
            if (!kept) {
                logits[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }
}
