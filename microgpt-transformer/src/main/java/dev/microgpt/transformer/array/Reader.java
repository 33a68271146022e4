package dev.microgpt.transformer.array;

/** Reads one document token by token: what a {@link GptContext} stands on. Checks nothing. */
public interface Reader {

    /**
     * Reads a token.
     *
     * @param tokenId the token
     * @param position how many tokens of the document have been read before
     * @param logits where the logits after it go, [vocabSize]
     */
    void read(int tokenId, int position, double[] logits);

    /** Forgets the document. */
    void forget();
}
