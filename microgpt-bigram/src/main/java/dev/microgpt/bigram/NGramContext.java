package dev.microgpt.bigram;

import dev.microgpt.text.Context;
import java.util.Arrays;
import java.util.List;

/** An n-gram model reading: it keeps where the last 0, 1, …, order − 1 tokens stand among the n-grams of their length. */
final class NGramContext implements Context {
    private final List<NGramLevel> levels;
    private final int vocabSize;
    private final int[] contexts; // [order]: contexts[n] is the n-gram of the last n tokens, or NONE
    private final double[] logits; // [vocabSize]

    NGramContext(List<NGramLevel> levels, int vocabSize) {
        this.levels = levels;
        this.vocabSize = vocabSize;
        contexts = new int[levels.size()];
        Arrays.fill(contexts, 1, contexts.length, NGramLevel.NONE);
        logits = new double[vocabSize];
    }

    @Override
    public double[] next(int tokenId) {
        requireToken(tokenId, vocabSize);
        read(tokenId);
        Arrays.fill(logits, 1.0 / vocabSize);
        for (int n = 0; n < contexts.length && contexts[n] != NGramLevel.NONE; n++) {
            levels.get(n).interpolate(contexts[n], logits);
        }
        for (int token = 0; token < vocabSize; token++) {
            logits[token] = Math.log(logits[token]);
        }
        return logits;
    }

    /** Takes the next token, without the answer. */
    void read(int token) {
        for (int n = contexts.length - 1; n >= 1; n--) {
            int shorter = contexts[n - 1];
            contexts[n] = shorter == NGramLevel.NONE
                    ? NGramLevel.NONE
                    : levels.get(n - 1).find(shorter, token);
        }
    }

    /** The probability of a single token to come next. */
    double probability(int token) {
        double probability = 1.0 / vocabSize;
        for (int n = 0; n < contexts.length && contexts[n] != NGramLevel.NONE; n++) {
            probability = levels.get(n).interpolate(contexts[n], token, probability);
        }
        return probability;
    }

    /**
     * The probabilities of a single token to come next in the models of all orders up to this one, which share their shorter levels.
     *
     * @param longest the last level of each, from {@link NGram#LOWEST_ORDER} on
     * @param byOrder shape [order + 1]: where they go
     */
    void probabilities(int token, List<NGramLevel> longest, double[] byOrder) {
        double shorter = 1.0 / vocabSize;
        for (int n = 1; n < byOrder.length; n++) {
            int context = contexts[n - 1];
            boolean known = context != NGramLevel.NONE;
            if (n >= NGram.LOWEST_ORDER) {
                byOrder[n] = known ? longest.get(n - NGram.LOWEST_ORDER).interpolate(context, token, shorter) : shorter;
            }
            shorter = known ? levels.get(n - 1).interpolate(context, token, shorter) : shorter;
        }
    }

    static void requireToken(int tokenId, int vocabSize) {
        if (tokenId < 0 || tokenId >= vocabSize) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize + ")");
        }
    }
}
