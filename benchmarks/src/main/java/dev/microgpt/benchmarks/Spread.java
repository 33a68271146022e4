package dev.microgpt.benchmarks;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * What repeated measurements say.
 *
 * @param low a quarter of them is below
 * @param median half of them is below
 * @param high a quarter of them is above
 */
record Spread(double low, double median, double high) {
    static Spread of(double... measured) {
        if (measured.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = measured.clone();
        Arrays.sort(sorted);
        return new Spread(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /** In another unit; a falling function turns low into high. */
    Spread in(DoubleUnaryOperator unit) {
        double first = unit.applyAsDouble(low);
        double last = unit.applyAsDouble(high);
        return new Spread(Math.min(first, last), unit.applyAsDouble(median), Math.max(first, last));
    }
}
