package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleHidden;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleMath;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations of {@link DoubleKernels} on the Vector API, on the same matrices: a vector holds neighbours in a row. Where
 * a row is shorter than a vector the plain loops do the work.
 */
final class VectorDoubleKernels extends DoubleKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final double[] transposed; // weights of a linear layer, [in][out + LANES]
    private final VectorDoubleProducts products = new VectorDoubleProducts();
    private final VectorDoubleView left = new VectorDoubleView(); // of a product, as are the next two
    private final VectorDoubleView right = new VectorDoubleView();
    private final VectorDoubleView result = new VectorDoubleView();
    private final double[] row; // exponentials
    private final double[] largest = new double[LANES]; // one number, as is the next
    private final double[] sum = new double[LANES];
    private final double[] once = new double[2 * LANES]; // 0 in the first half, 1 in the second
    private final int n;
    private final int units;
    private final VectorDoubleSmallHeads smallHeads; // null if heads are no parts of a vector, and then the next is not
    private final VectorDoubleLargeHeads largeHeads;

    VectorDoubleKernels(Layout layout) {
        super(layout.embedDim(), layout.hiddenDim(), layout.headCount(), layout.blockSize());
        n = layout.embedDim();
        units = layout.hiddenDim();
        transposed = new double[(Math.max(4 * n, layout.vocabSize()) + LANES) * n];
        row = new double[layout.vocabSize() + LANES];
        Arrays.fill(once, LANES, 2 * LANES, 1);
        smallHeads = VectorDoubleSmallHeads.suits(layout) ? new VectorDoubleSmallHeads(layout) : null;
        largeHeads = smallHeads == null ? new VectorDoubleLargeHeads(layout) : null;
    }

    @Override
    public double[] matrix(int rows, int n) {
        return new double[rows * n + LANES]; // a vector may reach over the end
    }

    // ---- embedding

    @Override
    public void embed(double[] w, int token, int position, double[] x, int t, int n) {
        if (n % LANES != 0) {
            super.embed(w, token, position, x, t, n);
            return;
        }
        for (int i = 0; i < n; i += LANES) {
            DoubleVector.fromArray(SPECIES, w, token + i)
                    .add(DoubleVector.fromArray(SPECIES, w, position + i))
                    .intoArray(x, t * n + i);
        }
    }

    @Override
    public void embedBackward(double[] dX, int t, double[] dW, int token, int position, int n) {
        if (n % LANES != 0) {
            super.embedBackward(dX, t, dW, token, position, n);
            return;
        }
        for (int i = 0; i < n; i += LANES) {
            DoubleVector.fromArray(SPECIES, dX, t * n + i)
                    .add(DoubleVector.fromArray(SPECIES, dW, token + i))
                    .intoArray(dW, token + i);
            DoubleVector.fromArray(SPECIES, dX, t * n + i)
                    .add(DoubleVector.fromArray(SPECIES, dW, position + i))
                    .intoArray(dW, position + i);
        }
    }

    // ---- linear layer: y = x·Wᵀ

    @Override
    public void linear(double[] x, double[] w, int wAt, double[] y, int rows, int in, int out) {
        if (out < LANES) {
            super.linear(x, w, wAt, y, rows, in, out);
            return;
        }
        int step = out + LANES; // a power of two would put a column of vectors into few sets of the cache
        VectorDoubleProducts.transpose(w, wAt, in, transposed, step, out, in);
        products.product(left.of(x, 0, in), right.of(transposed, 0, step), result.of(y, 0, out), rows, in, out);
    }

    @Override
    public void linearBackwardInput(double[] dY, double[] w, int wAt, double[] dX, int rows, int in, int out) {
        if (in < LANES) {
            super.linearBackwardInput(dY, w, wAt, dX, rows, in, out);
            return;
        }
        products.product(left.of(dY, 0, out), right.of(w, wAt, in), result.of(dX, 0, in), rows, out, in);
    }

    @Override
    public void linearBackwardWeight(double[] dY, double[] x, double[] dW, int wAt, int rows, int in, int out) {
        if (in < LANES) {
            super.linearBackwardWeight(dY, x, dW, wAt, rows, in, out);
            return;
        }
        products.transposedProduct(left.of(dY, 0, out), right.of(x, 0, in), result.of(dW, wAt, in), out, rows, in);
    }

    // ---- rmsNorm

    @Override
    public void rmsNorm(double[] x, double[] y, double[] scale, int rows, int n) {
        if (n % LANES != 0) {
            super.rmsNorm(x, y, scale, rows, n);
            return;
        }
        for (int t = 0; t < rows; t++) {
            VectorDoubleSums.sumOfProducts(x, x, t * n, n, sum);
            scale[t] = sum[0];
        }
        for (int t = 0; t < rows; t += LANES) {
            DoubleVector root = DoubleVector.fromArray(SPECIES, scale, t)
                    .div(n)
                    .add(DoubleMath.RMS_EPSILON)
                    .sqrt();
            DoubleVector.broadcast(SPECIES, 1).div(root).intoArray(scale, t);
        }
        for (int t = 0; t < rows; t++) {
            for (int i = t * n; i < (t + 1) * n; i += LANES) {
                DoubleVector.fromArray(SPECIES, x, i).mul(scale[t]).intoArray(y, i);
            }
        }
    }

    @Override
    public void rmsNormBackward(double[] dY, double[] y, double[] scale, double[] dX, int rows, int n) {
        if (n % LANES != 0) {
            super.rmsNormBackward(dY, y, scale, dX, rows, n);
            return;
        }
        for (int at = 0; at < rows * n; at += n) {
            VectorDoubleSums.sumOfProducts(dY, y, at, n, sum);
            double s = scale[at / n];
            double sMean = s * (sum[0] / n);
            for (int i = at; i < at + n; i += LANES) {
                DoubleVector.fromArray(SPECIES, dY, i)
                        .fma(DoubleVector.broadcast(SPECIES, s), DoubleVector.fromArray(SPECIES, dX, i))
                        .sub(DoubleVector.fromArray(SPECIES, y, i).mul(sMean))
                        .intoArray(dX, i);
            }
        }
    }

    // ---- feed-forward: all units take part, those that are off as 0: a tile does not get faster by leaving out some

    @Override
    public DoubleHidden hidden(boolean squared, int rows) {
        double[] z = matrix(rows, units);
        return DoubleHidden.unlisted(squared, z, squared ? matrix(rows, units) : z);
    }

    @Override
    public void activate(DoubleHidden hidden, int rows) {
        double[] z = hidden.z();
        for (int i = 0; i < rows * units; i += LANES) {
            DoubleVector.fromArray(SPECIES, z, i).max(0).intoArray(z, i);
        }
        if (hidden.squared()) {
            square(z, hidden.h(), rows * units);
        }
    }

    private static void square(double[] z, double[] h, int count) {
        for (int i = 0; i < count; i++) {
            h[i] = z[i] * z[i];
        }
    }

    @Override
    public void activateBackward(DoubleHidden hidden, double[] dY, double[] w, int w2, double[] dZ, int rows) {
        linear(dY, w, w2, dZ, rows, n, units);
        if (hidden.squared()) {
            squaredReluBackward(hidden.z(), dZ, rows * units);
        } else {
            reluBackward(hidden.z(), dZ, rows * units);
        }
    }

    /** dZ = dH where z is above 0, or NaN, else 0; dH stands in dZ. */
    private static void reluBackward(double[] z, double[] dZ, int count) {
        for (int i = 0; i < count; i += LANES) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, z, i);
            DoubleVector.fromArray(SPECIES, dZ, i)
                    .blend(0, value.compare(VectorOperators.LE, 0))
                    .intoArray(dZ, i);
        }
    }

    /** dZ = 2·z·dH; z is 0 where a unit is off. */
    private static void squaredReluBackward(double[] z, double[] dZ, int count) {
        for (int i = 0; i < count; i += LANES) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, z, i);
            DoubleVector.fromArray(SPECIES, dZ, i).mul(value.mul(2)).intoArray(dZ, i);
        }
    }

    @Override
    public void sumOfUnits(DoubleHidden hidden, double[] a, double[] w, int at, double[] y, int rows) {
        linearBackwardInput(a, w, at, y, rows, n, units);
    }

    @Override
    public void sumOfUnitsBackwardWeight(DoubleHidden hidden, double[] a, double[] x, double[] dW, int wAt, int rows) {
        linearBackwardWeight(a, x, dW, wAt, rows, n, units);
    }

    // ---- cross-entropy

    @Override
    public void crossEntropy(double[] x, int[] targets, double[] weights, double[] losses, int rows, int n) {
        if (n < LANES) {
            super.crossEntropy(x, targets, weights, losses, rows, n);
            return;
        }
        for (int t = 0; t < rows; t++) {
            int at = t * n;
            double logit = x[at + targets[t]];
            softmax(x, at, n, weights[t]);
            x[at + targets[t]] -= weights[t];
            losses[t] = largest[0] - logit + DoubleMath.log(sum[0]);
        }
    }

    /** x ← softmax(x)·factor, n numbers from at on; leaves the maximum and the sum of exponentials in their vectors. */
    private void softmax(double[] x, int at, int n, double factor) {
        int last = at + n - LANES; // the last vector reaches back; what it shares with the one before is added once
        DoubleVector max = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
        for (int j = at; j < at + n; j += LANES) {
            DoubleVector next = DoubleVector.fromArray(SPECIES, x, Math.min(j, last));
            max = max.blend(next, max.compare(VectorOperators.LT, next));
        }
        max.intoArray(largest, 0);
        VectorDoubleSums.max(largest, 0);
        DoubleVector total = DoubleVector.zero(SPECIES);
        int i = 0;
        for (; i < n - LANES; i += LANES) {
            VectorDoubleMath.exp(x, at + i, largest, 0, 1, row, i);
            total = DoubleVector.fromArray(SPECIES, row, i).add(total);
        }
        VectorDoubleMath.exp(
                x, last, largest, 0, 1, row, i); // apart from the others: a load from two stores would wait for both
        DoubleVector.fromArray(SPECIES, row, i)
                .fma(DoubleVector.fromArray(SPECIES, once, (n - 1) % LANES + 1), total)
                .intoArray(sum, 0);
        VectorDoubleSums.sum(sum, 0, LANES);
        double scale = factor / sum[0];
        DoubleVector.fromArray(SPECIES, row, i).mul(scale).intoArray(x, last);
        for (i = 0; i < n - LANES; i += LANES) {
            DoubleVector.fromArray(SPECIES, row, i).mul(scale).intoArray(x, at + i);
        }
    }

    // ---- attention

    @Override
    public int weightsPerPosition() {
        return smallHeads == null ? largeHeads.weightsPerPosition() : smallHeads.weightsPerPosition();
    }

    @Override
    public void attention(double[] qkv, double[] p, double[] mixed, int start, int count) {
        if (smallHeads == null) {
            largeHeads.forward(qkv, p, mixed, start, count);
        } else {
            smallHeads.forward(qkv, p, mixed, start, count);
        }
    }

    @Override
    public void attentionBackward(
            double[] dMixed, double[] qkv, double[] p, double[] mixed, double[] dQkv, int start, int count) {
        if (smallHeads == null) {
            largeHeads.backward(dMixed, qkv, p, mixed, dQkv, start, count);
        } else {
            smallHeads.backward(dMixed, qkv, p, mixed, dQkv, start, count);
        }
    }
}
