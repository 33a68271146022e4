package dev.microgpt.transformer.array;

import dev.microgpt.transformer.GptConfig;

/** Where the matrices of a GPT lie in its flat array, as {@link GptConfig#newParameters()} lays them out. */
public record Layout(GptConfig config) {
    /** wte: [vocabSize][embedDim]. */
    public int tokenEmbedding() {
        return 0;
    }

    /** wpe: [blockSize][embedDim]. */
    public int positionEmbedding() {
        return config.vocabSize() * config.embedDim();
    }

    /** lm_head: [vocabSize][embedDim]. */
    public int lmHead() {
        return positionEmbedding() + config.blockSize() * config.embedDim();
    }

    /** attn_wq, attn_wk and attn_wv one below the other: [3·embedDim][embedDim]. */
    public int wqkv(int layer) {
        return lmHead() + config.vocabSize() * config.embedDim() + layer * 12 * square();
    }

    /** attn_wo: [embedDim][embedDim]. */
    public int wo(int layer) {
        return wqkv(layer) + 3 * square();
    }

    /** mlp_fc1: [hiddenDim][embedDim]. */
    public int fc1(int layer) {
        return wo(layer) + square();
    }

    /** mlp_fc2, transposed: [hiddenDim][embedDim]. */
    public int fc2(int layer) {
        return fc1(layer) + 4 * square();
    }

    /** Number of weights. */
    public int size() {
        return wqkv(config.layerCount());
    }

    /** Copies weights, gradients or moments from the layout of {@link GptConfig#newParameters()} into this one. */
    public void pack(double[] canonical, double[] own) {
        System.arraycopy(canonical, 0, own, 0, size());
        for (int layer = 0; layer < config.layerCount(); layer++) {
            transpose(canonical, fc2(layer), own, config.embedDim(), config.hiddenDim());
        }
    }

    /** The way back. */
    public void unpack(double[] own, double[] canonical) {
        System.arraycopy(own, 0, canonical, 0, size());
        for (int layer = 0; layer < config.layerCount(); layer++) {
            transpose(own, fc2(layer), canonical, config.hiddenDim(), config.embedDim());
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
        return config.embedDim() * config.embedDim();
    }
}
