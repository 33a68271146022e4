package dev.microgpt.transformer.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link DoubleMath#exp} for a whole vector. */
final class VectorDoubleMath {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN2_HIGH = 0.6931471805599453;
    private static final double LN2_LOW = 2.3190468138462996e-17;
    private static final double ROUND = 0x1.8p52;
    private static final double SMALLEST = -708;
    private static final long ONE = 0x3FF0_0000_0000_0000L;

    private VectorDoubleMath() {}

    /** Width of the vectors that this machine prefers. */
    static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    /** e^((x − max)·scale) of a vector of numbers x ≤ max; exactly 0 below e^-708. */
    static void exp(double[] from, int at, double[] max, int maxAt, double scale, double[] to, int toAt) {
        DoubleVector x = DoubleVector.fromArray(SPECIES, from, at)
                .sub(DoubleVector.fromArray(SPECIES, max, maxAt))
                .mul(scale);
        VectorMask<Double> tiny = x.compare(VectorOperators.LT, SMALLEST);
        DoubleVector shifted = x.fma(LOG2_E, ROUND);
        DoubleVector k = shifted.sub(ROUND);
        DoubleVector r =
                k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), x));
        DoubleVector r2 = r.mul(r);
        DoubleVector r4 = r2.mul(r2);
        DoubleVector q01 = r.fma(0.16666666666666669, 0.5000000000000001);
        DoubleVector q23 = r.fma(0.008333333333330062, 0.04166666666662413);
        DoubleVector q45 = r.fma(0.00019841269863053618, 0.0013888888917213717);
        DoubleVector q67 = r.fma(2.7557268459997064e-06, 2.4801521295954376e-05);
        DoubleVector q89 = r.fma(2.510038549551032e-08, 2.7620088445409746e-07);
        DoubleVector q = r4.fma(r4.fma(q89, r2.fma(q67, q45)), r2.fma(q23, q01));
        LongVector bits =
                shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).add(ONE);
        DoubleVector power = bits.reinterpretAsDoubles(); // 2^k
        r2.fma(q, r).fma(power, power).blend(0, tiny).intoArray(to, toAt);
    }
}
