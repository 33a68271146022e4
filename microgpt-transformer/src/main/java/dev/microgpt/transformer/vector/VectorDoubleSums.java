package dev.microgpt.transformer.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums and maxima across the lanes of a vector, in a fixed order: those of the Vector API change when they are compiled. */
final class VectorDoubleSums {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final VectorShuffle<Double> SWAP_1 = swap(1);
    private static final VectorShuffle<Double> SWAP_2 = swap(2);
    private static final VectorShuffle<Double> SWAP_4 = swap(4);
    private static final VectorShuffle<Double> SWAP_8 = swap(8);

    private VectorDoubleSums() {}

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) % LANES);
    }

    /** Leaves Σ x_i·y_i, n numbers from at on, in all lanes of sum. */
    static void sumOfProducts(double[] x, double[] y, int at, int n, double[] sum) {
        DoubleVector total = DoubleVector.zero(SPECIES);
        for (int i = at; i < at + n; i += LANES) {
            total = DoubleVector.fromArray(SPECIES, x, i).fma(DoubleVector.fromArray(SPECIES, y, i), total);
        }
        total.intoArray(sum, 0);
        sum(sum, 0, LANES);
    }

    /** Leaves the sum of each group of lanes, a power of two of them, in all lanes of the group; the vector lies at {@code at}. */
    static void sum(double[] x, int at, int group) {
        DoubleVector total = DoubleVector.fromArray(SPECIES, x, at);
        if (group > 1) {
            total = total.add(total.rearrange(SWAP_1));
        }
        if (group > 2) {
            total = total.add(total.rearrange(SWAP_2));
        }
        if (group > 4) {
            total = total.add(total.rearrange(SWAP_4));
        }
        if (group > 8) {
            total = total.add(total.rearrange(SWAP_8));
        }
        total.intoArray(x, at);
    }

    /** Leaves the maximum of all lanes in each of them; the vector lies at {@code at}. */
    static void max(double[] x, int at) {
        DoubleVector max = DoubleVector.fromArray(SPECIES, x, at);
        DoubleVector other = max.rearrange(SWAP_1);
        max = max.blend(other, max.compare(VectorOperators.LT, other)); // max() costs three times as much
        if (LANES > 2) {
            other = max.rearrange(SWAP_2);
            max = max.blend(other, max.compare(VectorOperators.LT, other));
        }
        if (LANES > 4) {
            other = max.rearrange(SWAP_4);
            max = max.blend(other, max.compare(VectorOperators.LT, other));
        }
        if (LANES > 8) {
            other = max.rearrange(SWAP_8);
            max = max.blend(other, max.compare(VectorOperators.LT, other));
        }
        max.intoArray(x, at);
    }
}
