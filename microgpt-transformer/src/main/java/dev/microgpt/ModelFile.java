package dev.microgpt;

import dev.microgpt.evaluation.Report;
import dev.microgpt.optim.Parameters;
import dev.microgpt.safetensors.AtomicFile;
import dev.microgpt.safetensors.ChecksummedFile;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model as a safetensors file: the weights under their original names, all else as texts and JSON in the metadata. A
 * {@link Checkpoint} is such a file too, with other keys. A key that is absent has a default, one that is not known is ignored, so
 * most new keys need no new {@link #VERSION}; one does that an older library would be wrong to ignore.
 */
final class ModelFile {
    /** Below it a loss is finite: in it stand sixth powers of weights, times ninth powers of embedDim, and 1e308 is the end. */
    static final double TOO_LARGE = 1e30;

    /** The most lists that a model can be trained on, one after the other. */
    static final int MOST_LISTS = 10_000;

    private static final String FORMAT = "microgpt";
    private static final int VERSION = 2;

    private final Safetensors file;
    private final GptConfig config;

    private ModelFile(Safetensors file) {
        this.file = file;
        this.config = FileKeys.config(object("config"));
    }

    // ---- writing

    /** The bytes of a model; in F32 where that loses nothing, as after training in single precision. */
    static byte[] toBytes(StoredModel model) {
        Map<String, String> metadata = metadata(FORMAT, model.gpt().config(), model.tokenizer(), model.options());
        metadata.put("provenance", Json.write(model.provenance().toJson()));
        model.report().ifPresent(report -> metadata.put("report", report.toJson()));
        metadata.put("random", Json.write(FileKeys.of(model.random())));
        metadata.put(
                "fingerprints",
                model.fingerprints().stream().map(Fingerprint::encode).collect(Collectors.joining(" ")));
        Parameters weights = model.gpt().parameters();
        boolean single = Arrays.stream(weights.values()).allMatch(weight -> weight == (float) weight);
        return ChecksummedFile.toBytes(
                new Safetensors(metadata, tensors("", weights, single ? DataType.F32 : DataType.F64)));
    }

    static void write(Path file, StoredModel model) {
        AtomicFile.write(file, toBytes(model));
    }

    static void write(Path file, Safetensors contents) {
        AtomicFile.write(file, ChecksummedFile.toBytes(contents));
    }

    /** What models and checkpoints have in common, to which more can be added. */
    static Map<String, String> metadata(String format, GptConfig config, Tokenizer tokenizer, TrainingOptions options) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", format + " " + VERSION);
        metadata.put("config", Json.write(FileKeys.of(config)));
        metadata.put("vocabulary", tokenizer.vocabulary());
        metadata.put("options", Json.write(options.toJson()));
        return metadata;
    }

    /** The tensors of some parameters, with a prefix to their names. */
    static List<Tensor> tensors(String prefix, Parameters parameters, DataType type) {
        List<Tensor> tensors = new ArrayList<>();
        for (Parameters.Tensor tensor : parameters.tensors()) {
            double[] values = Arrays.copyOfRange(parameters.values(), tensor.offset(), tensor.offset() + tensor.size());
            tensors.add(new Tensor(prefix + tensor.name(), type, List.of(tensor.rows(), tensor.columns()), values));
        }
        return tensors;
    }

    // ---- reading

    /**
     * Reads and checks a model.
     *
     * @param verified whether its weights must be those that this library wrote
     * @throws InvalidModelException if the file is not one
     * @throws UncheckedIOException if it cannot be read
     */
    static StoredModel read(Path file, boolean verified) {
        return read(file, FORMAT, verified, ModelFile::model);
    }

    /** As {@link #read(Path, boolean)}, from where a stream stands to its end, which must come within a limit; closes it. */
    static StoredModel read(InputStream in, int maxLength) {
        byte[] bytes;
        try (in) {
            bytes = in.readNBytes(maxLength);
            if (bytes.length == maxLength && in.read() >= 0) {
                throw new InvalidModelException("the stream", "it has more than " + maxLength + " bytes");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the model cannot be read from the stream: " + e.getMessage(), e);
        }
        return valid("the stream", () -> open(bytes, FORMAT, true).model());
    }

    /** Reads a file of a format; what the parser or the reader refuses as an argument is not valid in the file. */
    static <T> T read(Path file, String format, boolean verified, Function<ModelFile, T> reader) {
        byte[] bytes = AtomicFile.read(file, Safetensors.MAX_FILE_LENGTH);
        return valid("file " + file, () -> reader.apply(open(bytes, format, verified)));
    }

    /** What a reader makes; an argument that it refuses is not valid in the file. */
    static <T> T valid(String source, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(source, e.getMessage());
        }
    }

    private static ModelFile open(byte[] bytes, String format, boolean verified) {
        ChecksummedFile file = ChecksummedFile.parse(bytes);
        Safetensors contents = file.contents();
        requireNotNewer(contents, format); // first, because newer checksums may be others
        file.requireMetadata();
        if (verified) {
            file.requireTensors();
        }
        requireFormat(contents, format);
        return new ModelFile(contents);
    }

    private static void requireNotNewer(Safetensors file, String format) {
        String found = file.metadata().getOrDefault("format", "");
        Matcher version =
                Pattern.compile(Pattern.quote(format) + " ([0-9]{1,9})").matcher(found);
        if (version.matches() && Integer.parseInt(version.group(1)) > VERSION) {
            throw new IllegalArgumentException("its format is '" + found + "', newer than this library reads ('"
                    + format + " " + VERSION + "'): a newer version of the library reads it");
        }
    }

    private static void requireFormat(Safetensors file, String format) {
        String found = text(file, "format");
        if (!found.matches(Pattern.quote(format) + " [1-" + VERSION + "]")) {
            throw new IllegalArgumentException(
                    "its format is '" + Json.shown(found) + "', not '" + format + " " + VERSION + "'");
        }
    }

    private StoredModel model() {
        if (file.tensors().size() != tensorCount(config)) {
            throw new IllegalArgumentException(
                    "it has " + file.tensors().size() + " tensors, but " + config + " needs " + tensorCount(config));
        }
        Gpt gpt = gpt("");
        TrainingOptions options = requireOptions();
        return new StoredModel(
                gpt,
                tokenizer(),
                options,
                Provenance.of(object("provenance")),
                fingerprints(),
                FileKeys.random(object("random")),
                Optional.of(Report.fromJson(text(file, "report"))));
    }

    /** Whether all weights are finite and below {@link #TOO_LARGE} in size. */
    static boolean isModerate(Parameters parameters) {
        return Arrays.stream(parameters.values()).allMatch(weight -> Math.abs(weight) < TOO_LARGE);
    }

    /** Refuses what the trainer would refuse. */
    private static Parameters requireModerate(Parameters parameters) {
        for (Parameters.Tensor tensor : parameters.tensors()) {
            for (int i = 0; i < tensor.size(); i++) {
                double weight = parameters.values()[tensor.offset() + i];
                if (!(Math.abs(weight) < TOO_LARGE)) {
                    throw new IllegalArgumentException("weight " + weight + " at index " + i + " of " + tensor.name()
                            + " is too large to compute with: " + TOO_LARGE + " is the limit");
                }
            }
        }
        return parameters;
    }

    GptConfig config() {
        return config;
    }

    /** The options, which are for the file's shape. */
    TrainingOptions requireOptions() {
        TrainingOptions options = TrainingOptions.of(object("options"));
        if (!options.newConfig(config.vocabSize()).equals(config)) {
            throw new IllegalArgumentException(
                    "its options are for " + options.newConfig(config.vocabSize()) + ", but the model is " + config);
        }
        return options;
    }

    Tokenizer tokenizer() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary(text(file, "vocabulary"));
        if (tokenizer.vocabSize() != config.vocabSize()) {
            throw new IllegalArgumentException("the vocabulary has " + tokenizer.vocabSize()
                    + " tokens, the end included, but vocabSize is " + config.vocabSize());
        }
        return tokenizer;
    }

    private List<Fingerprint> fingerprints() {
        String all = text(file, "fingerprints");
        if (all.isEmpty()) {
            throw new IllegalArgumentException("it has no fingerprint of the list");
        }
        return fingerprints(List.of(all.split(" ", MOST_LISTS + 1)));
    }

    /**
     * Reads the fingerprints of a file.
     *
     * @throws IllegalArgumentException if one is not valid, or there are more than {@link #MOST_LISTS}: each takes more memory than
     *     its text
     */
    static List<Fingerprint> fingerprints(List<String> texts) {
        if (texts.size() > MOST_LISTS) {
            throw new IllegalArgumentException("it has fingerprints of more than " + MOST_LISTS + " lists");
        }
        return texts.stream().map(Fingerprint::decode).toList();
    }

    JsonObject object(String key) {
        Object json;
        try {
            json = Json.parse(text(file, key));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("metadata " + key + ": " + e.getMessage(), e);
        }
        return JsonObject.of(key, json);
    }

    private static String text(Safetensors file, String key) {
        String text = file.metadata().get(key);
        if (text == null) {
            throw new IllegalArgumentException("metadata " + key + " is missing");
        }
        return text;
    }

    /** A model of the file's shape, from the tensors whose names have a prefix. */
    Gpt gpt(String prefix) {
        return new Gpt(config, requireModerate(parameters(prefix)));
    }

    /** Parameters of the model's shape from the tensors whose names have a prefix. Allocates no more than the file has. */
    Parameters parameters(String prefix) {
        Map<String, Tensor> byName =
                file.tensors().stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
        long available = file.tensors().stream()
                .filter(tensor -> tensor.name().startsWith(prefix))
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        if (weightCount(config) > available) {
            throw new IllegalArgumentException(config + " has more weights than the file");
        }
        Parameters parameters = config.newParameters();
        for (Parameters.Tensor expected : parameters.tensors()) {
            Tensor tensor = byName.get(prefix + expected.name());
            if (tensor == null) {
                throw new IllegalArgumentException("tensor " + prefix + expected.name() + " is missing");
            }
            List<Integer> shape = List.of(expected.rows(), expected.columns());
            if (!tensor.shape().equals(shape)) {
                throw new IllegalArgumentException("tensor " + prefix + expected.name() + " has shape " + tensor.shape()
                        + ", but " + config + " needs " + shape);
            }
            System.arraycopy(tensor.values(), 0, parameters.values(), expected.offset(), expected.size());
        }
        return parameters;
    }

    /** As a floating-point number, because the shape may come from a file that anyone has written. */
    private static double weightCount(GptConfig config) {
        double n = config.embedDim();
        return (2.0 * config.vocabSize() + config.blockSize()) * n + 12.0 * config.layerCount() * n * n;
    }

    private static long tensorCount(GptConfig config) {
        return 3 + 6L * config.layerCount();
    }
}
