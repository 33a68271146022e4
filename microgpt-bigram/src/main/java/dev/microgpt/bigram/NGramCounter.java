package dev.microgpt.bigram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the n-grams of a text, one length after the other. An n-gram that ends at position t is the (n − 1)-gram that ends at
 * t − 1 and the token at t; so positions are sorted by token once, and for each length by context: both are counting sorts,
 * and the whole takes time in proportion to length of the text times order, whatever the vocabulary.
 */
final class NGramCounter {
    private final char[] text; // [T]: BOS, and after each document BOS; an n-gram has BOS only first or last
    private final int vocabSize;
    private final int[] byToken; // [T − 1]: the positions where n-grams end, by token; all but the first at n = 1
    private final int[] sorted; // [T − 1]: the positions where longer ones end, by these
    private int found; // of those positions; a longer n-gram ends only where a shorter one does
    private int[] grams; // [T]: the n-gram that ends here, as an index among those of its length, or NONE
    private int[] longer; // [T]: the same for n + 1
    private int n = 1; // the length that has been counted last
    private int size; // of n-grams of this length
    private int[] starts;
    private char[] lastTokens;
    private int[] counts;

    private NGramCounter(char[] text, int vocabSize) {
        this.text = text;
        this.vocabSize = vocabSize;
        found = text.length - 1;
        byToken = new int[found];
        sorted = new int[found];
        grams = new int[text.length];
        longer = new int[text.length];
    }

    /**
     * What was counted of one length.
     *
     * @param counts how often each n-gram comes
     * @param continuations how many different tokens come before each, or for one that begins with BOS, where none can come
     *     before, how often it comes; empty for the longest ones
     */
    record Length(int[] starts, char[] lastTokens, int[] counts, int[] continuations) {}

    /** The n-grams for n = 1, …, order, with n − 1 as index. */
    static List<Length> count(char[] text, int vocabSize, int order) {
        NGramCounter counter = new NGramCounter(text, vocabSize);
        counter.countTokens();
        List<Length> lengths = new ArrayList<>();
        while (counter.n < order) {
            lengths.add(counter.countLonger());
        }
        lengths.add(counter.length(new int[0]));
        return lengths;
    }

    private void countTokens() {
        starts = new int[] {0, vocabSize};
        size = vocabSize;
        lastTokens = new char[vocabSize];
        counts = new int[vocabSize];
        for (int token = 0; token < vocabSize; token++) {
            lastTokens[token] = (char) token;
        }
        for (int t = 0; t < text.length; t++) {
            grams[t] = text[t];
        }
        for (int t = 1; t < text.length; t++) {
            counts[text[t]]++;
        }
        int[] next = new int[vocabSize + 1];
        for (int token = 0; token < vocabSize; token++) {
            next[token + 1] = next[token] + counts[token];
        }
        for (int t = 1; t < text.length; t++) {
            byToken[next[text[t]]++] = t;
        }
    }

    /** Goes on to the next length, and returns what is known now of this one. */
    private Length countLonger() {
        sortByContext();
        int[] continuations = new int[size];
        int distinct = 0;
        for (int i = 0; i < found; i++) {
            if (isNew(i)) {
                distinct++;
                continuations[grams[sorted[i]]]++;
            }
        }
        for (int i = 0; i < size; i++) {
            continuations[i] = continuations[i] == 0 ? counts[i] : continuations[i];
        }
        Length length = length(continuations);
        fill(distinct);
        return length;
    }

    /** Sorts the positions where a longer n-gram ends by context and last token. */
    private void sortByContext() {
        int[] next = new int[size]; // of each context, its next place among the sorted
        int kept = 0;
        for (int i = 0; i < found; i++) {
            int t = byToken[i];
            if (isContinued(t)) {
                next[grams[t - 1]]++;
                byToken[kept++] = t;
            }
        }
        found = kept;
        int sum = 0;
        for (int context = 0; context < size; context++) {
            int count = next[context];
            next[context] = sum;
            sum += count;
        }
        for (int i = 0; i < found; i++) {
            int t = byToken[i];
            sorted[next[grams[t - 1]]++] = t;
        }
    }

    /** Whether the token here continues an n-gram: a longer one than BOS alone is over where BOS comes. */
    private boolean isContinued(int t) {
        return grams[t - 1] != NGramLevel.NONE && (n == 1 || text[t - 1] != vocabSize - 1);
    }

    /** Whether another n-gram ends here than at the position before in the order. */
    private boolean isNew(int i) {
        return i == 0 || grams[sorted[i] - 1] != grams[sorted[i - 1] - 1] || text[sorted[i]] != text[sorted[i - 1]];
    }

    private void fill(int distinct) {
        starts = new int[size + 1];
        lastTokens = new char[distinct];
        counts = new int[distinct];
        Arrays.fill(longer, NGramLevel.NONE);
        int gram = NGramLevel.NONE;
        for (int i = 0; i < found; i++) {
            int t = sorted[i];
            if (isNew(i)) {
                gram++;
                lastTokens[gram] = text[t];
                starts[grams[t - 1] + 1]++;
            }
            counts[gram]++;
            longer[t] = gram;
        }
        for (int context = 0; context < size; context++) {
            starts[context + 1] += starts[context];
        }
        int[] swap = grams;
        grams = longer;
        longer = swap;
        size = distinct;
        n++;
    }

    private Length length(int[] continuations) {
        return new Length(starts, lastTokens, counts, continuations);
    }
}
