package dev.microgpt;

import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;

/** A model that always says the same. */
record FixedLogits(double... logits) implements LanguageModel {
    @Override
    public int vocabSize() {
        return logits.length;
    }

    @Override
    public Context newContext() {
        return tokenId -> logits;
    }
}
