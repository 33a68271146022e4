package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link DoubleMath#exp} for a whole vector. */
final class VectorDoubleMath {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN2_HIGH = 0.6931471805599453;
    private static final double LN2_LOW = 2.3190468138462996e-17;
    private static final double ROUND = 0x1.8p52;
    private static final double SMALLEST = -708;
    private static final long ONE = 0x3FF0_0000_0000_0000L;

    private static final VectorShuffle<Double> SWAP_1 = swap(1);
    private static final VectorShuffle<Double> SWAP_2 = swap(2);
    private static final VectorShuffle<Double> SWAP_4 = swap(4);
    private static final VectorShuffle<Double> SWAP_8 = swap(8);

    private VectorDoubleMath() {}

    /** Width of the vectors that this machine prefers. */
    static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) % LANES);
    }

    /** e^(x − max) of a vector of numbers x ≤ max, with max from its beginning; exactly 0 below -708. */
    static void exp(double[] from, int at, double[] max, double[] to, int toAt) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, from, at).sub(DoubleVector.fromArray(SPECIES, max, 0));
        VectorMask<Double> tiny = x.compare(VectorOperators.LT, SMALLEST);
        DoubleVector shifted = x.fma(DoubleVector.broadcast(SPECIES, LOG2_E), DoubleVector.broadcast(SPECIES, ROUND));
        DoubleVector k = shifted.sub(ROUND);
        DoubleVector r =
                k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), x));
        DoubleVector r2 = r.mul(r);
        DoubleVector r4 = r2.mul(r2);
        DoubleVector q01 = r.fma(
                DoubleVector.broadcast(SPECIES, 0.16666666666666669),
                DoubleVector.broadcast(SPECIES, 0.5000000000000001));
        DoubleVector q23 = r.fma(
                DoubleVector.broadcast(SPECIES, 0.008333333333330062),
                DoubleVector.broadcast(SPECIES, 0.04166666666662413));
        DoubleVector q45 = r.fma(
                DoubleVector.broadcast(SPECIES, 0.00019841269863053618),
                DoubleVector.broadcast(SPECIES, 0.0013888888917213717));
        DoubleVector q67 = r.fma(
                DoubleVector.broadcast(SPECIES, 2.7557268459997064e-06),
                DoubleVector.broadcast(SPECIES, 2.4801521295954376e-05));
        DoubleVector q89 = r.fma(
                DoubleVector.broadcast(SPECIES, 2.510038549551032e-08),
                DoubleVector.broadcast(SPECIES, 2.7620088445409746e-07));
        DoubleVector q = r4.fma(r4.fma(q89, r2.fma(q67, q45)), r2.fma(q23, q01));
        LongVector bits =
                shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).add(ONE);
        DoubleVector power = bits.reinterpretAsDoubles(); // 2^k
        r2.fma(q, r).fma(power, power).blend(0, tiny).intoArray(to, toAt);
    }

    /** Leaves Σ x_i·y_i, n numbers from at on, in all lanes of sum. */
    static void sumOfProducts(double[] x, double[] y, int at, int n, double[] sum) {
        DoubleVector total = DoubleVector.zero(SPECIES);
        for (int i = at; i < at + n; i += LANES) {
            total = DoubleVector.fromArray(SPECIES, x, i).fma(DoubleVector.fromArray(SPECIES, y, i), total);
        }
        total.intoArray(sum, 0);
        sumAcross(sum);
    }

    /** Leaves the sum of all lanes in each of them. */
    static void sumAcross(double[] x) {
        DoubleVector total = DoubleVector.fromArray(SPECIES, x, 0);
        total = total.add(total.rearrange(SWAP_1));
        if (LANES > 2) {
            total = total.add(total.rearrange(SWAP_2));
        }
        if (LANES > 4) {
            total = total.add(total.rearrange(SWAP_4));
        }
        if (LANES > 8) {
            total = total.add(total.rearrange(SWAP_8));
        }
        total.intoArray(x, 0);
    }

    /** Leaves the maximum of all lanes in each of them. */
    static void maxAcross(double[] x) {
        DoubleVector max = DoubleVector.fromArray(SPECIES, x, 0);
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
        max.intoArray(x, 0);
    }
}
