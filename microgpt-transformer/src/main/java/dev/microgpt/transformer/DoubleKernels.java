package dev.microgpt.transformer;

import java.util.Arrays;

/**
 * The operations that the hand-derived GPT is made of, each forward with its backward behind it, in plain loops. Matrices are row-major in flat
 * arrays; w and dW begin at an offset within the flat array of all weights. Every loop is shaped for the compiler of the JVM: independent sums
 * in local variables, fused multiply-add.
 */
class DoubleKernels {
    /** Scratch matrix for n numbers at each of at most {@code rows} positions, laid out as these kernels like it. */
    double[] matrix(int rows, int n) {
        return new double[rows * n];
    }

    // ---- embedding: x_t = wte[token] + wpe[position]

    /** Row t of x from the rows of w that begin at token and position. */
    void embed(double[] w, int token, int position, double[] x, int t, int n) {
        for (int i = 0; i < n; i++) {
            x[t * n + i] = w[token + i] + w[position + i];
        }
    }

    /** Adds row t of dX to both rows of dW. */
    void embedWeight(double[] dX, int t, double[] dW, int token, int position, int n) {
        for (int i = 0; i < n; i++) {
            dW[token + i] += dX[t * n + i];
            dW[position + i] += dX[t * n + i];
        }
    }

    // ---- linear layer: y = x·Wᵀ, W [out][in]

    /** y = x·Wᵀ: x [rows][in], W [out][in], y [rows][out]. */
    void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        if (rows < 4 || out < 8) {
            product(x, in, 1, w, wAt, 1, in, in, y, 0, rows, out);
            return;
        }
        // tiles of four rows, then of two; the last ones reach back over what is done already
        int t = 0;
        for (; rows - t > 2; t += 4) {
            for (int o = 0; o < out; o += 4) {
                linearTile(x, w, wAt, y, Math.min(t, rows - 4), Math.min(o, out - 4), in, out);
            }
        }
        for (; t < rows; t += 2) {
            for (int o = 0; o < out; o += 8) {
                linearTileOfTwo(x, w, wAt, y, Math.min(t, rows - 2), Math.min(o, out - 8), in, out);
            }
        }
    }

    /** Two positions by eight outputs: sixteen sums that need not wait for each other. */
    private static void linearTileOfTwo(double[] x, double[] w, int wAt, double[] y, int t, int o, int in, int out) {
        double y00 = 0, y01 = 0, y02 = 0, y03 = 0, y04 = 0, y05 = 0, y06 = 0, y07 = 0;
        double y10 = 0, y11 = 0, y12 = 0, y13 = 0, y14 = 0, y15 = 0, y16 = 0, y17 = 0;
        int x0 = t * in, x1 = x0 + in;
        int w0 = wAt + o * in, w1 = w0 + in, w2 = w1 + in, w3 = w2 + in;
        int w4 = w3 + in, w5 = w4 + in, w6 = w5 + in, w7 = w6 + in;
        for (int i = 0; i < in; i++) {
            double a0 = x[x0 + i], a1 = x[x1 + i];
            double b0 = w[w0 + i], b1 = w[w1 + i], b2 = w[w2 + i], b3 = w[w3 + i];
            double b4 = w[w4 + i], b5 = w[w5 + i], b6 = w[w6 + i], b7 = w[w7 + i];
            y00 = Math.fma(a0, b0, y00);
            y01 = Math.fma(a0, b1, y01);
            y02 = Math.fma(a0, b2, y02);
            y03 = Math.fma(a0, b3, y03);
            y04 = Math.fma(a0, b4, y04);
            y05 = Math.fma(a0, b5, y05);
            y06 = Math.fma(a0, b6, y06);
            y07 = Math.fma(a0, b7, y07);
            y10 = Math.fma(a1, b0, y10);
            y11 = Math.fma(a1, b1, y11);
            y12 = Math.fma(a1, b2, y12);
            y13 = Math.fma(a1, b3, y13);
            y14 = Math.fma(a1, b4, y14);
            y15 = Math.fma(a1, b5, y15);
            y16 = Math.fma(a1, b6, y16);
            y17 = Math.fma(a1, b7, y17);
        }
        int at = t * out + o;
        store(y, at, y00, y01, y02, y03);
        store(y, at + 4, y04, y05, y06, y07);
        store(y, at + out, y10, y11, y12, y13);
        store(y, at + out + 4, y14, y15, y16, y17);
    }

    /** Four positions by four outputs: sixteen sums that need not wait for each other. */
    private static void linearTile(double[] x, double[] w, int wAt, double[] y, int t, int o, int in, int out) {
        double y00 = 0, y01 = 0, y02 = 0, y03 = 0;
        double y10 = 0, y11 = 0, y12 = 0, y13 = 0;
        double y20 = 0, y21 = 0, y22 = 0, y23 = 0;
        double y30 = 0, y31 = 0, y32 = 0, y33 = 0;
        int x0 = t * in, x1 = x0 + in, x2 = x1 + in, x3 = x2 + in;
        int w0 = wAt + o * in, w1 = w0 + in, w2 = w1 + in, w3 = w2 + in;
        for (int i = 0; i < in; i++) {
            double a0 = x[x0 + i], a1 = x[x1 + i], a2 = x[x2 + i], a3 = x[x3 + i];
            double b0 = w[w0 + i], b1 = w[w1 + i], b2 = w[w2 + i], b3 = w[w3 + i];
            y00 = Math.fma(a0, b0, y00);
            y01 = Math.fma(a0, b1, y01);
            y02 = Math.fma(a0, b2, y02);
            y03 = Math.fma(a0, b3, y03);
            y10 = Math.fma(a1, b0, y10);
            y11 = Math.fma(a1, b1, y11);
            y12 = Math.fma(a1, b2, y12);
            y13 = Math.fma(a1, b3, y13);
            y20 = Math.fma(a2, b0, y20);
            y21 = Math.fma(a2, b1, y21);
            y22 = Math.fma(a2, b2, y22);
            y23 = Math.fma(a2, b3, y23);
            y30 = Math.fma(a3, b0, y30);
            y31 = Math.fma(a3, b1, y31);
            y32 = Math.fma(a3, b2, y32);
            y33 = Math.fma(a3, b3, y33);
        }
        int at = t * out + o;
        store(y, at, y00, y01, y02, y03);
        store(y, at + out, y10, y11, y12, y13);
        store(y, at + 2 * out, y20, y21, y22, y23);
        store(y, at + 3 * out, y30, y31, y32, y33);
    }

    /** dX = dY·W. */
    void linearInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        if (rows < 2 || in < 8) {
            product(dY, out, 1, w, wAt, in, 1, out, dX, 0, rows, in);
            return;
        }
        for (int t = 0; t < rows; t += 2) {
            for (int i = 0; i < in; i += 8) {
                linearInputTile(dY, w, wAt, dX, Math.min(t, rows - 2), Math.min(i, in - 8), in, out);
            }
        }
    }

    /** Two positions by eight inputs. */
    private static void linearInputTile(double[] dY, double[] w, int wAt, double[] dX, int t, int i, int in, int out) {
        double y00 = 0, y01 = 0, y02 = 0, y03 = 0, y04 = 0, y05 = 0, y06 = 0, y07 = 0;
        double y10 = 0, y11 = 0, y12 = 0, y13 = 0, y14 = 0, y15 = 0, y16 = 0, y17 = 0;
        int t0 = t * out, t1 = t0 + out;
        for (int o = 0; o < out; o++) {
            int at = wAt + o * in + i;
            double a0 = dY[t0 + o], a1 = dY[t1 + o];
            double b0 = w[at], b1 = w[at + 1], b2 = w[at + 2], b3 = w[at + 3];
            double b4 = w[at + 4], b5 = w[at + 5], b6 = w[at + 6], b7 = w[at + 7];
            y00 = Math.fma(a0, b0, y00);
            y01 = Math.fma(a0, b1, y01);
            y02 = Math.fma(a0, b2, y02);
            y03 = Math.fma(a0, b3, y03);
            y04 = Math.fma(a0, b4, y04);
            y05 = Math.fma(a0, b5, y05);
            y06 = Math.fma(a0, b6, y06);
            y07 = Math.fma(a0, b7, y07);
            y10 = Math.fma(a1, b0, y10);
            y11 = Math.fma(a1, b1, y11);
            y12 = Math.fma(a1, b2, y12);
            y13 = Math.fma(a1, b3, y13);
            y14 = Math.fma(a1, b4, y14);
            y15 = Math.fma(a1, b5, y15);
            y16 = Math.fma(a1, b6, y16);
            y17 = Math.fma(a1, b7, y17);
        }
        int at = t * in + i;
        store(dX, at, y00, y01, y02, y03);
        store(dX, at + 4, y04, y05, y06, y07);
        store(dX, at + in, y10, y11, y12, y13);
        store(dX, at + in + 4, y14, y15, y16, y17);
    }

    /** dW = dYᵀ·x. */
    void linearWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        if (in < 4 || out < 4) {
            product(dY, 1, out, x, 0, in, 1, rows, dW, wAt, out, in);
            return;
        }
        for (int o = 0; o < out; o += 4) {
            for (int i = 0; i < in; i += 4) {
                linearWeightTile(dY, x, dW, wAt, Math.min(o, out - 4), Math.min(i, in - 4), rows, in, out);
            }
        }
    }

    /** Four outputs by four inputs. */
    private static void linearWeightTile(
            double[] dY, double[] x, double[] dW, int wAt, int o, int i, int rows, int in, int out) {
        double y00 = 0, y01 = 0, y02 = 0, y03 = 0;
        double y10 = 0, y11 = 0, y12 = 0, y13 = 0;
        double y20 = 0, y21 = 0, y22 = 0, y23 = 0;
        double y30 = 0, y31 = 0, y32 = 0, y33 = 0;
        for (int t = 0; t < rows; t++) {
            int p = t * out + o;
            int q = t * in + i;
            double a0 = dY[p], a1 = dY[p + 1], a2 = dY[p + 2], a3 = dY[p + 3];
            double b0 = x[q], b1 = x[q + 1], b2 = x[q + 2], b3 = x[q + 3];
            y00 = Math.fma(a0, b0, y00);
            y01 = Math.fma(a0, b1, y01);
            y02 = Math.fma(a0, b2, y02);
            y03 = Math.fma(a0, b3, y03);
            y10 = Math.fma(a1, b0, y10);
            y11 = Math.fma(a1, b1, y11);
            y12 = Math.fma(a1, b2, y12);
            y13 = Math.fma(a1, b3, y13);
            y20 = Math.fma(a2, b0, y20);
            y21 = Math.fma(a2, b1, y21);
            y22 = Math.fma(a2, b2, y22);
            y23 = Math.fma(a2, b3, y23);
            y30 = Math.fma(a3, b0, y30);
            y31 = Math.fma(a3, b1, y31);
            y32 = Math.fma(a3, b2, y32);
            y33 = Math.fma(a3, b3, y33);
        }
        int at = wAt + o * in + i;
        store(dW, at, y00, y01, y02, y03);
        store(dW, at + in, y10, y11, y12, y13);
        store(dW, at + 2 * in, y20, y21, y22, y23);
        store(dW, at + 3 * in, y30, y31, y32, y33);
    }

    /** y_rc = Σ_k a[r·aRow + k·aStep]·b[bAt + k·bStep + c·bColumn], k < count: what is too small for a tile. */
    private static void product(
            double[] a,
            int aRow,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int bColumn,
            int count,
            double[] y,
            int yAt,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double sum = 0;
                for (int k = 0; k < count; k++) {
                    sum = Math.fma(a[r * aRow + k * aStep], b[bAt + k * bStep + c * bColumn], sum);
                }
                y[yAt + r * columns + c] = sum;
            }
        }
    }

    private static void store(double[] y, int at, double y0, double y1, double y2, double y3) {
        y[at] = y0;
        y[at + 1] = y1;
        y[at + 2] = y2;
        y[at + 3] = y3;
    }

    /** Σ_i x_i·y_i. */
    static double dot(double[] x, int xAt, double[] y, int yAt, int n) {
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
    static void addScaled(double a, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] = Math.fma(a, x[xAt + i], y[yAt + i]);
        }
    }

    /** x += y, both [rows][n]. */
    void add(double[] x, double[] y, int rows, int n) {
        for (int i = 0; i < rows * n; i++) {
            x[i] += y[i];
        }
    }

    /** y = x, both [rows][n]. */
    void copy(double[] x, double[] y, int rows, int n) {
        System.arraycopy(x, 0, y, 0, rows * n);
    }

    /** x = 0, [rows][n]. */
    void clear(double[] x, int rows, int n) {
        Arrays.fill(x, 0, rows * n, 0);
    }

    // ---- rmsNorm: y = x·s, s = 1 / sqrt(mean(x²) + ε)

    /** y [rows][n] and the scale s [rows] of x [rows][n]. */
    void rmsNorm(double[] x, double[] y, double[] scale, int rows, int n) {
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
    void rmsNormInput(double[] dY, double[] y, double[] scale, double[] dX, int rows, int n) {
        for (int t = 0; t < rows; t++) {
            int at = t * n;
            double s = scale[t];
            double mean = dot(dY, at, y, at, n) / n;
            for (int i = at; i < at + n; i++) {
                dX[i] = Math.fma(s, dY[i] - y[i] * mean, dX[i]);
            }
        }
    }

    // ---- feed-forward: y = Σ_u h_u·w2_u, h = max(0, z) or max(0, z)², z_u = w1_u·x; only the units with z_u > 0 take
    // part

    /** z <- max(0, z) [rows][units]; the units above 0 of row t are listed from active[t·units] on, their number is count[t]. */
    void relu(double[] z, int[] active, int[] count, int rows, int units) {
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
    void activeUnits(
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
        store(y, yAt, y0, y1, y2, y3);
        store(y, yAt + 4, y4, y5, y6, y7);
    }

    /** h = z² where z is active. */
    void square(double[] z, int[] active, int[] count, double[] h, int rows, int units) {
        for (int t = 0; t < rows; t++) {
            for (int k = t * units; k < t * units + count[t]; k++) {
                double value = z[t * units + active[k]];
                h[t * units + active[k]] = value * value;
            }
        }
    }

    /** dH_u = dY·w2_u, dZ = dH or 2·z·dH, dW2_u += h_u·dY, dW1_u += dZ_u·x, dX = Σ dZ_u·w1_u, u active; dZ [rows][units]. */
    void activeUnitsInput(
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

    /** p [n] of x [n]; both may be one array. */
    static void softmax(double[] x, int at, int n) {
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

    /** Returns Σ_t weight_t·loss_t of logits x [rows][n] and leaves the gradients weight·(softmax(x) − 1[target]) in their place. */
    double crossEntropy(double[] x, int[] targets, double[] weights, int rows, int n) {
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

    /**
     * mixed_t = Σ_{s ≤ t} p_ts·v_s, p_t = softmax_s(q_t·k_s / √headDim), per head; positions start..start + count of qkv [rows][3n], p
     * [.][headCount][blockSize], mixed [.][n].
     */
    void attention(double[] qkv, double[] p, double[] mixed, int start, int count, int heads, int n, int block) {
        int dim = n / heads;
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int t = 0; t < count; t++) {
            for (int h = 0; h < heads; h++) {
                int q = (start + t) * 3 * n + h * dim;
                int pAt = ((start + t) * heads + h) * block;
                int mixedAt = (start + t) * n + h * dim;
                for (int s = 0; s <= t; s++) {
                    p[pAt + s] = scale * dot(qkv, q, qkv, (start + s) * 3 * n + n + h * dim, dim);
                }
                softmax(p, pAt, t + 1);
                for (int i = 0; i < dim; i++) {
                    mixed[mixedAt + i] = 0;
                }
                for (int s = 0; s <= t; s++) {
                    addScaled(p[pAt + s], qkv, (start + s) * 3 * n + 2 * n + h * dim, mixed, mixedAt, dim);
                }
            }
        }
    }

    /** dV_s += p_ts·dMixed_t, dP_ts = dMixed_t·v_s, dA = p·(dP − Σ p·dP), dQ_t += dA·k_s/√headDim, dK_s += dA·q_t/√headDim. */
    void attentionInput(
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
        for (int i = start * 3 * n; i < (start + count) * 3 * n; i++) {
            dQkv[i] = 0;
        }
        for (int t = 0; t < count; t++) {
            for (int h = 0; h < heads; h++) {
                int q = (start + t) * 3 * n + h * dim;
                int pAt = ((start + t) * heads + h) * block;
                int mixedAt = (start + t) * n + h * dim;
                double mean = dot(dMixed, mixedAt, mixed, mixedAt, dim); // Σ_s p_ts·dP_ts
                for (int s = 0; s <= t; s++) {
                    int k = (start + s) * 3 * n + n + h * dim;
                    int v = k + n;
                    double weight = p[pAt + s];
                    double dScore = scale * weight * (dot(dMixed, mixedAt, qkv, v, dim) - mean);
                    for (int i = 0; i < dim; i++) {
                        dQkv[v + i] = Math.fma(weight, dMixed[mixedAt + i], dQkv[v + i]);
                        dQkv[q + i] = Math.fma(dScore, qkv[k + i], dQkv[q + i]);
                        dQkv[k + i] = Math.fma(dScore, qkv[q + i], dQkv[k + i]);
                    }
                }
            }
        }
    }

    // ---- optimizers

    /** p −= rate·g. */
    void sgd(double[] p, double[] g, double rate) {
        for (int i = 0; i < p.length; i++) {
            p[i] -= rate * g[i];
        }
    }

    /** m = β1·m + (1 − β1)·g, v = β2·v + (1 − β2)·g², p −= rate·mScale·m / (√(vScale·v) + ε); a scale is 1 / (1 − β^t). */
    void adam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            double beta1,
            double beta2,
            double epsilon,
            double rate,
            double mScale,
            double vScale) {
        double step = rate * mScale;
        for (int i = 0; i < p.length; i++) {
            double mi = beta1 * m[i] + (1 - beta1) * g[i];
            double vi = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            m[i] = mi;
            v[i] = vi;
            p[i] -= step * mi / (DoubleMath.sqrt(vScale * vi) + epsilon);
        }
    }
}
