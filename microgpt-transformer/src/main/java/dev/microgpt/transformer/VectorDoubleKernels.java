package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations of {@link DoubleKernels} on the Vector API. Activations are stored by features, [n][stride]: the lanes of a vector are the
 * positions, so that norms and softmax need no sum across lanes, and weights are broadcast as they lie. The lanes behind the last position hold
 * values that nobody reads.
 */
final class VectorDoubleKernels extends DoubleKernels {
    // A vector is loaded where it is used and lives no longer than one loop: C2 boxes some of those that are used
    // twice.
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final int stride; // from one feature to the next
    private final int[] all; // 0, 1, 2, …: every row takes part
    private final double[] transposed; // [positions][padded features]
    private final double[] padded; // gradient of a weight whose rows are no whole number of vectors
    private final double[] dScores; // [positions][positions] of one head
    private final double[] pTransposed; // [positions][positions] of one head
    private final double[] max; // [stride]
    private final double[] sum; // [stride]
    private final double[] causal; // −∞ in the first half, 0 in the second

    VectorDoubleKernels(GptConfig config, int capacity) {
        int rows = Math.max(capacity, config.blockSize());
        int widest = Math.max(4 * config.embedDim(), Math.max(config.vocabSize(), rows));
        stride = pad(rows) + LANES;
        all = new int[widest + 8];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        transposed = new double[rows * pad(4 * config.embedDim())];
        padded = new double[widest * pad(4 * config.embedDim())];
        int square = config.blockSize() * (pad(config.blockSize()) + LANES);
        dScores = new double[square];
        pTransposed = new double[square];
        max = new double[stride];
        sum = new double[stride];
        causal = new double[2 * LANES];
        for (int i = 0; i < LANES; i++) {
            causal[i] = DoubleMath.MASKED;
        }
    }

    private static int pad(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    @Override
    double[] matrix(int rows, int n) {
        return new double[n * stride];
    }

    @Override
    void embed(double[] w, int token, int position, double[] x, int t, int n) {
        for (int i = 0; i < n; i++) {
            x[i * stride + t] = w[token + i] + w[position + i];
        }
    }

    @Override
    void embedWeight(double[] dX, int t, double[] dW, int token, int position, int n) {
        for (int i = 0; i < n; i++) {
            double d = dX[i * stride + t];
            dW[token + i] += d;
            dW[position + i] += d;
        }
    }

    @Override
    void add(double[] x, double[] y, int rows, int n) {
        int columns = pad(rows);
        for (int i = 0; i < n; i++) {
            for (int c = i * stride; c < i * stride + columns; c += LANES) {
                load(x, c).add(load(y, c)).intoArray(x, c);
            }
        }
    }

    @Override
    void copy(double[] x, double[] y, int rows, int n) {
        int columns = pad(rows);
        for (int i = 0; i < n; i++) {
            for (int c = i * stride; c < i * stride + columns; c += LANES) {
                load(x, c).intoArray(y, c);
            }
        }
    }

    @Override
    void clear(double[] x, int rows, int n) {
        int columns = pad(rows);
        for (int i = 0; i < n; i++) {
            for (int c = i * stride; c < i * stride + columns; c += LANES) {
                DoubleVector.zero(SPECIES).intoArray(x, c);
            }
        }
    }

    // ---- linear layer: y = x·Wᵀ

    @Override
    void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        VectorDoubleProducts.product(w, wAt, in, x, 0, stride, in, y, 0, stride, all, out, pad(rows));
    }

    @Override
    void linearInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        VectorDoubleProducts.transposedProduct(w, wAt, in, dY, 0, stride, all, out, dX, 0, stride, in, pad(rows));
    }

    @Override
    void linearWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        weightGradient(dY, all, out, x, dW, wAt, rows, in);
    }

    /** dW_u = Σ_t dY_ut·x_t for the listed rows u. */
    private void weightGradient(
            double[] dY, int[] units, int unitCount, double[] x, double[] dW, int wAt, int rows, int in) {
        int row = pad(in);
        VectorDoubleProducts.transpose(x, 0, stride, transposed, row, in, rows);
        if (row == in) {
            VectorDoubleProducts.product(dY, 0, stride, transposed, 0, row, rows, dW, wAt, in, units, unitCount, in);
        } else {
            VectorDoubleProducts.product(
                    dY, 0, stride, transposed, 0, row, rows, padded, 0, row, units, unitCount, row);
            for (int k = 0; k < unitCount; k++) {
                System.arraycopy(padded, units[k] * row, dW, wAt + units[k] * in, in);
            }
        }
    }

    // ---- rmsNorm: y = x·s, s = 1 / sqrt(mean(x²) + ε)

    @Override
    void rmsNorm(double[] x, double[] y, double[] scale, int rows, int n) {
        int columns = pad(rows);
        for (int c = 0; c < columns; c += LANES) {
            DoubleVector squares0 = DoubleVector.zero(SPECIES);
            DoubleVector squares1 = DoubleVector.zero(SPECIES);
            DoubleVector squares2 = DoubleVector.zero(SPECIES);
            DoubleVector squares3 = DoubleVector.zero(SPECIES);
            int i = 0;
            int at = c;
            for (; i + 4 <= n; i += 4, at += 4 * stride) {
                squares0 = load(x, at).fma(load(x, at), squares0);
                squares1 = load(x, at + stride).fma(load(x, at + stride), squares1);
                squares2 = load(x, at + 2 * stride).fma(load(x, at + 2 * stride), squares2);
                squares3 = load(x, at + 3 * stride).fma(load(x, at + 3 * stride), squares3);
            }
            for (; i < n; i++, at += stride) {
                squares0 = load(x, at).fma(load(x, at), squares0);
            }
            DoubleVector squares = squares0.add(squares1).add(squares2.add(squares3));
            all(1).div(squares.div(n).add(DoubleMath.RMS_EPSILON).sqrt()).intoArray(scale, c);
            i = 0;
            at = c;
            for (; i + 4 <= n; i += 4, at += 4 * stride) {
                load(x, at).mul(load(scale, c)).intoArray(y, at);
                load(x, at + stride).mul(load(scale, c)).intoArray(y, at + stride);
                load(x, at + 2 * stride).mul(load(scale, c)).intoArray(y, at + 2 * stride);
                load(x, at + 3 * stride).mul(load(scale, c)).intoArray(y, at + 3 * stride);
            }
            for (; i < n; i++, at += stride) {
                load(x, at).mul(load(scale, c)).intoArray(y, at);
            }
        }
    }

    @Override
    void rmsNormInput(double[] dY, double[] y, double[] scale, double[] dX, int rows, int n) {
        int columns = pad(rows);
        for (int c = 0; c < columns; c += LANES) {
            DoubleVector products = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i++) {
                products = load(dY, i * stride + c).fma(load(y, i * stride + c), products);
            }
            DoubleVector s = load(scale, c);
            DoubleVector sMean = products.div(n).mul(s).neg();
            for (int i = 0; i < n; i++) {
                int at = i * stride + c;
                load(y, at).fma(sMean, load(dY, at).fma(s, load(dX, at))).intoArray(dX, at);
            }
        }
    }

    // ---- feed-forward: only the units that are above 0 at one position or more take part; their number is count[0]

    @Override
    void relu(double[] z, int[] active, int[] count, int rows, int units) {
        int columns = pad(rows);
        int listed = 0;
        for (int u = 0; u < units; u++) {
            long positive = 0;
            for (int c = u * stride; c < u * stride + columns; c += LANES) {
                positive |= load(z, c).compare(VectorOperators.LE, 0).not().toLong(); // NaN must not get lost
                load(z, c).max(0).intoArray(z, c);
            }
            active[listed] = u;
            listed += (int) ((positive | -positive) >>> 63); // 1 if there is one
        }
        count[0] = listed;
    }

    @Override
    void square(double[] z, int[] active, int[] count, double[] h, int rows, int units) {
        int columns = pad(rows);
        for (int k = 0; k < count[0]; k++) {
            for (int c = active[k] * stride; c < active[k] * stride + columns; c += LANES) {
                DoubleVector value = load(z, c);
                value.mul(value).intoArray(h, c);
            }
        }
    }

    @Override
    void activeUnits(
            double[] h, int[] active, int[] count, double[] w2, int at, double[] y, int rows, int n, int units) {
        VectorDoubleProducts.transposedProduct(w2, at, n, h, 0, stride, active, count[0], y, 0, stride, n, pad(rows));
    }

    @Override
    void activeUnitsInput(
            double[] dY,
            double[] x,
            double[] z,
            double[] h,
            int[] active,
            int[] count,
            double[] w,
            int w1,
            int w2,
            double[] dZ,
            double[] dW,
            double[] dX,
            int rows,
            int n,
            int units) {
        int columns = pad(rows);
        VectorDoubleProducts.product(w, w2, n, dY, 0, stride, n, dZ, 0, stride, active, count[0], columns);
        if (z == h) {
            for (int k = 0; k < count[0]; k++) {
                for (int c = active[k] * stride; c < active[k] * stride + columns; c += LANES) {
                    VectorMask<Double> positive = load(z, c).compare(VectorOperators.GT, 0);
                    DoubleVector.zero(SPECIES).blend(load(dZ, c), positive).intoArray(dZ, c);
                }
            }
        } else {
            for (int k = 0; k < count[0]; k++) {
                for (int c = active[k] * stride; c < active[k] * stride + columns; c += LANES) {
                    load(z, c).mul(2).mul(load(dZ, c)).intoArray(dZ, c);
                }
            }
        }
        weightGradient(h, active, count[0], dY, dW, w2, rows, n);
        weightGradient(dZ, active, count[0], x, dW, w1, rows, n);
        activeUnits(dZ, active, count, w, w1, dX, rows, n, units);
    }

    // ---- cross-entropy: loss = −log softmax(x)[target]

    @Override
    double crossEntropy(double[] x, int[] targets, double[] weights, int rows, int n) {
        int columns = pad(rows);
        double loss = 0;
        for (int t = 0; t < rows; t++) {
            loss -= weights[t] * x[targets[t] * stride + t];
        }
        for (int c = 0; c < columns; c += LANES) {
            DoubleVector largest = load(x, c);
            for (int i = 1; i < n; i++) {
                largest = largest.max(load(x, i * stride + c));
            }
            DoubleVector total = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i++) {
                DoubleVector e = VectorDoubleMath.exp(load(x, i * stride + c).sub(largest));
                e.intoArray(x, i * stride + c);
                total = total.add(e);
            }
            largest.intoArray(max, c);
            total.intoArray(sum, c);
            DoubleVector scale = load(weights, c).div(total);
            for (int i = 0; i < n; i++) {
                load(x, i * stride + c).mul(scale).intoArray(x, i * stride + c);
            }
        }
        for (int t = 0; t < rows; t++) {
            loss += weights[t] * (max[t] + DoubleMath.log(sum[t]));
            x[targets[t] * stride + t] -= weights[t];
        }
        return loss;
    }

    // ---- attention: lanes are the positions t that look back, rows the positions s that are looked at. The vectors of
    // a document reach over
    // into the next one, which is written afterwards.

    @Override
    void attention(double[] qkv, double[] p, double[] mixed, int start, int count, int heads, int n, int block) {
        int dim = n / heads;
        int columns = pad(count);
        for (int h = 0; h < heads; h++) {
            int q = h * dim * stride + start;
            int k = q + n * stride;
            int v = k + n * stride;
            int pAt = h * block * stride + start;
            VectorDoubleProducts.transposedProduct(
                    qkv, k, stride, qkv, q, stride, all, dim, p, pAt, stride, count, columns);
            causalSoftmax(p, pAt, count, dim);
            VectorDoubleProducts.product(qkv, v, stride, p, pAt, stride, count, mixed, q, stride, all, dim, columns);
        }
    }

    private void causalSoftmax(double[] p, int at, int count, int dim) {
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int t = 0; t < count; t += LANES) {
            DoubleVector largest = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
            for (int s = 0; s < count; s++) {
                DoubleVector hidden = load(causal, LANES - Math.min(LANES, Math.max(0, s - t)));
                DoubleVector score = load(p, at + s * stride + t).fma(DoubleVector.broadcast(SPECIES, scale), hidden);
                score.intoArray(p, at + s * stride + t);
                largest = largest.max(score);
            }
            DoubleVector total = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                DoubleVector e =
                        VectorDoubleMath.exp(load(p, at + s * stride + t).sub(largest));
                e.intoArray(p, at + s * stride + t);
                total = total.add(e);
            }
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(total);
            for (int s = 0; s < count; s++) {
                load(p, at + s * stride + t).mul(inverse).intoArray(p, at + s * stride + t);
            }
        }
    }

    @Override
    void attentionInput(
            double[] dMixed,
            double[] qkv,
            double[] p,
            double[] mixed,
            double[] dQkv,
            int start,
            int count,
            int heads,
            int n,
            int block) {
        int dim = n / heads;
        int columns = pad(count);
        for (int h = 0; h < heads; h++) {
            int q = h * dim * stride + start;
            int k = q + n * stride;
            int v = k + n * stride;
            int pAt = h * block * stride + start;
            // dP_st = v_s·dMixed_t, dA = p·(dP − Σ_s p·dP)·scale
            VectorDoubleProducts.transposedProduct(
                    qkv, v, stride, dMixed, q, stride, all, dim, dScores, 0, columns, count, columns);
            scoreGradient(p, pAt, dScores, columns, count, dim);
            // dQ_t = Σ_s dA_st·k_s, dK_s = Σ_t dA_st·q_t, dV_s = Σ_t p_st·dMixed_t
            VectorDoubleProducts.product(
                    qkv, k, stride, dScores, 0, columns, count, dQkv, q, stride, all, dim, columns);
            VectorDoubleProducts.transpose(dScores, 0, columns, pTransposed, columns, count, count);
            VectorDoubleProducts.product(
                    qkv, q, stride, pTransposed, 0, columns, count, dQkv, k, stride, all, dim, columns);
            VectorDoubleProducts.transpose(p, pAt, stride, pTransposed, columns, count, count);
            VectorDoubleProducts.product(
                    dMixed, q, stride, pTransposed, 0, columns, count, dQkv, v, stride, all, dim, columns);
        }
    }

    private void scoreGradient(double[] p, int pAt, double[] dP, int row, int count, int dim) {
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int t = 0; t < count; t += LANES) {
            DoubleVector mean = DoubleVector.zero(SPECIES);
            for (int s = 0; s < count; s++) {
                mean = load(p, pAt + s * stride + t).fma(load(dP, s * row + t), mean);
            }
            for (int s = 0; s < count; s++) {
                DoubleVector weight = load(p, pAt + s * stride + t).mul(scale);
                load(dP, s * row + t).sub(mean).mul(weight).intoArray(dP, s * row + t);
            }
        }
    }
}
