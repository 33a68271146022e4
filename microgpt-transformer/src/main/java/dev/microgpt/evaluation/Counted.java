package dev.microgpt.evaluation;

/**
 * What counting n-grams came to beside a GPT, on the held-out strings; losses and errors in nats per token.
 *
 * @param ngram loss of the n-grams
 * @param ngramOrder their order, in [2, 8]
 * @param ngramError standard error of the difference of n-grams and GPT
 * @param both loss of the mixture, its weight chosen crosswise
 * @param gptWeight weight of the GPT that is best on all held-out strings, in [0, 1]
 * @param bothError standard error of the difference of the mixture and the better of the two
 */
record Counted(double ngram, int ngramOrder, double ngramError, double both, double gptWeight, double bothError) {
    static final String GPT = "gpt";
    static final String BOTH = "both";
    static final String COUNTING = "counting";
    static final String UNKNOWN = "unknown";

    private static final double ERRORS = 2; // standard errors that a difference must exceed
    private static final double WORTH = 0.025; // nats that a second model must gain: it has to be made and kept, too

    Counted {
        Report.requireFinite("ngram", ngram);
        Report.requireFinite("ngramError", ngramError);
        Report.requireFinite("both", both);
        Report.requireFinite("bothError", bothError);
        if (ngramOrder < 2 || ngramOrder > 8) {
            throw new IllegalArgumentException("ngramOrder " + ngramOrder + " is not in [2, 8]");
        }
        if (!(gptWeight >= 0 && gptWeight <= 1)) {
            throw new IllegalArgumentException("gptWeight " + gptWeight + " is not in [0, 1]");
        }
    }

    /** By how much the mixture is better than the better of n-grams and a GPT of that loss; negative if it is worse. */
    double gainOfBoth(double gpt) {
        return Math.min(ngram, gpt) - both;
    }

    /** Which is the best, in the words of {@link Report#verdict()}. */
    String verdict(double gpt) {
        if (gainOfBoth(gpt) > Math.max(WORTH, ERRORS * bothError)) {
            return BOTH;
        }
        if (ngram - gpt > ERRORS * ngramError) {
            return GPT;
        }
        return gpt - ngram > ERRORS * ngramError ? COUNTING : UNKNOWN;
    }
}
