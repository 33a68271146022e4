package dev.microgpt.transformer.kernels;

/**
 * A matrix that vectors are multiplied with: a row of outputs for each input, so that the loop runs over neighbours. The
 * order of additions is fixed, inputs by fours; {@link VectorDoubleMatrix} gives the same bits.
 *
 * <p>What it reads and writes may be longer than said: see {@link #beyond}.
 */
public class DoubleMatrix {
    private final double[][] rows; // [inputs, and zeros up to a multiple of four][outputs]

    /** For those that lie otherwise. */
    public DoubleMatrix() {
        rows = null;
    }

    public DoubleMatrix(int outputs, int inputs) {
        rows = new double[(inputs + 3) / 4 * 4][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[outputs];
        }
    }

    /** A matrix of this kind, all zero. */
    public DoubleMatrix create(int outputs, int inputs) {
        return new DoubleMatrix(outputs, inputs);
    }

    /** Numbers in a vector: what is read by vectors has a multiple of them in a row. */
    public int lanes() {
        return 1;
    }

    /** How many numbers behind the last must exist: as inputs of a product they must be finite, as outputs they are lost. */
    public int beyond() {
        return 3;
    }

    /** Sets the weights of an output, one for each input; they begin at {@code at}. */
    public void set(int output, double[] x, int at, int inputs) {
        for (int i = 0; i < inputs; i++) {
            rows[i][output] = x[at + i];
        }
    }

    /** y_o = max(floor, factor·(b_o + Σ_i a_i·w_io)), of the first inputs and outputs; y may be b. */
    public void times(double[] a, int inputs, double[] b, double factor, double floor, double[] y, int outputs) {
        if (b != y) {
            System.arraycopy(b, 0, y, 0, outputs);
        }
        for (int i = 0; i < inputs; i += 4) {
            addFour(a, i, rows[i], rows[i + 1], rows[i + 2], rows[i + 3], y, outputs);
        }
        if (factor != 1 || floor != Double.NEGATIVE_INFINITY) {
            for (int o = 0; o < outputs; o++) {
                y[o] = Math.max(floor, factor * y[o]);
            }
        }
    }

    private static void addFour(
            double[] a, int at, double[] row0, double[] row1, double[] row2, double[] row3, double[] y, int n) {
        double a0 = a[at], a1 = a[at + 1], a2 = a[at + 2], a3 = a[at + 3];
        for (int o = 0; o < n; o++) {
            y[o] += Math.fma(a3, row3[o], Math.fma(a2, row2[o], Math.fma(a1, row1[o], a0 * row0[o])));
        }
    }

    /** e^x for x ≤ 0, and 0 where that is a subnormal number. */
    public static double exp(double x) {
        return x < DoubleMath.SMALLEST ? 0 : DoubleMath.exp(x);
    }
}
