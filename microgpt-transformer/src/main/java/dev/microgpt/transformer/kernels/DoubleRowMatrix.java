package dev.microgpt.transformer.kernels;

/** A matrix in plain Java: a row of outputs for each input, so that the loop runs over neighbours. */
public final class DoubleRowMatrix implements DoubleMatrix {
    /** This layout. */
    public static final Kind KIND = new Kind() {
        @Override
        public DoubleMatrix create(int outputs, int inputs) {
            return new DoubleRowMatrix(outputs, inputs);
        }

        @Override
        public int lanes() {
            return 1;
        }

        @Override
        public int beyond() {
            return 3;
        }
    };

    private final double[][] rows; // [inputs, and zeros up to a multiple of four][outputs]

    private DoubleRowMatrix(int outputs, int inputs) {
        rows = new double[(inputs + 3) / 4 * 4][outputs];
    }

    @Override
    public void set(int output, double[] x, int at, int inputs) {
        for (int i = 0; i < inputs; i++) {
            rows[i][output] = x[at + i];
        }
    }

    @Override
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
}
