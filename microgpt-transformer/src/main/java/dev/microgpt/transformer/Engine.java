package dev.microgpt.transformer;

import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;

/**
 * Trains a GPT: computes loss and gradient of documents, and updates the weights. There is one model and several ways of
 * computing it; whichever {@link Kind} is chosen, the numbers agree within 1e-9.
 *
 * <pre>{@code
 * Engine engine = Engine.of(Engine.Kind.VALUE, untrained, preset.optimizer());
 * for (int step = 0; step < steps; step++) {
 *     double loss = engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
 *     engine.update(rate.at(step));
 * }
 * Gpt trained = engine.model();
 * }</pre>
 *
 * <p>An engine belongs to one thread.
 */
public abstract sealed class Engine permits ValueEngine, TapeEngine, ArrayEngine {
    final GptConfig config;
    final Parameters parameters;
    final Parameters gradient;
    private final Optimizer optimizer;
    private final Moments moments;

    /** The ways of computing the model. */
    public enum Kind {
        /** One object for each scalar operation, and autograd: the definition of the model. */
        VALUE,
        /** The same graph in flat arrays, every node with at most three operands. */
        TAPE_OF_MULTIPLY_ADDS,
        /** The same graph in flat arrays, a dot product being one node: the faster one. */
        TAPE,
        /** Gradients derived by hand, on plain arrays: the fastest, without a graph and without allocation. */
        ARRAY
    }

    Engine(Gpt start, Optimizer optimizer) {
        this.config = start.config();
        this.parameters = start.parameters();
        this.gradient = parameters.zeros();
        this.optimizer = optimizer;
        this.moments = optimizer.start(parameters);
    }

    /**
     * An engine that begins with a model's weights and fresh moments.
     *
     * @param kind the way of computing
     * @param start the model to begin with; not modified
     * @param optimizer the rule of the updates
     * @return a new engine
     */
    public static Engine of(Kind kind, Gpt start, Optimizer optimizer) {
        return switch (kind) {
            case VALUE -> new ValueEngine(start, optimizer);
            case TAPE_OF_MULTIPLY_ADDS -> new TapeEngine(kind, DotProducts.AS_MULTIPLY_ADDS, start, optimizer);
            case TAPE -> new TapeEngine(kind, DotProducts.AS_ONE_NODE, start, optimizer);
            case ARRAY -> new ArrayEngine(start, optimizer);
        };
    }

    /**
     * The way of computing.
     *
     * @return the kind
     */
    public abstract Kind kind();

    /**
     * Computes the loss and keeps its gradient for {@link #gradient()} and {@link #update}.
     *
     * @param documents one document, or a batch of them: token ids with BOS at both ends, 2 or more each; of each
     *     document the first blockSize predictions count
     * @return mean over the documents of their mean loss, in nats per predicted token
     * @throws IllegalArgumentException if there is no document, one has fewer than 2 tokens, or a token is outside the
     *     vocabulary
     */
    public final double lossAndGradient(int[]... documents) {
        if (documents.length == 0) {
            throw new IllegalArgumentException("there is no document in the batch; it needs 1 or more");
        }
        for (int[] document : documents) {
            config.positions(document);
        }
        return computeLossAndGradient(documents);
    }

    /** {@link #lossAndGradient} for documents that have been checked; overwrites {@link #gradient}. */
    abstract double computeLossAndGradient(int[][] documents);

    /**
     * Moves the weights against the gradient that was computed last, by the rule of the optimizer.
     *
     * @param learningRate how far to go, finite and at least 0
     * @throws IllegalArgumentException if the rate is negative or not finite; nothing has been changed then
     */
    public void update(double learningRate) {
        optimizer.update(parameters, gradient, moments, learningRate);
    }

    /**
     * The model as it is now.
     *
     * @return an immutable copy
     */
    public Gpt model() {
        return new Gpt(config, exported(parameters));
    }

    /**
     * The gradient that was computed last.
     *
     * @return a copy, in the layout of the weights; zeros before the first
     */
    public Parameters gradient() {
        return exported(gradient);
    }

    /**
     * What the optimizer remembers.
     *
     * @return a copy
     */
    public Moments moments() {
        return moments.map(this::exported);
    }

    /** A copy in the layout of {@link GptConfig#newParameters()}, of weights, gradient or moments of this engine. */
    Parameters exported(Parameters own) {
        return own.copy();
    }
}
