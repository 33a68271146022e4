package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.safetensors.ChecksummedFile;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models and checkpoints that somebody has made up, with checksums that fit, in a JVM of 64 MB: each is refused as not valid, or
 * gives finite losses, strings and candidates, and nothing takes more than 20 seconds of CPU time. {@code -Dmicrogpt.fuzz.seconds} and {@code
 * -Dmicrogpt.fuzz.seed} make it longer, or another.
 */
@Tag("proof")
class HostileFilesTest {
    private static final List<String> NAMES = Documents.givenNames().asList().subList(0, 50);
    private static final TrainingOptions OPTIONS = TrainingOptions.of(Preset.STAGE5)
            .withSteps(20)
            .withHeldOutFraction(0.1)
            .withEvaluateEvery(5);
    private static final Duration MOST = Duration.ofSeconds(20);

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void hostile_files_cost_little_and_give_no_wrong_numbers(@TempDir Path directory) throws Exception {
        Path silence = Files.createFile(directory.resolve("logging.properties"));
        Process child = ChildJvm.start(
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-Djava.util.logging.config.file=" + silence),
                Child.class,
                directory.toString(),
                System.getProperty("microgpt.fuzz.seconds", "60"),
                System.getProperty("microgpt.fuzz.seed", "1"));

        assertThat(child.waitFor()).isZero();
    }

    /** Makes files up until the time is over; ends with an exception at the first one that costs or gives too much. */
    static final class Child {
        private final Random random;
        private final Path directory;
        private final Safetensors model;
        private final Safetensors checkpoint;
        private final String file = "checkpoint-0000000010.safetensors";
        private int count;
        private int accepted;
        private int resumed;

        private Child(Path directory, long seed) throws IOException {
            this.random = new Random(seed);
            this.directory = directory;
            MicroGpt trained =
                    new Trainer(NAMES, OPTIONS).checkpoints(directory, 10).train();
            this.model = ChecksummedFile.parse(trained.toBytes()).contents();
            this.checkpoint = ChecksummedFile.parse(Files.readAllBytes(directory.resolve(file)))
                    .contents();
            Files.delete(directory.resolve("checkpoint-0000000020.safetensors"));
        }

        public static void main(String[] args) throws IOException {
            long seed = Long.parseLong(args[2]);
            Child child = new Child(Path.of(args[0]), seed);
            for (String value : List.of("[]", "{}", "[0]", "{\"\":0}", "\"\"", "0", "[[[]]]", "\"\\u0041\"")) {
                child.refuse(value);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
            while (System.nanoTime() < end) {
                child.attempt(seed);
            }
            System.out.println("HostileFilesTest: seed " + seed + ", " + child.count + " files, of which "
                    + child.accepted + " models were accepted and " + child.resumed + " checkpoints resumed");
        }

        /** A header of half a megabyte that repeats a short value, which takes many times the memory. */
        private void refuse(String value) throws IOException {
            String values = (value + ",").repeat(500_000 / (value.length() + 1)) + "0";
            byte[] header = ("{\"x\":[" + values + "]}").getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
            Path hostile = Files.write(
                    directory.resolve(file),
                    bytes.putLong(header.length).put(header).array());
            try {
                MicroGpt.load(hostile);
            } catch (InvalidModelException e) {
                return;
            }
            throw new AssertionError("a header of " + value + " is no model");
        }

        private void attempt(long seed) throws IOException {
            count++;
            boolean isModel = random.nextInt(3) > 0;
            Safetensors made = isModel && random.nextInt(3) == 0 ? ofAnyShape() : changed(isModel ? model : checkpoint);
            byte[] bytes = ChecksummedFile.toBytes(made);
            Files.write(directory.resolve(file), bytes);
            Duration start = cpuTime(); // another's work does not count
            try {
                if (isModel) {
                    read(directory.resolve(file));
                } else {
                    resume();
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", file " + count + ": " + made.metadata(), e);
            }
            if (cpuTime().minus(start).compareTo(MOST) > 0) {
                throw new AssertionError("seed " + seed + ", file " + count + " takes long: " + made.metadata());
            }
        }

        private static Duration cpuTime() {
            return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        }

        private void read(Path file) {
            MicroGpt loaded;
            try {
                loaded = MicroGpt.load(file);
            } catch (InvalidModelException e) {
                return;
            }
            accepted++;
            double loss = loaded.loss("emma");
            if (Double.isNaN(loss)) {
                throw new AssertionError("the loss is NaN");
            }
            loaded.isKnown("emma");
            loaded.report().toString();
            try {
                loaded.generate(1, new GenerationOptions().withSeed(1));
            } catch (ExhaustedException e) {
                // which is an answer
            }
            double sum = loaded.candidates("").stream()
                    .mapToDouble(candidate -> candidate.probability())
                    .sum();
            if (!(Math.abs(sum - 1) < 1e-9)) {
                throw new AssertionError("the probabilities add up to " + sum);
            }
        }

        private void resume() {
            try {
                Trainer.resuming(directory, NAMES);
                resumed++;
            } catch (InvalidModelException | IllegalStateException e) {
                // not valid, or of an engine that is not there
            } catch (IllegalArgumentException e) {
                if (!e.getMessage().startsWith("the strings (SHA-256 ")) {
                    throw e;
                }
            }
        }

        /** A file with some values changed. */
        private Safetensors changed(Safetensors sound) {
            Map<String, String> metadata = new LinkedHashMap<>(sound.metadata());
            List<Tensor> tensors = new ArrayList<>(sound.tensors());
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                if (random.nextInt(4) == 0) {
                    int index = random.nextInt(tensors.size());
                    tensors.set(index, changed(tensors.get(index)));
                } else {
                    List<String> keys = List.copyOf(metadata.keySet());
                    String key = keys.get(random.nextInt(keys.size()));
                    metadata.put(key, changed(metadata.get(key)));
                }
            }
            return new Safetensors(metadata, tensors);
        }

        private Tensor changed(Tensor tensor) {
            double[] values = tensor.values().clone();
            double factor = Math.pow(10, random.nextInt(50) - 10);
            for (int i = 0; i < values.length; i++) {
                values[i] *= random.nextBoolean() ? factor : 1;
            }
            return new Tensor(tensor.name(), DataType.F64, tensor.shape(), values);
        }

        /** Another text: as JSON if it is that, else one with characters doubled, dropped or replaced. */
        private String changed(String text) {
            if (text.startsWith("{") && random.nextInt(8) > 0) {
                try {
                    return Json.write(changed(Json.parse(text)));
                } catch (IllegalArgumentException e) {
                    // it has been changed before
                }
            }
            int at = random.nextInt(text.length() + 1);
            return switch (random.nextInt(4)) {
                case 0 -> text.substring(0, at);
                case 1 -> text + " " + text;
                case 2 -> text.substring(0, at) + (char) random.nextInt(0xD800) + text.substring(at);
                default -> (text + " ").repeat(1 + random.nextInt(1 + 20_000 / (text.length() + 1)));
            };
        }

        @SuppressWarnings("unchecked") // what Json makes
        private Object changed(Object json) {
            if (json instanceof Map<?, ?> map && !map.isEmpty()) {
                Map<String, Object> changed = new LinkedHashMap<>((Map<String, Object>) map);
                List<String> keys = List.copyOf(changed.keySet());
                String key = keys.get(random.nextInt(keys.size()));
                if (random.nextInt(8) == 0) {
                    changed.remove(key);
                } else {
                    changed.put(key, changed(changed.get(key)));
                }
                return changed;
            }
            if (json instanceof List<?> list && !list.isEmpty()) {
                List<Object> changed = new ArrayList<>(list);
                int index = random.nextInt(changed.size());
                changed.set(index, changed(changed.get(index)));
                return random.nextInt(4) > 0 ? changed : changed.subList(0, index);
            }
            List<Object> values = Arrays.asList(
                    0L,
                    1L,
                    -1L,
                    2L,
                    3L,
                    17L,
                    65_536L,
                    (long) Integer.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    1e300,
                    -0.5,
                    1e-300,
                    "",
                    "VALUE",
                    "VECTOR",
                    "FLOAT",
                    true,
                    List.of(),
                    Map.of());
            return values.get(random.nextInt(values.size()));
        }

        /** A model of another shape with any weights, of at most some 100 KB. */
        private Safetensors ofAnyShape() {
            int vocabSize = model.metadata().get("vocabulary").length() + 1;
            int headCount = 1 + random.nextInt(3);
            int embedDim = headCount * (1 + random.nextInt(4));
            int layerCount = 1 + random.nextInt(1 + 150 / embedDim);
            int blockSize = 1 + random.nextInt(1 + (random.nextInt(8) > 0 ? 20 : 6_000 / embedDim));
            GptConfig config = new GptConfig(
                    vocabSize, blockSize, embedDim, headCount, layerCount, Activation.values()[random.nextInt(2)]);
            double size = Math.pow(10, random.nextInt(34) - 3);
            List<Tensor> tensors = config.newParameters().tensors().stream()
                    .map(tensor -> new Tensor(
                            tensor.name(),
                            DataType.F64,
                            List.of(tensor.rows(), tensor.columns()),
                            random.doubles(tensor.size(), -size, size).toArray()))
                    .collect(Collectors.toList());
            if (random.nextBoolean()) { // the end is never drawn
                double[] head = tensors.get(2).values();
                IntStream.range((vocabSize - 1) * embedDim, vocabSize * embedDim)
                        .forEach(i -> head[i] = 0);
            }
            Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
            metadata.put("config", Json.write(FileKeys.of(config)));
            metadata.put(
                    "options",
                    Json.write(OPTIONS.withBlockSize(blockSize)
                            .withShape(embedDim, headCount, layerCount)
                            .withActivation(config.activation())
                            .toJson()));
            return new Safetensors(metadata, tensors);
        }
    }
}
