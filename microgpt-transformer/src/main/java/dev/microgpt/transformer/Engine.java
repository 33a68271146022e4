package dev.microgpt.transformer;

import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import java.util.function.UnaryOperator;

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
 */
public abstract sealed class Engine permits ValueEngine, TapeEngine, DoubleEngine, FloatEngine {
    final GptConfig config;
    final Parameters parameters;
    final Parameters gradient;
    final Optimizer optimizer;
    private Moments moments;

    /** The ways of computing the model. */
    public enum Kind {
        /** One object for each scalar operation, and autograd: the definition of the model. */
        VALUE,
        /** The same graph in flat arrays, every node with at most three operands. */
        TAPE_OF_MULTIPLY_ADDS,
        /** The same graph in flat arrays, a dot product being one node: the faster one. For embedDim up to 4,095. */
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
         * The kind that trains fastest: {@link #VECTOR} from {@value #VECTOR_FROM} weights times documents on, where it
         * pays for the compiling of its code and the module is there; else {@link #ARRAY}. If only the module is missing,
         * the system logger says once how to have it.
         *
         * @param config the shape of the model
         * @param documents how many documents will be trained on, counted as often as they are seen
         * @return the choice, a function of the arguments and of the module's presence alone
         */
        public static Kind auto(GptConfig config, long documents) {
            boolean pays = (double) config.newParameters().size() * documents >= VECTOR_FROM;
            if (pays && !VECTOR.isAvailable()) {
                Simd.sayOnceHowToHaveIt();
            }
            return pays && VECTOR.isAvailable() ? VECTOR : ARRAY;
        }

        /** 4,192 weights and 100,000 documents: there the two were level in a cold JVM. */
        private static final double VECTOR_FROM = 4e8;
    }

    /** How many bits a number has while the model is computed. */
    public enum Precision {
        /** 64 bits: what the original programs compute with. */
        DOUBLE,
        /** 32 bits: losses of a run like stage 5's stay within 1e-4. Only with {@link Kind#VECTOR}. */
        FLOAT
    }

    static final int ROWS = 128; // positions that a batch puts through the hand-derived model at once

    Engine(Gpt start, Optimizer optimizer) {
        this.config = start.config();
        this.parameters = start.parameters();
        this.gradient = parameters.zeros();
        this.optimizer = optimizer;
        this.moments = optimizer.start(parameters);
    }

    /**
     * An engine in double precision that begins with a model's weights and fresh moments.
     *
     * @param kind the way of computing
     * @param start the model to begin with; not modified
     * @param optimizer the rule of the updates
     * @return a new engine
     * @throws IllegalArgumentException if the model is too large for this way of computing
     * @throws IllegalStateException if the kind is not {@linkplain Kind#isAvailable() available}
     */
    public static Engine of(Kind kind, Gpt start, Optimizer optimizer) {
        GptConfig config = start.config();
        if (kind == Kind.ARRAY || kind == Kind.VECTOR) {
            requireScratch(config);
        }
        return switch (kind) {
            case VALUE -> new ValueEngine(start, optimizer);
            case TAPE_OF_MULTIPLY_ADDS -> new TapeEngine(kind, DotProducts.AS_MULTIPLY_ADDS, start, optimizer);
            case TAPE -> new TapeEngine(kind, DotProducts.AS_ONE_NODE, start, optimizer);
            case ARRAY -> new DoubleEngine(kind, DoubleKernels::new, start, optimizer);
            case VECTOR -> new DoubleEngine(kind, () -> Simd.doubleKernels(config, ROWS), start, optimizer);
        };
    }

    /**
     * An engine of a given precision that begins with a model's weights and fresh moments.
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
        if (precision == Precision.DOUBLE) {
            return of(kind, start, optimizer);
        }
        if (kind != Kind.VECTOR) {
            throw new IllegalArgumentException("precision FLOAT needs engine VECTOR, not " + kind);
        }
        requireScratch(start.config());
        return new FloatEngine(() -> Simd.floatKernels(start.config(), ROWS), start, optimizer);
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
    public abstract Kind kind();

    /**
     * The precision.
     *
     * @return that of weights, gradient and moments; what this engine hands out is widened to double
     */
    public Precision precision() {
        return Precision.DOUBLE;
    }

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
    }

    /**
     * Shortens the gradient that was computed last, should it be longer than allowed; its direction stays.
     *
     * @param maxNorm the greatest Euclidean length allowed, positive
     * @return the length before, NaN or infinite if a component is; it has not been shortened then
     * @throws IllegalArgumentException if {@code maxNorm} is not positive
     */
    public final double clipGradient(double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("maxNorm " + maxNorm + " is not positive");
        }
        double norm = Math.sqrt(squaredNorm());
        if (norm > maxNorm && norm < Double.POSITIVE_INFINITY) {
            scaleGradient(maxNorm / norm);
        }
        return norm;
    }

    double squaredNorm() {
        double sum = 0;
        for (double derivative : gradient.values()) {
            sum += derivative * derivative;
        }
        return sum;
    }

    void scaleGradient(double factor) {
        double[] g = gradient.values();
        for (int i = 0; i < g.length; i++) {
            g[i] *= factor;
        }
    }

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
        return copy(moments, this::exported);
    }

    /**
     * Goes on with what an optimizer remembered, where an earlier engine stopped.
     *
     * @param earlier what {@link #moments()} of that engine returned; not kept
     * @throws IllegalArgumentException if they belong to another kind of optimizer or another shape; nothing has been
     *     changed then
     */
    public void restore(Moments earlier) {
        requireMoments(earlier);
        moments = copy(earlier, this::imported);
    }

    private static Moments copy(Moments moments, UnaryOperator<Parameters> copying) {
        return moments.first().isEmpty()
                ? Moments.of(moments.updates())
                : Moments.of(
                        moments.updates(),
                        copying.apply(moments.first().get()),
                        copying.apply(moments.second().orElseThrow()));
    }

    final void requireMoments(Moments earlier) {
        boolean averages = optimizer.start(parameters).first().isPresent();
        if (earlier.first().isPresent() != averages) {
            throw new IllegalArgumentException("moments " + (averages ? "without" : "with")
                    + " averages are not those of " + optimizer.getClass().getSimpleName());
        }
        earlier.first().ifPresent(average -> GptConfig.requireSameLayout("the moments", parameters, average));
    }

    /** A copy in this engine's own layout, of what {@link #exported} makes. */
    Parameters imported(Parameters canonical) {
        return canonical.copy();
    }

    /** A copy in the layout of {@link GptConfig#newParameters()}, of weights, gradient or moments of this engine. */
    Parameters exported(Parameters own) {
        return own.copy();
    }
}
