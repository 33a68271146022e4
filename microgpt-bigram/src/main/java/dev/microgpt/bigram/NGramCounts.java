package dev.microgpt.bigram;

import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** The n-grams of a list of strings, of all lengths up to a longest one. */
final class NGramCounts {
    private static final int MOST_TOKENS = Character.MAX_VALUE + 1; // a token is kept in a char

    private final List<NGramCounter.Length> lengths;

    private NGramCounts(List<NGramCounter.Length> lengths) {
        this.lengths = lengths;
    }

    /**
     * Counts.
     *
     * @throws IllegalArgumentException if a character is not in the vocabulary, or the list does not fit into memory
     */
    static NGramCounts of(List<String> documents, int longest, Tokenizer tokenizer) {
        int vocabSize = tokenizer.vocabSize();
        if (vocabSize > MOST_TOKENS) {
            throw new IllegalArgumentException("vocabSize " + vocabSize + " is not in [2, " + MOST_TOKENS + "]");
        }
        long length = 1;
        for (String document : documents) {
            length += document.codePointCount(0, document.length()) + 1;
        }
        try {
            char[] text = text(documents, Math.toIntExact(length), tokenizer);
            return new NGramCounts(NGramCounter.count(text, vocabSize, longest));
        } catch (OutOfMemoryError | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "documents has " + length + " tokens, too many to count at order " + longest + " in a heap of "
                            + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB",
                    e);
        }
    }

    /** All documents in one row: BOS, and after each document BOS. */
    private static char[] text(List<String> documents, int length, Tokenizer tokenizer) {
        char[] text = new char[length];
        text[0] = (char) tokenizer.bos();
        int t = 1;
        for (String document : documents) {
            for (int token : tokenizer.encode(document)) {
                text[t++] = (char) token;
            }
            text[t++] = (char) tokenizer.bos();
        }
        return text;
    }

    /** The levels of the model of an order up to the longest: its longest n-grams count as often as they come. */
    List<NGramLevel> levels(int order) {
        List<NGramLevel> levels = new ArrayList<>();
        for (int n = 1; n < order; n++) {
            NGramCounter.Length length = lengths.get(n - 1);
            levels.add(level(length, length.continuations()));
        }
        levels.add(longest(order));
        return List.copyOf(levels);
    }

    /** The last level of the model of an order. */
    NGramLevel longest(int order) {
        NGramCounter.Length length = lengths.get(order - 1);
        return level(length, length.counts());
    }

    private static NGramLevel level(NGramCounter.Length length, int... counts) {
        return new NGramLevel(length.starts(), length.lastTokens(), counts, Discounts.of(counts));
    }
}
