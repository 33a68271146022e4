package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention by products of matrices, one head after the other: what {@link VectorDoubleSmallHeads} does for small heads, for
 * any. Rows are positions t that look back at positions s ≤ t, in tiles of {@value #TILE}: a tile stops at its last position, and
 * what is above the diagonal within it has weight 0.
 */
final class VectorDoubleLargeHeads {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int TILE = 8;

    private final int n;
    private final int heads;
    private final int dim;
    private final double scale;
    private final int padded; // headDim as whole vectors
    private final int row; // blockSize as whole vectors
    private final double[] transposed; // keys or values, [headDim][row]
    private final double[] dScores; // [blockSize][row]
    private final double[] result; // [blockSize][padded]
    private final VectorDoubleProducts products = new VectorDoubleProducts();
    private final VectorDoubleView left = new VectorDoubleView(); // of a product, as are the next two
    private final VectorDoubleView right = new VectorDoubleView();
    private final VectorDoubleView product = new VectorDoubleView();
    private final double[] visible; // 0 in the first half, −∞ in the second
    private final double[] number = new double[LANES]; // in all lanes

    VectorDoubleLargeHeads(Layout layout) {
        n = layout.embedDim();
        heads = layout.headCount();
        dim = n / heads;
        scale = 1 / DoubleMath.sqrt(dim);
        padded = pad(dim);
        row = pad(layout.blockSize());
        transposed = new double[dim * row];
        dScores = new double[layout.blockSize() * row];
        result = new double[layout.blockSize() * padded];
        visible = new double[2 * LANES];
        for (int i = LANES; i < 2 * LANES; i++) {
            visible[i] = DoubleMath.MASKED;
        }
    }

    private static int pad(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    /** How many numbers of p a position has. */
    int weightsPerPosition() {
        return heads * row;
    }

    /** As {@link DoubleKernels#attention}. */
    void forward(double[] qkv, double[] p, double[] mixed, int start, int count) {
        for (int h = 0; h < heads; h++) {
            int q = start * 3 * n + h * dim;
            int pAt = (start * heads + h * count) * row;
            VectorDoubleProducts.transpose(qkv, q + n, 3 * n, transposed, row, count, dim);
            for (int t = 0; t < count; t += TILE) {
                int rows = Math.min(TILE, count - t);
                products.product(
                        left.of(qkv, q + t * 3 * n, 3 * n),
                        right.of(transposed, 0, row),
                        product.of(p, pAt + t * row, row),
                        rows,
                        dim,
                        pad(t + rows));
                for (int i = t; i < t + rows; i++) {
                    softmax(p, pAt + i * row, i, pad(t + rows));
                }
                products.product(
                        left.of(p, pAt + t * row, row),
                        right.of(qkv, q + 2 * n, 3 * n),
                        product.of(result, t * padded, padded),
                        rows,
                        t + rows,
                        padded);
            }
            copyResult(mixed, start * n + h * dim, n, count);
        }
    }

    /** As {@link DoubleKernels#attentionBackward}. */
    void backward(double[] dMixed, double[] qkv, double[] p, double[] mixed, double[] dQkv, int start, int count) {
        for (int h = 0; h < heads; h++) {
            int q = start * 3 * n + h * dim;
            int m = start * n + h * dim;
            int pAt = (start * heads + h * count) * row;
            VectorDoubleProducts.transpose(qkv, q + 2 * n, 3 * n, transposed, row, count, dim);
            for (int t = 0; t < count; t += TILE) {
                int rows = Math.min(TILE, count - t);
                products.product(
                        left.of(dMixed, m + t * n, n),
                        right.of(transposed, 0, row),
                        product.of(dScores, t * row, row),
                        rows,
                        dim,
                        pad(t + rows));
                for (int i = t; i < t + rows; i++) {
                    double mean = DoubleKernels.dot(dMixed, m + i * n, mixed, m + i * n, dim); // Σ_s p_ts·dP_ts
                    scoreGradient(p, pAt + i * row, dScores, i * row, mean, pad(t + rows));
                }
                products.product(
                        left.of(dScores, t * row, row),
                        right.of(qkv, q + n, 3 * n),
                        product.of(result, t * padded, padded),
                        rows,
                        t + rows,
                        padded);
            }
            copyResult(dQkv, q, 3 * n, count);
            sumOverRows(dScores, 0, qkv, q, 3 * n, count);
            copyResult(dQkv, q + n, 3 * n, count);
            sumOverRows(p, pAt, dMixed, m, n, count);
            copyResult(dQkv, q + 2 * n, 3 * n, count);
        }
    }

    /** result_s = Σ_{t ≥ s} a_ts·x_t. */
    private void sumOverRows(double[] a, int aAt, double[] x, int xAt, int xRow, int count) {
        for (int s = 0; s < count; s += TILE) {
            int rows = Math.min(TILE, count - s);
            products.transposedProduct(
                    left.of(a, aAt + s * row + s, row),
                    right.of(x, xAt + s * xRow, xRow),
                    product.of(result, s * padded, padded),
                    rows,
                    count - s,
                    padded);
        }
    }

    private void copyResult(double[] y, int at, int step, int count) {
        for (int t = 0; t < count; t++) {
            for (int i = 0; i < dim; i++) {
                y[at + t * step + i] = result[t * padded + i];
            }
        }
    }

    /** p_s ← softmax_s(p_s·scale), s ≤ t, and 0 up to the end. */
    private void softmax(double[] p, int at, int t, int end) {
        DoubleVector max = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
        for (int s = 0; s < end; s += LANES) {
            DoubleVector hidden =
                    DoubleVector.fromArray(SPECIES, visible, Math.max(0, Math.min(LANES, LANES - 1 - t + s)));
            DoubleVector score =
                    DoubleVector.fromArray(SPECIES, p, at + s).mul(scale).add(hidden);
            score.intoArray(p, at + s);
            max = max.blend(score, max.compare(VectorOperators.LT, score));
        }
        max.intoArray(number, 0);
        VectorDoubleSums.max(number, 0);
        for (int s = 0; s < end; s += LANES) {
            VectorDoubleMath.exp(p, at + s, number, 0, 1, p, at + s);
        }
        DoubleVector total = DoubleVector.zero(SPECIES);
        for (int s = 0; s < end; s += LANES) {
            total = DoubleVector.fromArray(SPECIES, p, at + s).add(total);
        }
        total.intoArray(number, 0);
        VectorDoubleSums.sum(number, 0, LANES);
        double inverse = 1 / number[0];
        for (int s = 0; s < end; s += LANES) {
            DoubleVector.fromArray(SPECIES, p, at + s).mul(inverse).intoArray(p, at + s);
        }
    }

    /** dA = p·(dP − mean)·scale. */
    private void scoreGradient(double[] p, int pAt, double[] dP, int at, double mean, int end) {
        for (int s = 0; s < end; s += LANES) {
            DoubleVector.fromArray(SPECIES, dP, at + s)
                    .sub(mean)
                    .mul(scale)
                    .mul(DoubleVector.fromArray(SPECIES, p, pAt + s))
                    .intoArray(dP, at + s);
        }
    }
}
