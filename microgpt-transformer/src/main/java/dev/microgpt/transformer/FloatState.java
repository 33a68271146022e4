package dev.microgpt.transformer;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.array.FloatShards;
import dev.microgpt.transformer.array.Layout;
import java.util.function.IntFunction;

/**
 * The state in single precision, for gradients derived by hand; all arrays are in the packed order of {@link Layout}.
 * {@code FloatShards} and what it stands on are generated from their double twins when the module is built.
 */
final class FloatState implements TrainingState {
    private final Layout layout;
    private final Parameters shape; // names and shapes of the weights; its numbers do not count
    private final Optimizer optimizer;
    private final IntFunction<FloatShards> byThreads;
    private final float[] w; // weights
    private final float[] g; // gradient
    private float[] shares = new float[1]; // of each document, scratch
    private float[] m; // moments, empty unless the optimizer is Adam
    private float[] v;
    private long updates;
    private FloatShards shards;

    /** Begins with weights, which are rounded, and fresh moments; {@code byThreads} makes the shards for so many threads. */
    FloatState(Layout layout, Parameters start, Optimizer optimizer, IntFunction<FloatShards> byThreads) {
        this.layout = layout;
        this.shape = start.zeros();
        this.optimizer = optimizer;
        this.byThreads = byThreads;
        this.w = packed(start);
        this.g = new float[w.length];
        int averages = optimizer instanceof Adam ? w.length : 0;
        this.m = new float[averages];
        this.v = new float[averages];
        this.shards = byThreads.apply(1);
    }

    @Override
    public double lossAndGradient(int[][] documents, double[] shares) {
        if (this.shares.length < documents.length) {
            this.shares = new float[documents.length];
        }
        for (int i = 0; i < documents.length; i++) {
            this.shares[i] = (float) shares[i];
        }
        return shards.gradient(w, documents, this.shares, g);
    }

    @Override
    public double[][] losses(int[][] documents) {
        return shards.losses(w, documents);
    }

    @Override
    public void useThreads(int threads) {
        shards = byThreads.apply(threads);
    }

    @Override
    public double squaredNorm(double unit) {
        double sum = 0;
        for (float derivative : g) {
            double scaled = derivative * unit;
            sum += scaled * scaled;
        }
        return sum;
    }

    @Override
    public double largestDerivative() {
        double largest = 0;
        for (float derivative : g) {
            largest = Math.max(largest, Math.abs(derivative));
        }
        return largest;
    }

    @Override
    public void scaleGradient(double factor) {
        for (int i = 0; i < g.length; i++) {
            g[i] = (float) (g[i] * factor); // the factor alone may be too small for a float
        }
    }

    @Override
    public void update(double learningRate) {
        updates++;
        if (optimizer instanceof Adam adam) {
            adam(adam, learningRate);
        } else {
            sgd((float) learningRate);
        }
    }

    /**
     * {@link Adam#update} in single precision. Each β stands in two floats: its last bits count as often as it is applied, and
     * 1 − β would lose most of its own. Numerator and denominator of m̂ / (√v̂ + ε) are multiplied by √(1 − β2^t), so that
     * the loop needs no v̂.
     */
    private void adam(Adam adam, double learningRate) {
        float beta1 = (float) adam.beta1();
        float beta2 = (float) adam.beta2();
        float rest1 = (float) (adam.beta1() - beta1);
        float rest2 = (float) (adam.beta2() - beta2);
        float new1 = (float) (1 - adam.beta1());
        float new2 = (float) (1 - adam.beta2());
        double root = Math.sqrt(1 - Math.pow(adam.beta2(), updates));
        float epsilon = Math.max((float) (root * adam.epsilon()), Float.MIN_NORMAL); // 0/0 where it rounds to 0
        float step = (float) (root * learningRate / (1 - Math.pow(adam.beta1(), updates)));
        for (int i = 0; i < w.length; i++) {
            float mi = Math.fma(beta1, m[i], Math.fma(rest1, m[i], new1 * g[i]));
            float vi = Math.fma(beta2, v[i], Math.fma(rest2, v[i], new2 * g[i] * g[i]));
            w[i] -= Math.fma(0, vi, step * mi / ((float) Math.sqrt(vi) + epsilon)); // 0·∞ = NaN
            m[i] = mi;
            v[i] = vi;
        }
    }

    private void sgd(float learningRate) {
        for (int i = 0; i < w.length; i++) {
            w[i] -= learningRate * g[i];
        }
    }

    @Override
    public Parameters weights() {
        return widened(w);
    }

    @Override
    public Parameters gradient() {
        return widened(g);
    }

    @Override
    public Moments moments() {
        return m.length == 0 ? Moments.of(updates) : Moments.of(updates, widened(m), widened(v));
    }

    @Override
    public void restore(Moments earlier) {
        updates = earlier.updates();
        if (m.length > 0) {
            m = packed(earlier.first().orElseThrow());
            v = packed(earlier.second().orElseThrow());
        }
    }

    private float[] packed(Parameters canonical) {
        double[] packed = new double[canonical.size()];
        layout.pack(canonical.values(), packed);
        float[] narrow = new float[packed.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) packed[i];
        }
        return narrow;
    }

    private Parameters widened(float... own) {
        double[] packed = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            packed[i] = own[i];
        }
        Parameters canonical = shape.zeros();
        layout.unpack(packed, canonical.values());
        return canonical;
    }
}
