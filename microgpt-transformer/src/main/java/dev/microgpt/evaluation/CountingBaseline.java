package dev.microgpt.evaluation;

import java.util.HashMap;
import java.util.Map;

/**
 * The two models that a GPT must beat to be worth its time: they count.
 *
 * <pre>
 * unigram  p(j)     = (c_j + 1) / (Σ_j c_j + V)
 * bigram   p(j | i) = (c_ij + 1) / (Σ_j c_ij + V)
 * </pre>
 *
 * <p>The bigram gives the probabilities of stage 0; here only the pairs that occur take memory, because the vocabulary
 * of an application's strings may have thousands of characters.
 */
final class CountingBaseline {
    private final int vocabSize;
    private final boolean pairs;
    private final Map<Long, Integer> counts = new HashMap<>(); // context·V + next -> c
    private final int[] totals; // [vocabSize]: Σ_j c of each context

    private CountingBaseline(int vocabSize, boolean pairs) {
        this.vocabSize = vocabSize;
        this.pairs = pairs;
        this.totals = new int[vocabSize];
    }

    /** How often each token comes, BOS at the end of a document included. */
    static CountingBaseline unigram(int vocabSize) {
        return new CountingBaseline(vocabSize, false);
    }

    /** How often each token follows each other one. */
    static CountingBaseline bigram(int vocabSize) {
        return new CountingBaseline(vocabSize, true);
    }

    /** Counts the predictions of a document once: token ids in [0, vocabSize), BOS at both ends. */
    void learn(int[] tokens) {
        for (int t = 0; t + 1 < tokens.length; t++) {
            counts.merge(key(tokens[t], tokens[t + 1]), 1, Integer::sum);
            totals[context(tokens[t])]++;
        }
    }

    /** −ln p(next | previous), in nats. */
    double loss(int previous, int next) {
        int count = counts.getOrDefault(key(previous, next), 0);
        return -Math.log((count + 1.0) / ((double) totals[context(previous)] + vocabSize));
    }

    private long key(int previous, int next) {
        return (long) context(previous) * vocabSize + next;
    }

    private int context(int previous) {
        return pairs ? previous : 0;
    }
}
