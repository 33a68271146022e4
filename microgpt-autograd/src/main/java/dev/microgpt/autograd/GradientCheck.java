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
 * <p>A gradient that is right agrees to about 1e-8, unless the function has a kink within a step of {@code at}.
 *
 * @param index the place of the element in the gradient
 * @param analytic the element of the gradient that was checked
 * @param numeric the central difference
 * @since 0.1
 */
public record GradientCheck(int index, double analytic, double numeric) {
    /** The step h, for elements up to 1; for larger ones it grows in proportion: {@value}. */
    public static final double STEP = 1e-5;

    /**
     * How far the two are apart: |analytic − numeric| / max(1, |analytic|, |numeric|), absolute for small gradients and
     * relative for large ones.
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
     * @return the element with the largest difference; NaN counts as the largest of all
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
        double[] numeric = centralDifferences(function, at);
        GradientCheck worst = new GradientCheck(0, gradient[0], numeric[0]);
        for (int i = 1; i < at.length; i++) {
            GradientCheck candidate = new GradientCheck(i, gradient[i], numeric[i]);
            if (Double.compare(candidate.difference(), worst.difference()) > 0) {
                worst = candidate;
            }
        }
        return worst;
    }

    /**
     * Checks the gradient that {@link Value#backward()} computes.
     *
     * @param function makes a graph of the leaves it is given, shape [n], and returns the root; called 2n + 1 times
     * @param at the data of the leaves, shape [n], n ≥ 1; not modified
     * @return the element with the largest difference; NaN counts as the largest of all
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
            double h = STEP * Math.max(1, Math.abs(at[i]));
            double above = at[i] + h;
            double below = at[i] - h;
            x[i] = above;
            double fAbove = function.applyAsDouble(x);
            x[i] = below;
            double fBelow = function.applyAsDouble(x);
            x[i] = at[i];
            gradient[i] = (fAbove - fBelow) / (above - below); // the difference of the rounded numbers is 2h exactly
        }
        return gradient;
    }
}
