package dev.microgpt.transformer;

import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.transformer.graph.ValueGpt;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A GPT: a shape and its weights. Immutable; any number of threads may read one, each with a {@link GptContext} of its own.
 *
 * <pre>{@code
 * Gpt untrained = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(42));
 * untrained.loss(26, 4, 12, 12, 0, 26); // near ln 27 = 3.30 nats per token: it knows nothing yet
 * untrained.loss(26, 27);               // IllegalArgumentException: tokenId 27 is not in [0, 27)
 * }</pre>
 *
 * <p>An {@link Engine} trains it.
 *
 * @since 0.1
 */
public final class Gpt implements LanguageModel {
    private final GptConfig config;
    private final Parameters parameters;
    private final Readers reader;

    /**
     * A model with given weights.
     *
     * @param config the shape
     * @param parameters the weights, in the layout of {@link GptConfig#newParameters()}; copied
     * @throws IllegalArgumentException if the layout does not fit the shape
     */
    public Gpt(GptConfig config, Parameters parameters) {
        Objects.requireNonNull(config, "config is null");
        Objects.requireNonNull(parameters, "parameters is null");
        config.requireLayout("the model's parameters", parameters);
        this.config = config;
        this.parameters = parameters.copy();
        this.reader = new Readers(config, this.parameters.values());
    }

    /**
     * The untrained model with which a preset begins.
     *
     * @param preset the recipe
     * @param vocabSize number of token ids, BOS included, at least 2
     * @param random where the weights are drawn from
     * @return a new model
     */
    public static Gpt initial(Preset preset, int vocabSize, RandomGenerator random) {
        Objects.requireNonNull(preset, "preset is null");
        GptConfig config = preset.config(vocabSize);
        return new Gpt(config, preset.initialization().draw(config, random));
    }

    /**
     * The shape.
     *
     * @return the configuration
     */
    public GptConfig config() {
        return config;
    }

    /**
     * The weights.
     *
     * @return a copy, in the layout of {@link GptConfig#newParameters()}
     */
    public Parameters parameters() {
        return parameters.copy();
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int blockSize() {
        return config.blockSize();
    }

    @Override
    public GptContext newContext() {
        return reader.plain();
    }

    /**
     * The losses of many documents. From some 2,000 predictions on all positions of a document are read at once, as in
     * training; the losses are those of {@link #losses(int...)} within 1e-12·max(1, loss), for weights of ordinary size.
     */
    @Override
    public double[][] losses(int[][] documents) {
        config.requireDocuments(documents);
        return reader.readsWhole(documents) ? reader.losses(documents) : LanguageModel.super.losses(documents);
    }

    /**
     * Starts reading a document, on SIMD instructions where the module jdk.incubator.vector is there. Its code takes long
     * to be compiled: below some 500,000 tokens in one JVM, {@link #newContext()} is faster.
     *
     * @param precision the precision to compute with. In double the logits are those of {@link #newContext()} to the last
     *     bit; in float each is within 1e-5·max(1, the largest of them), for weights of ordinary size
     * @return a new context that has seen no token yet
     */
    public GptContext newContext(Precision precision) {
        Objects.requireNonNull(precision, "precision is null");
        return precision == Precision.DOUBLE ? reader.inDouble() : reader.inFloat();
    }

    /**
     * Starts reading many documents at once, on SIMD instructions where the module jdk.incubator.vector is there.
     *
     * @param sequences how many, at least 1; multiples of 32 waste nothing, and more than 128 gain little
     * @param precision the precision to compute with. The logits agree with those of {@link #newContext()} within
     *     1e-12·max(1, the largest of them) in double and 1e-5 in float, for weights of ordinary size
     * @return a new context in which no document has been begun
     * @throws IllegalArgumentException if {@code sequences} is below 1, or so many that a matrix of theirs does not fit into
     *     one array
     */
    public BatchContext newBatch(int sequences, Precision precision) {
        Objects.requireNonNull(precision, "precision is null");
        if (sequences < 1) {
            throw new IllegalArgumentException("sequences " + sequences + " is below 1");
        }
        int rows =
                Math.max(Math.max(config.vocabSize(), config.hiddenDim()), config.blockSize()); // of the largest matrix
        if ((sequences + 64L) * rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("sequences " + sequences + " times " + rows
                    + " numbers each needs a matrix that does not fit into one array");
        }
        return precision == Precision.DOUBLE ? reader.batchInDouble(sequences) : reader.batchInFloat(sequences);
    }

    /**
     * Computes the logits of a sequence and keeps every intermediate.
     *
     * @param tokenIds what to feed, one token a position, at most blockSize; a document is fed without its closing BOS
     * @return the intermediates of every position
     * @throws IllegalArgumentException if a token is outside the vocabulary or there are more than blockSize
     */
    public GptTrace trace(int... tokenIds) {
        Objects.requireNonNull(tokenIds, "tokenIds is null");
        if (tokenIds.length > config.blockSize()) {
            throw new IllegalArgumentException(
                    tokenIds.length + " tokens do not fit into blockSize " + config.blockSize());
        }
        for (int tokenId : tokenIds) {
            config.requireToken(tokenId);
        }
        return GptTrace.of(new ValueGpt(config.layout(), parameters, DotProducts.AS_MULTIPLY_ADDS), tokenIds);
    }

    /**
     * For people.
     *
     * @return for example {@code Gpt[GptConfig[vocabSize=27, …], 4192 weights]}
     */
    @Override
    public String toString() {
        return "Gpt[" + config + ", " + parameters.size() + " weights]";
    }
}
