package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link DoubleMatrix} on the Vector API. It lies in panels as wide as a vector: [outputs / LANES][inputs][LANES]. */
final class VectorDoubleMatrix extends DoubleMatrix {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final double[] ZEROS = new double[LANES];

    private final int panel; // from one panel to the next
    private final double[] w;

    VectorDoubleMatrix(int outputs, int inputs) {
        panel = (inputs + 3) / 4 * 4 * LANES;
        w = new double[(outputs + LANES - 1) / LANES * panel];
    }

    @Override
    DoubleMatrix create(int outputs, int inputs) {
        return new VectorDoubleMatrix(outputs, inputs);
    }

    @Override
    int beyond() {
        return Math.max(3, LANES);
    }

    @Override
    void set(int output, int input, double value) {
        w[output / LANES * panel + input * LANES + output % LANES] = value;
    }

    @Override
    void setInputs(int output, double[] x, int at, int inputs) {
        int first = output / LANES * panel + output % LANES;
        for (int i = 0; i < inputs; i++) {
            w[first + i * LANES] = x[at + i];
        }
    }

    @Override
    void setOutputs(int input, double[] x, int at, int outputs) {
        for (int o = 0; o < outputs; o += LANES) { // what follows the last output in x comes along
            load(x, at + o).intoArray(w, o / LANES * panel + input * LANES);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>One method, too long to be inlined: in a caller that has taken in many of these, C2 would give up and box vectors.
     */
    @Override
    void times(double[] a, int at, int inputs, double[] b, double[] y, int outputs) {
        int o = 0;
        for (; o < outputs - LANES; o += 2 * LANES) {
            int p = o / LANES * panel;
            int q = p + panel;
            DoubleVector sum0 = load(b, o);
            DoubleVector sum1 = load(b, o + LANES);
            for (int i = 0; i < inputs; i += 4) {
                int k = p + i * LANES;
                int m = q + i * LANES;
                DoubleVector a0 = all(a[at + i]);
                DoubleVector a1 = all(a[at + i + 1]);
                DoubleVector a2 = all(a[at + i + 2]);
                DoubleVector a3 = all(a[at + i + 3]);
                sum0 = sum0.add(load(w, k + 3 * LANES)
                        .fma(
                                a3,
                                load(w, k + 2 * LANES)
                                        .fma(
                                                a2,
                                                load(w, k + LANES)
                                                        .fma(a1, load(w, k).mul(a0)))));
                sum1 = sum1.add(load(w, m + 3 * LANES)
                        .fma(
                                a3,
                                load(w, m + 2 * LANES)
                                        .fma(
                                                a2,
                                                load(w, m + LANES)
                                                        .fma(a1, load(w, m).mul(a0)))));
            }
            sum0.intoArray(y, o);
            sum1.intoArray(y, o + LANES);
        }
        if (o < outputs) {
            int p = o / LANES * panel;
            DoubleVector sum = load(b, o);
            for (int i = 0; i < inputs; i += 4) {
                int k = p + i * LANES;
                sum = sum.add(load(w, k + 3 * LANES)
                        .fma(
                                all(a[at + i + 3]),
                                load(w, k + 2 * LANES)
                                        .fma(
                                                all(a[at + i + 2]),
                                                load(w, k + LANES)
                                                        .fma(
                                                                all(a[at + i + 1]),
                                                                load(w, k).mul(all(a[at + i]))))));
            }
            sum.intoArray(y, o);
        }
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    /** {@inheritDoc} What is behind them, up to a whole vector, is −∞ and becomes 0. */
    @Override
    void exponentials(double[] x, int n, double scale) {
        double max = DoubleMath.MASKED;
        for (int i = 0; i < n; i += LANES) {
            max = Math.max(max, load(x, i).reduceLanes(VectorOperators.MAX));
        }
        for (int i = 0; i < n; i += LANES) {
            load(x, i).sub(max).mul(scale).intoArray(x, i);
            VectorDoubleMath.exp(x, i, ZEROS, x, i);
        }
    }
}
