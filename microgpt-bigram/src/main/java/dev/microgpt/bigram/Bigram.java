package dev.microgpt.bigram;

import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import java.util.Objects;

/**
 * A bigram model: stage 0, a language model that counts which token follows which. The probability that j follows i is
 *
 * <pre>p(j | i) = (c_ij + 1) / (Σ_j c_ij + V)</pre>
 *
 * where c_ij is how often it did, and the one added to each of the V counts (Laplace smoothing) keeps every probability
 * above 0. Many threads may read it while none is in {@link #learn}.
 *
 * <pre>{@code
 * Bigram model = new Bigram(3);
 * model.learn(2, 0, 0, 1, 2); // the document "aab"; BOS is 2
 * model.probability(0, 1);    // 0.4 = (1 + 1) / (2 + 3)
 * model.learn(2, 3, 2);       // IllegalArgumentException: tokenId 3 is not in [0, 3)
 * }</pre>
 *
 * @since 0.1
 */
public final class Bigram implements LanguageModel {

    private final int[][] counts; // [vocabSize][vocabSize]: c_ij
    private final int[] totals; // [vocabSize]: Σ_j c_ij

    /**
     * A model that has seen nothing: every token is equally likely.
     *
     * @param vocabSize number of token ids, ≥ 1
     * @throws IllegalArgumentException if {@code vocabSize} is below 1
     */
    public Bigram(int vocabSize) {
        if (vocabSize < 1) {
            throw new IllegalArgumentException("vocabSize " + vocabSize + " is not >= 1");
        }
        counts = new int[vocabSize][vocabSize];
        totals = new int[vocabSize];
    }

    @Override
    public int vocabSize() {
        return counts.length;
    }

    /**
     * Counts every pair of neighbours in a document once.
     *
     * @param tokens ids in [0, vocabSize), BOS first and last; fewer than two teach nothing
     * @throws IllegalArgumentException if an id is not in [0, vocabSize); nothing is counted then
     */
    public void learn(int... tokens) {
        Objects.requireNonNull(tokens, "tokens is null");
        for (int token : tokens) {
            check(token);
        }
        for (int t = 0; t + 1 < tokens.length; t++) {
            counts[tokens[t]][tokens[t + 1]]++;
            totals[tokens[t]]++;
        }
    }

    /**
     * How often one token has followed another.
     *
     * @param previous id in [0, vocabSize)
     * @param next id in [0, vocabSize)
     * @return c_ij ≥ 0, without smoothing
     * @throws IllegalArgumentException if an id is not in [0, vocabSize)
     */
    public int count(int previous, int next) {
        check(previous);
        check(next);
        return counts[previous][next];
    }

    /**
     * How likely one token is to follow another.
     *
     * @param previous id in [0, vocabSize)
     * @param next id in [0, vocabSize)
     * @return (c_ij + 1) / (Σ_j c_ij + V), above 0
     * @throws IllegalArgumentException if an id is not in [0, vocabSize)
     */
    public double probability(int previous, int next) {
        return (count(previous, next) + 1.0) / (totals[previous] + vocabSize());
    }

    /**
     * Starts reading a document. The context's logits are log p(j | tokenId), whatever was read before; softmax gives
     * the probabilities back. It answers from the counts at the time of the call.
     */
    @Override
    public Context newContext() {
        double[] logits = new double[vocabSize()];
        return tokenId -> {
            for (int next = 0; next < logits.length; next++) {
                logits[next] = Math.log(probability(tokenId, next));
            }
            return logits;
        };
    }

    /** Size and number of counted pairs, such as {@code Bigram[vocabSize=27, pairs=21035]}. */
    @Override
    public String toString() {
        long pairs = 0;
        for (int total : totals) {
            pairs += total;
        }
        return "Bigram[vocabSize=" + vocabSize() + ", pairs=" + pairs + "]";
    }

    private void check(int tokenId) {
        if (tokenId < 0 || tokenId >= vocabSize()) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize() + ")");
        }
    }
}
