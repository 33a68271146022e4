package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A gradient check: compares a gradient with central differences (numerical differentiation by finite differences), which
 * need no calculus: (f(x + h) − f(x − h)) / 2h for one element after another. The result is the element at which the two
 * differ most.
 *
 * <pre>{@code
 * GradientCheck check = GradientCheck.of(x -> x[0] * x[0] * x[0], new double[] {3}, new double[] {27});
 * check.numeric();    // 27.000000000873374
 * check.difference(); // about 3e-11
 * GradientCheck.ofGraph(x -> x[0].mul(x[1]).tanh(), 0.5, -2).difference(); // the same for Value.backward()
 * }</pre>
 *
 * <p>A gradient that is right agrees to about 1e-8 and {@link #rounding}, unless the function has a kink within a step of
 * {@code at}. Two numbers near 10¹² are 0.0001 apart or equal, so that no difference of such numbers tells much:
 *
 * <pre>{@code
 * GradientCheck check = GradientCheck.of(x -> x[0] + 1e12, new double[] {1}, new double[] {1});
 * check.numeric();    // 0.0
 * check.difference(); // 1.0
 * check.rounding();   // about 12: the difference says nothing
 * }</pre>
 *
 * @param index the place of the element in the gradient
 * @param analytic the element of the gradient that was checked
 * @param numeric the central difference
 * @param rounding how far the central difference may be off because the two numbers that it is made of are rounded, 1 unit in
 *     the last place each: the larger the function is beside its changes, the less can be told
 * @since 0.1
 */
public record GradientCheck(int index, double analytic, double numeric, double rounding) {
    /**
     * The step h, for elements up to 1 in size; for larger ones it grows in proportion: {@value}. For smaller ones it shrinks in
     * proportion where the two steps differ by more than rounding explains.
     */
    public static final double STEP = 1e-5;

    private static final int ULPS = 32; // by which a number that took many operations may be off

    /**
     * How far the two are apart: |analytic − numeric| / max(1, |analytic|, |numeric|), absolute for small gradients and
     * relative for large ones. {@link #rounding} is not taken off.
     *
     * @return a number ≥ 0, or NaN if one of the two is not a finite number
     */
    public double difference() {
        double size = Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
        return Math.abs(analytic - numeric) / size;
    }

    /**
     * Checks a gradient that was computed by whatever means.
     *
     * @param function the function whose gradient it is; it may neither keep nor change the array it is given
     * @param at where the gradient was computed, shape [n], n ≥ 1; not modified
     * @param gradient the gradient to check, shape [n]; not modified
     * @return the element whose difference exceeds its rounding most; NaN counts as the largest of all
     * @throws IllegalArgumentException if {@code at} is empty or the lengths differ
     */
    public static GradientCheck of(ToDoubleFunction<double[]> function, double[] at, double[] gradient) {
        requireNonNull(function, "function is null");
        requireNonNull(at, "at is null");
        requireNonNull(gradient, "gradient is null");
        if (at.length == 0) {
            throw new IllegalArgumentException("at is empty");
        }
        if (gradient.length != at.length) {
            throw new IllegalArgumentException("gradient has " + gradient.length + " elements, at has " + at.length);
        }
        double[] x = at.clone();
        GradientCheck worst = null;
        for (int i = 0; i < x.length; i++) {
            Quotient quotient = Quotient.of(function, x, i);
            GradientCheck candidate = new GradientCheck(i, gradient[i], quotient.value, quotient.rounding);
            if (worst == null || Double.compare(candidate.excess(), worst.excess()) > 0) {
                worst = candidate;
            }
        }
        return worst;
    }

    private double excess() {
        return Math.abs(analytic - numeric) <= rounding ? 0 : difference();
    }

    /**
     * Checks the gradient that {@link Value#backward()} computes.
     *
     * @param function makes a graph of the leaves it is given, shape [n], and returns the root; called at most 4n + 1 times
     * @param at the data of the leaves, shape [n], n ≥ 1; not modified
     * @return the element whose difference exceeds its rounding most; NaN counts as the largest of all
     * @throws IllegalArgumentException if {@code at} is empty
     */
    public static GradientCheck ofGraph(Function<Value[], Value> function, double... at) {
        requireNonNull(function, "function is null");
        requireNonNull(at, "at is null");
        Leaves leaves = new Leaves(at);
        Value root = function.apply(leaves.matrix(0, 1, at.length)[0]);
        requireNonNull(root, "what function returned is null").backward();
        double[] gradient = new double[at.length];
        leaves.gradient(gradient);
        return of(x -> function.apply(new Leaves(x).matrix(0, 1, x.length)[0]).data(), at, gradient);
    }

    /**
     * The gradient of a function by central differences, with an error in proportion to h².
     *
     * @param function the function; it may neither keep nor change the array it is given
     * @param at where, shape [n]; not modified
     * @return a new array, shape [n]
     */
    public static double[] centralDifferences(ToDoubleFunction<double[]> function, double[] at) {
        requireNonNull(function, "function is null");
        requireNonNull(at, "at is null");
        double[] x = at.clone();
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            gradient[i] = Quotient.of(function, x, i).value;
        }
        return gradient;
    }

    /** A central difference, and how far rounding may have put it off. */
    private record Quotient(double value, double rounding) {
        /** For element i of x, which is as before in the end. */
        static Quotient of(ToDoubleFunction<double[]> function, double[] x, int i) {
            double size = Math.abs(x[i]);
            Quotient wide = of(function, x, i, STEP * Math.max(1, size));
            if (size >= 1 || size == 0) {
                return wide;
            }
            Quotient narrow = of(function, x, i, STEP * size);
            return Math.abs(wide.value - narrow.value) <= ULPS * narrow.rounding ? wide : narrow;
        }

        private static Quotient of(ToDoubleFunction<double[]> function, double[] x, int i, double h) {
            double at = x[i];
            double above = at + h;
            double below = at - h;
            x[i] = above;
            double fAbove = function.applyAsDouble(x);
            x[i] = below;
            double fBelow = function.applyAsDouble(x);
            x[i] = at;
            double run = above - below; // of the rounded numbers it is 2h exactly
            return new Quotient((fAbove - fBelow) / run, (Math.ulp(fAbove) + Math.ulp(fBelow)) / run);
        }
    }
}
