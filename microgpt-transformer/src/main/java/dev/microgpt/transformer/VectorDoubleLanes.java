package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The operations of {@link DoubleLanes} on the Vector API, a vector of lanes at a time. */
final class VectorDoubleLanes extends DoubleLanes {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    VectorDoubleLanes(GptConfig config, int lanes, double... w) {
        super(config, (lanes + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), w);
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    @Override
    void transpose(double[] x, int rows, double[] y, int columns) {
        VectorDoubleProducts.transpose(x, 0, columns, y, rows, rows, columns);
    }

    @Override
    void linear(double[] w, int at, int in, double[] x, double[] y, int out) {
        VectorDoubleProducts.product(w, at, in, x, 0, lanes, in, y, 0, lanes, out, lanes);
    }

    @Override
    void rmsNorm(double[] x, int n, double[] factor, double[] y) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector squares = all(0);
            for (int i = 0; i < n; i++) {
                DoubleVector row = load(x, i * lanes + lane);
                squares = row.fma(row, squares);
            }
            DoubleVector scale =
                    all(1).div(squares.div(n).add(DoubleMath.RMS_EPSILON).sqrt());
            scale.intoArray(factor, lane);
            for (int i = 0; i < n; i++) {
                load(x, i * lanes + lane).mul(scale).intoArray(y, i * lanes + lane);
            }
        }
    }

    @Override
    void relu(double[] x) {
        for (int i = 0; i < x.length; i += LANES) {
            load(x, i).max(0).intoArray(x, i);
        }
    }

    @Override
    void scores(double[] q, double[][] keys, int count, int from, int to, double[] position, double[] y, double[] max) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector place = load(position, lane);
            DoubleVector largest = all(DoubleMath.MASKED);
            for (int s = 0; s < count; s++) {
                double[] k = keys[s];
                DoubleVector score = all(0).blend(DoubleMath.MASKED, place.compare(VectorOperators.LT, count - 1 - s));
                for (int i = from; i < to; i++) {
                    score = load(q, i * lanes + lane).fma(load(k, i * lanes + lane), score);
                }
                score.intoArray(y, s * lanes + lane);
                largest = largest.blend(score, largest.compare(VectorOperators.LT, score));
            }
            largest.intoArray(max, lane);
        }
    }

    @Override
    void largest(double[] x, int rows, double[] max) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector largest = load(x, lane);
            for (int i = 1; i < rows; i++) {
                DoubleVector next = load(x, i * lanes + lane);
                largest = largest.blend(next, largest.compare(VectorOperators.LT, next));
            }
            largest.intoArray(max, lane);
        }
    }

    @Override
    void exponentials(double[] x, int rows, double[] max, double scale, double[] y) {
        for (int i = 0; i < rows; i++) {
            for (int lane = 0; lane < lanes; lane += LANES) {
                VectorDoubleMath.exp(x, i * lanes + lane, max, lane, scale, y, i * lanes + lane);
            }
        }
    }

    @Override
    void addUp(double[] x, int rows, double[] sum) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector total = all(0);
            for (int i = 0; i < rows; i++) {
                total = total.add(load(x, i * lanes + lane));
            }
            total.intoArray(sum, lane);
        }
    }

    @Override
    void choose(double[] shares, int rows, double[] total, double[] numbers, double[] passed, double[] closest) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector threshold = load(total, lane).mul(load(numbers, lane));
            DoubleVector sum = all(0);
            DoubleVector count = all(0);
            DoubleVector least = load(total, lane);
            for (int i = 0; i < rows; i++) {
                sum = sum.add(load(shares, i * lanes + lane));
                DoubleVector distance = sum.sub(threshold);
                count = count.blend(count.add(1), distance.compare(VectorOperators.LE, 0));
                DoubleVector absolute = distance.abs();
                least = least.blend(absolute, absolute.compare(VectorOperators.LT, least));
            }
            count.intoArray(passed, lane);
            least.intoArray(closest, lane);
        }
    }

    @Override
    void mix(double[] p, double[] sum, double[][] values, int count, int from, int to, double[] y, int at) {
        int i = from;
        for (; i + 4 <= to; i += 4) {
            mixFour(p, sum, values, count, i, y, at + i - from);
        }
        for (; i < to; i++) {
            mixOne(p, sum, values, count, i, y, at + i - from);
        }
    }

    private void mixFour(double[] p, double[] sum, double[][] values, int count, int i, double[] y, int at) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector y0 = all(0);
            DoubleVector y1 = all(0);
            DoubleVector y2 = all(0);
            DoubleVector y3 = all(0);
            for (int s = 0; s < count; s++) {
                double[] v = values[s];
                DoubleVector weight = load(p, s * lanes + lane);
                y0 = weight.fma(load(v, i * lanes + lane), y0);
                y1 = weight.fma(load(v, (i + 1) * lanes + lane), y1);
                y2 = weight.fma(load(v, (i + 2) * lanes + lane), y2);
                y3 = weight.fma(load(v, (i + 3) * lanes + lane), y3);
            }
            DoubleVector inverse = all(1).div(load(sum, lane));
            y0.mul(inverse).intoArray(y, at * lanes + lane);
            y1.mul(inverse).intoArray(y, (at + 1) * lanes + lane);
            y2.mul(inverse).intoArray(y, (at + 2) * lanes + lane);
            y3.mul(inverse).intoArray(y, (at + 3) * lanes + lane);
        }
    }

    private void mixOne(double[] p, double[] sum, double[][] values, int count, int i, double[] y, int at) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector mixed = all(0);
            for (int s = 0; s < count; s++) {
                mixed = load(p, s * lanes + lane).fma(load(values[s], i * lanes + lane), mixed);
            }
            mixed.mul(all(1).div(load(sum, lane))).intoArray(y, at * lanes + lane);
        }
    }
}
