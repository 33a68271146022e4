package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
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

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    @Override
    void linear(double[][] b, double[][] x, double[] w, int at, double[][] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            int o = 0;
            for (; o + 4 <= y.length; o += 4) {
                fourOutputs(b, x, w, at + o * x.length, y, o, lane);
            }
            for (; o < y.length; o++) {
                oneOutput(b[o], x, w, at + o * x.length, y[o], lane);
            }
        }
    }

    private static void fourOutputs(double[][] b, double[][] x, double[] w, int at, double[][] y, int o, int lane) {
        DoubleVector y0 = load(b[o], lane);
        DoubleVector z0 = load(b[o], lane + LANES);
        DoubleVector y1 = load(b[o + 1], lane);
        DoubleVector z1 = load(b[o + 1], lane + LANES);
        DoubleVector y2 = load(b[o + 2], lane);
        DoubleVector z2 = load(b[o + 2], lane + LANES);
        DoubleVector y3 = load(b[o + 3], lane);
        DoubleVector z3 = load(b[o + 3], lane + LANES);
        int n = x.length;
        for (int i = 0; i < n; i++) {
            double[] row = x[i];
            DoubleVector u = load(row, lane);
            DoubleVector v = load(row, lane + LANES);
            DoubleVector w0 = all(w[at + i]);
            y0 = w0.fma(u, y0);
            z0 = w0.fma(v, z0);
            DoubleVector w1 = all(w[at + n + i]);
            y1 = w1.fma(u, y1);
            z1 = w1.fma(v, z1);
            DoubleVector w2 = all(w[at + 2 * n + i]);
            y2 = w2.fma(u, y2);
            z2 = w2.fma(v, z2);
            DoubleVector w3 = all(w[at + 3 * n + i]);
            y3 = w3.fma(u, y3);
            z3 = w3.fma(v, z3);
        }
        y0.intoArray(y[o], lane);
        z0.intoArray(y[o], lane + LANES);
        y1.intoArray(y[o + 1], lane);
        z1.intoArray(y[o + 1], lane + LANES);
        y2.intoArray(y[o + 2], lane);
        z2.intoArray(y[o + 2], lane + LANES);
        y3.intoArray(y[o + 3], lane);
        z3.intoArray(y[o + 3], lane + LANES);
    }

    private static void oneOutput(double[] b, double[][] x, double[] w, int at, double[] y, int lane) {
        DoubleVector y0 = load(b, lane);
        DoubleVector z0 = load(b, lane + LANES);
        for (int i = 0; i < x.length; i++) {
            double[] row = x[i];
            DoubleVector w0 = all(w[at + i]);
            y0 = w0.fma(load(row, lane), y0);
            z0 = w0.fma(load(row, lane + LANES), z0);
        }
        y0.intoArray(y, lane);
        z0.intoArray(y, lane + LANES);
    }

    @Override
    void score(double[] mask, double[][] qkv, int from, int to, double[] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            DoubleVector y0 = load(mask, lane);
            DoubleVector z0 = load(mask, lane + LANES);
            for (int i = from; i < to; i++) {
                double[] q = qkv[i];
                double[] k = qkv[features + i];
                y0 = load(q, lane).fma(load(k, lane), y0);
                z0 = load(q, lane + LANES).fma(load(k, lane + LANES), z0);
            }
            y0.intoArray(y, lane);
            z0.intoArray(y, lane + LANES);
        }
    }

    @Override
    void exponentials(double[] x, double[] max, double scale) {
        for (int lane = 0; lane < x.length; lane += LANES) {
            load(x, lane).sub(load(max, lane)).mul(scale).intoArray(x, lane);
            VectorDoubleMath.exp(x, lane, ZEROS, x, lane);
        }
    }

    @Override
    void mix(double[][] p, double[][][] qkv, int count, int i, double[] y) {
        for (int lane = 0; lane < lanes; lane += 2 * LANES) {
            DoubleVector y0 = all(0);
            DoubleVector z0 = all(0);
            for (int s = 0; s < count; s++) {
                double[] weights = p[s];
                double[] v = qkv[s][i];
                y0 = load(weights, lane).fma(load(v, lane), y0);
                z0 = load(weights, lane + LANES).fma(load(v, lane + LANES), z0);
            }
            y0.intoArray(y, lane);
            z0.intoArray(y, lane + LANES);
        }
    }
}
