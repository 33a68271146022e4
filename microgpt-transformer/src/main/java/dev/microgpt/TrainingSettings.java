package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Sgd;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of {@link TrainingOptions}: their defaults, their rules, and their keys in a file. A new one is a field here with its
 * rule and its key, and a pair of methods there. Not a record, which Java 17 cannot copy with one component changed: a clone is
 * changed before it gets into options, never after.
 */
final class TrainingSettings implements Cloneable {
    private static final int MOST_BATCH = 1 << 16;

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
    boolean lossOverTokens;
    double maxGradientNorm = Double.POSITIVE_INFINITY;
    double heldOutFraction;
    int evaluateEvery = 100;
    int patience;
    Optional<Kind> engine = Optional.empty(); // for auto
    Precision precision = Precision.DOUBLE;
    int threads = 1;
    long seed = TrainingOptions.DEFAULT_SEED;

    /** Checks each setting against its rule; the message names it. */
    TrainingSettings checked() {
        Objects.requireNonNull(activation, "activation is null");
        Objects.requireNonNull(initialization, "initialization is null");
        Objects.requireNonNull(optimizer, "optimizer is null");
        Objects.requireNonNull(learningRate, "learningRate is null");
        Objects.requireNonNull(precision, "precision is null");
        newConfig(2); // checks the shape
        requireAtLeast(1, "steps", steps);
        requireAtLeast(1, "batchSize", batchSize);
        if (batchSize > MOST_BATCH) { // it may come from a file that anyone has written, and is a number of arrays
            throw new IllegalArgumentException("batchSize " + batchSize + " is above " + MOST_BATCH);
        }
        requireAtLeast(1, "evaluateEvery", evaluateEvery);
        requireAtLeast(0, "patience", patience);
        requireAtLeast(1, "threads", threads);
        if (!(maxGradientNorm > 0)) {
            throw new IllegalArgumentException("maxGradientNorm " + maxGradientNorm + " is not positive");
        }
        if (!(heldOutFraction >= 0 && heldOutFraction < 1)) {
            throw new IllegalArgumentException("heldOutFraction " + heldOutFraction + " is not in [0, 1)");
        }
        if (precision == Precision.FLOAT && engine.isPresent() && engine.get() != Kind.VECTOR) {
            throw new IllegalArgumentException("precision FLOAT needs engine VECTOR, not " + engine.get());
        }
        return this;
    }

    private static void requireAtLeast(int minimum, String name, int value) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " " + value + " is below " + minimum);
        }
    }

    GptConfig newConfig(int vocabSize) {
        return new GptConfig(vocabSize, blockSize, embedDim, headCount, layerCount, activation);
    }

    /** As a file keeps them; for {@link dev.microgpt.safetensors.Json}. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("basis", basis);
        json.put("blockSize", blockSize);
        json.put("embedDim", embedDim);
        json.put("headCount", headCount);
        json.put("layerCount", layerCount);
        json.put("activation", FileKeys.text(activation));
        json.put("initialization", FileKeys.of(initialization));
        if (optimizer instanceof Adam adam) {
            json.put("adam", FileKeys.of(adam)); // there is nothing to say of the other, Sgd
        }
        json.put("learningRate", FileKeys.of(learningRate));
        json.put("steps", steps);
        json.put("batchSize", batchSize);
        json.put("lossOver", FileKeys.lossOver(lossOverTokens));
        if (maxGradientNorm < Double.POSITIVE_INFINITY) { // which JSON cannot say
            json.put("maxGradientNorm", maxGradientNorm);
        }
        json.put("heldOutFraction", heldOutFraction);
        json.put("evaluateEvery", evaluateEvery);
        json.put("patience", patience);
        if (engine.isPresent()) {
            json.put("engine", FileKeys.text(engine.get()));
        }
        json.put("precision", FileKeys.text(precision));
        json.put("threads", threads);
        json.put("seed", seed);
        return json;
    }

    /**
     * The settings of a file; those that it does not have get their defaults.
     *
     * @throws IllegalArgumentException if one that has no default is missing, or one breaks its rule; the message names it
     */
    static TrainingSettings of(JsonObject json) {
        TrainingSettings settings = new TrainingSettings();
        settings.basis = json.requireString("basis");
        settings.blockSize = json.requireInt("blockSize");
        settings.embedDim = json.requireInt("embedDim");
        settings.headCount = json.requireInt("headCount");
        settings.layerCount = json.requireInt("layerCount");
        settings.activation = FileKeys.activation(json);
        settings.initialization = FileKeys.initialization(json.requireObject("initialization"));
        Optional<JsonObject> adam = json.optionalObject("adam");
        settings.optimizer = adam.isPresent() ? FileKeys.adam(adam.get()) : new Sgd();
        settings.learningRate = FileKeys.learningRate(json.requireObject("learningRate"));
        settings.steps = json.requireInt("steps");
        settings.batchSize = json.optionalInt("batchSize", settings.batchSize);
        settings.lossOverTokens = FileKeys.isLossOverTokens(json);
        settings.maxGradientNorm = json.optionalDouble("maxGradientNorm", settings.maxGradientNorm);
        settings.heldOutFraction = json.optionalDouble("heldOutFraction", settings.heldOutFraction);
        settings.evaluateEvery = json.optionalInt("evaluateEvery", settings.evaluateEvery);
        settings.patience = json.optionalInt("patience", settings.patience);
        settings.engine = FileKeys.optionalEngine(json);
        settings.precision = FileKeys.optionalPrecision(json).orElse(settings.precision);
        settings.threads = json.optionalInt("threads", settings.threads);
        settings.seed = json.optionalLong("seed", settings.seed);
        return json.make(settings::checked);
    }

    @Override
    public TrainingSettings clone() {
        try {
            return (TrainingSettings) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
