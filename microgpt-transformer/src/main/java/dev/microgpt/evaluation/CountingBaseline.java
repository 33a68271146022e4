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
    private final Map<Long, Integer> pairs = new HashMap<>(); // i·V + j -> c_ij
    private final int[] counts; // [vocabSize]: Σ_j c_ij; and c_j as well, since a document begins as it ends
    private long total; // Σ_j c_j

    CountingBaseline(int vocabSize) {
        this.vocabSize = vocabSize;
        this.counts = new int[vocabSize];
    }

    /** Counts the predictions of a document once: token ids in [0, vocabSize), BOS at both ends. */
    void learn(int[] tokens) {
        for (int t = 0; t + 1 < tokens.length; t++) {
            pairs.merge(key(tokens[t], tokens[t + 1]), 1, Integer::sum);
            counts[tokens[t]]++;
        }
        total += tokens.length - 1;
    }

    /** −ln p(token), in nats. */
    double unigramLoss(int token) {
        return loss(counts[token], total);
    }

    /** −ln p(next | previous), in nats. */
    double bigramLoss(int previous, int next) {
        return loss(pairs.getOrDefault(key(previous, next), 0), counts[previous]);
    }

    private double loss(int count, long of) {
        return -Math.log((count + 1.0) / ((double) of + vocabSize));
    }

    private long key(int previous, int next) {
        return (long) previous * vocabSize + next;
    }
}
