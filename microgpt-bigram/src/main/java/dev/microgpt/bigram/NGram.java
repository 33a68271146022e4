package dev.microgpt.bigram;

import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * An n-gram language model with interpolated modified Kneser–Ney smoothing: it counts which token follows the last n − 1, where n
 * is its order, and mixes in what follows fewer of them. Counting done well, as far as it goes. There is no file of such a model,
 * since counting again takes no longer than reading one. Immutable; any number of threads may share it.
 *
 * <p>The probability that token w comes after the context h, the last n − 1 tokens, is
 *
 * <pre>
 * p(w | h) = (c(h w) − D(c(h w))) / c(h)  +  γ(h) p(w | h')
 *
 *     c(h w)   how often w came after h; for shorter contexts, how many different tokens came before h w
 *     c(h)     Σ_w c(h w)
 *     D        the discount for a count of 1, of 2, and of 3 or more, from how many n-grams have which count
 *     γ(h)     Σ_w D(c(h w)) / c(h): what the discounts have taken away
 *     h'       h without its first token; after the empty context, p(w | h') is 1 / V
 * </pre>
 *
 * <p>A shorter context is asked where the longer one has seen little. What counts there is not how often an n-gram came, since
 * the longer context knows that, but after how many different tokens. An n-gram that begins with BOS has none before it, and
 * counts as often as it came.
 *
 * <pre>{@code
 * NGram model = NGram.train(Documents.givenNames().asList());
 * model.order();                           // 6
 * model.loss("emma");                      // 1.9191119993483945
 * model.generate(3, new PythonRandom(42)); // [obia, prapaljallievia, rce]
 * }</pre>
 *
 * <p>Memory while counting: 18 bytes a character, and 14 a distinct n-gram of each length up to the order, of which 10 stay.
 * 356,000 words with 2.3 million n-grams at order 7 are counted in a heap of 128 MB.
 *
 * @see <a href="https://dash.harvard.edu/handle/1/25104739">Chen and Goodman 1998</a>
 * @since 0.1
 */
public final class NGram implements LanguageModel {
    static final int LOWEST_ORDER = 2;
    static final int HIGHEST_ORDER = 8;

    private final Tokenizer tokenizer;
    private final List<NGramLevel> levels; // [order]: the n-grams of length 1, 2, …

    NGram(Tokenizer tokenizer, List<NGramLevel> levels) {
        this.tokenizer = tokenizer;
        this.levels = levels;
    }

    /**
     * Counts a list of strings, with the order from 2 to 8 that predicts unseen ones best. To choose it, the distinct strings are
     * shuffled with seed 42, the last tenth, at most 1,000 of them, is held out, and the others are counted once each; of more
     * than 100,000 distinct strings a sample of so many serves. Then all strings are counted, as often as they are there.
     *
     * @param documents what to count; blanks around a string do not count, blank ones are skipped; not kept
     * @return the model
     * @throws IllegalArgumentException if there is no string that is not blank, or the list does not fit into memory
     */
    public static NGram train(Collection<String> documents) {
        Documents docs = Documents.of(documents);
        Tokenizer tokenizer = Tokenizer.of(docs);
        return train(docs, OrderChoice.best(docs, tokenizer), tokenizer);
    }

    /**
     * Counts a list of strings with an order of one's own.
     *
     * @param documents what to count, as of {@link #train(Collection)}
     * @param order the length of the longest n-grams, in [2, 8]: a token is predicted from the {@code order − 1} before it
     * @return the model
     * @throws IllegalArgumentException if there is no string that is not blank, the order is not in [2, 8], or the list does
     *     not fit into memory
     */
    public static NGram train(Collection<String> documents, int order) {
        Documents docs = Documents.of(documents);
        return train(docs, order, Tokenizer.of(docs));
    }

    /**
     * Counts a list of strings with a vocabulary that may have more characters, such as that of a model to compare with or to
     * {@linkplain LanguageModel#mix mix}.
     *
     * @param documents what to count, as of {@link #train(Collection)}
     * @param order the length of the longest n-grams, in [2, 8]
     * @param tokenizer knows every character of the documents
     * @return the model
     * @throws IllegalArgumentException if there is no string that is not blank, the order is not in [2, 8], a character is not
     *     in the vocabulary, or the list does not fit into memory
     */
    public static NGram train(Collection<String> documents, int order, Tokenizer tokenizer) {
        Objects.requireNonNull(tokenizer, "tokenizer is null");
        return train(Documents.of(documents), order, tokenizer);
    }

    private static NGram train(Documents documents, int order, Tokenizer tokenizer) {
        if (order < LOWEST_ORDER || order > HIGHEST_ORDER) {
            throw new IllegalArgumentException(
                    "order " + order + " is not in [" + LOWEST_ORDER + ", " + HIGHEST_ORDER + "]");
        }
        return new NGram(
                tokenizer, NGramCounts.of(documents.asList(), order, tokenizer).levels(order));
    }

    @Override
    public int vocabSize() {
        return tokenizer.vocabSize();
    }

    /**
     * The order n: the length of the longest n-grams.
     *
     * @return in [2, 8]; a token is predicted from the {@code order − 1} before it
     */
    public int order() {
        return levels.size();
    }

    /**
     * What turns strings into the tokens of this model.
     *
     * @return the vocabulary of the strings that were counted, or the tokenizer that was given
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Starts reading a document. The context's logits are log probabilities, all of them finite. */
    @Override
    public Context newContext() {
        return new NGramContext(levels, vocabSize());
    }

    @Override
    public double[] losses(int... tokens) {
        requireDocument(tokens);
        double[] losses = new double[tokens.length - 1];
        NGramContext context = new NGramContext(levels, vocabSize());
        for (int t = 0; t < losses.length; t++) {
            context.read(tokens[t]);
            losses[t] = -Math.log(context.probability(tokens[t + 1]));
        }
        return losses;
    }

    private void requireDocument(int... tokens) {
        Objects.requireNonNull(tokens, "tokens is null");
        if (tokens.length < 2) {
            throw new IllegalArgumentException(
                    "tokens has length " + tokens.length + ", at least 2 are needed: one to read and one to predict");
        }
        for (int token : tokens) {
            NGramContext.requireToken(token, vocabSize());
        }
    }

    /**
     * Cross-entropy loss: how surprising a string is.
     *
     * @param document may be empty; blanks around it do not count, as in training
     * @return mean over its characters and its end of −ln p, nats per token; infinite if a character is not in the vocabulary
     */
    public double loss(String document) {
        Objects.requireNonNull(document, "document is null");
        String text = document.strip();
        boolean known = text.codePoints().allMatch(c -> tokenizer.vocabulary().indexOf(c) >= 0);
        return known ? loss(tokenizer.encodeDocument(text)) : Double.POSITIVE_INFINITY;
    }

    /**
     * Writes new strings, at temperature 1; for another one, give this model to a {@link Sampler}.
     *
     * @param count how many, ≥ 0
     * @param random gives one {@code nextDouble()} a character, and one for the end of each string
     * @return as many strings; one may be in the list that was counted, or come twice, or be empty
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<String> generate(int count, RandomGenerator random) {
        Objects.requireNonNull(random, "random is null");
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is not >= 0");
        }
        Sampler sampler = new Sampler(1, Integer.MAX_VALUE);
        return Stream.generate(() -> tokenizer.decode(sampler.sample(this, random)))
                .limit(count)
                .toList();
    }

    /** Size and order, such as {@code NGram[vocabSize=27, order=6, ngrams=40157]}. */
    @Override
    public String toString() {
        long ngrams = 0;
        for (NGramLevel level : levels) {
            for (int count : level.counts()) {
                ngrams += count > 0 ? 1 : 0;
            }
        }
        return "NGram[vocabSize=" + vocabSize() + ", order=" + order() + ", ngrams=" + ngrams + "]";
    }
}
