package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention where a vector holds one head or several: rows [q | k | v], each [headCount][headDim], a vector of q times the
 * same vector of k, added up within each head, gives the scores of all its heads, each headDim times over. So softmax and
 * everything after it is as in {@link DoubleKernels#attention}, with vectors for numbers, and has no mask: pairs of
 * positions (t, s ≤ t) lie one after the other, pair (t, s) at t·(t + 1)/2 + s.
 */
final class VectorDoubleSmallHeads {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final int n;
    private final int dim; // of a head
    private final int weightsPerPosition;
    private final double scale;
    private final double[] dA; // gradient of the scores, [pairs][LANES]
    private final double[] max = new double[LANES]; // of the scores of one position, as wide as they
    private final double[] mean = new double[LANES]; // Σ_s p_ts·dP_ts of one position, as wide

    private double[] dMixed; // what backward works on
    private double[] qkv;
    private double[] p;
    private double[] mixed;
    private double[] dQkv;

    VectorDoubleSmallHeads(Layout layout) {
        n = layout.embedDim();
        dim = n / layout.headCount();
        scale = 1 / DoubleMath.sqrt(dim);
        int block = layout.blockSize();
        weightsPerPosition = (block / 2 + 1) * n;
        dA = new double[block * (block + 1) / 2 * LANES];
    }

    /** Whether vectors hold whole heads. */
    static boolean suits(Layout layout) {
        int dim = layout.embedDim() / layout.headCount();
        return layout.embedDim() % LANES == 0 && LANES % dim == 0 && dim * layout.blockSize() <= 256;
    }

    /** How many numbers of p a position has. */
    int weightsPerPosition() {
        return weightsPerPosition;
    }

    /** p_ts = softmax_s(q_t·k_s / √headDim), mixed_t = Σ_s p_ts·v_s, for the vectors at c of a document's rows. */
    void forward(double[] qkv, double[] p, double[] mixed, int start, int count) {
        int pairs = count * (count + 1) / 2;
        for (int c = 0; c < n; c += LANES) {
            int q = start * 3 * n + c;
            int pAt = start * weightsPerPosition + c / LANES * pairs * LANES;
            for (int t = 0, at = pAt; t < count; at += ++t * LANES) {
                scores(qkv, q + t * 3 * n, q + n, t + 1, p, at);
                mix(p, at, qkv, q + 2 * n, t + 1, mixed, (start + t) * n + c);
            }
        }
    }

    /** p_s = q·k_s / √headDim, s < count; leaves the largest of each head. */
    private void scores(double[] qkv, int q, int k, int count, double[] p, int at) {
        DoubleVector query = DoubleVector.fromArray(SPECIES, qkv, q).mul(scale);
        DoubleVector largest = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
        for (int s = 0; s < count; s++) {
            DoubleVector.fromArray(SPECIES, qkv, k + s * 3 * n).mul(query).intoArray(p, at + s * LANES);
            VectorDoubleSums.sum(p, at + s * LANES, dim);
            DoubleVector score = DoubleVector.fromArray(SPECIES, p, at + s * LANES);
            largest = largest.blend(score, largest.compare(VectorOperators.LT, score));
        }
        largest.intoArray(max, 0);
    }

    /** p ← softmax(p), y = Σ_s p_s·v_s. */
    private void mix(double[] p, int at, double[] v, int vAt, int count, double[] y, int yAt) {
        DoubleVector total = DoubleVector.zero(SPECIES);
        DoubleVector mixed = DoubleVector.zero(SPECIES);
        for (int s = 0; s < count; s++) {
            VectorDoubleMath.exp(p, at + s * LANES, max, 0, 1, p, at + s * LANES);
            DoubleVector weight = DoubleVector.fromArray(SPECIES, p, at + s * LANES);
            total = total.add(weight);
            mixed = weight.fma(DoubleVector.fromArray(SPECIES, v, vAt + s * 3 * n), mixed);
        }
        DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(total);
        mixed.mul(inverse).intoArray(y, yAt);
        for (int s = 0; s < count; s++) {
            DoubleVector.fromArray(SPECIES, p, at + s * LANES).mul(inverse).intoArray(p, at + s * LANES);
        }
    }

    /** dV_s = Σ_t p_ts·dMixed_t, dP_ts = dMixed_t·v_s, dA = p·(dP − Σ p·dP)/√headDim, dQ_t = Σ_s dA_ts·k_s, dK_s = Σ_t dA_ts·q_t. */
    void backward(double[] dMixed, double[] qkv, double[] p, double[] mixed, double[] dQkv, int start, int count) {
        this.dMixed = dMixed;
        this.qkv = qkv;
        this.p = p;
        this.mixed = mixed;
        this.dQkv = dQkv;
        int pairs = count * (count + 1) / 2;
        for (int c = 0; c < n; c += LANES) {
            int q = start * 3 * n + c;
            int m = start * n + c;
            int pAt = start * weightsPerPosition + c / LANES * pairs * LANES;
            for (int t = 0, at = 0; t < count; at += ++t * LANES) {
                queryGradient(m + t * n, q + t * 3 * n, q + n, t + 1, pAt + at, at);
            }
            for (int s = 0; s < count; s++) {
                keyAndValueGradient(q, m, s, count, pAt);
            }
        }
    }

    /** Of the query at q, whose weights begin at pAt; its scores' gradients go to dA from {@code at} on. */
    private void queryGradient(int m, int q, int k, int count, int pAt, int at) {
        double[] qkv = this.qkv;
        double[] p = this.p;
        DoubleVector dY = DoubleVector.fromArray(SPECIES, dMixed, m);
        dY.mul(DoubleVector.fromArray(SPECIES, mixed, m)).intoArray(mean, 0);
        VectorDoubleSums.sum(mean, 0, dim);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int s = 0; s < count; s++) {
            int i = at + s * LANES;
            dY.mul(DoubleVector.fromArray(SPECIES, qkv, k + n + s * 3 * n)).intoArray(dA, i);
            VectorDoubleSums.sum(dA, i, dim);
            DoubleVector dScore = DoubleVector.fromArray(SPECIES, dA, i)
                    .sub(DoubleVector.fromArray(SPECIES, mean, 0))
                    .mul(DoubleVector.fromArray(SPECIES, p, pAt + s * LANES))
                    .mul(scale);
            dScore.intoArray(dA, i);
            sum = dScore.fma(DoubleVector.fromArray(SPECIES, qkv, k + s * 3 * n), sum);
        }
        sum.intoArray(dQkv, q);
    }

    /** Of key and value at position s; the rows of q and of dMixed begin at q and m. */
    private void keyAndValueGradient(int q, int m, int s, int count, int pAt) {
        double[] qkv = this.qkv;
        double[] p = this.p;
        double[] dMixed = this.dMixed;
        DoubleVector dK = DoubleVector.zero(SPECIES);
        DoubleVector dV = DoubleVector.zero(SPECIES);
        for (int t = s; t < count; t++) {
            int at = (t * (t + 1) / 2 + s) * LANES;
            dK = DoubleVector.fromArray(SPECIES, dA, at).fma(DoubleVector.fromArray(SPECIES, qkv, q + t * 3 * n), dK);
            dV = DoubleVector.fromArray(SPECIES, p, pAt + at)
                    .fma(DoubleVector.fromArray(SPECIES, dMixed, m + t * n), dV);
        }
        dK.intoArray(dQkv, q + n + s * 3 * n);
        dV.intoArray(dQkv, q + 2 * n + s * 3 * n);
    }
}
