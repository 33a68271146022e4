package dev.microgpt;

import dev.microgpt.evaluation.Report;
import dev.microgpt.optim.Parameters;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.text.PythonRandom;
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
import java.util.stream.Collectors;

/** A model as a safetensors file: the weights under their original names, all else as JSON in the metadata. */
final class ModelFile {
    private static final String FORMAT = "microgpt 1";

    private ModelFile() {}

    static Safetensors of(StoredModel contents, DataType type) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("config", Json.write(Records.toMap(contents.gpt().config())));
        metadata.put("vocabulary", contents.tokenizer().vocabulary());
        metadata.put("options", Json.write(contents.options().toMap()));
        metadata.put("provenance", Json.write(Records.toMap(contents.provenance())));
        contents.report().ifPresent(report -> metadata.put("report", Json.write(Records.toMap(report))));
        metadata.put("random", Json.write(Records.toMap(contents.random())));
        metadata.put("fingerprints", encoded(contents.fingerprints()));
        return new Safetensors(metadata, tensors("", contents.gpt().parameters(), type));
    }

    /**
     * Reads and checks a model.
     *
     * @throws InvalidModelException if the file is not one
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    static StoredModel read(Path file) {
        return read(file, ModelFile::contents);
    }

    /** As {@link #read(Path)}, from where a stream stands to its end; does not close it. */
    static StoredModel read(InputStream in) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(Safetensors.MAX_FILE_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException("the model cannot be read from the stream: " + e.getMessage(), e);
        }
        return valid("the stream", () -> contents(Safetensors.parse(bytes)));
    }

    /** Reads a file; what the parser or the reader refuses as an argument is not valid in the file. */
    static <T> T read(Path file, Function<Safetensors, T> reader) {
        return valid("file " + file, () -> reader.apply(Safetensors.read(file)));
    }

    private static <T> T valid(String source, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(source, e.getMessage());
        }
    }

    private static StoredModel contents(Safetensors file) {
        requireFormat(file, FORMAT);
        GptConfig config = config(file);
        if (file.tensors().size() != tensorCount(config)) {
            throw new IllegalArgumentException(
                    "it has " + file.tensors().size() + " tensors, but " + config + " needs " + tensorCount(config));
        }
        Gpt gpt = new Gpt(config, parameters(file, "", config));
        TrainingOptions options = TrainingOptions.fromMap(json(file, "options"));
        if (!options.newConfig(config.vocabSize()).equals(config)) {
            throw new IllegalArgumentException(
                    "its options are for " + options.newConfig(config.vocabSize()) + ", but the model is " + config);
        }
        List<Fingerprint> fingerprints = fingerprints(file);
        if (fingerprints.isEmpty()) {
            throw new IllegalArgumentException("it has no fingerprint of the list");
        }
        return new StoredModel(
                gpt,
                tokenizer(file, config),
                options,
                record(file, "provenance", Provenance.class),
                fingerprints,
                record(file, "random", PythonRandom.State.class),
                Optional.of(record(file, "report", Report.class)));
    }

    static void requireFormat(Safetensors file, String format) {
        String found = text(file, "format");
        if (!found.equals(format)) {
            throw new IllegalArgumentException("its format is '" + found + "', not '" + format + "'");
        }
    }

    static GptConfig config(Safetensors file) {
        return record(file, "config", GptConfig.class);
    }

    static Tokenizer tokenizer(Safetensors file, GptConfig config) {
        Tokenizer tokenizer = Tokenizer.ofVocabulary(text(file, "vocabulary"));
        if (tokenizer.vocabSize() != config.vocabSize()) {
            throw new IllegalArgumentException("the vocabulary has " + tokenizer.vocabSize()
                    + " tokens, the end included, but vocabSize is " + config.vocabSize());
        }
        return tokenizer;
    }

    static String encoded(List<Fingerprint> fingerprints) {
        return fingerprints.stream().map(Fingerprint::encode).collect(Collectors.joining(" "));
    }

    static List<Fingerprint> fingerprints(Safetensors file) {
        String all = text(file, "fingerprints");
        return all.isEmpty()
                ? List.of()
                : Arrays.stream(all.split(" ")).map(Fingerprint::decode).toList();
    }

    static <R extends Record> R record(Safetensors file, String key, Class<R> type) {
        return Records.fromMap(key, json(file, key), type);
    }

    static Object json(Safetensors file, String key) {
        try {
            return Json.parse(text(file, key));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("metadata " + key + ": " + e.getMessage(), e);
        }
    }

    static String text(Safetensors file, String key) {
        String text = file.metadata().get(key);
        if (text == null) {
            throw new IllegalArgumentException("metadata " + key + " is missing");
        }
        return text;
    }

    /** The tensors of some parameters, with a prefix to their names. */
    static List<Safetensors.Tensor> tensors(String prefix, Parameters parameters, DataType type) {
        List<Safetensors.Tensor> tensors = new ArrayList<>();
        for (Parameters.Tensor tensor : parameters.tensors()) {
            double[] values = Arrays.copyOfRange(parameters.values(), tensor.offset(), tensor.offset() + tensor.size());
            tensors.add(new Safetensors.Tensor(
                    prefix + tensor.name(), type, List.of(tensor.rows(), tensor.columns()), values));
        }
        return tensors;
    }

    /** Parameters of a shape from the tensors whose names have a prefix. Allocates no more than the file has. */
    static Parameters parameters(Safetensors file, String prefix, GptConfig config) {
        Map<String, Safetensors.Tensor> byName =
                file.tensors().stream().collect(Collectors.toMap(Safetensors.Tensor::name, Function.identity()));
        long available = file.tensors().stream()
                .filter(tensor -> tensor.name().startsWith(prefix))
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        if (weightCount(config) > available) {
            throw new IllegalArgumentException(config + " has more weights than the file");
        }
        Parameters parameters = config.newParameters();
        for (Parameters.Tensor expected : parameters.tensors()) {
            Safetensors.Tensor tensor = byName.get(prefix + expected.name());
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

    static long tensorCount(GptConfig config) {
        return 3 + 6L * config.layerCount();
    }
}
