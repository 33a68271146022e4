package dev.microgpt.text;

/**
 * A {@link LanguageModel} reading one document from left to right; it remembers what the model needs of the tokens so
 * far. Belongs to one thread and to one document.
 */
@FunctionalInterface
public interface Context {

    /**
     * Reads one token and scores what may follow.
     *
     * @param tokenId the next token of the document, in [0, vocabSize); the first one is usually BOS
     * @return logits, shape [vocabSize]: softmax(logits) are the probabilities of the token that comes next. A live
     *     view, valid until the next call; not to be modified
     * @throws IllegalArgumentException if {@code tokenId} is not in [0, vocabSize)
     * @throws IllegalStateException if the context has already read {@link LanguageModel#blockSize()} tokens
     */
    double[] next(int tokenId);
}
