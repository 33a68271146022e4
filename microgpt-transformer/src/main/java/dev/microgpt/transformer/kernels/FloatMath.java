package dev.microgpt.transformer.kernels;

/** The scalar functions of the single-precision kernels: the twin of {@link DoubleMath}. */
public final class FloatMath {
    private static final int NEGATIVE_INFINITY = 0xFF80_0000; // its bits

    /** Stands for −∞ in a sum that must stay a number. */
    public static final float MASKED = -1e30f;

    public static final float RMS_EPSILON = 1e-5f;

    /** As {@link DoubleMath#ROUNDING}. */
    public static final float ROUNDING = 4e-7f;

    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6931472f;
    private static final float LN2_LOW = -1.9046543e-9f;
    private static final float ROUND = 0x1.8p23f; // a sum with it has no bits left for the fraction
    public static final float SMALLEST = -87; // e^x is a subnormal number below
    private static final int ONE = 0x3F80_0000; // bits of 2^0

    private FloatMath() {}

    /** The nearest number of this precision. */
    public static float rounded(double x) {
        return (float) x;
    }

    public static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    public static float log(float x) {
        return (float) Math.log(x);
    }

    /** 1 if x > 0 or NaN, which must not get lost, else 0; without a branch to be guessed wrong. */
    public static int isPositive(float x) {
        int bits = Float.floatToRawIntBits(x);
        int positive = -bits & ~bits;
        int notANumber = bits & (NEGATIVE_INFINITY - bits);
        return (positive | notANumber) >>> 31;
    }

    /** e^x as {@link DoubleMath#exp}, by a polynomial of degree 6; relative error below 2e-7, e^-87 stands for everything below. */
    public static float exp(float x) {
        float shifted = Math.fma(x < SMALLEST ? SMALLEST : x, LOG2_E, ROUND);
        float k = shifted - ROUND;
        float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x < SMALLEST ? SMALLEST : x));
        float r2 = r * r;
        float q01 = Math.fma(r, 0.16666577f, 0.5f);
        float q23 = Math.fma(r, 0.008363179f, 0.041666555f);
        float q = Math.fma(r2, Math.fma(r2, 0.0013926184f, q23), q01);
        float power = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE); // 2^k
        return Math.fma(r2, q, r) * power + power;
    }

    /** e^x for x ≤ 0, and 0 where that is a subnormal number: as on the Vector API. */
    public static float expOrZero(float x) {
        return x < SMALLEST ? 0 : exp(x);
    }
}
