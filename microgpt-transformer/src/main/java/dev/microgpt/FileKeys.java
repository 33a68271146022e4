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
import dev.microgpt.transformer.Initialization.HeadDraw;
import dev.microgpt.transformer.Precision;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How model files and checkpoints spell what other packages know: keys and texts that stay as they are, whatever is renamed in the
 * code. {@link TrainingSettings}, {@link Provenance}, {@link Checkpoint} and {@link dev.microgpt.evaluation.Report} have keys of
 * their own.
 */
final class FileKeys {
    private static final String OLDER_TAPE = "TAPE_OF_MULTIPLY_ADDS"; // in files of format 1
    private static final String[] ENGINES = Stream.concat(
                    Stream.of(Kind.values()).map(FileKeys::text), Stream.of(OLDER_TAPE))
            .toArray(String[]::new);

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
        json.put("headDraw", text(initialization.headDraw()));
        json.put("zeroed", List.copyOf(new TreeSet<>(initialization.zeroed()))); // a set has another order in each JVM
        return json;
    }

    static Initialization initialization(JsonObject json) {
        return json.make(() -> new Initialization(
                json.requireDouble("deviation"),
                json.requireConstant("headDraw", HeadDraw.values(), FileKeys::text),
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
                json.requireConstant("decay", Decay.values(), FileKeys::text),
                json.requireDouble("peak"),
                json.requireInt("steps"),
                json.requireInt("warmupSteps")));
    }

    static Map<String, Object> of(PythonRandom.State random) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("words", random.words());
        json.put("index", random.index());
        random.pendingGauss().ifPresent(gauss -> json.put("pendingGauss", gauss));
        return json;
    }

    static PythonRandom.State random(JsonObject json) {
        return json.make(() -> new PythonRandom.State(
                json.requireInts("words"), json.requireInt("index"), json.optionalDouble("pendingGauss")));
    }

    static Activation activation(JsonObject json) {
        return json.requireConstant("activation", Activation.values(), FileKeys::text);
    }

    static Kind engine(JsonObject json) {
        return kind(json.requireConstant("engine", ENGINES, Function.identity()));
    }

    static Optional<Kind> optionalEngine(JsonObject json) {
        return json.optionalConstant("engine", ENGINES, Function.identity()).map(FileKeys::kind);
    }

    static Optional<Precision> optionalPrecision(JsonObject json) {
        return json.optionalConstant("precision", Precision.values(), FileKeys::text);
    }

    private static Kind kind(String text) {
        return Stream.of(Kind.values())
                .filter(kind -> text(kind).equals(text))
                .findFirst()
                .orElse(Kind.TAPE); // an older name of it
    }

    static String text(Activation activation) {
        return switch (activation) {
            case RELU -> "RELU";
            case RELU_SQUARED -> "RELU_SQUARED";
        };
    }

    static String text(Kind engine) {
        return switch (engine) {
            case VALUE -> "VALUE";
            case TAPE -> "TAPE";
            case ARRAY -> "ARRAY";
            case VECTOR -> "VECTOR";
        };
    }

    static String text(Precision precision) {
        return switch (precision) {
            case DOUBLE -> "DOUBLE";
            case FLOAT -> "FLOAT";
        };
    }

    private static String text(HeadDraw headDraw) {
        return switch (headDraw) {
            case THIRD -> "THIRD";
            case LAST -> "LAST";
        };
    }

    private static String text(Decay decay) {
        return switch (decay) {
            case CONSTANT -> "CONSTANT";
            case LINEAR -> "LINEAR";
            case COSINE -> "COSINE";
        };
    }
}
