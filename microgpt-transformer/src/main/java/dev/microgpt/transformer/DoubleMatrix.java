package dev.microgpt.transformer;

/**
 * A matrix that vectors are multiplied with: a row of outputs for each input, so that the loop runs over neighbours. The
 * order of additions is fixed, inputs by fours; {@link VectorDoubleMatrix} gives the same bits.
 *
 * <p>What it reads and writes may be longer than said: see {@link #beyond}.
 */
class DoubleMatrix {
    private final double[][] rows; // [inputs, and zeros up to a multiple of four][outputs]

    /** For those that lie otherwise. */
    DoubleMatrix() {
        rows = null;
    }

    DoubleMatrix(int outputs, int inputs) {
        rows = new double[(inputs + 3) / 4 * 4][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[outputs];
        }
    }

    /** A matrix of this kind, all zero. */
    DoubleMatrix create(int outputs, int inputs) {
        return new DoubleMatrix(outputs, inputs);
    }

    /** How many numbers behind the last must exist: as inputs of a product they must be finite, as outputs they are lost. */
    int beyond() {
        return 3;
    }

    void set(int output, int input, double value) {
        rows[input][output] = value;
    }

    /** Sets the numbers of a column, one for each input. */
    void setInputs(int output, double[] x, int at, int inputs) {
        for (int i = 0; i < inputs; i++) {
            rows[i][output] = x[at + i];
        }
    }

    /** Sets the numbers of a row, one for each output. */
    void setOutputs(int input, double[] x, int at, int outputs) {
        System.arraycopy(x, at, rows[input], 0, outputs);
    }

    /** y_o = b_o + Σ_i a_i·w_io, of the first inputs and outputs; a_i from {@code at} on. */
    void times(double[] a, int at, int inputs, double[] b, double[] y, int outputs) {
        if (b != y) {
            System.arraycopy(b, 0, y, 0, outputs);
        }
        for (int i = 0; i < inputs; i += 4) {
            addFour(a, at + i, rows[i], rows[i + 1], rows[i + 2], rows[i + 3], y, outputs);
        }
    }

    private static void addFour(
            double[] a, int at, double[] row0, double[] row1, double[] row2, double[] row3, double[] y, int n) {
        double a0 = a[at], a1 = a[at + 1], a2 = a[at + 2], a3 = a[at + 3];
        for (int o = 0; o < n; o++) {
            y[o] += Math.fma(a3, row3[o], Math.fma(a2, row2[o], Math.fma(a1, row1[o], a0 * row0[o])));
        }
    }

    /** x <- e^(scale·(x − max x)), n numbers. */
    void exponentials(double[] x, int n, double scale) {
        double max = x[0];
        for (int i = 1; i < n; i++) {
            max = x[i] > max ? x[i] : max;
        }
        for (int i = 0; i < n; i++) {
            x[i] = exp((x[i] - max) * scale);
        }
    }

    /** e^x for x ≤ 0, and 0 where that is a subnormal number. */
    static double exp(double x) {
        return x < DoubleMath.SMALLEST ? 0 : DoubleMath.exp(x);
    }
}
