package dev.microgpt.autograd;

/**
 * Dot products on the numbers of a {@link Tape}: factors a, a + aStride, … on one side, b, b + bStride, … on the other. There
 * for speed; a chain of {@link Tape#mulAdd} computes the same, apart from rounding.
 */
final class TapeDot {
    private TapeDot() {}

    /** Σ_i a_i·b_i of factors side by side; four partial sums, so that one multiply-add need not wait for the one before it. */
    static double forward(double[] d, int a, int b, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            s0 = Math.fma(d[a + i], d[b + i], s0);
            s1 = Math.fma(d[a + i + 1], d[b + i + 1], s1);
            s2 = Math.fma(d[a + i + 2], d[b + i + 2], s2);
            s3 = Math.fma(d[a + i + 3], d[b + i + 3], s3);
        }
        for (; i < n; i++) {
            s0 = Math.fma(d[a + i], d[b + i], s0);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Σ_i a_i·b_i of factors at any distance. */
    static double forward(double[] d, int a, int aStride, int b, int bStride, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(d[a + i * aStride], d[b + i * bStride], sum);
        }
        return sum;
    }

    /** da_i += g·b_i, db_i += g·a_i of factors side by side. */
    static void backward(double[] d, double[] grad, int a, int b, int n, double g) {
        for (int i = 0; i < n; i++) {
            grad[a + i] = Math.fma(g, d[b + i], grad[a + i]);
            grad[b + i] = Math.fma(g, d[a + i], grad[b + i]);
        }
    }

    /** da_i += g·b_i, db_i += g·a_i of factors at any distance. */
    static void backward(double[] d, double[] grad, int a, int aStride, int b, int bStride, int n, double g) {
        for (int i = 0; i < n; i++) {
            int x = a + i * aStride;
            int y = b + i * bStride;
            grad[x] = Math.fma(g, d[y], grad[x]);
            grad[y] = Math.fma(g, d[x], grad[y]);
        }
    }

    /** The rows first + 1 to end − 1 that {@link Tape#mulAdd} would append, with the sum and the handles kept in registers. */
    static void multiplyAdds(double[] d, long[] rows, int first, int end, int a, int aStride, int b, int bStride) {
        double sum = d[first];
        int x = a;
        int y = b;
        for (int i = first + 1; i < end; i++) {
            x += aStride;
            y += bStride;
            sum = Math.fma(d[x], d[y], sum);
            TapeRow.write(rows, i, Tape.MUL_ADD, x, y, i - 1);
            d[i] = sum;
        }
    }
}
