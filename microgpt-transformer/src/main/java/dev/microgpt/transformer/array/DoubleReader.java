package dev.microgpt.transformer.array;

import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleMath;
import java.util.Arrays;

/**
 * Reads one document token by token, forward only. Keys and values of earlier positions are kept (the KV cache), so that a
 * token costs the same work wherever it stands, but for the attention itself. Room for keys and values grows only where the
 * {@link Layout} gives a large model less than all of it; else nothing is allocated after construction.
 */
public class DoubleReader implements Reader {
    private static final double NO_FLOOR = Double.NEGATIVE_INFINITY;

    private final Layout layout;
    private final DoubleWeights weights;
    protected final int heads;
    protected final int dim; // of a head
    protected int width; // positions that there is room for, a multiple of four and of the lanes of a vector
    private double[] mask; // 0 up to the position, −∞ after it, [width]
    private final double[] x; // residual stream, [embedDim]
    private final double[] qkv; // [3·embedDim]
    private final double[][] keys; // of each layer, [embedDim][width]
    private final double[][] values; // of each layer, [width][embedDim]
    private double[] scores; // [headCount][width]
    private final double[] mixed; // [embedDim]
    private final double[] hidden; // [hiddenDim]
    private final double[] logits; // [vocabSize]
    private final double scale; // of scores

    public DoubleReader(Layout layout, DoubleWeights weights) {
        this.layout = layout;
        this.weights = weights;
        int n = layout.embedDim();
        // numbers after what products and mix touch, which may be read and written, but do not count
        int beyond = weights.kind.beyond();
        heads = layout.headCount();
        dim = layout.headDim();
        width = width(layout.firstPositions(1));
        mask = new double[width];
        Arrays.fill(mask, DoubleMath.MASKED);
        x = new double[n + beyond];
        qkv = new double[3 * n + beyond];
        keys = new double[layout.layerCount()][n * width];
        values = new double[layout.layerCount()][width * n + beyond];
        scores = new double[heads * width];
        mixed = new double[n + beyond];
        hidden = new double[layout.hiddenDim() + beyond];
        logits = new double[layout.vocabSize() + beyond];
        scale = 1 / DoubleMath.sqrt(dim);
    }

    @Override
    public final void read(int tokenId, int position, /* always */ double[] to) {
        if (position == width) {
            grow();
        }
        int n = layout.embedDim();
        add(weights.tokenEmbedding[tokenId], weights.positionEmbedding[position], n, x);
        multiply(x, rmsFactor(), n);
        mask[position] = 0;
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            attention(layer, position);
            mlp(layer);
        }
        weights.lmHead.times(x, n, weights.zeros, 1, NO_FLOOR, logits, layout.vocabSize());
        for (int i = 0; i < to.length; i++) {
            to[i] = logits[i];
        }
    }

    private void grow() {
        int n = layout.embedDim();
        int old = width;
        width = width(layout.morePositions(old));
        mask = Arrays.copyOf(mask, width);
        Arrays.fill(mask, old, width, DoubleMath.MASKED);
        scores = new double[heads * width];
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            double[] wider = new double[n * width];
            for (int i = 0; i < n; i++) {
                System.arraycopy(keys[layer], i * old, wider, i * width, old);
            }
            keys[layer] = wider;
            values[layer] = Arrays.copyOf(values[layer], width * n + weights.kind.beyond());
        }
    }

    private int width(int positions) {
        return roundUp(positions, Math.max(4, weights.kind.lanes()));
    }

    @Override
    public void forget() {
        Arrays.fill(mask, DoubleMath.MASKED);
        Arrays.fill(scores, 0);
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            Arrays.fill(keys[layer], 0);
            Arrays.fill(values[layer], 0);
        }
    }

    /** x += Wo·Σ_s p_s·v_s with p = softmax_s(q·k_s / √headDim), per head. */
    private void attention(int layer, int position) {
        int n = layout.embedDim();
        weights.wqkv[layer].times(x, n, weights.zeros, rmsFactor(), NO_FLOOR, qkv(layer, position), 3 * n);
        attend(layer, position, scale, mixed);
        weights.wo[layer].times(mixed, n, x, 1, NO_FLOOR, x, n);
    }

    /** Where query, key and value of a position go, [3·embedDim]. */
    protected double[] qkv(int layer, int position) {
        return qkv;
    }

    /** y = Σ_s p_s·v_s for the query at a position, whose key and value are the last. */
    protected void attend(int layer, int position, double scale, double[] y) {
        remember(keys[layer], values[layer], position);
        scores(qkv, keys[layer], mask, position + 1, scores);
        exponentials(scores, position + 1, scale);
        mix(scores, values[layer], position + 1, y);
    }

    private void remember(double[] keys, double[] values, int position) {
        int n = layout.embedDim();
        for (int i = 0; i < n; i++) {
            keys[i * width + position] = qkv[n + i];
        }
        System.arraycopy(qkv, 2 * n, values, position * n, n);
    }

    /** x += fc2·activation(fc1·rmsNorm(x)). */
    private void mlp(int layer) {
        int n = layout.embedDim();
        int units = layout.hiddenDim();
        weights.fc1[layer].times(x, n, weights.zeros, rmsFactor(), 0, hidden, units);
        if (layout.squaredRelu()) {
            square(hidden, units);
        }
        weights.fc2[layer].times(hidden, units, x, 1, NO_FLOOR, x, n);
    }

    private static int roundUp(int n, int multiple) {
        return (n + multiple - 1) / multiple * multiple;
    }

    private static void square(double[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] *= x[i];
        }
    }

    /** What rmsNorm multiplies x with, 1 / √(mean(x²) + ε): as well after a product, which then need not wait for it. */
    private double rmsFactor() {
        int n = layout.embedDim();
        return 1 / DoubleMath.sqrt(DoubleKernels.dot(x, 0, x, 0, n) / n + DoubleMath.RMS_EPSILON);
    }

    /** Σ x_i, n numbers from {@code at} on, and what follows up to a multiple of four, which are 0. */
    protected static double sum(double[] x, int at, int n) {
        double sum = 0;
        for (int i = at; i < at + n; i += 4) {
            sum += (x[i] + x[i + 1]) + (x[i + 2] + x[i + 3]);
        }
        return sum;
    }

    // ---- what SIMD does otherwise, with the same bits

    protected void add(double[] a, double[] b, int n, double[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] + b[i];
        }
    }

    protected void multiply(double[] x, double factor, int n) {
        for (int i = 0; i < n; i++) {
            x[i] *= factor;
        }
    }

    /** y_hs = mask_s + Σ_i q_i·k_is over the features of head h, by fours. */
    protected void scores(double[] q, double[] keys, double[] mask, int positions, double[] y) {
        for (int h = 0; h < heads; h++) {
            System.arraycopy(mask, 0, y, h * width, positions);
            int i = h * dim;
            for (; i + 4 <= (h + 1) * dim; i += 4) {
                double q0 = q[i], q1 = q[i + 1], q2 = q[i + 2], q3 = q[i + 3];
                int k0 = i * width, k1 = k0 + width, k2 = k1 + width, k3 = k2 + width;
                for (int s = 0; s < positions; s++) {
                    y[h * width + s] += Math.fma(
                            q3,
                            keys[k3 + s],
                            Math.fma(q2, keys[k2 + s], Math.fma(q1, keys[k1 + s], q0 * keys[k0 + s])));
                }
            }
            for (; i < (h + 1) * dim; i++) {
                for (int s = 0; s < positions; s++) {
                    y[h * width + s] = Math.fma(q[i], keys[i * width + s], y[h * width + s]);
                }
            }
        }
    }

    /** x_s ← e^((x_s − max)·scale) in each head, and 0 up to a multiple of four. */
    protected void exponentials(double[] x, int positions, double scale) {
        for (int h = 0; h < heads; h++) {
            int from = h * width;
            int to = from + positions;
            double max = x[from];
            for (int s = from + 1; s < to; s++) {
                max = x[s] > max ? x[s] : max;
            }
            for (int s = from; s < to; s++) {
                x[s] = DoubleMath.expOrZero((x[s] - max) * scale);
            }
            Arrays.fill(x, to, from + roundUp(positions, 4), 0);
        }
    }

    /** y_i = Σ_s p_hs·v_si / Σ_s p_hs, by fours, for the features i of head h. */
    protected void mix(double[] p, double[] values, int positions, double[] y) {
        int n = layout.embedDim();
        Arrays.fill(y, 0, n, 0);
        for (int h = 0; h < heads; h++) {
            int at = h * width;
            for (int s = 0; s < positions; s += 4) {
                double p0 = p[at + s], p1 = p[at + s + 1], p2 = p[at + s + 2], p3 = p[at + s + 3];
                int v0 = s * n, v1 = v0 + n, v2 = v1 + n, v3 = v2 + n;
                for (int i = h * dim; i < (h + 1) * dim; i++) {
                    y[i] += Math.fma(
                            p3,
                            values[v3 + i],
                            Math.fma(p2, values[v2 + i], Math.fma(p1, values[v1 + i], p0 * values[v0 + i])));
                }
            }
            double inverse = 1 / sum(p, at, positions);
            for (int i = h * dim; i < (h + 1) * dim; i++) {
                y[i] *= inverse;
            }
        }
    }
}
