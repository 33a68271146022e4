package dev.microgpt.transformer;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.DoubleState.Order;
import dev.microgpt.transformer.array.DoubleGpt;
import dev.microgpt.transformer.array.DoubleShards;
import dev.microgpt.transformer.array.FloatGpt;
import dev.microgpt.transformer.array.FloatShards;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.graph.TapeGpt;
import dev.microgpt.transformer.graph.ValueGpt;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.vector.Simd;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/**
 * Trains a GPT: computes loss and gradient of documents, and updates the weights. There is one model and several ways of
 * computing it; whichever {@link Kind} is chosen, in double precision the numbers agree within 1e-9. (A weight that is NaN
 * or infinite shows in the loss of each, unless it multiplies a hidden unit that is off: {@link Kind#ARRAY} leaves those
 * out.)
 *
 * <pre>{@code
 * Documents documents = Documents.givenNames().shuffled(new PythonRandom(42));
 * Tokenizer tokenizer = Tokenizer.of(documents);
 * Gpt untrained = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), new PythonRandom(42));
 * Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, Preset.STAGE5.optimizer());
 * LearningRate rate = Preset.STAGE5.learningRate(1000);
 * for (int step = 0; step < 1000; step++) {
 *     double loss = engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
 *     engine.update(rate.at(step));
 * }
 * Gpt trained = engine.model();
 * }</pre>
 *
 * <p>An engine belongs to one thread.
 *
 * @since 0.1
 */
public final class Engine {
    private static final double SHORTEST = 1e-140; // gradient whose squares keep their precision

    static final int ROWS = 128; // positions that a batch puts through the hand-derived model at once

    private final GptConfig config;
    private final Layout layout;
    private final Kind kind;
    private final Precision precision;
    private final Optimizer optimizer;
    private final TrainingState state;
    private boolean lossOverTokens;
    private double[] shares = new double[1]; // scratch of a step, which allocates nothing

    /** The ways of computing the model. Constants may come, so a {@code switch} needs a default. */
    public enum Kind {
        /** One object for each scalar operation or dot product, and autograd: the definition of the model. */
        VALUE,
        /** The same graph in flat arrays, a dot product being one node. For embedDim up to 4,095. */
        TAPE,
        /** Gradients derived by hand, on plain arrays: the fastest, without a graph and without allocation. */
        ARRAY,
        /** The array engine on SIMD instructions; needs {@code --add-modules jdk.incubator.vector}. Also in single precision. */
        VECTOR;

        /**
         * Whether this JVM can compute in this way.
         *
         * @return false for {@link #VECTOR} where the module jdk.incubator.vector is not there, else true
         */
        public boolean isAvailable() {
            return this != VECTOR || Simd.isPresent();
        }

        /**
         * Whether a run is so long that {@link #VECTOR} pays for the compiling of its code: from {@value #VECTOR_FROM}
         * weights times predictions on it takes less CPU time than {@link #ARRAY}.
         *
         * @param config the shape of the model
         * @param predictions how many tokens will be predicted in training, counted as often as they are
         * @return true from there on, whether or not the kind is available
         */
        public static boolean vectorPays(GptConfig config, long predictions) {
            Objects.requireNonNull(config, "config is null");
            return (double) config.newParameters().size() * predictions >= VECTOR_FROM;
        }

        /**
         * The kind that trains with the least CPU time: {@link #VECTOR} where it {@linkplain #vectorPays pays} and the module is
         * there; else {@link #ARRAY}. If only the module is missing, the system logger says once how to have it.
         *
         * @param config the shape of the model
         * @param predictions how many tokens will be predicted in training, counted as often as they are
         * @return the choice, a function of the arguments and of the module's presence alone
         */
        public static Kind auto(GptConfig config, long predictions) {
            boolean pays = vectorPays(config, predictions);
            if (pays && !VECTOR.isAvailable()) {
                Simd.sayOnceHowToHaveIt();
            }
            return pays && VECTOR.isAvailable() ? VECTOR : ARRAY;
        }

        /** There the two took the same CPU time, the whole process counted: docs/decisions/010. */
        private static final double VECTOR_FROM = 7e9;
    }

    private Engine(Kind kind, Precision precision, Gpt start, Optimizer optimizer, TrainingState state) {
        this.config = start.config();
        this.layout = config.layout();
        this.kind = kind;
        this.precision = precision;
        this.optimizer = optimizer;
        this.state = state;
    }

    /**
     * An engine in double precision that begins with a model's weights and a fresh optimizer state.
     *
     * @param kind the way of computing
     * @param start the model to begin with; not modified
     * @param optimizer the rule of the updates
     * @return a new engine
     * @throws IllegalArgumentException if the model is too large for this way of computing
     * @throws IllegalStateException if the kind is not {@linkplain Kind#isAvailable() available}
     */
    public static Engine of(Kind kind, Gpt start, Optimizer optimizer) {
        return of(kind, Precision.DOUBLE, start, optimizer);
    }

    /**
     * An engine of a given precision that begins with a model's weights and a fresh optimizer state.
     *
     * @param kind the way of computing
     * @param precision the precision of weights, gradient, moments and everything between them
     * @param start the model to begin with; not modified
     * @param optimizer the rule of the updates
     * @return a new engine
     * @throws IllegalArgumentException if the kind does not have the precision, or the model is too large
     * @throws IllegalStateException if the kind is not {@linkplain Kind#isAvailable() available}
     */
    public static Engine of(Kind kind, Precision precision, Gpt start, Optimizer optimizer) {
        Objects.requireNonNull(kind, "kind is null");
        Objects.requireNonNull(precision, "precision is null");
        Objects.requireNonNull(start, "start is null");
        Objects.requireNonNull(optimizer, "optimizer is null");
        TrainingState state =
                precision == Precision.FLOAT ? floatState(kind, start, optimizer) : doubleState(kind, start, optimizer);
        return new Engine(kind, precision, start, optimizer, state);
    }

    private static DoubleState doubleState(Kind kind, Gpt start, Optimizer optimizer) {
        Layout layout = start.config().layout();
        return switch (kind) {
            case VALUE ->
                graphState(
                        start, optimizer, new ValueGpt(layout, start.parameters(), DotProducts.AS_ONE_NODE)::gradient);
            case TAPE ->
                graphState(
                        start,
                        optimizer,
                        new TapeGpt(layout, start.parameters(), new Tape(DotProducts.AS_ONE_NODE))::gradient);
            case ARRAY -> arrayState(start, optimizer, Engine::plainKernels);
            case VECTOR -> arrayState(start, optimizer, Simd::doubleKernels);
        };
    }

    /** The way in which a graph computes Σ share·mean loss of each document and overwrites the gradient. */
    private interface GraphGradient {
        double of(double[] weights, int[][] documents, double[] shares, double[] gradient);
    }

    private static DoubleState graphState(Gpt start, Optimizer optimizer, GraphGradient graph) {
        DoubleState.Model model = new DoubleState.Model() {
            @Override
            public double gradient(double[] weights, int[][] documents, double[] shares, double[] gradient) {
                return graph.of(weights, documents, shares, gradient);
            }

            @Override
            public double[][] losses(double[] weights, int[][] documents) {
                Parameters now = start.parameters();
                System.arraycopy(weights, 0, now.values(), 0, weights.length);
                return new Gpt(start.config(), now).losses(documents); // a loss alone needs no graph
            }
        };
        return new DoubleState(
                start.config().layout(), Order.CANONICAL, start.parameters(), optimizer, threads -> model);
    }

    private static DoubleState arrayState(Gpt start, Optimizer optimizer, Function<Layout, DoubleKernels> newKernels) {
        requireScratch(start.config());
        Layout layout = start.config().layout();
        return new DoubleState(
                layout,
                Order.PACKED,
                start.parameters(),
                optimizer,
                threads -> inShards(
                        new DoubleShards(threads, () -> new DoubleGpt(layout, newKernels.apply(layout), ROWS))));
    }

    private static DoubleState.Model inShards(DoubleShards shards) {
        return new DoubleState.Model() {
            @Override
            public double gradient(double[] weights, int[][] documents, double[] shares, double[] gradient) {
                return shards.gradient(weights, documents, shares, gradient);
            }

            @Override
            public double[][] losses(double[] weights, int[][] documents) {
                return shards.losses(weights, documents);
            }
        };
    }

    static DoubleKernels plainKernels(Layout layout) {
        return new DoubleKernels(layout.embedDim(), layout.hiddenDim(), layout.headCount(), layout.blockSize());
    }

    private static FloatState floatState(Kind kind, Gpt start, Optimizer optimizer) {
        if (kind != Kind.VECTOR) {
            throw new IllegalArgumentException("precision FLOAT needs engine VECTOR, not " + kind);
        }
        requireScratch(start.config());
        Layout layout = start.config().layout();
        return new FloatState(
                layout,
                start.parameters(),
                optimizer,
                threads -> new FloatShards(threads, () -> new FloatGpt(layout, Simd.floatKernels(layout), ROWS)));
    }

    private static void requireScratch(GptConfig config) {
        long rows = Math.max(ROWS, config.blockSize()) + 64L; // a vector more than are used
        long widest = Math.max(config.vocabSize(), 4L * config.embedDim());
        long attention = config.headCount() * Math.max(128, config.blockSize() + 64L) + config.embedDim();
        long transposed = (widest + 64) * config.embedDim();
        if (Math.max(rows * Math.max(widest, attention), transposed) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("blockSize " + config.blockSize() + " with vocabSize "
                    + config.vocabSize() + ", embedDim " + config.embedDim() + " and headCount " + config.headCount()
                    + " needs a matrix that does not fit into one array");
        }
    }

    /**
     * The way of computing.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The precision.
     *
     * @return that of weights, gradient and moments; what this engine hands out is widened to double
     */
    public Precision precision() {
        return precision;
    }

    /**
     * Computes the loss and keeps its gradient for {@link #gradient()} and {@link #update}.
     *
     * @param documents one document, or a batch of them: token ids with BOS at both ends, 2 or more each; of each
     *     document the first blockSize predictions count
     * @return mean over the documents of their mean loss, in nats per predicted token; or the {@linkplain #useLossOverTokens
     *     mean over all predictions}
     * @throws IllegalArgumentException if there is no document, one has fewer than 2 tokens, or a token is outside the
     *     vocabulary
     */
    public double lossAndGradient(int[]... documents) {
        config.requireDocuments(documents);
        if (documents.length == 0) {
            throw new IllegalArgumentException("there is no document in the batch; it needs 1 or more");
        }
        return state.lossAndGradient(documents, shares(documents));
    }

    /** Of each document the factor of its mean loss in the loss of the batch; they add up to 1. */
    private double[] shares(int[]... documents) {
        int count = documents.length;
        if (shares.length < count) {
            shares = new double[count];
        }
        if (!lossOverTokens) {
            Arrays.fill(shares, 0, count, 1.0 / count);
            return shares;
        }
        long predictions = 0;
        for (int[] document : documents) {
            predictions += layout.predictions(document);
        }
        for (int i = 0; i < count; i++) {
            shares[i] = (double) layout.predictions(documents[i]) / predictions;
        }
        return shares;
    }

    /**
     * Decides of what the loss of a batch is the mean from now on.
     *
     * @param overTokens true: of all predictions of the batch, so that a document of twice the length counts twice; false, as in a
     *     new engine: of the documents, each of which has the mean of its predictions as its loss
     */
    public void useLossOverTokens(boolean overTokens) {
        lossOverTokens = overTokens;
    }

    /**
     * The losses of documents with the weights as they are, such as of those held out; changes nothing. What {@link Gpt#losses}
     * of {@link #model()} says within rounding, in the engine's way of computing and in its precision, on its threads.
     *
     * @param documents token ids with BOS at both ends, 2 or more each
     * @return for each document the loss of its predictions, in nats, shape [min(blockSize, n)] for n + 1 tokens
     * @throws IllegalArgumentException if a document has fewer than 2 tokens, or a token is outside the vocabulary
     */
    public double[][] losses(int[]... documents) {
        config.requireDocuments(documents);
        return state.losses(documents);
    }

    /**
     * Lets several threads share the work of a batch from now on: the caller's and others of the common pool. The bits of
     * the results do not depend on it. Only {@link Kind#ARRAY} and {@link Kind#VECTOR} have a use for more than one, and
     * only for batches of more than {@value #ROWS} predictions, or for more than blockSize if that is larger.
     *
     * @param threads how many, at least 1; 1 in a new engine
     * @throws IllegalArgumentException if it is below 1
     */
    public void useThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " is below 1");
        }
        state.useThreads(threads);
    }

    /**
     * Shortens the gradient that was computed last, should it be longer than allowed; its direction stays.
     *
     * @param maxNorm the greatest Euclidean length allowed, positive
     * @return the length before, NaN or infinite if a component is; it has not been shortened then. Also infinite if it is
     *     longer than the largest double, and has been shortened
     * @throws IllegalArgumentException if {@code maxNorm} is not positive
     */
    public double clipGradient(double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("maxNorm " + maxNorm + " is not positive");
        }
        double norm = Math.sqrt(state.squaredNorm(1));
        boolean ordinary = norm > SHORTEST && norm < Double.POSITIVE_INFINITY && maxNorm / norm >= Double.MIN_NORMAL;
        if (!ordinary) {
            return clipExtremeGradient(maxNorm);
        }
        if (norm > maxNorm) {
            state.scaleGradient(maxNorm / norm);
        }
        return norm;
    }

    /** Brings the largest derivative near 1 first, by a power of two, so that squares neither overflow nor vanish. */
    private double clipExtremeGradient(double maxNorm) {
        double largest = state.largestDerivative();
        if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
            return largest;
        }
        int exponent = Math.getExponent(largest);
        double unit = Math.scalb(1.0, -exponent);
        double scaled = Math.sqrt(state.squaredNorm(unit));
        double norm = Math.scalb(scaled, exponent);
        if (norm > maxNorm) {
            state.scaleGradient(unit);
            state.scaleGradient(maxNorm / scaled);
        }
        return norm;
    }

    /**
     * Moves the weights against the gradient that was computed last, by the rule of the optimizer.
     *
     * @param learningRate how far to go, finite and at least 0
     * @throws IllegalArgumentException if the rate is negative or not finite; nothing has been changed then
     */
    public void update(double learningRate) {
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "learning rate " + learningRate + " is not a finite number of at least 0");
        }
        state.update(learningRate);
    }

    /**
     * The model as it is now.
     *
     * @return an immutable copy
     */
    public Gpt model() {
        return new Gpt(config, state.weights());
    }

    /**
     * The gradient that was computed last.
     *
     * @return a copy, in the layout of the weights; zeros before the first
     */
    public Parameters gradient() {
        return state.gradient();
    }

    /**
     * The state of the optimizer: how many updates it made, and the moments of Adam.
     *
     * @return a copy
     */
    public Moments moments() {
        return state.moments();
    }

    /**
     * Goes on with the optimizer state of an earlier engine.
     *
     * @param earlier what {@link #moments()} of that engine returned; not kept
     * @throws IllegalArgumentException if they belong to another kind of optimizer or another shape; nothing has been
     *     changed then
     */
    public void restore(Moments earlier) {
        Objects.requireNonNull(earlier, "earlier is null");
        boolean averages = state.moments().first().isPresent();
        if (earlier.first().isPresent() != averages) {
            throw new IllegalArgumentException("moments " + (averages ? "without" : "with")
                    + " averages are not those of " + optimizer.getClass().getSimpleName());
        }
        earlier.first().ifPresent(average -> config.requireLayout("the moments", average));
        state.restore(earlier);
    }

    /**
     * For people.
     *
     * @return for example {@code Engine[ARRAY in DOUBLE, GptConfig[vocabSize=27, …], Adam[…]]}
     */
    @Override
    public String toString() {
        return "Engine[" + kind + " in " + precision + ", " + config + ", " + optimizer + "]";
    }
}
