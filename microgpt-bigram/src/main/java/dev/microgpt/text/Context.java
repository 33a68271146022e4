package dev.microgpt.text;

/**
 * A {@link LanguageModel} reading one document from left to right, with its state so far: in a GPT, the KV cache. It belongs
 * to one thread and to one document.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Context {

    /**
     * Reads one token and gives the logits of the next one.
     *
     * @param tokenId the next token of the document, in [0, vocabSize); the first one is usually BOS
     * @return logits, shape [vocabSize]: softmax(logits) are the probabilities of the token that comes next. A live
     *     view, valid until the next call; not to be modified
     * @throws IllegalArgumentException if {@code tokenId} is not in [0, vocabSize)
     * @throws IllegalStateException if the context has already read {@link LanguageModel#blockSize()} tokens
     */
    double[] next(int tokenId);
}
