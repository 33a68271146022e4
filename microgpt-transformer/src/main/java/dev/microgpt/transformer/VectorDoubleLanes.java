package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link DoubleLanes} on the Vector API, two vectors of lanes at a time: the same operations in the same order. */
final class VectorDoubleLanes extends DoubleLanes {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final double[] ZEROS = new double[LANES];

    private final int features;

    VectorDoubleLanes(GptConfig config, int lanes, double... w) {
        super(config, (lanes + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), w);
        features = config.embedDim();
    }

    @Override
    void linear(double[][] b, double[][] x, double[] w, int at, double[][] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            for (int o = 0; o < y.length; o += 8) {
                eightOutputs(b, x, w, at, y, o, lane);
            }
        }
    }

    /** Two vectors of eight outputs, whose sums stay in registers; the last one stands for those that are not there. */
    private static void eightOutputs(double[][] b, double[][] x, double[] w, int at, double[][] y, int o, int lane) {
        int n = x.length;
        int last = y.length - 1;
        int o1 = Math.min(o + 1, last);
        int o2 = Math.min(o + 2, last);
        int o3 = Math.min(o + 3, last);
        int o4 = Math.min(o + 4, last);
        int o5 = Math.min(o + 5, last);
        int o6 = Math.min(o + 6, last);
        int o7 = Math.min(o + 7, last);
        DoubleVector y0 = DoubleVector.fromArray(SPECIES, b[o], lane);
        DoubleVector z0 = DoubleVector.fromArray(SPECIES, b[o], lane + LANES);
        DoubleVector y1 = DoubleVector.fromArray(SPECIES, b[o1], lane);
        DoubleVector z1 = DoubleVector.fromArray(SPECIES, b[o1], lane + LANES);
        DoubleVector y2 = DoubleVector.fromArray(SPECIES, b[o2], lane);
        DoubleVector z2 = DoubleVector.fromArray(SPECIES, b[o2], lane + LANES);
        DoubleVector y3 = DoubleVector.fromArray(SPECIES, b[o3], lane);
        DoubleVector z3 = DoubleVector.fromArray(SPECIES, b[o3], lane + LANES);
        DoubleVector y4 = DoubleVector.fromArray(SPECIES, b[o4], lane);
        DoubleVector z4 = DoubleVector.fromArray(SPECIES, b[o4], lane + LANES);
        DoubleVector y5 = DoubleVector.fromArray(SPECIES, b[o5], lane);
        DoubleVector z5 = DoubleVector.fromArray(SPECIES, b[o5], lane + LANES);
        DoubleVector y6 = DoubleVector.fromArray(SPECIES, b[o6], lane);
        DoubleVector z6 = DoubleVector.fromArray(SPECIES, b[o6], lane + LANES);
        DoubleVector y7 = DoubleVector.fromArray(SPECIES, b[o7], lane);
        DoubleVector z7 = DoubleVector.fromArray(SPECIES, b[o7], lane + LANES);
        for (int i = 0; i < n; i++) {
            DoubleVector u = DoubleVector.fromArray(SPECIES, x[i], lane);
            DoubleVector v = DoubleVector.fromArray(SPECIES, x[i], lane + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, w[at + o * n + i]);
            y0 = a0.fma(u, y0);
            z0 = a0.fma(v, z0);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, w[at + o1 * n + i]);
            y1 = a1.fma(u, y1);
            z1 = a1.fma(v, z1);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, w[at + o2 * n + i]);
            y2 = a2.fma(u, y2);
            z2 = a2.fma(v, z2);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, w[at + o3 * n + i]);
            y3 = a3.fma(u, y3);
            z3 = a3.fma(v, z3);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, w[at + o4 * n + i]);
            y4 = a4.fma(u, y4);
            z4 = a4.fma(v, z4);
            DoubleVector a5 = DoubleVector.broadcast(SPECIES, w[at + o5 * n + i]);
            y5 = a5.fma(u, y5);
            z5 = a5.fma(v, z5);
            DoubleVector a6 = DoubleVector.broadcast(SPECIES, w[at + o6 * n + i]);
            y6 = a6.fma(u, y6);
            z6 = a6.fma(v, z6);
            DoubleVector a7 = DoubleVector.broadcast(SPECIES, w[at + o7 * n + i]);
            y7 = a7.fma(u, y7);
            z7 = a7.fma(v, z7);
        }
        y0.intoArray(y[o], lane);
        z0.intoArray(y[o], lane + LANES);
        y1.intoArray(y[o1], lane);
        z1.intoArray(y[o1], lane + LANES);
        y2.intoArray(y[o2], lane);
        z2.intoArray(y[o2], lane + LANES);
        y3.intoArray(y[o3], lane);
        z3.intoArray(y[o3], lane + LANES);
        y4.intoArray(y[o4], lane);
        z4.intoArray(y[o4], lane + LANES);
        y5.intoArray(y[o5], lane);
        z5.intoArray(y[o5], lane + LANES);
        y6.intoArray(y[o6], lane);
        z6.intoArray(y[o6], lane + LANES);
        y7.intoArray(y[o7], lane);
        z7.intoArray(y[o7], lane + LANES);
    }

    @Override
    void rmsNorm(double[][] x, double[][] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            DoubleVector sum0 = DoubleVector.zero(SPECIES);
            DoubleVector sum1 = DoubleVector.zero(SPECIES);
            for (double[] row : x) {
                DoubleVector u = DoubleVector.fromArray(SPECIES, row, lane);
                DoubleVector v = DoubleVector.fromArray(SPECIES, row, lane + LANES);
                sum0 = u.fma(u, sum0);
                sum1 = v.fma(v, sum1);
            }
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector scale0 =
                    one.div(sum0.div(x.length).add(DoubleMath.RMS_EPSILON).sqrt());
            DoubleVector scale1 =
                    one.div(sum1.div(x.length).add(DoubleMath.RMS_EPSILON).sqrt());
            for (int i = 0; i < x.length; i++) {
                DoubleVector.fromArray(SPECIES, x[i], lane).mul(scale0).intoArray(y[i], lane);
                DoubleVector.fromArray(SPECIES, x[i], lane + LANES).mul(scale1).intoArray(y[i], lane + LANES);
            }
        }
    }

    @Override
    void relu(double[] h, boolean squared) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, h, lane);
            value.blend(0, value.compare(VectorOperators.LE, 0)).intoArray(h, lane);
        }
        for (int lane = 0; squared && lane < lanes; lane++) {
            h[lane] *= h[lane];
        }
    }

    @Override
    void score(double[] mask, double[][] qkv, int from, int to, double[] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, mask, lane);
            DoubleVector z0 = DoubleVector.fromArray(SPECIES, mask, lane + LANES);
            for (int i = from; i < to; i++) {
                double[] q = qkv[i];
                double[] k = qkv[features + i];
                y0 = DoubleVector.fromArray(SPECIES, q, lane).fma(DoubleVector.fromArray(SPECIES, k, lane), y0);
                z0 = DoubleVector.fromArray(SPECIES, q, lane + LANES)
                        .fma(DoubleVector.fromArray(SPECIES, k, lane + LANES), z0);
            }
            y0.intoArray(y, lane);
            z0.intoArray(y, lane + LANES);
        }
    }

    @Override
    void softmax(double[][] x, int rows, double scale) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector max = DoubleVector.fromArray(SPECIES, x[0], lane);
            for (int s = 1; s < rows; s++) {
                DoubleVector next = DoubleVector.fromArray(SPECIES, x[s], lane);
                max = max.blend(next, max.compare(VectorOperators.LT, next));
            }
            for (int s = 0; s < rows; s++) {
                DoubleVector.fromArray(SPECIES, x[s], lane).sub(max).mul(scale).intoArray(x[s], lane);
                VectorDoubleMath.exp(x[s], lane, ZEROS, x[s], lane);
            }
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int s = 0; s < rows; s++) {
                sum = sum.add(DoubleVector.fromArray(SPECIES, x[s], lane));
            }
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(sum);
            for (int s = 0; s < rows; s++) {
                DoubleVector.fromArray(SPECIES, x[s], lane).mul(inverse).intoArray(x[s], lane);
            }
        }
    }

    @Override
    void mix(double[][] p, double[][][] qkv, int count, int i, double[] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, 0);
            DoubleVector z0 = DoubleVector.broadcast(SPECIES, 0);
            for (int s = 0; s < count; s++) {
                double[] weights = p[s];
                double[] v = qkv[s][i];
                y0 = DoubleVector.fromArray(SPECIES, weights, lane).fma(DoubleVector.fromArray(SPECIES, v, lane), y0);
                z0 = DoubleVector.fromArray(SPECIES, weights, lane + LANES)
                        .fma(DoubleVector.fromArray(SPECIES, v, lane + LANES), z0);
            }
            y0.intoArray(y, lane);
            z0.intoArray(y, lane + LANES);
        }
    }
}
