package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

import dev.microgpt.autograd.Tape.DotProducts;

/**
 * The vector functions of a neural network (linear layer, softmax, RMS normalization, cross-entropy), written on
 * {@link Value}s the way a paper writes them. Every result is composed of values, so its gradient needs no further rule.
 * Vectors are arrays; none is modified, every result is a new array.
 *
 * @since 0.1
 */
public final class Functions {
    /** What {@link #rmsNorm} adds to the mean square, so that a vector of zeros stays one: {@value}. */
    public static final double RMS_EPSILON = 1e-5;

    private Functions() {}

    /**
     * Sum of two vectors: x_i + y_i.
     *
     * @param x shape [n]
     * @param y shape [n]
     * @return shape [n]
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Value[] add(Value[] x, Value[] y) {
        requireElements("x", x);
        requireElements("y", y);
        requireSameLength("y", y, x.length);
        Value[] sum = new Value[x.length];
        for (int i = 0; i < x.length; i++) {
            sum[i] = x[i].add(y[i]);
        }
        return sum;
    }

    /**
     * Rectifier of every element: max(x_i, 0).
     *
     * @param x shape [n]
     * @return shape [n]
     */
    public static Value[] relu(Value[] x) {
        requireElements("x", x);
        Value[] relu = new Value[x.length];
        for (int i = 0; i < x.length; i++) {
            relu[i] = x[i].relu();
        }
        return relu;
    }

    /**
     * Mean: Σ x_i / n.
     *
     * @param x shape [n], n ≥ 1
     * @return a scalar
     * @throws IllegalArgumentException if {@code x} is empty
     */
    public static Value mean(Value[] x) {
        requireNotEmpty("x", x);
        return sum(x).div(x.length);
    }

    /**
     * Dot product: Σ x_i·y_i.
     *
     * @param x shape [n], n ≥ 1
     * @param y shape [n]
     * @return a scalar
     * @throws IllegalArgumentException if {@code x} is empty or the lengths differ
     */
    public static Value dot(Value[] x, Value[] y) {
        requirePairs(x, y);
        return sumOfProducts(x, y);
    }

    private static Value sumOfProducts(Value[] x, Value[] y) {
        Value sum = x[0].mul(y[0]);
        for (int i = 1; i < x.length; i++) {
            sum = sum.add(x[i].mul(y[i]));
        }
        return sum;
    }

    /**
     * A linear layer without bias: y = W·x.
     *
     * @param x shape [nin], nin ≥ 1
     * @param w weights, shape [nout][nin]: one row for every output
     * @return shape [nout]
     * @throws IllegalArgumentException if {@code x} is empty or a row of {@code w} has another length than {@code x}
     */
    public static Value[] linear(Value[] x, Value[][] w) {
        requireNotEmpty("x", x);
        requireNonNull(w, "w is null");
        Value[] y = new Value[w.length];
        for (int o = 0; o < w.length; o++) {
            requireRow(w, o, x.length);
            y[o] = sumOfProducts(w[o], x); // y_o = Σ_i W_oi · x_i
        }
        return y;
    }

    /**
     * Softmax: p_i = exp(x_i) / Σ_j exp(x_j). The largest element is first subtracted from all of them, as a plain number:
     * it changes neither the result nor the gradient, and keeps exp from overflowing.
     *
     * @param x logits, shape [n], n ≥ 1
     * @return probabilities, shape [n]; they add up to 1
     * @throws IllegalArgumentException if {@code x} is empty
     */
    public static Value[] softmax(Value[] x) {
        requireNotEmpty("x", x);
        Value[] exps = exps(x);
        Value total = sum(exps);
        Value[] probs = new Value[x.length];
        for (int i = 0; i < x.length; i++) {
            probs[i] = exps[i].div(total);
        }
        return probs;
    }

    /**
     * Root-mean-square normalization: y_i = x_i·(mean(x²) + ε)^(−1/2), with ε = {@value #RMS_EPSILON} and no gain.
     *
     * @param x activations, shape [n], n ≥ 1
     * @return shape [n]; the mean of its squares is 1, or a little less because of ε
     * @throws IllegalArgumentException if {@code x} is empty
     * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019</a>
     */
    public static Value[] rmsNorm(Value[] x) {
        return normalize(x, dot(x, x));
    }

    private static Value[] normalize(Value[] x, Value squares) {
        Value meanSquare = squares.div(x.length);
        Value scale = meanSquare.add(RMS_EPSILON).pow(-0.5);
        Value[] y = new Value[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i].mul(scale);
        }
        return y;
    }

    /**
     * Cross-entropy of a prediction: −log softmax(logits)_target, computed as log Σ_j exp(logits_j) − logits_target, which
     * stays finite when the probability of the target is too small for a {@code double}.
     *
     * @param logits shape [n], n ≥ 1
     * @param target the index that turned out to be true, in [0, n)
     * @return the loss in nats, a scalar
     * @throws IllegalArgumentException if {@code target} is not an index of {@code logits}
     */
    public static Value crossEntropy(Value[] logits, int target) {
        requireElements("logits", logits);
        if (target < 0 || target >= logits.length) {
            throw new IllegalArgumentException("target " + target + " is not in [0, " + logits.length + ")");
        }
        Value logTotal = sum(exps(logits)).log().add(max(logits));
        return logTotal.sub(logits[target]);
    }

    /** exp(x_i − max(x)), the maximum being a plain number. */
    private static Value[] exps(Value[] x) {
        double max = max(x);
        Value[] exps = new Value[x.length];
        for (int i = 0; i < x.length; i++) {
            exps[i] = x[i].sub(max).exp();
        }
        return exps;
    }

    private static double max(Value[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (Value xi : x) {
            max = Math.max(max, xi.data());
        }
        return max;
    }

    private static Value sum(Value[] x) {
        Value sum = x[0];
        for (int i = 1; i < x.length; i++) {
            sum = sum.add(x[i]);
        }
        return sum;
    }

    // The idea ends here. What follows is there for speed: a graph in which a dot product may be one value, as on a
    // Tape.

    /**
     * Dot product: Σ x_i·y_i, recorded as asked. Number and gradient are the same either way; as one node it takes a fraction
     * of the time and memory, and a printed graph shows one value with 2·n operands.
     *
     * @param x shape [n], n ≥ 1
     * @param y shape [n]
     * @param dotProducts single multiplications and additions, or one value
     * @return a scalar
     * @throws IllegalArgumentException if {@code x} is empty or the lengths differ
     */
    public static Value dot(Value[] x, Value[] y, DotProducts dotProducts) {
        if (!asOneNode(dotProducts)) {
            return dot(x, y);
        }
        requirePairs(x, y);
        return new Dot(new Factors(x), new Factors(y));
    }

    /**
     * A linear layer without bias: y = W·x, its dot products recorded as asked.
     *
     * @param x shape [nin], nin ≥ 1
     * @param w weights, shape [nout][nin]: one row for every output
     * @param dotProducts single multiplications and additions, or one value for every output
     * @return shape [nout]
     * @throws IllegalArgumentException if {@code x} is empty or a row of {@code w} has another length than {@code x}
     */
    public static Value[] linear(Value[] x, Value[][] w, DotProducts dotProducts) {
        if (!asOneNode(dotProducts)) {
            return linear(x, w);
        }
        requireNotEmpty("x", x);
        requireNonNull(w, "w is null");
        Factors input = new Factors(x);
        Value[] y = new Value[w.length];
        for (int o = 0; o < w.length; o++) {
            requireRow(w, o, x.length);
            y[o] = new Dot(new Factors(w[o]), input);
        }
        return y;
    }

    /**
     * Root-mean-square normalization, as {@link #rmsNorm(Value[])}, the sum of squares recorded as asked.
     *
     * @param x activations, shape [n], n ≥ 1
     * @param dotProducts single multiplications and additions, or one value for Σ x_i·x_i
     * @return shape [n]
     * @throws IllegalArgumentException if {@code x} is empty
     */
    public static Value[] rmsNorm(Value[] x, DotProducts dotProducts) {
        return normalize(x, dot(x, x, dotProducts));
    }

    private static boolean asOneNode(DotProducts dotProducts) {
        return requireNonNull(dotProducts, "dotProducts is null") == DotProducts.AS_ONE_NODE;
    }

    private static void requirePairs(Value[] x, Value[] y) {
        requireNotEmpty("x", x);
        requireElements("y", y);
        requireSameLength("y", y, x.length);
    }

    private static void requireNotEmpty(String name, Value[] vector) {
        requireElements(name, vector);
        if (vector.length == 0) {
            throw new IllegalArgumentException(name + " is empty");
        }
    }

    private static void requireSameLength(String name, Value[] vector, int length) {
        if (vector.length != length) {
            throw new IllegalArgumentException(name + " has " + vector.length + " elements, x has " + length);
        }
    }

    /** Makes the name of a row only if something is wrong with it, since the hottest loop of a model comes this way. */
    private static void requireRow(Value[][] w, int o, int length) {
        if (w[o] == null || w[o].length != length || indexOfNull(w[o]) >= 0) {
            String name = "w[" + o + "]";
            requireElements(name, w[o]);
            requireSameLength(name, w[o], length);
        }
    }

    private static void requireElements(String name, Value[] vector) {
        if (vector == null) {
            throw new NullPointerException(name + " is null");
        }
        int missing = indexOfNull(vector);
        if (missing >= 0) {
            throw new NullPointerException(name + "[" + missing + "] is null");
        }
    }

    private static int indexOfNull(Value[] vector) {
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] == null) {
                return i;
            }
        }
        return -1;
    }
}
