package dev.microgpt.bigram;

/**
 * All n-grams of one length n that were counted, as flat arrays. A context is an (n − 1)-gram, called by its index among those;
 * the n-grams that continue one context stand together, in the order of their last tokens.
 *
 * @param starts shape [contexts + 1]: those of context c are the n-grams from {@code starts[c]} to {@code starts[c + 1]}
 * @param lastTokens shape [n-grams]: the last token of each
 * @param counts shape [n-grams]: how often each was counted, by the rule of its level
 * @param discounts what smoothing takes from a count
 */
record NGramLevel(int[] starts, char[] lastTokens, int[] counts, Discounts discounts) {
    static final int NONE = -1;

    /** The index of the n-gram that continues a context with a token, or {@link #NONE}. */
    int find(int context, int token) {
        int low = starts[context];
        int high = starts[context + 1] - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (lastTokens[middle] < token) {
                low = middle + 1;
            } else if (lastTokens[middle] > token) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return NONE;
    }

    /** Replaces the probabilities after the shorter context, shape [vocabSize], by those after this one. */
    void interpolate(int context, double[] probs) {
        long total = total(context);
        if (total == 0) {
            return;
        }
        double share = taken(context) / total;
        for (int token = 0; token < probs.length; token++) {
            probs[token] *= share;
        }
        for (int i = starts[context]; i < starts[context + 1]; i++) {
            probs[lastTokens[i]] += (counts[i] - discounts.of(counts[i])) / total;
        }
    }

    /** The same for a single token: its probability after this context, from that after the shorter one. */
    double interpolate(int context, int token, double shorter) {
        long total = total(context);
        if (total == 0) {
            return shorter;
        }
        int found = find(context, token);
        int count = found == NONE ? 0 : counts[found];
        return (count - discounts.of(count)) / total + taken(context) / total * shorter;
    }

    private long total(int context) {
        long total = 0;
        for (int i = starts[context]; i < starts[context + 1]; i++) {
            total += counts[i];
        }
        return total;
    }

    private double taken(int context) {
        double taken = 0;
        for (int i = starts[context]; i < starts[context + 1]; i++) {
            taken += discounts.of(counts[i]);
        }
        return taken;
    }
}
