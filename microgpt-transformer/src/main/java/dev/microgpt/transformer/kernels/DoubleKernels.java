package dev.microgpt.transformer.kernels;

import java.util.Arrays;

/**
 * The operations that the hand-derived GPT is made of, each forward with its backward behind it, in plain loops. Matrices
 * are row-major in flat arrays; w and dW begin at an offset within the flat array of all weights. Every loop is shaped for
 * the compiler of the JVM: independent sums in local variables, fused multiply-add.
 */
public class DoubleKernels {
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

    /** y = Σ_s a_s·x_s, s < count, the x_s being xStep numbers apart. */
    private static void weightedSum(
            double[] a, int aAt, int count, double[] x, int xAt, int xStep, double[] y, int yAt, int n) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            double y0 = 0, y1 = 0, y2 = 0, y3 = 0;
            for (int s = 0; s < count; s++) {
                double weight = a[aAt + s];
                int at = xAt + s * xStep + i;
                y0 = Math.fma(weight, x[at], y0);
                y1 = Math.fma(weight, x[at + 1], y1);
                y2 = Math.fma(weight, x[at + 2], y2);
                y3 = Math.fma(weight, x[at + 3], y3);
            }
            DoubleProducts.store(y, yAt + i, y0, y1, y2, y3);
        }
        for (; i < n; i++) {
            double sum = 0;
            for (int s = 0; s < count; s++) {
                sum = Math.fma(a[aAt + s], x[xAt + s * xStep + i], sum);
            }
            y[yAt + i] = sum;
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

    // ---- feed-forward: y = Σ_u h_u·w2_u, h = max(0, z) or max(0, z)², z_u = w1_u·x; only units with z_u > 0 take part

    /** Lists the units of row t that are above 0, or NaN, from active[t·units] on; count[t] of them. z is [rows][units]. */
    public void relu(double[] z, int[] active, int[] count, int rows, int units) {
        for (int t = 0; t < rows; t++) {
            int listed = t * units;
            for (int u = 0; u < units; u++) {
                active[listed] = u;
                listed += DoubleMath.isPositive(z[t * units + u]);
            }
            count[t] = listed - t * units;
        }
    }

    /** y = Σ_active h_u·w2_u: h [rows][units], W2 [units][n], y [rows][n]. */
    public void activeUnits(
            double[] h, int[] active, int[] count, double[] w2, int at, double[] y, int rows, int n, int units) {
        for (int t = 0; t < rows; t++) {
            int first = t * units;
            int last = first + count[t];
            int i = 0;
            for (; i + 8 <= n; i += 8) {
                weightedUnits(h, active, first, last, w2, at + i, n, y, t * n + i);
            }
            for (; i < n; i++) {
                double sum = 0;
                for (int k = first; k < last; k++) {
                    sum = Math.fma(h[first + active[k]], w2[at + active[k] * n + i], sum);
                }
                y[t * n + i] = sum;
            }
        }
    }

    private static void weightedUnits(
            double[] h, int[] active, int first, int last, double[] w2, int at, int n, double[] y, int yAt) {
        double y0 = 0, y1 = 0, y2 = 0, y3 = 0, y4 = 0, y5 = 0, y6 = 0, y7 = 0;
        for (int k = first; k < last; k++) {
            int unit = active[k];
            double weight = h[first + unit];
            int p = at + unit * n;
            y0 = Math.fma(weight, w2[p], y0);
            y1 = Math.fma(weight, w2[p + 1], y1);
            y2 = Math.fma(weight, w2[p + 2], y2);
            y3 = Math.fma(weight, w2[p + 3], y3);
            y4 = Math.fma(weight, w2[p + 4], y4);
            y5 = Math.fma(weight, w2[p + 5], y5);
            y6 = Math.fma(weight, w2[p + 6], y6);
            y7 = Math.fma(weight, w2[p + 7], y7);
        }
        DoubleProducts.store(y, yAt, y0, y1, y2, y3);
        DoubleProducts.store(y, yAt + 4, y4, y5, y6, y7);
    }

    /** h = z² where z is active. */
    public void square(double[] z, int[] active, int[] count, double[] h, int rows, int units) {
        for (int t = 0; t < rows; t++) {
            for (int k = t * units; k < t * units + count[t]; k++) {
                double value = z[t * units + active[k]];
                h[t * units + active[k]] = value * value;
            }
        }
    }

    /**
     * dH_u = dY·w2_u, dZ = dH or 2·z·dH, dW2_u = Σ h_u·dY, dW1_u = Σ dZ_u·x, dX = Σ dZ_u·w1_u over the active units u; dZ is
     * [rows][units].
     */
    public void activeUnitsInput(
            double[] dY,
            double[] x,
            double[] z,
            double[] h,
            int[] active,
            int[] count,
            double[] w,
            int w1,
            int w2,
            double[] dZ,
            double[] dW,
            double[] dX,
            int rows,
            int n,
            int units) {
        Arrays.fill(dW, w1, w1 + units * n, 0);
        Arrays.fill(dW, w2, w2 + units * n, 0);
        for (int t = 0; t < rows; t++) {
            int first = t * units;
            int last = first + count[t];
            for (int k = first; k < last; k++) {
                int at = first + active[k];
                double dH = dot(dY, t * n, w, w2 + active[k] * n, n);
                dZ[at] = z == h ? dH : 2 * z[at] * dH;
            }
            addOuter(h, dY, active, first, last, dW, w2, t * n, n);
            addOuter(dZ, x, active, first, last, dW, w1, t * n, n);
        }
        activeUnits(dZ, active, count, w, w1, dX, rows, n, units);
    }

    /** dW_u += a_u·x for the active units u of one row; dW [units][n] from wAt on. */
    private static void addOuter(
            double[] a, double[] x, int[] active, int first, int last, double[] dW, int wAt, int xAt, int n) {
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

    /** x <- softmax(x), n numbers from at on. */
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

    /** x <- e^(x − max), and their sum. */
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

    /** Σ_t weight_t·loss_t of logits x [rows][n]; leaves their gradients weight·(softmax(x) − 1[target]) in their place. */
    public double crossEntropy(double[] x, int[] targets, double[] weights, int rows, int n) {
        double loss = 0;
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
            loss += weights[t] * (max - logit + DoubleMath.log(sum));
        }
        return loss;
    }

    // ---- attention of one document: rows [q | k | v], each [headCount][headDim]

    /** How many numbers of p a position has. */
    public int weightsPerPosition(int heads, int block) {
        return heads * block;
    }

    /**
     * mixed_t = Σ_{s ≤ t} p_ts·v_s, p_t = softmax_s(q_t·k_s / √headDim), per head; rows start to start + count of qkv
     * [rows][3n], p [rows][headCount][blockSize], mixed [rows][n].
     */
    public void attention(double[] qkv, double[] p, double[] mixed, int start, int count, int heads, int n, int block) {
        int dim = n / heads;
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
                weightedSum(p, pAt, t + 1, qkv, k + n, 3 * n, mixed, (start + t) * n + h * dim, dim);
            }
        }
    }

    /**
     * dV_s += p_ts·dMixed_t, dP_ts = dMixed_t·v_s, dA = p·(dP − Σ p·dP), dQ_t += dA·k_s / √headDim, dK_s += dA·q_t / √headDim.
     * Leaves dA / √headDim in the place of p.
     */
    public void attentionBackward(
            double[] dMixed,
            double[] qkv,
            double[] p,
            double[] mixed,
            double[] dQkv,
            int start,
            int count,
            int heads,
            int n,
            int block) {
        int dim = n / heads;
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
                weightedSum(p, pAt, t + 1, qkv, k, 3 * n, dQkv, q, dim);
            }
        }
    }
}
