package dev.microgpt.transformer.kernels;

/**
 * The products of a linear layer y = x·Wᵀ and of its derivatives, as three loops each: what {@link DoubleProducts} and the
 * Vector API compute faster. They are the reference in tests, and do what is too small for a tile.
 */
public final class DoubleNaiveProducts {
    private DoubleNaiveProducts() {}

    /** y = x·Wᵀ: x [rows][in], W [out][in] from wAt on, y [rows][out]. */
    public static void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        for (int t = 0; t < rows; t++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum = Math.fma(x[t * in + i], w[wAt + o * in + i], sum);
                }
                y[t * out + o] = sum;
            }
        }
    }

    /** dX = dY·W: dY [rows][out], W [out][in] from wAt on, dX [rows][in]. */
    public static void linearBackwardInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < in; i++) {
                double sum = 0;
                for (int o = 0; o < out; o++) {
                    sum = Math.fma(dY[t * out + o], w[wAt + o * in + i], sum);
                }
                dX[t * in + i] = sum;
            }
        }
    }

    /** dW = dYᵀ·x: dY [rows][out], x [rows][in], dW [out][in] from wAt on. */
    public static void linearBackwardWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double sum = 0;
                for (int t = 0; t < rows; t++) {
                    sum = Math.fma(dY[t * out + o], x[t * in + i], sum);
                }
                dW[wAt + o * in + i] = sum;
            }
        }
    }
}
