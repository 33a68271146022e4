package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.DoubleReader;
import dev.microgpt.transformer.array.DoubleWeights;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link DoubleReader} on the Vector API. What lies after the last number of a row comes along in its last vector. */
class VectorDoubleReader extends DoubleReader {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final double[] largest; // score of each head, [headCount][LANES]
    protected final int n; // embedDim

    VectorDoubleReader(Layout layout, DoubleWeights weights) {
        super(layout, weights);
        largest = new double[layout.headCount() * LANES];
        n = layout.embedDim();
    }

    @Override
    protected void add(double[] a, double[] b, int n, double[] y) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector.fromArray(SPECIES, a, i)
                    .add(DoubleVector.fromArray(SPECIES, b, i))
                    .intoArray(y, i);
        }
    }

    @Override
    protected void multiply(double[] x, double factor, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector.fromArray(SPECIES, x, i).mul(factor).intoArray(x, i);
        }
    }

    @Override
    protected void scores(double[] q, double[] keys, double[] mask, int positions, double[] y) {
        for (int h = 0; h < heads; h++) {
            DoubleVector max = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
            for (int s = 0; s < positions; s += LANES) {
                DoubleVector score = DoubleVector.fromArray(SPECIES, mask, s);
                int i = h * dim;
                for (; i + 4 <= (h + 1) * dim; i += 4) {
                    int k = i * width + s;
                    DoubleVector four = DoubleVector.fromArray(SPECIES, keys, k).mul(q[i]);
                    four = DoubleVector.fromArray(SPECIES, keys, k + width)
                            .fma(DoubleVector.broadcast(SPECIES, q[i + 1]), four);
                    four = DoubleVector.fromArray(SPECIES, keys, k + 2 * width)
                            .fma(DoubleVector.broadcast(SPECIES, q[i + 2]), four);
                    four = DoubleVector.fromArray(SPECIES, keys, k + 3 * width)
                            .fma(DoubleVector.broadcast(SPECIES, q[i + 3]), four);
                    score = score.add(four);
                }
                for (; i < (h + 1) * dim; i++) {
                    score = DoubleVector.fromArray(SPECIES, keys, i * width + s)
                            .fma(DoubleVector.broadcast(SPECIES, q[i]), score);
                }
                score.intoArray(y, h * width + s);
                max = max.blend(score, max.compare(VectorOperators.LT, score));
            }
            max.intoArray(largest, h * LANES);
        }
    }

    /** {@inheritDoc} After the positions, up to a whole vector, −∞ becomes 0, and after these nothing was ever written. */
    @Override
    protected void exponentials(double[] x, int positions, double scale) {
        for (int h = 0; h < heads; h++) {
            VectorDoubleSums.max(largest, h * LANES);
            for (int s = 0; s < positions; s += LANES) {
                VectorDoubleMath.exp(x, h * width + s, largest, h * LANES, scale, x, h * width + s);
            }
        }
    }

    @Override
    protected void mix(double[] p, double[] values, int positions, double[] y) {
        for (int h = 0; h < heads; h++) {
            int at = h * width;
            double inverse = 1 / sum(p, at, positions);
            for (int c = 0; c < dim; c += LANES) { // what is after the features of a head, the next one overwrites
                int i = h * dim + c;
                DoubleVector mixed = DoubleVector.zero(SPECIES);
                for (int s = 0; s < positions; s += 4) {
                    int v = s * n + i;
                    DoubleVector four =
                            DoubleVector.fromArray(SPECIES, values, v).mul(p[at + s]);
                    four = DoubleVector.fromArray(SPECIES, values, v + n)
                            .fma(DoubleVector.broadcast(SPECIES, p[at + s + 1]), four);
                    four = DoubleVector.fromArray(SPECIES, values, v + 2 * n)
                            .fma(DoubleVector.broadcast(SPECIES, p[at + s + 2]), four);
                    four = DoubleVector.fromArray(SPECIES, values, v + 3 * n)
                            .fma(DoubleVector.broadcast(SPECIES, p[at + s + 3]), four);
                    mixed = mixed.add(four);
                }
                mixed.mul(inverse).intoArray(y, i);
            }
        }
    }
}
