package dev.microgpt.transformer.array;

import dev.microgpt.transformer.kernels.DoubleMath;
import java.util.Arrays;

/**
 * {@link DoubleBatchReader} without SIMD: every number is an array of its own, with a sequence for each document, since HotSpot makes vector
 * instructions of loops over whole arrays only. Slots and sequences are as there.
 */
public final class DoubleRows implements BatchReader {
    private final Layout layout;
    private final double[] w; // all weights, in the layout of a model's parameters
    private final int sequences;
    private final double[][] x; // residual stream, [embedDim][sequences]
    private final double[][] normed; // [embedDim][sequences]
    private final double[][][][] qkv; // of each layer and slot, [3·embedDim][sequences]; all have the same queries
    private double[][][] steps; // those of the slots that some sequence looks at, oldest first
    private double[][] mask; // 0 where a sequence looks, else −∞; oldest first, [slots][sequences]
    private double[][] scores; // of one head, oldest first, [slots][sequences]
    private final double[][] mixed; // [embedDim][sequences]
    private final double[][] hidden; // [hiddenDim][sequences]
    private final double[][] logits; // [vocabSize][sequences]
    private final double[][] zeros; // as many rows as the longest has, all of them one
    private final double[] max; // [sequences]
    private final double[] sum; // [sequences]
    private final double[][] queries; // [embedDim][sequences]
    private final double[] unused; // takes the place of the last output's partner, [sequences]
    private int step;

    public DoubleRows(Layout layout, int sequences, double... w) {
        this.layout = layout;
        this.w = w;
        this.sequences = sequences;
        int n = layout.embedDim();
        x = new double[n][sequences];
        normed = new double[n][sequences];
        queries = new double[n][sequences];
        qkv = new double[layout.layerCount()][0][][];
        grow(layout.firstPositions(sequences));
        mixed = new double[n][sequences];
        hidden = new double[layout.hiddenDim()][sequences];
        logits = new double[layout.vocabSize()][sequences];
        zeros = new double[Math.max(layout.hiddenDim(), layout.vocabSize())][];
        Arrays.fill(zeros, new double[sequences]);
        max = new double[sequences];
        sum = new double[sequences];
        unused = new double[sequences];
    }

    @Override
    public void read(int[] tokenIds, int[] position) {
        int longest = 0;
        for (int p : position) {
            longest = Math.max(longest, p);
        }
        if (longest >= steps.length) {
            grow(layout.morePositions(steps.length));
        }
        embed(tokenIds, position);
        mask(longest, position);
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            attention(layer, longest + 1);
            mlp(layer);
        }
        linear(zeros, x, w, layout.lmHead(), logits);
        step = (step + 1) % steps.length;
    }

    /** More slots: those there are come first, the oldest of them at the beginning. */
    private void grow(int more) {
        int old = qkv[0].length;
        for (int layer = 0; layer < qkv.length; layer++) {
            double[][][] longer = new double[more][][];
            for (int s = 0; s < more; s++) {
                longer[s] = s < old ? qkv[layer][(step + s) % old] : newSlot();
            }
            qkv[layer] = longer;
        }
        steps = new double[more][][];
        mask = new double[more][sequences];
        scores = new double[more][sequences];
        step = old;
    }

    private double[][] newSlot() {
        double[][] slot = new double[3 * queries.length][];
        for (int i = 0; i < slot.length; i++) {
            slot[i] = i < queries.length ? queries[i] : new double[sequences];
        }
        return slot;
    }

    @Override
    public void logits(/* always */ double[][] to) {
        for (int sequence = 0; sequence < to.length; sequence++) {
            for (int i = 0; i < logits.length; i++) {
                to[sequence][i] = logits[i][sequence];
            }
        }
    }

    /** Leaves it to a sampler to draw from the logits. */
    @Override
    public void draw(/* always */ double temperature, /* always */ double[] uniform, int[] tokenIds) {
        Arrays.fill(tokenIds, UNDECIDED);
    }

    /** x = rmsNorm(wte[token] + wpe[position]). */
    private void embed(int[] tokenIds, int[] position) {
        int n = x.length;
        for (int sequence = 0; sequence < tokenIds.length; sequence++) {
            int token = layout.tokenEmbedding() + tokenIds[sequence] * n;
            int place = layout.positionEmbedding() + position[sequence] * n;
            for (int i = 0; i < n; i++) {
                x[i][sequence] = w[token + i] + w[place + i];
            }
        }
        rmsNorm(x);
    }

    private void mask(int longest, int[] position) {
        for (int back = longest; back >= 0; back--) {
            double[] row = mask[longest - back];
            for (int sequence = 0; sequence < position.length; sequence++) {
                row[sequence] = back > position[sequence] ? DoubleMath.MASKED : 0;
            }
        }
    }

    /** x += Wo·Σ_s p_s·v_s with p = softmax_s(q·k_s / √headDim), per head. */
    private void attention(int layer, int count) {
        int n = x.length;
        int dim = layout.headDim();
        for (int s = 0; s < count; s++) {
            steps[s] = qkv[layer][Math.floorMod(step + 1 - count + s, steps.length)];
        }
        rmsNorm(normed);
        linear(zeros, normed, w, layout.wqkv(layer), qkv[layer][step]);
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int from = 0; from < n; from += dim) {
            for (int s = 0; s < count; s++) {
                score(mask[s], steps[s], from, from + dim, scores[s]);
            }
            softmax(scores, count, scale);
            for (int i = from; i < from + dim; i++) {
                mix(scores, steps, count, 2 * n + i, mixed[i]);
            }
        }
        linear(x, mixed, w, layout.wo(layer), x);
    }

    /** x += fc2·activation(fc1·rmsNorm(x)). */
    private void mlp(int layer) {
        rmsNorm(normed);
        linear(zeros, normed, w, layout.fc1(layer), hidden);
        boolean squared = layout.squaredRelu();
        for (double[] h : hidden) {
            relu(h, squared);
        }
        linear(x, hidden, w, layout.fc2(layer), x);
    }

    private static void relu(double[] h, boolean squared) {
        for (int sequence = 0; sequence < h.length; sequence++) {
            double relu = Math.max(0, h[sequence]);
            h[sequence] = squared ? relu * relu : relu;
        }
    }

    /** y = x / √(mean(x²) + ε). */
    private void rmsNorm(double[][] y) {
        int n = x.length;
        Arrays.fill(sum, 0);
        for (double[] row : x) {
            addProduct(row, row, sum);
        }
        for (int sequence = 0; sequence < sequences; sequence++) {
            sum[sequence] = 1 / DoubleMath.sqrt(sum[sequence] / n + DoubleMath.RMS_EPSILON);
        }
        for (int i = 0; i < n; i++) {
            multiply(x[i], sum, y[i]);
        }
    }

    /** x ← softmax(scale·x) over the first rows. */
    private void softmax(double[][] x, int rows, double scale) {
        System.arraycopy(x[0], 0, max, 0, sequences);
        for (int s = 1; s < rows; s++) {
            larger(x[s], max);
        }
        Arrays.fill(sum, 0);
        for (int s = 0; s < rows; s++) {
            exponentials(x[s], max, scale);
            add(x[s], sum);
        }
        for (int sequence = 0; sequence < sequences; sequence++) {
            sum[sequence] = 1 / sum[sequence];
        }
        for (int s = 0; s < rows; s++) {
            multiply(x[s], sum, x[s]);
        }
    }

    private void larger(double[] x, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            y[sequence] = Math.max(y[sequence], x[sequence]);
        }
    }

    private void add(double[] x, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            y[sequence] += x[sequence];
        }
    }

    private void addProduct(double[] a, double[] b, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            y[sequence] = Math.fma(a[sequence], b[sequence], y[sequence]);
        }
    }

    private void multiply(double[] a, double[] b, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            y[sequence] = a[sequence] * b[sequence];
        }
    }

    /** y_o = b_o + Σ_i w_oi·x_i; the weights begin at {@code at}. Two outputs at once, so that each x is read half as often. */
    private void linear(double[][] b, double[][] x, double[] w, int at, double[][] y) {
        int n = x.length;
        for (int o = 0; o < y.length; o++) {
            System.arraycopy(b[o], 0, y[o], 0, sequences);
        }
        for (int o = 0; o < y.length; o += 2) {
            int row = at + o * n;
            boolean alone = o + 1 == y.length;
            addTwo(x, w, row, alone ? row : row + n, y[o], alone ? unused : y[o + 1]);
        }
    }

    private void addTwo(double[][] x, double[] w, int at0, int at1, double[] y0, double[] y1) {
        int even = x.length / 2 * 2;
        for (int i = 0; i < even; i += 2) {
            addTwoByTwo(w, at0 + i, at1 + i, x[i], x[i + 1], y0, y1);
        }
        for (int i = even; i < x.length; i++) {
            addScaled(w[at0 + i], x[i], y0);
            addScaled(w[at1 + i], x[i], y1);
        }
    }

    /** Of a larger loop, such as two by four, HotSpot of JDK 17 makes no vector instructions. */
    private void addTwoByTwo(double[] w, int at0, int at1, double[] x0, double[] x1, double[] y0, double[] y1) {
        double w00 = w[at0], w01 = w[at0 + 1], w10 = w[at1], w11 = w[at1 + 1];
        for (int sequence = 0; sequence < sequences; sequence++) {
            double first = x0[sequence];
            double second = x1[sequence];
            y0[sequence] = Math.fma(w01, second, Math.fma(w00, first, y0[sequence]));
            y1[sequence] = Math.fma(w11, second, Math.fma(w10, first, y1[sequence]));
        }
    }

    private void addScaled(double a, double[] x, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            y[sequence] = Math.fma(a, x[sequence], y[sequence]);
        }
    }

    /** y = mask + Σ_i q_i·k_i over the features of a head. */
    private void score(double[] mask, double[][] qkv, int from, int to, double[] y) {
        System.arraycopy(mask, 0, y, 0, sequences);
        for (int i = from; i < to; i++) {
            addProduct(qkv[i], qkv[x.length + i], y);
        }
    }

    /** x ← e^(scale·(x − max)). */
    private void exponentials(double[] x, double[] max, double scale) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            x[sequence] = DoubleMath.expOrZero((x[sequence] - max[sequence]) * scale);
        }
    }

    /** y = Σ_s p_s·v_s, of the feature that is row {@code i} of qkv. */
    private void mix(double[][] p, double[][][] qkv, int count, int i, double[] y) {
        Arrays.fill(y, 0);
        for (int s = 0; s < count; s++) {
            addProduct(p[s], qkv[s][i], y);
        }
    }
}
