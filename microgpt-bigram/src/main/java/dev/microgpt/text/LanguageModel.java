package dev.microgpt.text;

import java.util.Objects;

/**
 * A language model gives every token that may come next a score, its logit. All stages, from bigram counts to the GPT, are
 * asked in this one way, so that the cross-entropy loss and the {@link Sampler} are written once.
 *
 * <p>Token ids are in [0, {@link #vocabSize()}). By convention the last id, {@code vocabSize() - 1}, is BOS, the
 * special token that opens and closes a document (see {@link Tokenizer#encodeDocument}).
 *
 * @since 0.1
 */
public interface LanguageModel {

    /**
     * Vocabulary size: the number of token ids, BOS included.
     *
     * @return at least 1
     */
    int vocabSize();

    /**
     * Context length: the most tokens that one {@link Context} takes, which is also the most predictions that a loss counts.
     *
     * @return at least 1; {@link Integer#MAX_VALUE}, the default, for a model without such a limit
     */
    default int blockSize() {
        return Integer.MAX_VALUE;
    }

    /**
     * Starts reading a document.
     *
     * @return a new context that has seen no token yet
     */
    Context newContext();

    /**
     * The cross-entropy loss of each prediction in a document: loss_t = −log softmax(logits_t)[tokens[t + 1]], in nats. At
     * chance it is log({@link #vocabSize()}); −log 0 is {@code Infinity}, and NaN logits give a NaN loss.
     *
     * @param tokens ids, shape [n + 1], n ≥ 1; for a whole document as {@link Tokenizer#encodeDocument} makes them
     * @return a new array, shape [min({@link #blockSize()}, n)]
     * @throws IllegalArgumentException if there are fewer than two tokens, or one is not in [0, vocabSize)
     */
    default double[] losses(int... tokens) {
        Objects.requireNonNull(tokens, "tokens is null");
        if (tokens.length < 2) {
            throw new IllegalArgumentException(
                    "tokens has length " + tokens.length + ", at least 2 are needed: one to read and one to predict");
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabSize()) {
                throw new IllegalArgumentException("tokenId " + token + " is not in [0, " + vocabSize() + ")");
            }
        }
        double[] losses = new double[Math.min(blockSize(), tokens.length - 1)];
        Context context = newContext();
        for (int t = 0; t < losses.length; t++) {
            losses[t] = crossEntropy(context.next(tokens[t]), tokens[t + 1]);
        }
        return losses;
    }

    /**
     * The {@linkplain #losses(int...) losses} of many documents, which a model may compute together, faster than one by one.
     *
     * @param documents token ids of each, shape [n + 1], n ≥ 1
     * @return for each document a new array, shape [min({@link #blockSize()}, n)]
     * @throws IllegalArgumentException if a document has fewer than two tokens, or one is not in [0, vocabSize); the message has
     *     its index
     */
    default double[][] losses(int[][] documents) {
        Objects.requireNonNull(documents, "documents is null");
        double[][] losses = new double[documents.length][];
        for (int i = 0; i < documents.length; i++) {
            int[] tokens = documents[i];
            if (tokens == null) {
                throw new NullPointerException("documents[" + i + "] is null");
            }
            try {
                losses[i] = losses(tokens);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("documents[" + i + "]: " + e.getMessage(), e);
            }
        }
        return losses;
    }

    /**
     * The cross-entropy loss of a document, which is the logarithm of its perplexity: the mean of {@link #losses(int...)},
     * (1/n) Σ_t −log softmax(logits_t)[tokens[t + 1]].
     *
     * @param tokens ids, shape [n + 1], n ≥ 1
     * @return nats per predicted token
     * @throws IllegalArgumentException if there are fewer than two tokens, or one is not in [0, vocabSize)
     */
    default double loss(int... tokens) {
        double[] losses = losses(tokens);
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length;
    }

    /**
     * Reads two models as one, such as a GPT and n-gram counts: the probability of each token is weight · p_a + (1 − weight) ·
     * p_b. The logits are its logarithm.
     *
     * @param a one model
     * @param b another one, with the same token ids; its vocabulary size is compared, what the ids mean is up to the caller
     * @param weight share of {@code a}, in [0, 1]
     * @return a model that asks both; its {@link #blockSize()} is the smaller one of the two
     * @throws IllegalArgumentException if the vocabulary sizes differ, or {@code weight} is not in [0, 1]; while reading, if
     *     the logits of a model are not a distribution, see {@link Sampler#probabilities}
     */
    static LanguageModel mix(LanguageModel a, LanguageModel b, double weight) {
        Objects.requireNonNull(a, "a is null");
        Objects.requireNonNull(b, "b is null");
        if (a.vocabSize() != b.vocabSize()) {
            throw new IllegalArgumentException(
                    "vocabSize " + b.vocabSize() + " of b is not " + a.vocabSize() + ", that of a");
        }
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight " + weight + " is not in [0, 1]");
        }
        return new Mixture(a, b, weight);
    }

    private static double crossEntropy(double[] logits, int target) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - max);
        }
        return Math.log(sum) + max - logits[target]; // −log(e^l_target / Σ_j e^l_j); the maximum keeps e^l finite
    }
}
