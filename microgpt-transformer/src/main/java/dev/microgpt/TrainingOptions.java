package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Sgd;
import dev.microgpt.safetensors.Json;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything that decides how a model is trained. Begin with the settings that fit a list or with a recipe of the original
 * programs, and override what should be different. Immutable: each {@code with} method returns new options.
 *
 * <pre>{@code
 * TrainingOptions.forDocuments(Documents.givenNames()).withSeed(7);
 * TrainingOptions.of(Preset.STAGE5).withSteps(5000).withPrecision(Precision.FLOAT);
 * TrainingOptions.of(Preset.STAGE5).withSteps(0); // IllegalArgumentException: steps 0 is below 1
 * }</pre>
 */
public final class TrainingOptions {
    private final Fields fields;

    /** A clone is changed before it gets into options, never after. */
    private static final class Fields implements Cloneable {
        String basis;
        int blockSize;
        int embedDim;
        int headCount;
        int layerCount;
        Activation activation;
        Initialization initialization;
        Optimizer optimizer;
        LearningRate learningRate;
        int steps;
        int batchSize = 1;
        double maxGradientNorm = Double.POSITIVE_INFINITY;
        double heldOutFraction;
        int evaluateEvery = 100;
        int patience;
        Kind engine; // null for auto
        Precision precision = Precision.DOUBLE;
        int threads = 1;
        long seed = DEFAULT_SEED;

        @Override
        public Fields clone() {
            try {
                return (Fields) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static final String AUTO = "auto"; // the basis of forDocuments

    /** The seed where none is given: that of the original programs. */
    public static final long DEFAULT_SEED = 42;

    private TrainingOptions(Fields fields) {
        this.fields = fields;
        Objects.requireNonNull(fields.initialization, "initialization is null");
        Objects.requireNonNull(fields.optimizer, "optimizer is null");
        Objects.requireNonNull(fields.learningRate, "learningRate is null");
        Objects.requireNonNull(fields.precision, "precision is null");
        newConfig(2); // checks the shape
        requireAtLeast(1, "steps", fields.steps);
        requireAtLeast(1, "batchSize", fields.batchSize);
        requireAtLeast(1, "evaluateEvery", fields.evaluateEvery);
        requireAtLeast(0, "patience", fields.patience);
        requireAtLeast(1, "threads", fields.threads);
        if (!(fields.maxGradientNorm > 0)) {
            throw new IllegalArgumentException("maxGradientNorm " + fields.maxGradientNorm + " is not positive");
        }
        if (!(fields.heldOutFraction >= 0 && fields.heldOutFraction < 1)) {
            throw new IllegalArgumentException("heldOutFraction " + fields.heldOutFraction + " is not in [0, 1)");
        }
        if (fields.precision == Precision.FLOAT && fields.engine != null && fields.engine != Kind.VECTOR) {
            throw new IllegalArgumentException("precision FLOAT needs engine VECTOR, not " + fields.engine);
        }
    }

    /**
     * The recipe of an original program, to the letter: all documents, one a step, no held-out documents, no early end.
     *
     * @param preset the program
     * @return its settings
     */
    public static TrainingOptions of(Preset preset) {
        Fields fields = new Fields();
        GptConfig config = preset.config(2);
        fields.basis = preset == Preset.STAGE5 ? "microgpt" : preset.name().toLowerCase(Locale.ROOT);
        fields.blockSize = config.blockSize();
        fields.embedDim = config.embedDim();
        fields.headCount = config.headCount();
        fields.layerCount = config.layerCount();
        fields.activation = config.activation();
        fields.initialization = preset.initialization();
        fields.optimizer = preset.optimizer();
        fields.steps = preset.steps();
        fields.learningRate = preset.learningRate(fields.steps);
        return new TrainingOptions(fields);
    }

    /**
     * What these settings began as, whatever was overridden since.
     *
     * @return {@code auto} for {@link #forDocuments}, {@code microgpt}, {@code early}, {@code stage3} or {@code stage4} for a preset
     */
    public String basis() {
        return fields.basis;
    }

    /**
     * The most predictions of a string that count: its characters and its end. What is longer is cut.
     *
     * @return at least 1
     */
    public int blockSize() {
        return fields.blockSize;
    }

    /**
     * Sets the most predictions of a string.
     *
     * @param blockSize at least 1; the longest string and one more cuts nothing
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withBlockSize(int blockSize) {
        return with(changed -> changed.blockSize = blockSize);
    }

    /**
     * Sets the size of the model.
     *
     * @param embedDim numbers that stand for a token, at least 1
     * @param headCount heads of attention, a divisor of embedDim
     * @param layerCount layers, at least 1
     * @return new options
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public TrainingOptions withShape(int embedDim, int headCount, int layerCount) {
        return with(changed -> {
            changed.embedDim = embedDim;
            changed.headCount = headCount;
            changed.layerCount = layerCount;
        });
    }

    /**
     * Numbers that stand for a token.
     *
     * @return at least 1
     */
    public int embedDim() {
        return fields.embedDim;
    }

    /**
     * Heads of attention.
     *
     * @return a divisor of embedDim
     */
    public int headCount() {
        return fields.headCount;
    }

    /**
     * Layers.
     *
     * @return at least 1
     */
    public int layerCount() {
        return fields.layerCount;
    }

    /**
     * What follows the first matrix of the feed-forward part.
     *
     * @return ReLU or its square
     */
    public Activation activation() {
        return fields.activation;
    }

    /**
     * The shape of the model for a vocabulary.
     *
     * @param vocabSize number of token ids, BOS included, at least 2
     * @return the configuration
     */
    public GptConfig newConfig(int vocabSize) {
        return new GptConfig(
                vocabSize, fields.blockSize, fields.embedDim, fields.headCount, fields.layerCount, fields.activation);
    }

    /**
     * Sets what follows the first matrix of the feed-forward part.
     *
     * @param activation ReLU or its square
     * @return new options
     */
    public TrainingOptions withActivation(Activation activation) {
        return with(changed -> changed.activation = activation);
    }

    /**
     * How the first weights are drawn.
     *
     * @return deviation, order and zeros
     */
    public Initialization initialization() {
        return fields.initialization;
    }

    /**
     * Sets how the first weights are drawn.
     *
     * @param initialization deviation, order and zeros
     * @return new options
     */
    public TrainingOptions withInitialization(Initialization initialization) {
        return with(changed -> changed.initialization = initialization);
    }

    /**
     * The rule of the updates.
     *
     * @return {@link dev.microgpt.optim.Sgd} or {@link dev.microgpt.optim.Adam}
     */
    public Optimizer optimizer() {
        return fields.optimizer;
    }

    /**
     * Sets the rule of the updates.
     *
     * @param optimizer {@link dev.microgpt.optim.Sgd} or {@link dev.microgpt.optim.Adam}
     * @return new options
     */
    public TrainingOptions withOptimizer(Optimizer optimizer) {
        return with(changed -> changed.optimizer = optimizer);
    }

    /**
     * How far each update goes.
     *
     * @return the schedule
     */
    public LearningRate learningRate() {
        return fields.learningRate;
    }

    /**
     * Sets how far each update goes.
     *
     * @param learningRate the schedule, used as it is
     * @return new options
     */
    public TrainingOptions withLearningRate(LearningRate learningRate) {
        return with(changed -> changed.learningRate = learningRate);
    }

    /**
     * How many updates are made, unless training ends early.
     *
     * @return at least 1
     */
    public int steps() {
        return fields.steps;
    }

    /**
     * Sets the number of updates, and stretches the schedule of the learning rate in proportion.
     *
     * @param steps at least 1
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withSteps(int steps) {
        requireAtLeast(1, "steps", steps);
        return with(changed -> {
            changed.learningRate = stretched(changed.learningRate, (double) steps / changed.steps);
            changed.steps = steps;
        });
    }

    /**
     * How many strings each update learns from: the mean of their losses is what is lowered.
     *
     * @return at least 1
     */
    public int batchSize() {
        return fields.batchSize;
    }

    /**
     * Sets how many strings each update learns from.
     *
     * @param batchSize at least 1
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withBatchSize(int batchSize) {
        return with(changed -> changed.batchSize = batchSize);
    }

    /**
     * The length to which a longer gradient is shortened.
     *
     * @return positive; infinite for no limit
     */
    public double maxGradientNorm() {
        return fields.maxGradientNorm;
    }

    /**
     * Sets the length to which a longer gradient is shortened.
     *
     * @param maxGradientNorm positive; infinite for no limit
     * @return new options
     * @throws IllegalArgumentException if it is not positive
     */
    public TrainingOptions withMaxGradientNorm(double maxGradientNorm) {
        return with(changed -> changed.maxGradientNorm = maxGradientNorm);
    }

    /**
     * The share of the strings that is not trained on, but tells how good the model is on new ones.
     *
     * @return in [0, 1)
     */
    public double heldOutFraction() {
        return fields.heldOutFraction;
    }

    /**
     * Sets the share of the strings that is not trained on. They come from the end of the shuffled list.
     *
     * @param heldOutFraction in [0, 1); 0 trains on all, and keeps the last model instead of the best
     * @return new options
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public TrainingOptions withHeldOutFraction(double heldOutFraction) {
        return with(changed -> changed.heldOutFraction = heldOutFraction);
    }

    /**
     * After how many updates the loss on held-out strings is measured; it is after the last one, too.
     *
     * @return at least 1
     */
    public int evaluateEvery() {
        return fields.evaluateEvery;
    }

    /**
     * Sets after how many updates the loss on held-out strings is measured.
     *
     * @param evaluateEvery at least 1
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withEvaluateEvery(int evaluateEvery) {
        return with(changed -> changed.evaluateEvery = evaluateEvery);
    }

    /**
     * How many evaluations in a row may bring no better loss on held-out strings before training ends.
     *
     * @return at least 1, or 0 for no early end
     */
    public int patience() {
        return fields.patience;
    }

    /**
     * Sets how many evaluations in a row may bring nothing better before training ends.
     *
     * @param patience at least 1, or 0 for no early end
     * @return new options
     * @throws IllegalArgumentException if it is negative
     */
    public TrainingOptions withPatience(int patience) {
        return with(changed -> changed.patience = patience);
    }

    /**
     * The way of computing.
     *
     * @return the kind, or empty for what {@link Kind#auto} chooses
     */
    public Optional<Kind> engine() {
        return Optional.ofNullable(fields.engine);
    }

    /**
     * Sets the way of computing.
     *
     * @param engine the kind
     * @return new options
     * @throws IllegalArgumentException if it does not have the precision
     */
    public TrainingOptions withEngine(Kind engine) {
        Objects.requireNonNull(engine, "engine is null");
        return with(changed -> changed.engine = engine);
    }

    /**
     * The precision of the computation.
     *
     * @return {@link Precision#DOUBLE} unless set
     */
    public Precision precision() {
        return fields.precision;
    }

    /**
     * Sets the precision of the computation.
     *
     * @param precision {@link Precision#FLOAT} needs {@link Kind#VECTOR}
     * @return new options
     * @throws IllegalArgumentException if the engine does not have it
     */
    public TrainingOptions withPrecision(Precision precision) {
        return with(changed -> changed.precision = precision);
    }

    /**
     * How many threads share the work of a batch. The result does not depend on it.
     *
     * @return at least 1
     */
    public int threads() {
        return fields.threads;
    }

    /**
     * Sets how many threads share the work of a batch, though no more than there are processors; see
     * {@link Engine#useThreads}.
     *
     * @param threads at least 1
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withThreads(int threads) {
        return with(changed -> changed.threads = threads);
    }

    /**
     * Where all random numbers come from: the order of the strings, then the first weights.
     *
     * @return {@value #DEFAULT_SEED} unless set
     */
    public long seed() {
        return fields.seed;
    }

    /**
     * Sets where all random numbers come from.
     *
     * @param seed any number; the same one gives the same model
     * @return new options
     */
    public TrainingOptions withSeed(long seed) {
        return with(changed -> changed.seed = seed);
    }

    /** As a file keeps them: no optimizer but Adam has settings, no limit of the gradient and no engine are left out. */
    record Stored(
            String basis,
            int blockSize,
            int embedDim,
            int headCount,
            int layerCount,
            Activation activation,
            Initialization initialization,
            Optional<Adam> adam,
            LearningRate learningRate,
            int steps,
            int batchSize,
            OptionalDouble maxGradientNorm,
            double heldOutFraction,
            int evaluateEvery,
            int patience,
            Optional<Kind> engine,
            Precision precision,
            int threads,
            long seed) {}

    /** All settings, as a model file keeps them. */
    @Override
    public String toString() {
        return Json.write(toMap());
    }

    /** For {@link Json}. */
    Map<String, Object> toMap() {
        return Records.toMap(new Stored(
                fields.basis,
                fields.blockSize,
                fields.embedDim,
                fields.headCount,
                fields.layerCount,
                fields.activation,
                fields.initialization,
                fields.optimizer instanceof Adam adam ? Optional.of(adam) : Optional.empty(),
                fields.learningRate,
                fields.steps,
                fields.batchSize,
                fields.maxGradientNorm < Double.POSITIVE_INFINITY
                        ? OptionalDouble.of(fields.maxGradientNorm)
                        : OptionalDouble.empty(),
                fields.heldOutFraction,
                fields.evaluateEvery,
                fields.patience,
                engine(),
                fields.precision,
                fields.threads,
                fields.seed));
    }

    /**
     * The way back.
     *
     * @throws IllegalArgumentException if a setting is missing or breaks its rule; the message names it
     */
    static TrainingOptions fromMap(Object map) {
        Stored stored = Records.fromMap("options", map, Stored.class);
        Fields fields = new Fields();
        fields.basis = stored.basis;
        fields.blockSize = stored.blockSize;
        fields.embedDim = stored.embedDim;
        fields.headCount = stored.headCount;
        fields.layerCount = stored.layerCount;
        fields.activation = stored.activation;
        fields.initialization = stored.initialization;
        fields.optimizer = stored.adam.isPresent() ? stored.adam.get() : new Sgd();
        fields.learningRate = stored.learningRate;
        fields.steps = stored.steps;
        fields.batchSize = stored.batchSize;
        fields.maxGradientNorm = stored.maxGradientNorm.orElse(Double.POSITIVE_INFINITY);
        fields.heldOutFraction = stored.heldOutFraction;
        fields.evaluateEvery = stored.evaluateEvery;
        fields.patience = stored.patience;
        fields.engine = stored.engine.orElse(null);
        fields.precision = stored.precision;
        fields.threads = stored.threads;
        fields.seed = stored.seed;
        return new TrainingOptions(fields);
    }

    private static LearningRate stretched(LearningRate rate, double factor) {
        if (rate.decay() == LearningRate.Decay.CONSTANT) {
            return rate;
        }
        int steps = (int) Math.max(1, Math.round(rate.steps() * factor));
        int warmup = (int) Math.min(steps - 1, Math.round(rate.warmupSteps() * factor));
        return new LearningRate(rate.decay(), rate.peak(), steps, warmup);
    }

    private static void requireAtLeast(int minimum, String name, int value) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " " + value + " is below " + minimum);
        }
    }

    /**
     * Settings that fit a list: a function of the list alone, whose reasons and measurements are in decision 004. With T
     * the number of characters in the distinct strings, their ends included:
     *
     * <ul>
     *   <li>blockSize is the longest string and one more, in [8, 128]; 4 heads, ReLU, weights drawn from N(0, 0.08²);
     *   <li>below T = 10,000: embedDim 32, 1 layer, and every string is read 10 times; else embedDim 48, 2 layers, 5
     *       times; but no more than 1,250,000 characters in all;
     *   <li>16 strings an update, at least 10 updates, Adam(0.9, 0.99, 1e-8), the learning rate falling in a straight line
     *       from 0.2 / embedDim;
     *   <li>of 50 strings or more, a tenth is held out, at most 1,000; ten evaluations, and an early end after five
     *       without a better one.
     * </ul>
     *
     * @param documents what will be learned from
     * @return settings for these documents
     */
    public static TrainingOptions forDocuments(Documents documents) {
        int longest = 0;
        long distinct = 0; // characters
        long all = 0;
        Set<String> seen = new HashSet<>();
        for (String string : documents) {
            int length = string.codePointCount(0, string.length());
            longest = Math.max(longest, length);
            all += length + 1;
            distinct += seen.add(string) ? length + 1 : 0;
        }
        boolean small = distinct < 10_000;
        double passes = Math.min(small ? 10 : 5, 1_250_000.0 / all);
        int size = documents.size();
        int heldOut = size < 50 ? 0 : Math.min(size / 10, 1_000);

        Fields fields = new Fields();
        fields.basis = AUTO;
        fields.blockSize = Math.min(128, Math.max(8, longest + 1));
        fields.embedDim = small ? 32 : 48;
        fields.headCount = 4;
        fields.layerCount = small ? 1 : 2;
        fields.activation = Activation.RELU;
        fields.initialization = Preset.STAGE5.initialization();
        fields.optimizer = new Adam(0.9, 0.99, 1e-8);
        fields.batchSize = 16;
        fields.steps = (int) Math.max(10, Math.ceil(passes * (size - heldOut) / fields.batchSize));
        fields.learningRate = LearningRate.linear(0.2 / fields.embedDim, fields.steps);
        fields.heldOutFraction = (double) heldOut / size;
        fields.evaluateEvery = Math.max(1, fields.steps / 10);
        fields.patience = 5;
        return new TrainingOptions(fields);
    }

    private TrainingOptions with(Consumer<Fields> change) {
        Fields changed = fields.clone();
        change.accept(changed);
        return new TrainingOptions(changed);
    }
}
