/**
 * Stage 0 and what all stages share: training data, tokenizer, random numbers, loss and sampling ({@link
 * dev.microgpt.text}), and the first language model, which counts ({@link dev.microgpt.bigram}). Needs nothing but the JDK.
 */
module dev.microgpt.bigram {
    exports dev.microgpt.bigram;
    exports dev.microgpt.text;
}
