package dev.microgpt.transformer;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import java.util.function.Supplier;

/**
 * {@link DoubleEngine} in single precision. {@code FloatGpt} and its kernels are generated from their double twins when the
 * module is built. What it exports is widened to double.
 */
final class FloatEngine extends Engine {
    private final GptLayout layout;
    private final Supplier<FloatGpt> newGpt;
    private FloatBatch batch;
    private final float[] w; // weights, in the order of the layout, as are all arrays here
    private final float[] g; // gradient
    private float[] m; // moments, empty unless the optimizer is Adam
    private float[] v;
    private long updates;

    FloatEngine(Supplier<FloatKernels> newKernels, Gpt start, Optimizer optimizer) {
        super(start, optimizer);
        this.layout = new GptLayout(config);
        this.newGpt = () -> new FloatGpt(config, newKernels.get(), ROWS);
        this.batch = new FloatBatch(1, newGpt);
        layout.pack(start.parameters().values(), parameters.values());
        this.w = narrowed(parameters.values());
        this.g = new float[w.length];
        int averages = optimizer instanceof Adam ? w.length : 0;
        this.m = new float[averages];
        this.v = new float[averages];
    }

    @Override
    public Kind kind() {
        return Kind.VECTOR;
    }

    @Override
    public Precision precision() {
        return Precision.FLOAT;
    }

    @Override
    public void useThreads(int threads) {
        super.useThreads(threads);
        batch = new FloatBatch(threads, newGpt);
    }

    @Override
    double computeLossAndGradient(int[][] documents) {
        return batch.gradient(w, documents, g);
    }

    @Override
    double squaredNorm() {
        double sum = 0;
        for (float derivative : g) {
            sum += (double) derivative * derivative;
        }
        return sum;
    }

    @Override
    void scaleGradient(double factor) {
        for (int i = 0; i < g.length; i++) {
            g[i] *= (float) factor;
        }
    }

    @Override
    public void update(double learningRate) {
        requireRate(learningRate);
        updates++;
        if (optimizer instanceof Adam adam) {
            adam(adam, (float) learningRate);
        } else {
            sgd((float) learningRate);
        }
    }

    private static void requireRate(double rate) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate " + rate + " is not a finite number of at least 0");
        }
    }

    /** {@link Adam#update} in single precision. */
    private void adam(Adam adam, float learningRate) {
        float beta1 = (float) adam.beta1();
        float beta2 = (float) adam.beta2();
        float epsilon = (float) adam.epsilon();
        float step = (float) (learningRate / (1 - Math.pow(adam.beta1(), updates)));
        float vScale = (float) (1 / (1 - Math.pow(adam.beta2(), updates)));
        for (int i = 0; i < w.length; i++) {
            float mi = beta1 * m[i] + (1 - beta1) * g[i];
            float vi = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            w[i] -= step * mi / ((float) Math.sqrt(vScale * vi) + epsilon);
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
    public Gpt model() {
        return new Gpt(config, widened(w));
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
        requireMoments(earlier);
        updates = earlier.updates();
        if (m.length > 0) {
            m = packed(earlier.first().orElseThrow());
            v = packed(earlier.second().orElseThrow());
        }
    }

    private float[] packed(Parameters canonical) {
        double[] packed = new double[w.length];
        layout.pack(canonical.values(), packed);
        return narrowed(packed);
    }

    private Parameters widened(float... own) {
        double[] packed = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            packed[i] = own[i];
        }
        Parameters canonical = parameters.zeros();
        layout.unpack(packed, canonical.values());
        return canonical;
    }

    private static float[] narrowed(double... values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
