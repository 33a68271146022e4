package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.DoubleBatchReader;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The operations of {@link DoubleBatchReader} on the Vector API, a vector of sequences at a time. */
final class VectorDoubleBatchReader extends DoubleBatchReader {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final VectorDoubleProducts products = new VectorDoubleProducts();
    private final VectorDoubleView left = new VectorDoubleView(); // of a product, as are the next two
    private final VectorDoubleView right = new VectorDoubleView();
    private final VectorDoubleView result = new VectorDoubleView();

    VectorDoubleBatchReader(Layout layout, int sequences, double... w) {
        super(layout, (sequences + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), w);
    }

    @Override
    protected void transpose(double[] x, int rows, double[] y, int columns) {
        VectorDoubleProducts.transpose(x, 0, columns, y, rows, rows, columns);
    }

    @Override
    protected void linear(double[] w, int at, int in, double[] x, double[] y, int out) {
        products.product(left.of(w, at, in), right.of(x, 0, sequences), result.of(y, 0, sequences), out, in, sequences);
    }

    @Override
    protected void rmsNorm(double[] x, int n, double[] factor, double[] y) {
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector squares = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i++) {
                DoubleVector row = DoubleVector.fromArray(SPECIES, x, i * sequences + sequence);
                squares = row.fma(row, squares);
            }
            DoubleVector scale = DoubleVector.broadcast(SPECIES, 1)
                    .div(squares.div(n).add(DoubleMath.RMS_EPSILON).sqrt());
            scale.intoArray(factor, sequence);
            for (int i = 0; i < n; i++) {
                DoubleVector.fromArray(SPECIES, x, i * sequences + sequence)
                        .mul(scale)
                        .intoArray(y, i * sequences + sequence);
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
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector place = DoubleVector.fromArray(SPECIES, position, sequence);
            DoubleVector largest = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
            for (int s = 0; s < count; s++) {
                double[] k = keys[s];
                DoubleVector score = DoubleVector.zero(SPECIES)
                        .blend(DoubleMath.MASKED, place.compare(VectorOperators.LT, count - 1 - s));
                for (int i = from; i < to; i++) {
                    score = DoubleVector.fromArray(SPECIES, q, i * sequences + sequence)
                            .fma(DoubleVector.fromArray(SPECIES, k, i * sequences + sequence), score);
                }
                score.intoArray(y, s * sequences + sequence);
                largest = largest.blend(score, largest.compare(VectorOperators.LT, score));
            }
            largest.intoArray(max, sequence);
        }
    }

    @Override
    protected void largest(double[] x, int rows, double[] max) {
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector largest = DoubleVector.fromArray(SPECIES, x, sequence);
            for (int i = 1; i < rows; i++) {
                DoubleVector next = DoubleVector.fromArray(SPECIES, x, i * sequences + sequence);
                largest = largest.blend(next, largest.compare(VectorOperators.LT, next));
            }
            largest.intoArray(max, sequence);
        }
    }

    @Override
    protected void exponentials(double[] x, int rows, double[] max, double scale, double[] y) {
        for (int i = 0; i < rows; i++) {
            for (int sequence = 0; sequence < sequences; sequence += LANES) {
                VectorDoubleMath.exp(x, i * sequences + sequence, max, sequence, scale, y, i * sequences + sequence);
            }
        }
    }

    @Override
    protected void addUp(double[] x, int rows, double[] sum) {
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector total = DoubleVector.zero(SPECIES);
            for (int i = 0; i < rows; i++) {
                total = total.add(DoubleVector.fromArray(SPECIES, x, i * sequences + sequence));
            }
            total.intoArray(sum, sequence);
        }
    }

    @Override
    protected void choose(
            double[] shares, int rows, double[] total, double[] numbers, double[] passed, double[] closest) {
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector threshold = DoubleVector.fromArray(SPECIES, total, sequence)
                    .mul(DoubleVector.fromArray(SPECIES, numbers, sequence));
            DoubleVector sum = DoubleVector.zero(SPECIES);
            DoubleVector count = DoubleVector.zero(SPECIES);
            DoubleVector least = DoubleVector.fromArray(SPECIES, total, sequence);
            for (int i = 0; i < rows; i++) {
                sum = sum.add(DoubleVector.fromArray(SPECIES, shares, i * sequences + sequence));
                DoubleVector distance = sum.sub(threshold);
                count = count.blend(count.add(1), distance.compare(VectorOperators.LE, 0));
                DoubleVector absolute = distance.abs();
                least = least.blend(absolute, absolute.compare(VectorOperators.LT, least));
            }
            count.intoArray(passed, sequence);
            least.intoArray(closest, sequence);
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
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector y0 = DoubleVector.zero(SPECIES);
            DoubleVector y1 = DoubleVector.zero(SPECIES);
            DoubleVector y2 = DoubleVector.zero(SPECIES);
            DoubleVector y3 = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                double[] v = values[s];
                DoubleVector weight = DoubleVector.fromArray(SPECIES, p, s * sequences + sequence);
                y0 = weight.fma(DoubleVector.fromArray(SPECIES, v, i * sequences + sequence), y0);
                y1 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 1) * sequences + sequence), y1);
                y2 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 2) * sequences + sequence), y2);
                y3 = weight.fma(DoubleVector.fromArray(SPECIES, v, (i + 3) * sequences + sequence), y3);
            }
            DoubleVector inverse =
                    DoubleVector.broadcast(SPECIES, 1).div(DoubleVector.fromArray(SPECIES, sum, sequence));
            y0.mul(inverse).intoArray(y, at * sequences + sequence);
            y1.mul(inverse).intoArray(y, (at + 1) * sequences + sequence);
            y2.mul(inverse).intoArray(y, (at + 2) * sequences + sequence);
            y3.mul(inverse).intoArray(y, (at + 3) * sequences + sequence);
        }
    }

    private void mixOne(double[] p, double[] sum, double[][] values, int count, int i, double[] y, int at) {
        for (int sequence = 0; sequence < sequences; sequence += LANES) {
            DoubleVector mixed = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                mixed = DoubleVector.fromArray(SPECIES, p, s * sequences + sequence)
                        .fma(DoubleVector.fromArray(SPECIES, values[s], i * sequences + sequence), mixed);
            }
            mixed.mul(DoubleVector.broadcast(SPECIES, 1).div(DoubleVector.fromArray(SPECIES, sum, sequence)))
                    .intoArray(y, at * sequences + sequence);
        }
    }
}
