package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything that decides how a model is trained. Begin with the settings that fit a list or with a recipe of the original
 * programs, and override what should be different. Immutable: each {@code with} method returns new options. Two are equal if all
 * their settings are.
 *
 * <pre>{@code
 * TrainingOptions.forStrings(Documents.givenNames().asList()).withSeed(7);
 * TrainingOptions.of(Preset.STAGE5).withSteps(5000).withPrecision(Precision.FLOAT);
 * TrainingOptions.of(Preset.STAGE5).withSteps(0); // IllegalArgumentException: steps 0 is below 1
 * }</pre>
 *
 * @since 0.1
 */
public final class TrainingOptions {
    static final String AUTO = "auto"; // the basis of forStrings

    static final long DEFAULT_SEED = 42; // that of the original programs

    private final TrainingSettings settings;

    private TrainingOptions(TrainingSettings settings) {
        this.settings = settings.checked();
    }

    /**
     * The recipe of an original program, to the letter: all strings, one a step, none held out, no early end.
     *
     * @param preset the program
     * @return its settings
     */
    public static TrainingOptions of(Preset preset) {
        Objects.requireNonNull(preset, "preset is null");
        TrainingSettings settings = new TrainingSettings();
        GptConfig config = preset.config(2);
        settings.basis = preset == Preset.STAGE5 ? "microgpt" : preset.name().toLowerCase(Locale.ROOT);
        settings.blockSize = config.blockSize();
        settings.embedDim = config.embedDim();
        settings.headCount = config.headCount();
        settings.layerCount = config.layerCount();
        settings.activation = config.activation();
        settings.initialization = preset.initialization();
        settings.optimizer = preset.optimizer();
        settings.steps = preset.steps();
        settings.learningRate = preset.learningRate(settings.steps);
        return new TrainingOptions(settings);
    }

    /**
     * Settings that fit a list: a function of its different strings, whose reasons and measurements are in decision 004. How often
     * each is repeated, in whatever {@link Documents#normalForm form}, changes what the model learns, but not how much it reads.
     * With T the number of characters in the different strings, their ends included:
     *
     * <ul>
     *   <li>blockSize is the longest string and one more, in [8, 128]; 4 heads, ReLU, weights drawn from N(0, 0.08²);
     *   <li>below T = 10,000: embedDim 32, 1 layer, and as many strings are read as if each different one came 10 times (10
     *       epochs); else embedDim 48, 2 layers, 5 times; but no more than 2,000,000 characters in all;
     *   <li>16 strings a step; if their mean length, the end included, is above 10: as many strings as have some 80 characters, a
     *       power of two and at least 2, and the loss is the mean {@linkplain #withLossOverTokens over tokens};
     *   <li>at least 10 steps, Adam(0.9, 0.99, 1e-8), the learning rate falling in a straight line from 0.2 / embedDim, or
     *       from √(6,000 / steps) of that for more than 6,000 steps;
     *   <li>of 50 different strings or more, a tenth is held out, at most 1,000; ten evaluations, and an early end after five
     *       without a better one.
     * </ul>
     *
     * @param strings what will be learned from; blanks around them do not count, blank ones are skipped
     * @return settings for these strings
     * @throws IllegalArgumentException if there is no string that is not blank
     */
    public static TrainingOptions forStrings(Collection<String> strings) {
        return forDocuments(TrainingData.documents(strings));
    }

    /** As {@link #forStrings}. */
    static TrainingOptions forDocuments(Documents documents) {
        Collection<String> different = TrainingData.different(documents).values();
        long distinct = 0; // characters
        for (String string : different) {
            distinct += string.codePointCount(0, string.length()) + 1;
        }
        int longest = documents.stream()
                .mapToInt(string -> string.codePointCount(0, string.length()))
                .max()
                .orElseThrow();
        boolean small = distinct < 10_000;
        double passes = Math.min(small ? 10 : 5, 2_000_000.0 / distinct);
        int size = different.size();
        int heldOut = size < 50 ? 0 : Math.min(size / 10, 1_000);

        TrainingSettings settings = new TrainingSettings();
        settings.basis = AUTO;
        settings.blockSize = Math.min(128, Math.max(8, longest + 1));
        settings.embedDim = small ? 32 : 48;
        settings.headCount = 4;
        settings.layerCount = small ? 1 : 2;
        settings.activation = Activation.RELU;
        settings.initialization = Preset.STAGE5.initialization();
        settings.optimizer = new Adam(0.9, 0.99, 1e-8);
        double length = (double) distinct / size;
        settings.lossOverTokens = length > 10;
        settings.batchSize = settings.lossOverTokens ? Math.max(2, nearestPowerOfTwo(80 / length)) : 16;
        settings.steps = (int) Math.max(10, Math.ceil(passes * (size - heldOut) / settings.batchSize));
        double share = Math.min(1, Math.sqrt(6_000.0 / settings.steps)); // longer runs do better with shorter steps
        settings.learningRate = LearningRate.linear(0.2 / settings.embedDim * share, settings.steps);
        settings.heldOutFraction = (double) heldOut / size;
        settings.evaluateEvery = Math.max(1, settings.steps / 10);
        settings.patience = 5;
        return new TrainingOptions(settings);
    }

    private static int nearestPowerOfTwo(double number) {
        return (int) Math.pow(2, Math.round(Math.log(number) / Math.log(2)));
    }

    /**
     * What these settings began as, whatever was overridden since.
     *
     * @return {@code auto} for {@link #forStrings}, {@code microgpt}, {@code early}, {@code stage3} or {@code stage4} for a preset
     */
    public String basis() {
        return settings.basis;
    }

    /**
     * The most predictions of a string that count: its characters and its end. What is longer is cut.
     *
     * @return at least 1
     */
    public int blockSize() {
        return settings.blockSize;
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
        return settings.embedDim;
    }

    /**
     * Heads of attention.
     *
     * @return a divisor of embedDim
     */
    public int headCount() {
        return settings.headCount;
    }

    /**
     * Layers.
     *
     * @return at least 1
     */
    public int layerCount() {
        return settings.layerCount;
    }

    /**
     * What follows the first matrix of the feed-forward part.
     *
     * @return ReLU or its square
     */
    public Activation activation() {
        return settings.activation;
    }

    /**
     * The shape of the model for a vocabulary.
     *
     * @param vocabSize number of token ids, BOS included, at least 2
     * @return the configuration
     */
    public GptConfig newConfig(int vocabSize) {
        return settings.newConfig(vocabSize);
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
        return settings.initialization;
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
     * The rule by which a step updates the weights.
     *
     * @return {@link dev.microgpt.optim.Sgd} or {@link dev.microgpt.optim.Adam}
     */
    public Optimizer optimizer() {
        return settings.optimizer;
    }

    /**
     * Sets the rule by which a step updates the weights. The learning rate stays as it is, though what suits one rule does not suit
     * the other: the original programs take 0.1 for {@link dev.microgpt.optim.Sgd} and 0.01 for
     * {@link dev.microgpt.optim.Adam}.
     *
     * @param optimizer {@link dev.microgpt.optim.Sgd} or {@link dev.microgpt.optim.Adam}
     * @return new options
     */
    public TrainingOptions withOptimizer(Optimizer optimizer) {
        return with(changed -> changed.optimizer = optimizer);
    }

    /**
     * The learning rate: how far each step goes.
     *
     * @return the schedule
     */
    public LearningRate learningRate() {
        return settings.learningRate;
    }

    /**
     * Sets the learning rate: how far each step goes.
     *
     * @param learningRate the schedule, used as it is
     * @return new options
     */
    public TrainingOptions withLearningRate(LearningRate learningRate) {
        return with(changed -> changed.learningRate = learningRate);
    }

    /**
     * How many steps are made, each of which updates the weights once, unless training ends early.
     *
     * @return at least 1
     */
    public int steps() {
        return settings.steps;
    }

    /**
     * Sets the number of steps, and stretches the schedule of the learning rate in proportion.
     *
     * @param steps at least 1
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withSteps(int steps) {
        return with(changed -> {
            double factor = (double) steps / changed.steps;
            changed.steps = steps;
            changed.checked();
            changed.learningRate = stretched(changed.learningRate, factor);
        });
    }

    /**
     * How many strings each step learns from.
     *
     * @return at least 1
     */
    public int batchSize() {
        return settings.batchSize;
    }

    /**
     * Sets how many strings each step learns from: step s, from 0 on, takes those from s·batchSize on in the shuffled list, and
     * after the last string the first follows, within a batch, too.
     *
     * @param batchSize in [1, 65536]
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingOptions withBatchSize(int batchSize) {
        return with(changed -> changed.batchSize = batchSize);
    }

    /**
     * Of what the loss that a step lowers is the mean.
     *
     * @return true for all tokens of the batch, false for its strings
     */
    public boolean lossOverTokens() {
        return settings.lossOverTokens;
    }

    /**
     * Sets of what the loss that a step lowers is the mean.
     *
     * @param lossOverTokens true: of all tokens of the batch, so that a string of twice the length counts twice, which suits long
     *     strings; false: of its strings, each of which has the mean over its tokens as its loss, so that a long one counts no
     *     more than a short one
     * @return new options
     */
    public TrainingOptions withLossOverTokens(boolean lossOverTokens) {
        return with(changed -> changed.lossOverTokens = lossOverTokens);
    }

    /**
     * The length to which a longer gradient is shortened.
     *
     * @return positive; infinite for no limit
     */
    public double maxGradientNorm() {
        return settings.maxGradientNorm;
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
     * The share of the different strings that is held out for validation: they are not trained on, and tell how good the model is
     * on new strings.
     *
     * @return in [0, 1)
     */
    public double heldOutFraction() {
        return settings.heldOutFraction;
    }

    /**
     * Sets the share of the different strings that is held out for validation: the end of the shuffled list. A held-out string
     * is held out with all its copies, and counts once. The number of steps stays as it is.
     *
     * @param heldOutFraction in [0, 1); 0 trains on all, and keeps the last model instead of the best. The number is rounded, half
     *     a string up, and at least one string is trained on
     * @return new options
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public TrainingOptions withHeldOutFraction(double heldOutFraction) {
        return with(changed -> changed.heldOutFraction = heldOutFraction);
    }

    /**
     * After how many steps the validation loss, that on the held-out strings, is measured; it is after the last one, too.
     *
     * @return at least 1
     */
    public int evaluateEvery() {
        return settings.evaluateEvery;
    }

    /**
     * Sets after how many steps the validation loss, that on the held-out strings, is measured.
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
        return settings.patience;
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
        return settings.engine;
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
        return with(changed -> changed.engine = Optional.of(engine));
    }

    /**
     * The precision of the computation.
     *
     * @return {@link Precision#DOUBLE} unless set
     */
    public Precision precision() {
        return settings.precision;
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
        return settings.threads;
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
     * @return 42 unless set, as in the original programs
     */
    public long seed() {
        return settings.seed;
    }

    /**
     * Sets where all random numbers come from.
     *
     * @param seed any number; the same one gives the same model, and so does its negative, as in Python
     * @return new options
     */
    public TrainingOptions withSeed(long seed) {
        return with(changed -> changed.seed = seed);
    }

    /** All settings, as a model file keeps them: JSON. */
    @Override
    public String toString() {
        return Json.write(toJson());
    }

    /** Whether all settings are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingOptions options && toJson().equals(options.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    Map<String, Object> toJson() {
        return settings.toJson();
    }

    /**
     * The options that a file has.
     *
     * @throws IllegalArgumentException if a setting is missing or breaks its rule; the message names it
     */
    static TrainingOptions of(JsonObject json) {
        return new TrainingOptions(TrainingSettings.of(json));
    }

    private static LearningRate stretched(LearningRate rate, double factor) {
        if (rate.decay() == LearningRate.Decay.CONSTANT) {
            return rate;
        }
        int steps = (int) Math.max(1, Math.round(rate.steps() * factor));
        int warmup = (int) Math.min(steps - 1, Math.round(rate.warmupSteps() * factor));
        return new LearningRate(rate.decay(), rate.peak(), steps, warmup);
    }

    private TrainingOptions with(Consumer<TrainingSettings> change) {
        TrainingSettings changed = settings.clone();
        change.accept(changed);
        return new TrainingOptions(changed);
    }
}
