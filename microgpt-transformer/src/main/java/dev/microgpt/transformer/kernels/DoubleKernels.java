package dev.microgpt.transformer.kernels;

import java.util.Arrays;

/**
 * The operations that the hand-derived GPT is made of, each forward pass followed by its backward pass, in plain loops.
 * Matrices are row-major in flat arrays; w and dW begin at an offset within the flat array of all weights. Every loop is shaped
 * for the compiler of the JVM: independent sums in local variables, fused multiply-add.
 */
public class DoubleKernels {
    private final int n; // width of the residual stream
    private final int units; // of the feed-forward part
    private final int heads;
    private final int dim; // of a head
    private final int block; // most positions of a document

    /**
     * Kernels for one shape.
     *
     * @param n width of the residual stream
     * @param units hidden units of the feed-forward part
     * @param heads heads of attention, a divisor of n
     * @param block most positions of a document
     */
    public DoubleKernels(int n, int units, int heads, int block) {
        this.n = n;
        this.units = units;
        this.heads = heads;
        this.dim = n / heads;
        this.block = block;
    }

    /** Scratch matrix for n numbers at each of at most {@code rows} positions, laid out as these kernels like it. */
    public double[] matrix(int rows, int n) {
        return new double[rows * n];
    }

    // ---- embedding: x_t = wte[token] + wpe[position]

    /** Row t of x from the rows of w that begin at token and position. */
    public void embed(double[] w, int token, int position, double[] x, int t, int n) {
        for (int i = 0; i < n; i++) {
            x[t * n + i] = w[token + i] + w[position + i];
        }
    }

    /** Adds row t of dX to both rows of dW. */
    public void embedBackward(double[] dX, int t, double[] dW, int token, int position, int n) {
        for (int i = 0; i < n; i++) {
            dW[token + i] += dX[t * n + i];
            dW[position + i] += dX[t * n + i];
        }
    }

    // ---- linear layer: y = x·Wᵀ, W [out][in]

    /** y = x·Wᵀ: x [rows][in], W [out][in], y [rows][out]. */
    public void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        DoubleProducts.linear(x, w, wAt, y, rows, in, out);
    }

    /** dX = dY·W. */
    public void linearBackwardInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        DoubleProducts.linearBackwardInput(dY, w, wAt, dX, rows, in, out);
    }

    /** dW = dYᵀ·x. */
    public void linearBackwardWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        DoubleProducts.linearBackwardWeight(dY, x, dW, wAt, rows, in, out);
    }

    /** Σ_i x_i·y_i. */
    public static double dot(double[] x, int xAt, double[] y, int yAt, int n) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            s0 = Math.fma(x[xAt + i], y[yAt + i], s0);
            s1 = Math.fma(x[xAt + i + 1], y[yAt + i + 1], s1);
            s2 = Math.fma(x[xAt + i + 2], y[yAt + i + 2], s2);
            s3 = Math.fma(x[xAt + i + 3], y[yAt + i + 3], s3);
        }
        for (; i < n; i++) {
            s0 = Math.fma(x[xAt + i], y[yAt + i], s0);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** y += a·x. */
    private static void addScaled(double a, double[] x, int xAt, double[] y, int yAt, int n) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            double y0 = Math.fma(a, x[xAt + i], y[yAt + i]);
            double y1 = Math.fma(a, x[xAt + i + 1], y[yAt + i + 1]);
            double y2 = Math.fma(a, x[xAt + i + 2], y[yAt + i + 2]);
            double y3 = Math.fma(a, x[xAt + i + 3], y[yAt + i + 3]);
            DoubleProducts.store(y, yAt + i, y0, y1, y2, y3);
        }
        for (; i < n; i++) {
            y[yAt + i] = Math.fma(a, x[xAt + i], y[yAt + i]);
        }
    }

    /** x += y, both [rows][n]. */
    public void add(double[] x, double[] y, int rows, int n) {
        for (int i = 0; i < rows * n; i++) {
            x[i] += y[i];
        }
    }

    /** y = x, both [rows][n]. */
    public void copy(double[] x, double[] y, int rows, int n) {
        System.arraycopy(x, 0, y, 0, rows * n);
    }

    /** x = 0, [rows][n]. */
    public void clear(double[] x, int rows, int n) {
        Arrays.fill(x, 0, rows * n, 0);
    }

    // ---- rmsNorm: y = x·s, s = 1 / sqrt(mean(x²) + ε)

    /** y [rows][n] and the scale s [rows] of x [rows][n]. */
    public void rmsNorm(double[] x, double[] y, double[] scale, int rows, int n) {
        for (int t = 0; t < rows; t++) {
            int at = t * n;
            double s = 1 / DoubleMath.sqrt(dot(x, at, x, at, n) / n + DoubleMath.RMS_EPSILON);
            scale[t] = s;
            for (int i = at; i < at + n; i++) {
                y[i] = x[i] * s;
            }
        }
    }

    /** dX += s·(dY − y·mean(dY·y)). */
    public void rmsNormBackward(double[] dY, double[] y, double[] scale, double[] dX, int rows, int n) {
        for (int t = 0; t < rows; t++) {
            int at = t * n;
            double s = scale[t];
            double mean = dot(dY, at, y, at, n) / n;
            for (int i = at; i < at + n; i++) {
                dX[i] = Math.fma(s, dY[i] - y[i] * mean, dX[i]);
            }
        }
    }

    // ---- feed-forward: y = Σ_u h_u·w2_u, h = max(0, z) or max(0, z)², z_u = w1_u·x; W1 and W2 are [units][n]

    /** Room for the hidden units of so many rows. */
    public DoubleHidden hidden(boolean squared, int rows) {
        double[] z = matrix(rows, units);
        return new DoubleHidden(
                squared, z, squared ? matrix(rows, units) : z, new int[rows * units + 1], new int[rows]);
    }

    /** h = max(0, z) or max(0, z)². */
    public void activate(DoubleHidden hidden, int rows) {
        for (int t = 0; t < rows; t++) {
            int listed = t * units;
            for (int u = 0; u < units; u++) {
                hidden.active[listed] = u;
                listed += DoubleMath.isPositive(hidden.z[t * units + u]);
            }
            hidden.activeCount[t] = listed - t * units;
        }
        if (hidden.squared) {
            square(hidden, rows);
        }
    }

    private void square(DoubleHidden hidden, int rows) {
        for (int t = 0; t < rows; t++) {
            for (int k = t * units; k < t * units + hidden.activeCount[t]; k++) {
                double value = hidden.z[t * units + hidden.active[k]];
                hidden.h[t * units + hidden.active[k]] = value * value;
            }
        }
    }

    /** dH_u = dY·w2_u, dZ = dH or 2·z·dH where a unit is active, else 0. */
    public void activateBackward(DoubleHidden hidden, double[] dY, double[] w, int w2, double[] dZ, int rows) {
        for (int t = 0; t < rows; t++) {
            int first = t * units;
            for (int k = first; k < first + hidden.activeCount[t]; k++) {
                int at = first + hidden.active[k];
                double dH = dot(dY, t * n, w, w2 + hidden.active[k] * n, n);
                dZ[at] = hidden.squared ? 2 * hidden.z[at] * dH : dH;
            }
        }
    }

    /** y = Σ_u a_u·w_u, where a is h or dZ of the hidden units. */
    public void sumOfUnits(DoubleHidden hidden, double[] a, double[] w, int at, double[] y, int rows) {
        int[] active = hidden.active;
        for (int t = 0; t < rows; t++) {
            int first = t * units;
            int last = first + hidden.activeCount[t];
            int i = 0;
            for (; i + 8 <= n; i += 8) {
                weightedUnits(a, active, first, last, w, at + i, y, t * n + i);
            }
            for (; i < n; i++) {
                double sum = 0;
                for (int k = first; k < last; k++) {
                    sum = Math.fma(a[first + active[k]], w[at + active[k] * n + i], sum);
                }
                y[t * n + i] = sum;
            }
        }
    }

    private void weightedUnits(double[] a, int[] active, int first, int last, double[] w, int at, double[] y, int yAt) {
        double y0 = 0, y1 = 0, y2 = 0, y3 = 0, y4 = 0, y5 = 0, y6 = 0, y7 = 0;
        for (int k = first; k < last; k++) {
            int unit = active[k];
            double weight = a[first + unit];
            int p = at + unit * n;
            y0 = Math.fma(weight, w[p], y0);
            y1 = Math.fma(weight, w[p + 1], y1);
            y2 = Math.fma(weight, w[p + 2], y2);
            y3 = Math.fma(weight, w[p + 3], y3);
            y4 = Math.fma(weight, w[p + 4], y4);
            y5 = Math.fma(weight, w[p + 5], y5);
            y6 = Math.fma(weight, w[p + 6], y6);
            y7 = Math.fma(weight, w[p + 7], y7);
        }
        DoubleProducts.store(y, yAt, y0, y1, y2, y3);
        DoubleProducts.store(y, yAt + 4, y4, y5, y6, y7);
    }

    /** dW_u = Σ_t a_tu·x_t, where a is h or dZ of the hidden units, x [rows][n]. */
    public void sumOfUnitsBackwardWeight(DoubleHidden hidden, double[] a, double[] x, double[] dW, int wAt, int rows) {
        Arrays.fill(dW, wAt, wAt + units * n, 0);
        for (int t = 0; t < rows; t++) {
            addOuter(a, hidden.active, t * units, t * units + hidden.activeCount[t], x, t * n, dW, wAt);
        }
    }

    /** dW_u += a_u·x for the active units u of one row; dW [units][n] from wAt on. */
    private void addOuter(double[] a, int[] active, int first, int last, double[] x, int xAt, double[] dW, int wAt) {
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            double x0 = x[xAt + i], x1 = x[xAt + i + 1], x2 = x[xAt + i + 2], x3 = x[xAt + i + 3];
            double x4 = x[xAt + i + 4], x5 = x[xAt + i + 5], x6 = x[xAt + i + 6], x7 = x[xAt + i + 7];
            for (int k = first; k < last; k++) {
                double weight = a[first + active[k]];
                int p = wAt + active[k] * n + i;
                dW[p] = Math.fma(weight, x0, dW[p]);
                dW[p + 1] = Math.fma(weight, x1, dW[p + 1]);
                dW[p + 2] = Math.fma(weight, x2, dW[p + 2]);
                dW[p + 3] = Math.fma(weight, x3, dW[p + 3]);
                dW[p + 4] = Math.fma(weight, x4, dW[p + 4]);
                dW[p + 5] = Math.fma(weight, x5, dW[p + 5]);
                dW[p + 6] = Math.fma(weight, x6, dW[p + 6]);
                dW[p + 7] = Math.fma(weight, x7, dW[p + 7]);
            }
        }
        for (; i < n; i++) {
            for (int k = first; k < last; k++) {
                int p = wAt + active[k] * n + i;
                dW[p] = Math.fma(a[first + active[k]], x[xAt + i], dW[p]);
            }
        }
    }

    // ---- softmax: p_i = e^(x_i − max) / Σ_j e^(x_j − max)

    /** x ← softmax(x), n numbers from at on. */
    public static void softmax(double[] x, int at, int n) {
        double sum = exponentials(x, at, n, max(x, at, n));
        double inverse = 1 / sum;
        for (int i = at; i < at + n; i++) {
            x[i] *= inverse;
        }
    }

    private static double max(double[] x, int at, int n) {
        double max = x[at];
        for (int i = at + 1; i < at + n; i++) {
            max = x[i] > max ? x[i] : max;
        }
        return max;
    }

    /** x ← e^(x − max), and their sum. */
    private static double exponentials(double[] x, int at, int n, double max) {
        double sum = 0;
        for (int i = at; i < at + n; i++) {
            double e = DoubleMath.exp(x[i] - max);
            x[i] = e;
            sum += e;
        }
        return sum;
    }

    // ---- cross-entropy: loss = −log softmax(x)[target]

    /** loss_t of logits x [rows][n]; leaves the gradients of Σ_t weight_t·loss_t, weight·(softmax(x) − 1[target]), in their place. */
    public void crossEntropy(double[] x, int[] targets, double[] weights, double[] losses, int rows, int n) {
        for (int t = 0; t < rows; t++) {
            int at = t * n;
            double max = max(x, at, n);
            double logit = x[at + targets[t]];
            double sum = exponentials(x, at, n, max);
            double scale = weights[t] / sum;
            for (int i = at; i < at + n; i++) {
                x[i] *= scale;
            }
            x[at + targets[t]] -= weights[t];
            losses[t] = max - logit + DoubleMath.log(sum);
        }
    }

    // ---- attention of one document: rows [q | k | v], each [heads][dim]; rows start to start + count

    /** How many weights p a position has. */
    public int weightsPerPosition() {
        return heads * block;
    }

    /** mixed_t = Σ_{s ≤ t} p_ts·v_s, p_t = softmax_s(q_t·k_s / √dim), per head: qkv [rows][3n], p [rows][heads][block], mixed [rows][n]. */
    public void attention(double[] qkv, double[] p, double[] mixed, int start, int count) {
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int t = 0; t < count; t++) {
            for (int h = 0; h < heads; h++) {
                int q = (start + t) * 3 * n + h * dim;
                int k = start * 3 * n + n + h * dim;
                int pAt = ((start + t) * heads + h) * block;
                for (int s = 0; s <= t; s++) {
                    p[pAt + s] = scale * dot(qkv, q, qkv, k + s * 3 * n, dim);
                }
                softmax(p, pAt, t + 1);
                weightedSum(p, pAt, t + 1, qkv, k + n, mixed, (start + t) * n + h * dim);
            }
        }
    }

    /**
     * dV_s = Σ_t p_ts·dMixed_t, dP_ts = dMixed_t·v_s, dA = p·(dP − Σ p·dP), dQ_t = Σ_s dA_ts·k_s / √dim, dK_s = Σ_t dA_ts·q_t / √dim.
     * The weights p may be overwritten.
     */
    public void attentionBackward(
            double[] dMixed, double[] qkv, double[] p, double[] mixed, double[] dQkv, int start, int count) {
        double scale = 1 / DoubleMath.sqrt(dim);
        Arrays.fill(dQkv, start * 3 * n, (start + count) * 3 * n, 0);
        for (int t = 0; t < count; t++) {
            for (int h = 0; h < heads; h++) {
                int q = (start + t) * 3 * n + h * dim;
                int k = start * 3 * n + n + h * dim;
                int pAt = ((start + t) * heads + h) * block;
                int mixedAt = (start + t) * n + h * dim;
                double mean = dot(dMixed, mixedAt, mixed, mixedAt, dim); // Σ_s p_ts·dP_ts
                for (int s = 0; s <= t; s++) {
                    int v = k + n + s * 3 * n;
                    double weight = p[pAt + s];
                    double dScore = scale * weight * (dot(dMixed, mixedAt, qkv, v, dim) - mean);
                    p[pAt + s] = dScore;
                    addScaled(weight, dMixed, mixedAt, dQkv, v, dim);
                    addScaled(dScore, qkv, q, dQkv, v - n, dim);
                }
                weightedSum(p, pAt, t + 1, qkv, k, dQkv, q);
            }
        }
    }

    /** y = Σ_s a_s·x_s, s < count, of the parts of qkv's rows that one head has from xAt on. */
    private void weightedSum(double[] a, int aAt, int count, double[] qkv, int xAt, double[] y, int yAt) {
        int i = 0;
        for (; i + 4 <= dim; i += 4) {
            double y0 = 0, y1 = 0, y2 = 0, y3 = 0;
            for (int s = 0; s < count; s++) {
                double weight = a[aAt + s];
                int at = xAt + s * 3 * n + i;
                y0 = Math.fma(weight, qkv[at], y0);
                y1 = Math.fma(weight, qkv[at + 1], y1);
                y2 = Math.fma(weight, qkv[at + 2], y2);
                y3 = Math.fma(weight, qkv[at + 3], y3);
            }
            DoubleProducts.store(y, yAt + i, y0, y1, y2, y3);
        }
        for (; i < dim; i++) {
            double sum = 0;
            for (int s = 0; s < count; s++) {
                sum = Math.fma(a[aAt + s], qkv[xAt + s * 3 * n + i], sum);
            }
            y[yAt + i] = sum;
        }
    }
}
