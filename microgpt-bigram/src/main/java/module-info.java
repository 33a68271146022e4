/**
 * Stage 0 and everything that all stages share: documents, tokens, random draws, the loss and sampling
 * ({@link dev.microgpt.text}), and the first language model, which only counts ({@link dev.microgpt.bigram}).
 * Needs nothing but the JDK.
 */
module dev.microgpt.bigram {
    exports dev.microgpt.bigram;
    exports dev.microgpt.text;
}
