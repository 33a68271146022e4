package dev.microgpt.text;

/** Two language models read as one: weight · p_a + (1 − weight) · p_b for each token. */
record Mixture(LanguageModel a, LanguageModel b, double weight) implements LanguageModel {
    private static final Sampler SOFTMAX = new Sampler(1, 1);

    @Override
    public int vocabSize() {
        return a.vocabSize();
    }

    @Override
    public int blockSize() {
        return Math.min(a.blockSize(), b.blockSize());
    }

    @Override
    public Context newContext() {
        Context contextA = a.newContext();
        Context contextB = b.newContext();
        double[] logits = new double[vocabSize()];
        return tokenId -> {
            double[] probsA = SOFTMAX.probabilities(contextA.next(tokenId));
            double[] probsB = SOFTMAX.probabilities(contextB.next(tokenId));
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.log(weight * probsA[i] + (1 - weight) * probsB[i]);
            }
            return logits;
        };
    }
}
