package dev.microgpt.transformer;

import java.util.Arrays;

/**
 * A {@link Gpt} reading many documents at once, a token of each in every step: several times as many tokens a second as
 * with a {@link dev.microgpt.text.Context} for each. Where a document ends, another takes its place.
 *
 * <pre>{@code
 * Gpt model = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(42));
 * BatchContext batch = model.newBatch(3, Engine.Precision.FLOAT);
 * double[][] logits = batch.next(26, 26, 26); // one token for each of the three documents
 * batch.restart(2);                           // the third begins anew; the others go on
 * }</pre>
 *
 * <p>What is computed for one document does not depend on the others, not in the last bit. Belongs to one thread. Allocates
 * nothing after construction.
 */
public final class BatchContext {
    /** Computes the logits of one step. */
    @FunctionalInterface
    interface Step {
        void next(int[] tokenIds, int[] position, double[][] logits);
    }

    private final GptConfig config;
    private final Step step;
    private final int[] position; // tokens read of each document, [sequences]
    private final double[][] logits; // [sequences][vocabSize]

    BatchContext(GptConfig config, int sequences, Step step) {
        this.config = config;
        this.step = step;
        position = new int[sequences];
        logits = new double[sequences][config.vocabSize()];
    }

    /**
     * Reads one token of each document and scores what may follow.
     *
     * @param tokenIds the next token of each document, shape [sequences]; the first of a document is usually BOS
     * @return logits, shape [sequences][vocabSize]; a live view, valid until the next call
     * @throws IllegalArgumentException if there are more or fewer tokens than documents, or one is not in [0, vocabSize);
     *     nothing has been read then
     * @throws IllegalStateException if a document has blockSize tokens already; nothing has been read then
     */
    public double[][] next(int... tokenIds) {
        if (tokenIds.length != position.length) {
            throw new IllegalArgumentException(
                    "tokenIds has length " + tokenIds.length + ", not " + position.length + ", one for each sequence");
        }
        for (int sequence = 0; sequence < position.length; sequence++) {
            config.requireToken(tokenIds[sequence]);
            if (position[sequence] == config.blockSize()) {
                throw new IllegalStateException("sequence " + sequence + " is full: blockSize " + config.blockSize()
                        + " positions have been fed");
            }
        }
        step.next(tokenIds, position, logits);
        for (int sequence = 0; sequence < position.length; sequence++) {
            position[sequence]++;
        }
        return logits;
    }

    /**
     * Begins a new document in the place of one.
     *
     * @param sequence which, in [0, sequences)
     * @throws IllegalArgumentException if there is no such sequence
     */
    public void restart(int sequence) {
        if (sequence < 0 || sequence >= position.length) {
            throw new IllegalArgumentException("sequence " + sequence + " is not in [0, " + position.length + ")");
        }
        position[sequence] = 0;
    }

    /** Begins new documents in all places. */
    public void restart() {
        Arrays.fill(position, 0);
    }
}
