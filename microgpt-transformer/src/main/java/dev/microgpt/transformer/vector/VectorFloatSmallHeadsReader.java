package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.FloatWeights;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.FloatMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorFloatReader} where a vector holds several heads, which are computed together: a score is there headDim times over,
 * as in {@link VectorFloatSmallHeads}. In single precision only: scores are added up in another order than in plain loops, and
 * in double both have the same bits.
 */
final class VectorFloatSmallHeadsReader extends VectorFloatReader {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final float[][][] qkv; // of each layer and position, [3·embedDim]
    private final float[] p; // of the heads in one vector, [blockSize][LANES]
    private final float[] max = new float[LANES]; // of their scores, as wide as they

    VectorFloatSmallHeadsReader(Layout layout, FloatWeights weights) {
        super(layout, weights);
        qkv = new float[layout.layerCount()][layout.blockSize()][3 * n];
        p = new float[layout.blockSize() * LANES];
    }

    /** Whether vectors hold several heads: with one each, nothing is gained. */
    static boolean suits(Layout layout) {
        return layout.headDim() < LANES && VectorFloatSmallHeads.suits(layout);
    }

    /** {@inheritDoc} Nothing to do: what is read was written before, in the same document. */
    @Override
    public void forget() {}

    @Override
    protected float[] qkv(int layer, int position) {
        return qkv[layer][position];
    }

    @Override
    protected void attend(int layer, int position, float scale, float[] y) {
        for (int c = 0; c < n; c += LANES) {
            scores(qkv[layer], position, scale, c);
            mix(qkv[layer], position, c, y);
        }
    }

    /** p_s = q·k_s·scale for the vector at c; leaves the largest of each head. */
    private void scores(float[][] qkv, int position, float scale, int c) {
        float[] p = this.p;
        FloatVector query = FloatVector.fromArray(SPECIES, qkv[position], c).mul(scale);
        FloatVector largest = FloatVector.broadcast(SPECIES, FloatMath.MASKED);
        for (int s = 0; s <= position; s++) {
            FloatVector.fromArray(SPECIES, qkv[s], n + c).mul(query).intoArray(p, s * LANES);
            VectorFloatSums.sum(p, s * LANES, dim);
            FloatVector score = FloatVector.fromArray(SPECIES, p, s * LANES);
            largest = largest.blend(score, largest.compare(VectorOperators.LT, score));
        }
        largest.intoArray(max, 0);
    }

    /** y = Σ_s e^(p_s − max)·v_s / Σ_s e^(p_s − max) for the vector at c. */
    private void mix(float[][] qkv, int position, int c, float[] y) {
        float[] p = this.p;
        FloatVector total = FloatVector.zero(SPECIES);
        FloatVector mixed = FloatVector.zero(SPECIES);
        for (int s = 0; s <= position; s++) {
            VectorFloatMath.exp(p, s * LANES, max, 0, 1, p, s * LANES);
            FloatVector weight = FloatVector.fromArray(SPECIES, p, s * LANES);
            total = total.add(weight);
            mixed = weight.fma(FloatVector.fromArray(SPECIES, qkv[s], 2 * n + c), mixed);
        }
        mixed.div(total).intoArray(y, c);
    }
}
