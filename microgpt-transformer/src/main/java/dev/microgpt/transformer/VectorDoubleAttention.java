package dev.microgpt.transformer;

import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention where a vector holds one head or several: rows [q | k | v], each [headCount][headDim], a vector of q times the
 * same vector of k, added up within each head, gives the scores of all its heads, each headDim times over. So softmax and
 * everything behind it is as in {@link DoubleKernels#attention}, with vectors for numbers, and has no mask: pairs of
 * positions (t, s ≤ t) lie one behind the other, pair (t, s) at t·(t + 1)/2 + s.
 */
final class VectorDoubleAttention {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final int n;
    private final int weightsPerPosition;
    private final double scale;
    private final List<VectorShuffle<Double>> neighbours; // lane i to i ^ 1, i ^ 2, i ^ 4, … within a head
    private final double[] dP; // [pairs][LANES], and the gradient of the scores
    private final double[] means; // Σ_s p_ts·dP_ts, [blockSize][LANES]
    private final double[] max = new double[LANES];
    private final double[] sum = new double[LANES];

    VectorDoubleAttention(GptConfig config) {
        n = config.embedDim();
        int dim = n / config.headCount();
        scale = 1 / DoubleMath.sqrt(dim);
        neighbours = IntStream.range(0, Integer.numberOfTrailingZeros(dim))
                .mapToObj(j -> VectorShuffle.fromOp(SPECIES, lane -> lane ^ (1 << j)))
                .toList();
        int block = config.blockSize();
        weightsPerPosition = (block / 2 + 1) * n;
        dP = new double[block * (block + 1) / 2 * LANES];
        means = new double[block * LANES];
    }

    /** Whether vectors hold whole heads. */
    static boolean suits(GptConfig config) {
        int dim = config.embedDim() / config.headCount();
        return config.embedDim() % LANES == 0 && LANES % dim == 0 && dim * config.blockSize() <= 256;
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
                scores(qkv, q + t * 3 * n, scale, qkv, q + n, 3 * n, t + 1, p, at);
            }
            for (int j = 0; j < neighbours.size(); j++) {
                addNeighbours(p, pAt, pairs, j);
            }
            for (int t = 0, at = pAt; t < count; at += ++t * LANES) {
                exponentials(p, at, t + 1);
                mix(p, at, qkv, q + 2 * n, t + 1, mixed, (start + t) * n + c);
            }
        }
    }

    /** dV_s = Σ_t p_ts·dMixed_t, dP_ts = dMixed_t·v_s, dA = p·(dP − Σ p·dP)/√headDim, dQ_t = Σ_s dA_ts·k_s, dK_s = Σ_t dA_ts·q_t. */
    void backward(double[] dMixed, double[] qkv, double[] p, double[] mixed, double[] dQkv, int start, int count) {
        int pairs = count * (count + 1) / 2;
        for (int c = 0; c < n; c += LANES) {
            int q = start * 3 * n + c;
            int m = start * n + c;
            int pAt = start * weightsPerPosition + c / LANES * pairs * LANES;
            for (int t = 0, at = 0; t < count; at += ++t * LANES) {
                scores(dMixed, m + t * n, 1, qkv, q + 2 * n, 3 * n, t + 1, dP, at);
                scores(dMixed, m + t * n, 1, mixed, m + t * n, n, 1, means, t * LANES);
            }
            for (int j = 0; j < neighbours.size(); j++) {
                addNeighbours(dP, 0, pairs, j);
                addNeighbours(means, 0, count, j);
            }
            for (int t = 0, at = 0; t < count; at += ++t * LANES) {
                scoreGradient(p, pAt + at, at, t, qkv, q + n, dQkv, q + t * 3 * n);
            }
            for (int s = 0; s < count; s++) {
                keyAndValueGradient(p, pAt, s, count, qkv, q, dMixed, m, dQkv);
            }
        }
    }

    /** y_s = x·z_s·factor, s < count, lane by lane. */
    private static void scores(
            double[] x, int xAt, double factor, double[] z, int zAt, int zStep, int count, double[] y, int yAt) {
        DoubleVector scaled = DoubleVector.fromArray(SPECIES, x, xAt).mul(factor);
        for (int s = 0; s < count; s++) {
            DoubleVector.fromArray(SPECIES, z, zAt + s * zStep).mul(scaled).intoArray(y, yAt + s * LANES);
        }
    }

    private void addNeighbours(double[] x, int at, int count, int j) {
        VectorShuffle<Double> shuffle = neighbours.get(j);
        for (int i = at; i < at + count * LANES; i += LANES) {
            DoubleVector vector = DoubleVector.fromArray(SPECIES, x, i);
            vector.add(vector.rearrange(shuffle)).intoArray(x, i);
        }
    }

    /** p_s <- e^(p_s − max), and their sum. */
    private void exponentials(double[] p, int at, int count) {
        DoubleVector largest = DoubleVector.broadcast(SPECIES, DoubleMath.MASKED);
        for (int s = 0; s < count; s++) {
            DoubleVector next = DoubleVector.fromArray(SPECIES, p, at + s * LANES);
            largest = largest.blend(next, largest.compare(VectorOperators.LT, next));
        }
        largest.intoArray(max, 0);
        for (int s = 0; s < count; s++) {
            VectorDoubleMath.exp(p, at + s * LANES, max, p, at + s * LANES);
        }
        DoubleVector total = DoubleVector.zero(SPECIES);
        for (int s = 0; s < count; s++) {
            total = total.add(DoubleVector.fromArray(SPECIES, p, at + s * LANES));
        }
        total.intoArray(sum, 0);
    }

    /** p_s <- p_s / sum, y = Σ_s p_s·v_s. */
    private void mix(double[] p, int at, double[] v, int vAt, int count, double[] y, int yAt) {
        DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(DoubleVector.fromArray(SPECIES, sum, 0));
        DoubleVector mixed = DoubleVector.zero(SPECIES);
        for (int s = 0; s < count; s++) {
            DoubleVector weight =
                    DoubleVector.fromArray(SPECIES, p, at + s * LANES).mul(inverse);
            weight.intoArray(p, at + s * LANES);
            mixed = weight.fma(DoubleVector.fromArray(SPECIES, v, vAt + s * 3 * n), mixed);
        }
        mixed.intoArray(y, yAt);
    }

    private void scoreGradient(double[] p, int pAt, int at, int t, double[] k, int kAt, double[] dQ, int dQAt) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        DoubleVector mean = DoubleVector.fromArray(SPECIES, means, t * LANES);
        for (int s = 0; s <= t; s++) {
            DoubleVector dA = DoubleVector.fromArray(SPECIES, dP, at + s * LANES)
                    .sub(mean)
                    .mul(DoubleVector.fromArray(SPECIES, p, pAt + s * LANES))
                    .mul(scale);
            dA.intoArray(dP, at + s * LANES);
            sum = dA.fma(DoubleVector.fromArray(SPECIES, k, kAt + s * 3 * n), sum);
        }
        sum.intoArray(dQ, dQAt);
    }

    private void keyAndValueGradient(
            double[] p, int pAt, int s, int count, double[] qkv, int q, double[] dMixed, int m, double[] dQkv) {
        DoubleVector dK = DoubleVector.zero(SPECIES);
        DoubleVector dV = DoubleVector.zero(SPECIES);
        for (int t = s; t < count; t++) {
            int at = (t * (t + 1) / 2 + s) * LANES;
            dK = DoubleVector.fromArray(SPECIES, dP, at).fma(DoubleVector.fromArray(SPECIES, qkv, q + t * 3 * n), dK);
            dV = DoubleVector.fromArray(SPECIES, p, pAt + at)
                    .fma(DoubleVector.fromArray(SPECIES, dMixed, m + t * n), dV);
        }
        dK.intoArray(dQkv, q + n + s * 3 * n);
        dV.intoArray(dQkv, q + 2 * n + s * 3 * n);
    }
}
