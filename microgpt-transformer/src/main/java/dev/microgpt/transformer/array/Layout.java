package dev.microgpt.transformer.array;

/**
 * The sizes of a GPT, and where its matrices lie in one flat array of all weights. There are two orders, which differ in
 * {@code mlp_fc2} alone: the <em>canonical</em> one, that of the parameters of a model, and the <em>packed</em> one, in which
 * training by hand-derived gradients has mlp_fc2 transposed, so that a hidden unit's weights are neighbours.
 *
 * @param vocabSize number of token ids
 * @param blockSize most predictions of a document
 * @param embedDim numbers that stand for a token
 * @param headCount heads of attention, a divisor of embedDim
 * @param layerCount layers
 * @param squaredRelu whether the hidden units are squared after ReLU
 */
public record Layout(int vocabSize, int blockSize, int embedDim, int headCount, int layerCount, boolean squaredRelu) {

    private static final int FEWEST = 64; // positions
    private static final int FIRST_NUMBERS = 1 << 18;

    /** Length of a query, a key and a value in each head. */
    public int headDim() {
        return embedDim / headCount;
    }

    /** Hidden units of the feed-forward part. */
    public int hiddenDim() {
        return 4 * embedDim;
    }

    /** Predictions of a document that count, what does not fit into blockSize being cut: [1, blockSize]. */
    public int predictions(int... tokens) {
        return Math.min(blockSize, tokens.length - 1);
    }

    /**
     * For how many positions a reader makes room at first: all of them, unless that is much; then it grows with the documents. A
     * model of few bytes may have a blockSize and a layerCount that multiply to gigabytes.
     */
    int firstPositions(int sequences) {
        long numbers = (long) sequences * layerCount * embedDim; // of a position, in keys; values are as many
        return (int) Math.min(blockSize, Math.max(FEWEST, FIRST_NUMBERS / numbers));
    }

    /** How much room comes after room for {@code positions}, which is not enough. */
    int morePositions(int positions) {
        return (int) Math.min(blockSize, 2L * positions);
    }

    /** wte: [vocabSize][embedDim]. */
    public int tokenEmbedding() {
        return 0;
    }

    /** wpe: [blockSize][embedDim]. */
    public int positionEmbedding() {
        return vocabSize * embedDim;
    }

    /** lm_head: [vocabSize][embedDim]. */
    public int lmHead() {
        return positionEmbedding() + blockSize * embedDim;
    }

    /** attn_wq, attn_wk and attn_wv one below the other: [3·embedDim][embedDim]. */
    public int wqkv(int layer) {
        return lmHead() + vocabSize * embedDim + layer * 12 * square();
    }

    /** attn_wo: [embedDim][embedDim]. */
    public int wo(int layer) {
        return wqkv(layer) + 3 * square();
    }

    /** mlp_fc1: [hiddenDim][embedDim]. */
    public int fc1(int layer) {
        return wo(layer) + square();
    }

    /** mlp_fc2: [embedDim][hiddenDim] in the canonical order, [hiddenDim][embedDim] in the packed one. */
    public int fc2(int layer) {
        return fc1(layer) + 4 * square();
    }

    /** Number of weights. */
    public int size() {
        return wqkv(layerCount);
    }

    /** Copies weights, gradients or moments from the canonical into the packed order. */
    public void pack(double[] canonical, double[] packed) {
        System.arraycopy(canonical, 0, packed, 0, size());
        for (int layer = 0; layer < layerCount; layer++) {
            transpose(canonical, fc2(layer), packed, embedDim, hiddenDim());
        }
    }

    /** Copies weights, gradients or moments from the packed into the canonical order. */
    public void unpack(double[] packed, double[] canonical) {
        System.arraycopy(packed, 0, canonical, 0, size());
        for (int layer = 0; layer < layerCount; layer++) {
            transpose(packed, fc2(layer), canonical, hiddenDim(), embedDim);
        }
    }

    private static void transpose(double[] from, int at, double[] to, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[at + column * rows + row] = from[at + row * columns + column];
            }
        }
    }

    private int square() {
        return embedDim * embedDim;
    }
}
