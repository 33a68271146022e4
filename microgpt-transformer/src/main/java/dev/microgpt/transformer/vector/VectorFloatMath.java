package dev.microgpt.transformer.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatMath#exp} for a whole vector. */
final class VectorFloatMath {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6931472f;
    private static final float LN2_LOW = -1.9046543e-9f;
    private static final float ROUND = 0x1.8p23f;
    private static final float SMALLEST = -87;
    private static final int ONE = 0x3F80_0000;

    private VectorFloatMath() {}

    /** e^((x − max)·scale) of a vector of numbers x ≤ max; exactly 0 below e^-87. */
    static void exp(float[] from, int at, float[] max, int maxAt, float scale, float[] to, int toAt) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, at)
                .sub(FloatVector.fromArray(SPECIES, max, maxAt))
                .mul(scale);
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, SMALLEST);
        FloatVector shifted = x.fma(LOG2_E, ROUND);
        FloatVector k = shifted.sub(ROUND);
        FloatVector r =
                k.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x));
        FloatVector r2 = r.mul(r);
        FloatVector q01 = r.fma(0.16666577f, 0.5f);
        FloatVector q23 = r.fma(0.008363179f, 0.041666555f);
        FloatVector q = r2.fma(r2.fma(FloatVector.broadcast(SPECIES, 0.0013926184f), q23), q01);
        IntVector bits =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE);
        FloatVector power = bits.reinterpretAsFloats(); // 2^k
        r2.fma(q, r).fma(power, power).blend(0, tiny).intoArray(to, toAt);
    }
}
