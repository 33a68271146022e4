package dev.microgpt.text;

import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** CPython's shuffle and weighted choice, for any generator of random numbers. */
final class Draws {

    private Draws() {}

    /** Fisher-Yates, from the end: the element at i changes places with one at j ≤ i. */
    static void shuffle(List<?> list, RandomGenerator random) {
        for (int i = list.size() - 1; i >= 1; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    /**
     * The first index whose running sum of weights exceeds {@code uniform} · total, with a number in [0, 1). Weights are not
     * negative and their total is positive and finite; an index of weight 0 is never chosen.
     */
    static int choose(double[] weights, double uniform) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double threshold = uniform * total;
        int last = weights.length - 1;
        double sum = 0;
        for (int i = 0; i < last; i++) {
            sum += weights[i];
            if (sum > threshold) {
                return i;
            }
        }
        return last;
    }
}
