package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.DoubleBatchReader;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The operations of {@link DoubleBatchReader} on the Vector API, a vector of lanes at a time. */
final class VectorDoubleBatchReader extends DoubleBatchReader {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    VectorDoubleBatchReader(Layout layout, int lanes, double... w) {
        super(layout, (lanes + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), w);
    }

    @Override
    protected void transpose(double[] x, int rows, double[] y, int columns) {
        VectorDoubleProducts.transpose(x, 0, columns, y, rows, rows, columns);
    }

    @Override
    protected void linear(double[] w, int at, int in, double[] x, double[] y, int out) {
        VectorDoubleProducts.product(w, at, in, x, 0, lanes, in, y, 0, lanes, out, lanes);
    }

    @Override
    protected void rmsNorm(double[] x, int n, double[] factor, double[] y) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector squares = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i++) {
                DoubleVector row = DoubleVector.fromArray(SPECIES, x, i * lanes + lane);
                squares = row.fma(row, squares);
            }
            DoubleVector scale = DoubleVector.broadcast(SPECIES, 1)
                    .div(squares.div(n).add(DoubleMath.RMS_EPSILON).sqrt());
            scale.intoArray(factor, lane);
            for (int i = 0; i < n; i++) {
                DoubleVector.fromArray(SPECIES, x, i * lanes + lane).mul(scale).intoArray(y, i * lanes + lane);
            }
        }
    }

    @Override
    protected void relu(double[] x) {
        for (int i = 0; i < x.length; i += LANES) {
            DoubleVector.fromArray(SPECIES, x, i).max(0).intoArray(x, i);
        }
    }

    @Override
    protected void scores(
            double[] q, double[][] keys, int count, int from, int to, double[] position, double[] y, double[] max) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector place = DoubleVector.fromArray(SPECIES, position, lane);
            DoubleVector largest = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
            for (int s = 0; s < count; s++) {
                double[] k = keys[s];
                DoubleVector score = DoubleVector.zero(SPECIES)
                        .blend(DoubleMath.MASKED, place.compare(VectorOperators.LT, count - 1 - s));
                for (int i = from; i < to; i++) {
                    score = DoubleVector.fromArray(SPECIES, q, i * lanes + lane)
                            .fma(DoubleVector.fromArray(SPECIES, k, i * lanes + lane), score);
                }
                score.intoArray(y, s * lanes + lane);
                largest = largest.blend(score, largest.compare(VectorOperators.LT, score));
            }
            largest.intoArray(max, lane);
        }
    }

    @Override
    protected void largest(double[] x, int rows, double[] max) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector largest = DoubleVector.fromArray(SPECIES, x, lane);
            for (int i = 1; i < rows; i++) {
                DoubleVector next = DoubleVector.fromArray(SPECIES, x, i * lanes + lane);
                largest = largest.blend(next, largest.compare(VectorOperators.LT, next));
            }
            largest.intoArray(max, lane);
        }
    }

    @Override
    protected void exponentials(double[] x, int rows, double[] max, double scale, double[] y) {
        for (int i = 0; i < rows; i++) {
            for (int lane = 0; lane < lanes; lane += LANES) {
                VectorDoubleMath.exp(x, i * lanes + lane, max, lane, scale, y, i * lanes + lane);
            }
        }
    }

    @Override
    protected void addUp(double[] x, int rows, double[] sum) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector total = DoubleVector.zero(SPECIES);
            for (int i = 0; i < rows; i++) {
                total = total.add(DoubleVector.fromArray(SPECIES, x, i * lanes + lane));
            }
            total.intoArray(sum, lane);
        }
    }

    @Override
    protected void choose(
            double[] shares, int rows, double[] total, double[] numbers, double[] passed, double[] closest) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector threshold =
                    DoubleVector.fromArray(SPECIES, total, lane).mul(DoubleVector.fromArray(SPECIES, numbers, lane));
            DoubleVector sum = DoubleVector.zero(SPECIES);
            DoubleVector count = DoubleVector.zero(SPECIES);
            DoubleVector least = DoubleVector.fromArray(SPECIES, total, lane);
            for (int i = 0; i < rows; i++) {
                sum = sum.add(DoubleVector.fromArray(SPECIES, shares, i * lanes + lane));
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
    protected void mix(double[] p, double[] sum, double[][] values, int count, int from, int to, double[] y, int at) {
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
            DoubleVector y0 = DoubleVector.zero(SPECIES);
            DoubleVector y1 = DoubleVector.zero(SPECIES);
            DoubleVector y2 = DoubleVector.zero(SPECIES);
            DoubleVector y3 = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                double[] v = values[s];
                DoubleVector weight = DoubleVector.fromArray(SPECIES, p, s * lanes + lane);
                y0 = weight.fma(DoubleVector.fromArray(SPECIES, v, i * lanes + lane), y0);
                y1 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 1) * lanes + lane), y1);
                y2 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 2) * lanes + lane), y2);
                y3 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 3) * lanes + lane), y3);
            }
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(DoubleVector.fromArray(SPECIES, sum, lane));
            y0.mul(inverse).intoArray(y, at * lanes + lane);
            y1.mul(inverse).intoArray(y, (at + 1) * lanes + lane);
            y2.mul(inverse).intoArray(y, (at + 2) * lanes + lane);
            y3.mul(inverse).intoArray(y, (at + 3) * lanes + lane);
        }
    }

    private void mixOne(double[] p, double[] sum, double[][] values, int count, int i, double[] y, int at) {
        for (int lane = 0; lane < lanes; lane += LANES) {
            DoubleVector mixed = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                mixed = DoubleVector.fromArray(SPECIES, p, s * lanes + lane)
                        .fma(DoubleVector.fromArray(SPECIES, values[s], i * lanes + lane), mixed);
            }
            mixed.mul(DoubleVector.broadcast(SPECIES, 1).div(DoubleVector.fromArray(SPECIES, sum, lane)))
                    .intoArray(y, at * lanes + lane);
        }
    }
}
