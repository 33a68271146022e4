package dev.microgpt.transformer.kernels;

/**
 * {@link DoubleNaiveProducts} faster, in plain loops. Matrices are small, and the compiler does not vectorize sums of floating-point numbers;
 * so the work is cut into tiles of sixteen sums that need not wait for each other, each a fused multiply-add.
 */
public final class DoubleProducts {
    private DoubleProducts() {}

    /** y = x·Wᵀ: x [rows][in], W [out][in], y [rows][out]. */
    public static void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        if (rows < 4 || out < 8) {
            DoubleNaiveProducts.linear(x, w, wAt, y, rows, in, out);
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
    public static void linearBackwardInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        if (rows < 2 || in < 8) {
            DoubleNaiveProducts.linearBackwardInput(dY, w, wAt, dX, rows, in, out);
            return;
        }
        for (int t = 0; t < rows; t += 2) {
            for (int i = 0; i < in; i += 8) {
                linearBackwardInputTile(dY, w, wAt, dX, Math.min(t, rows - 2), Math.min(i, in - 8), in, out);
            }
        }
    }

    /** Two positions by eight inputs. */
    private static void linearBackwardInputTile(
            double[] dY, double[] w, int wAt, double[] dX, int t, int i, int in, int out) {
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
    public static void linearBackwardWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        if (in < 4 || out < 4) {
            DoubleNaiveProducts.linearBackwardWeight(dY, x, dW, wAt, rows, in, out);
            return;
        }
        for (int o = 0; o < out; o += 4) {
            for (int i = 0; i < in; i += 4) {
                linearBackwardWeightTile(dY, x, dW, wAt, Math.min(o, out - 4), Math.min(i, in - 4), rows, in, out);
            }
        }
    }

    /** Four outputs by four inputs. */
    private static void linearBackwardWeightTile(
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

    public static void store(double[] y, int at, double y0, double y1, double y2, double y3) {
        y[at] = y0;
        y[at + 1] = y1;
        y[at + 2] = y2;
        y[at + 3] = y3;
    }
}
