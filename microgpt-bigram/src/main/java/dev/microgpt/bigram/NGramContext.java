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

    static void requireToken(int tokenId, int vocabSize) {
        if (tokenId < 0 || tokenId >= vocabSize) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize + ")");
        }
    }
}
