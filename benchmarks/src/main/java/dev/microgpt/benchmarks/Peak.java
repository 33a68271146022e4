package dev.microgpt.benchmarks;

/**
 * The most that plain Java gets out of one core: nine multiply-adds for each number that is read, in two chains, so that
 * neither memory nor latency holds it up. HotSpot makes vector instructions of it.
 */
final class Peak {
    /** How many numbers one call works on: two arrays of them fit into the first-level cache. */
    static final int LENGTH = 2048;

    /** Operations of one call, a multiply-add being two. */
    static final int OPERATIONS = LENGTH * 9 * 2;

    private final double[] x = new double[LENGTH];
    private final double[] y = new double[LENGTH];
    private final float[] xFloat = new float[LENGTH];
    private final float[] yFloat = new float[LENGTH];

    Peak() {
        for (int i = 0; i < LENGTH; i++) {
            x[i] = i * (0.5 / LENGTH); // below 0.5 nothing grows or vanishes
            xFloat[i] = (float) x[i];
        }
    }

    double[] doubles() {
        for (int i = 0; i < LENGTH; i++) {
            double a = x[i];
            y[i] = Math.fma(four(a, a), four(0.25, a), a);
        }
        return y;
    }

    float[] floats() {
        for (int i = 0; i < LENGTH; i++) {
            float a = xFloat[i];
            yFloat[i] = Math.fma(four(a, a), four(0.25f, a), a);
        }
        return yFloat;
    }

    /** The same number of operations on scalars that stay in registers. */
    double scalars() {
        double a = x[LENGTH / 2];
        double s0 = 0;
        double s1 = 1;
        double s2 = 2;
        double s3 = 3;
        double s4 = 4;
        double s5 = 5;
        double s6 = 6;
        double s7 = 7;
        double s8 = 8;
        for (int i = 0; i < LENGTH; i++) {
            s0 = Math.fma(s0, a, 0.5);
            s1 = Math.fma(s1, a, 0.5);
            s2 = Math.fma(s2, a, 0.5);
            s3 = Math.fma(s3, a, 0.5);
            s4 = Math.fma(s4, a, 0.5);
            s5 = Math.fma(s5, a, 0.5);
            s6 = Math.fma(s6, a, 0.5);
            s7 = Math.fma(s7, a, 0.5);
            s8 = Math.fma(s8, a, 0.5);
        }
        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8;
    }

    private static double four(double b, double a) {
        return Math.fma(Math.fma(Math.fma(Math.fma(b, a, 0.5), a, 0.5), a, 0.5), a, 0.5);
    }

    private static float four(float b, float a) {
        return Math.fma(Math.fma(Math.fma(Math.fma(b, a, 0.5f), a, 0.5f), a, 0.5f), a, 0.5f);
    }
}
