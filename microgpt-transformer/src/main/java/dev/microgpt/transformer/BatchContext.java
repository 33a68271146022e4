package dev.microgpt.transformer;

import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.array.BatchReader;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A {@link Gpt} reading many documents at once, a token of each in every step: several times as many tokens a second as
 * with a {@link dev.microgpt.text.Context} for each. Where a document ends, another takes its place.
 *
 * <pre>{@code
 * Gpt model = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(42));
 * BatchContext batch = model.newBatch(3, Precision.FLOAT);
 * double[][] logits = batch.next(26, 26, 26); // one token for each of the three documents
 * batch.restart(2);                           // the third begins anew; the others go on
 * int[] tokens = batch.draw(new Sampler(0.5, 16), new PythonRandom(42), 4, 12, 26); // reads these, draws the next ones
 * }</pre>
 *
 * <p>What is computed for one document does not depend on the others, not in the last bit. Belongs to one thread. Allocates
 * nothing after construction, unless the keys and values of blockSize positions are more than 4 MB: then room for them grows
 * with the documents.
 *
 * @since 0.1
 */
public final class BatchContext {
    private final GptConfig config;
    private final BatchReader reader;
    private final int[] position; // tokens read of each document, [sequences]
    private final double[][] logits; // [sequences][vocabSize]
    private final double[] uniform; // numbers drawn in [0, 1), [sequences]
    private final int[] drawn; // [sequences]

    BatchContext(GptConfig config, int sequences, BatchReader reader) {
        this.config = config;
        this.reader = reader;
        position = new int[sequences];
        logits = new double[sequences][config.vocabSize()];
        uniform = new double[sequences];
        drawn = new int[sequences];
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
        read(tokenIds);
        reader.logits(logits);
        return logits;
    }

    /**
     * Reads one token of each document and draws what follows: the tokens that {@code sampler.next(next(tokenIds)[i],
     * random)} gives for one document after the other, but faster.
     *
     * @param sampler draws; where a document ends is for the caller to say, {@code maxTokens} does not count
     * @param random gives one {@code nextDouble()} for each document, in their order; none at temperature 0
     * @param tokenIds the next token of each document, shape [sequences]; may be what this method returned
     * @return the tokens drawn, shape [sequences]; a live view, valid until the next call
     * @throws IllegalArgumentException if there are more or fewer tokens than documents, or one is not in [0, vocabSize),
     *     and nothing has been read then; or if the logits of a document are not a distribution
     * @throws IllegalStateException if a document has blockSize tokens already; nothing has been read then
     */
    public int[] draw(Sampler sampler, RandomGenerator random, int... tokenIds) {
        Objects.requireNonNull(sampler, "sampler is null");
        Objects.requireNonNull(random, "random is null");
        read(tokenIds);
        if (sampler.temperature() == 0) {
            Arrays.fill(drawn, BatchReader.UNDECIDED);
        } else {
            for (int sequence = 0; sequence < uniform.length; sequence++) {
                uniform[sequence] = random.nextDouble();
            }
            reader.draw(sampler.temperature(), uniform, drawn);
        }
        boolean known = false;
        for (int sequence = 0; sequence < drawn.length; sequence++) {
            if (drawn[sequence] == BatchReader.UNDECIDED) {
                if (!known) {
                    reader.logits(logits);
                    known = true;
                }
                drawn[sequence] = sampler.next(logits[sequence], uniform[sequence]);
            }
        }
        return drawn;
    }

    private void read(int... tokenIds) {
        Objects.requireNonNull(tokenIds, "tokenIds is null");
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
        reader.read(tokenIds, position);
        for (int sequence = 0; sequence < position.length; sequence++) {
            position[sequence]++;
        }
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
