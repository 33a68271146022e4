package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.kernels.DoubleMatrix;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A matrix for the Vector API. It lies in blocks of 16 inputs, filled up with 0, and in these in panels as wide
 * as a vector: [inputs / 16][outputs / LANES][16][LANES].
 */
final class VectorDoubleMatrix implements DoubleMatrix {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int BLOCK = 16; // inputs

    static final Kind KIND = new Kind() {
        @Override
        public DoubleMatrix create(int outputs, int inputs) {
            return new VectorDoubleMatrix(outputs, inputs);
        }

        @Override
        public int lanes() {
            return LANES;
        }

        @Override
        public int beyond() {
            return Math.max(BLOCK, LANES);
        }
    };

    private final int width; // of all panels, outputs and more
    private final double[] w;

    private VectorDoubleMatrix(int outputs, int inputs) {
        width = (outputs + LANES - 1) / LANES * LANES;
        w = new double[(inputs + BLOCK - 1) / BLOCK * BLOCK * width];
    }

    @Override
    public void set(int output, double[] x, int at, int inputs) {
        for (int i = 0; i < inputs; i++) {
            int block = i / BLOCK * BLOCK * width;
            w[block + output / LANES * LANES * BLOCK + i % BLOCK * LANES + output % LANES] = x[at + i];
        }
    }

    @Override
    public void times(double[] a, int inputs, double[] b, double factor, double floor, double[] y, int outputs) {
        if (width == LANES) {
            timesPanel(a, inputs, b, factor, floor, y);
            return;
        }
        int last = (inputs - 1) / BLOCK * BLOCK;
        for (int i = 0; i < last; i += BLOCK) {
            addBlock(a, i, i == 0 ? b : y, 1, Double.NEGATIVE_INFINITY, y, outputs);
        }
        addBlock(a, last, last == 0 ? b : y, factor, floor, y, outputs);
    }

    /** y_o = max(floor, factor·(b_o + Σ_i a_i·w_io)) for the inputs of the block that begins at {@code i}. */
    private void addBlock(double[] a, int i, double[] b, double factor, double floor, double[] y, int outputs) {
        DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i]);
        DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i + 1]);
        DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i + 2]);
        DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i + 3]);
        DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i + 4]);
        DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i + 5]);
        DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i + 6]);
        DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i + 7]);
        DoubleVector a8 = DoubleVector.broadcast(SPECIES, a[i + 8]);
        DoubleVector a9 = DoubleVector.broadcast(SPECIES, a[i + 9]);
        DoubleVector a10 = DoubleVector.broadcast(SPECIES, a[i + 10]);
        DoubleVector a11 = DoubleVector.broadcast(SPECIES, a[i + 11]);
        DoubleVector a12 = DoubleVector.broadcast(SPECIES, a[i + 12]);
        DoubleVector a13 = DoubleVector.broadcast(SPECIES, a[i + 13]);
        DoubleVector a14 = DoubleVector.broadcast(SPECIES, a[i + 14]);
        DoubleVector a15 = DoubleVector.broadcast(SPECIES, a[i + 15]);
        int k = i * width;
        for (int o = 0; o < outputs; o += LANES) {
            int p = k + o * BLOCK;
            DoubleVector four0 = DoubleVector.fromArray(SPECIES, w, p).mul(a0);
            DoubleVector four1 =
                    DoubleVector.fromArray(SPECIES, w, p + 4 * LANES).mul(a4);
            DoubleVector four2 =
                    DoubleVector.fromArray(SPECIES, w, p + 8 * LANES).mul(a8);
            DoubleVector four3 =
                    DoubleVector.fromArray(SPECIES, w, p + 12 * LANES).mul(a12);
            four0 = DoubleVector.fromArray(SPECIES, w, p + LANES).fma(a1, four0);
            four1 = DoubleVector.fromArray(SPECIES, w, p + 5 * LANES).fma(a5, four1);
            four2 = DoubleVector.fromArray(SPECIES, w, p + 9 * LANES).fma(a9, four2);
            four3 = DoubleVector.fromArray(SPECIES, w, p + 13 * LANES).fma(a13, four3);
            four0 = DoubleVector.fromArray(SPECIES, w, p + 2 * LANES).fma(a2, four0);
            four1 = DoubleVector.fromArray(SPECIES, w, p + 6 * LANES).fma(a6, four1);
            four2 = DoubleVector.fromArray(SPECIES, w, p + 10 * LANES).fma(a10, four2);
            four3 = DoubleVector.fromArray(SPECIES, w, p + 14 * LANES).fma(a14, four3);
            four0 = DoubleVector.fromArray(SPECIES, w, p + 3 * LANES).fma(a3, four0);
            four1 = DoubleVector.fromArray(SPECIES, w, p + 7 * LANES).fma(a7, four1);
            four2 = DoubleVector.fromArray(SPECIES, w, p + 11 * LANES).fma(a11, four2);
            four3 = DoubleVector.fromArray(SPECIES, w, p + 15 * LANES).fma(a15, four3);
            DoubleVector sum = DoubleVector.fromArray(SPECIES, b, o)
                    .add(four0)
                    .add(four1)
                    .add(four2)
                    .add(four3)
                    .mul(factor);
            sum.blend(floor, sum.compare(VectorOperators.LT, floor)).intoArray(y, o);
        }
    }

    /** y = max(floor, factor·(b + W·a)) for a matrix of one panel: its sum need not go through memory. */
    private void timesPanel(double[] a, int inputs, double[] b, double factor, double floor, double[] y) {
        DoubleVector sum = DoubleVector.fromArray(SPECIES, b, 0);
        for (int i = 0; i < inputs; i += 4) {
            int p = i * LANES;
            DoubleVector four = DoubleVector.fromArray(SPECIES, w, p).mul(DoubleVector.broadcast(SPECIES, a[i]));
            four = DoubleVector.fromArray(SPECIES, w, p + LANES).fma(DoubleVector.broadcast(SPECIES, a[i + 1]), four);
            four = DoubleVector.fromArray(SPECIES, w, p + 2 * LANES)
                    .fma(DoubleVector.broadcast(SPECIES, a[i + 2]), four);
            four = DoubleVector.fromArray(SPECIES, w, p + 3 * LANES)
                    .fma(DoubleVector.broadcast(SPECIES, a[i + 3]), four);
            sum = sum.add(four);
        }
        sum = sum.mul(factor);
        sum.blend(floor, sum.compare(VectorOperators.LT, floor)).intoArray(y, 0);
    }
}
