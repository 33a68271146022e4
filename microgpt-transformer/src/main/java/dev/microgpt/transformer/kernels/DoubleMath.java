package dev.microgpt.transformer.kernels;

/** The scalar functions of the double-precision kernels, each with the same bits interpreted and compiled. */
public final class DoubleMath {
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN2_HIGH = 0.6931471805599453;
    private static final double LN2_LOW = 2.3190468138462996e-17;
    private static final double ROUND = 0x1.8p52; // a sum with it has no bits left for the fraction
    public static final double SMALLEST = -708; // e^x is a subnormal number below
    private static final long ONE = 0x3FF0_0000_0000_0000L; // bits of 2^0

    private static final long NEGATIVE_INFINITY = 0xFFF0_0000_0000_0000L; // its bits

    /** Stands for −∞ in a sum that must stay a number. */
    public static final double MASKED = -1e30;

    public static final double RMS_EPSILON = 1e-5;

    /**
     * A running sum of n weights e^((x − max)·scale) as computed is within (n + 8)·{@value} times their total of what it is.
     * That leaves room for the same sum computed otherwise.
     */
    public static final double ROUNDING = 1e-15;

    private DoubleMath() {}

    /** The nearest number of this precision. */
    public static double rounded(double x) {
        return x;
    }

    public static double sqrt(double x) {
        return Math.sqrt(x);
    }

    public static double log(double x) {
        return Math.log(x);
    }

    /** 1 if x > 0 or NaN, which must not get lost, else 0; without a branch to be guessed wrong. */
    public static int isPositive(double x) {
        long bits = Double.doubleToRawLongBits(x);
        long positive = -bits & ~bits;
        long notANumber = bits & (NEGATIVE_INFINITY - bits);
        return (int) ((positive | notANumber) >>> 63);
    }

    /**
     * e^x = 2^k·e^r with k = round(x·log2 e) and r = x − k·ln 2, |r| ≤ ln 2 / 2; e^r by a polynomial of degree 11. The
     * relative error is below 3e-16. Meant for x ≤ 0, right up to 709; e^-708 stands for everything below.
     */
    public static double exp(double x) {
        double shifted = Math.fma(x < SMALLEST ? SMALLEST : x, LOG2_E, ROUND);
        double k = shifted - ROUND;
        double r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x < SMALLEST ? SMALLEST : x));
        // q = (e^r − 1 − r) / r², in pairs so that the products need not wait for each other
        double r2 = r * r;
        double r4 = r2 * r2;
        double q01 = Math.fma(r, 0.16666666666666669, 0.5000000000000001);
        double q23 = Math.fma(r, 0.008333333333330062, 0.04166666666662413);
        double q45 = Math.fma(r, 0.00019841269863053618, 0.0013888888917213717);
        double q67 = Math.fma(r, 2.7557268459997064e-06, 2.4801521295954376e-05);
        double q89 = Math.fma(r, 2.510038549551032e-08, 2.7620088445409746e-07);
        double q = Math.fma(r4, Math.fma(r4, q89, Math.fma(r2, q67, q45)), Math.fma(r2, q23, q01));
        double power = Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) << 52) + ONE); // 2^k
        return Math.fma(r2, q, r) * power + power;
    }

    /** e^x for x ≤ 0, and 0 where that is a subnormal number: as on the Vector API. */
    public static double expOrZero(double x) {
        return x < SMALLEST ? 0 : exp(x);
    }
}
