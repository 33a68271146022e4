package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.LearningRate.Decay;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How model files and checkpoints spell what other packages know: keys and texts that stay as they are, whatever is renamed in the
 * code. {@link TrainingSettings}, {@link Provenance}, {@link Checkpoint} and {@link dev.microgpt.evaluation.Report} have keys of
 * their own.
 */
final class FileKeys {
    private static final Map<String, Activation> ACTIVATIONS = new LinkedHashMap<>();
    private static final Map<String, Kind> ENGINES = new LinkedHashMap<>();
    private static final Map<String, Precision> PRECISIONS = new LinkedHashMap<>();
    private static final Map<String, Decay> DECAYS = new LinkedHashMap<>();
    private static final Map<String, Boolean> HEAD_DRAWS = Map.of("THIRD", false, "LAST", true);
    private static final Map<String, Boolean> LOSS_OVER = Map.of("STRINGS", false, "TOKENS", true);

    static {
        ACTIVATIONS.put("RELU", Activation.RELU);
        ACTIVATIONS.put("RELU_SQUARED", Activation.RELU_SQUARED);
        ENGINES.put("VALUE", Kind.VALUE);
        ENGINES.put("TAPE", Kind.TAPE);
        ENGINES.put("TAPE_OF_MULTIPLY_ADDS", Kind.TAPE); // in files of format 1
        ENGINES.put("ARRAY", Kind.ARRAY);
        ENGINES.put("VECTOR", Kind.VECTOR);
        PRECISIONS.put("DOUBLE", Precision.DOUBLE);
        PRECISIONS.put("FLOAT", Precision.FLOAT);
        DECAYS.put("CONSTANT", Decay.CONSTANT);
        DECAYS.put("LINEAR", Decay.LINEAR);
        DECAYS.put("COSINE", Decay.COSINE);
    }

    private FileKeys() {}

    static Map<String, Object> of(GptConfig config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("vocabSize", config.vocabSize());
        json.put("blockSize", config.blockSize());
        json.put("embedDim", config.embedDim());
        json.put("headCount", config.headCount());
        json.put("layerCount", config.layerCount());
        json.put("activation", text(config.activation()));
        return json;
    }

    static GptConfig config(JsonObject json) {
        return json.make(() -> new GptConfig(
                json.requireInt("vocabSize"),
                json.requireInt("blockSize"),
                json.requireInt("embedDim"),
                json.requireInt("headCount"),
                json.requireInt("layerCount"),
                activation(json)));
    }

    static Map<String, Object> of(Initialization initialization) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("deviation", initialization.deviation());
        json.put("headDraw", text(HEAD_DRAWS, initialization.headLast()));
        json.put("zeroed", List.copyOf(new TreeSet<>(initialization.zeroed()))); // a set has another order in each JVM
        return json;
    }

    static Initialization initialization(JsonObject json) {
        return json.make(() -> new Initialization(
                json.requireDouble("deviation"),
                json.requireConstant("headDraw", HEAD_DRAWS),
                new LinkedHashSet<>(json.requireStrings("zeroed"))));
    }

    static Map<String, Object> of(Adam adam) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("beta1", adam.beta1());
        json.put("beta2", adam.beta2());
        json.put("epsilon", adam.epsilon());
        return json;
    }

    static Adam adam(JsonObject json) {
        return json.make(() ->
                new Adam(json.requireDouble("beta1"), json.requireDouble("beta2"), json.requireDouble("epsilon")));
    }

    static Map<String, Object> of(LearningRate rate) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("decay", text(rate.decay()));
        json.put("peak", rate.peak());
        json.put("steps", rate.steps());
        json.put("warmupSteps", rate.warmupSteps());
        return json;
    }

    static LearningRate learningRate(JsonObject json) {
        return json.make(() -> new LearningRate(
                json.requireConstant("decay", DECAYS),
                json.requireDouble("peak"),
                json.requireInt("steps"),
                json.requireInt("warmupSteps")));
    }

    static Map<String, Object> of(PythonRandom.State random) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("words", random.words());
        json.put("index", random.index());
        if (random.pendingGauss().isPresent()) {
            json.put("pendingGauss", random.pendingGauss().getAsDouble());
        }
        return json;
    }

    static PythonRandom.State random(JsonObject json) {
        return json.make(() -> new PythonRandom.State(
                json.requireInts("words"), json.requireInt("index"), json.optionalDouble("pendingGauss")));
    }

    static Activation activation(JsonObject json) {
        return json.requireConstant("activation", ACTIVATIONS);
    }

    static Kind engine(JsonObject json) {
        return json.requireConstant("engine", ENGINES);
    }

    static Optional<Kind> optionalEngine(JsonObject json) {
        return json.optionalConstant("engine", ENGINES);
    }

    static Optional<Precision> optionalPrecision(JsonObject json) {
        return json.optionalConstant("precision", PRECISIONS);
    }

    /** Whether the loss of a batch is the mean over its tokens; it was over its strings before there was a key. */
    static boolean isLossOverTokens(JsonObject json) {
        return json.optionalConstant("lossOver", LOSS_OVER).orElse(false);
    }

    static String lossOver(boolean tokens) {
        return text(LOSS_OVER, tokens);
    }

    static String text(Activation activation) {
        return text(ACTIVATIONS, activation);
    }

    static String text(Kind engine) {
        return text(ENGINES, engine);
    }

    static String text(Precision precision) {
        return text(PRECISIONS, precision);
    }

    private static String text(Decay decay) {
        return text(DECAYS, decay);
    }

    /** The first text that stands for a constant. */
    private static <T> String text(Map<String, T> constants, T constant) {
        for (Map.Entry<String, T> entry : constants.entrySet()) {
            if (entry.getValue().equals(constant)) {
                return entry.getKey();
            }
        }
        throw new AssertionError(constant + " has no text in FileKeys");
    }
}
