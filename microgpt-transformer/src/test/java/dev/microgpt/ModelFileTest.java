package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Sgd;
import dev.microgpt.safetensors.ChecksummedFile;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model file is, and what is refused. What earlier versions wrote is in {@link StoredFilesTest}. */
class ModelFileTest {
    private static final List<String> NAMES = Documents.givenNames().asList();
    private static final MicroGpt MODEL =
            MicroGpt.train(NAMES, TrainingOptions.of(Preset.STAGE5).withSteps(60));
    private static final byte[] BYTES = MODEL.toBytes();
    private static final String CONFIG =
            "GptConfig[vocabSize=27, blockSize=16, embedDim=16, headCount=4, layerCount=1," + " activation=RELU]";
    private static final String METADATA_DIFFERS = "its metadata does not match its checksum: it is damaged";
    private static final String TENSORS_DIFFER =
            "its tensors do not match their checksum: it is damaged, or another program changed them";
    private static final List<Long> WTE = List.of(27L, 16L);

    @TempDir
    Path directory;

    // ---- other programs

    @Test
    void a_file_that_another_program_has_written_again_is_the_same_model() throws IOException {
        byte[] again = OtherProgram.read(BYTES)
                .put("format", "pt")
                .put("a", "ß\n")
                .put("zz", "{}")
                .write();

        MicroGpt loaded = MicroGpt.load(file(again));

        assertThat(again).isNotEqualTo(BYTES);
        assertThat(loaded.toBytes()).isEqualTo(BYTES);
        assertThat(loaded.report()).isEqualTo(MODEL.report());
    }

    @Test
    void a_changed_value_of_ours_is_refused() throws IOException {
        for (String key : List.of(
                "config", "format", "fingerprints", "options", "provenance", "random", "report", "vocabulary")) {
            String ours = "microgpt." + key;
            String value = OtherProgram.read(BYTES).get(ours);

            assertRefused(OtherProgram.read(BYTES).put(ours, value + " ").write(), METADATA_DIFFERS);
            assertRefused(OtherProgram.read(BYTES).remove(ours).write(), METADATA_DIFFERS);
        }
        assertRefused(OtherProgram.read(BYTES).put("microgpt.more", "").write(), METADATA_DIFFERS);
    }

    @Test
    void a_changed_tensor_is_refused() throws IOException {
        double[] wte = Arrays.copyOf(MODEL.gpt().parameters().values(), 27 * 16);
        wte[5] = Math.nextUp(wte[5]);

        assertRefused(OtherProgram.read(BYTES).put("wte", WTE, wte).write(), TENSORS_DIFFER);
        assertRefused(OtherProgram.read(BYTES).remove("wpe").write(), TENSORS_DIFFER);
        assertRefused(OtherProgram.read(BYTES).put("more", List.of(1L), 0).write(), TENSORS_DIFFER);
    }

    // ---- what would cost much

    @Test
    void options_of_a_file_are_bounded() throws IOException {
        String options = contents().metadata().get("options").replace("\"batchSize\":1,", "\"batchSize\":2147483647,");

        assertRefused(with("options", options), "options: batchSize 2147483647 is above 65536");
    }

    @Test
    void fingerprints_are_not_empty_and_not_too_many() throws IOException {
        String one = Fingerprint.of(List.of("a")).encode();

        assertRefused(with("fingerprints", "0:AA== ".repeat(400_000)), "it has fingerprints of more than 10000 lists");
        assertRefused(
                with("fingerprints", "0:AA=="),
                "fingerprint does not begin with a number of strings in [1, 143165576]");
        MicroGpt most = load(with("fingerprints", (one + " ").repeat(9_999) + one));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.furtherTraining(most, NAMES, most.trainingOptions()))
                .withMessage("the model has been trained on 10000 lists already, which is the most");
    }

    @Test
    void a_stream_has_a_limit() {
        assertThat(ModelFile.read(new ByteArrayInputStream(BYTES), BYTES.length)
                        .gpt()
                        .config())
                .isEqualTo(MODEL.gpt().config());
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> ModelFile.read(new ByteArrayInputStream(BYTES), BYTES.length - 1))
                .withMessage("the stream is not a valid model: it has more than " + (BYTES.length - 1) + " bytes");
    }

    // ---- other versions

    @Test
    void a_newer_format_is_refused_with_advice() throws IOException {
        for (String version : List.of("3", "10", "999999999")) {
            assertRefused(
                    OtherProgram.read(BYTES)
                            .put("microgpt.format", "microgpt " + version)
                            .write(),
                    "its format is 'microgpt " + version + "', newer than this library reads ('microgpt 2'): a newer"
                            + " version of the library reads it");
        }
        for (String format : List.of("microgpt 0", "microgpt", "microgpt checkpoint 2", "gpt\u001b[2J")) {
            assertRefused(
                    with("format", format), "its format is '" + format.replace('\u001b', '?') + "', not 'microgpt 2'");
        }
    }

    /** The keys that were added to the options since the first file, or may be missing for another reason. */
    @Test
    void a_setting_that_is_absent_has_its_default() throws IOException {
        Map<String, Object> options = object("options");
        options.keySet()
                .removeAll(List.of(
                        "adam",
                        "batchSize",
                        "lossOver",
                        "heldOutFraction",
                        "evaluateEvery",
                        "patience",
                        "precision",
                        "threads",
                        "seed"));

        TrainingOptions loaded = load(with("options", Json.write(options))).trainingOptions();

        assertThat(loaded).isEqualTo(MODEL.trainingOptions().withOptimizer(new Sgd()));
    }

    @Test
    void a_key_that_is_not_known_is_ignored() throws IOException {
        Map<String, Object> options = object("options");
        options.put("newSetting", List.of(1, 2));
        Map<String, Object> provenance = object("provenance");
        provenance.put("machine", "x");

        MicroGpt loaded = load(with("options", Json.write(options), "provenance", Json.write(provenance), "new", "?"));

        assertThat(loaded.toBytes()).isEqualTo(BYTES);
    }

    /** Names of the code may change, keys and texts of the file may not. */
    @Test
    void has_these_keys_for_ever() {
        Map<String, String> metadata = contents().metadata();

        assertThat(metadata.keySet())
                .containsExactly(
                        "format", "config", "vocabulary", "options", "provenance", "report", "random", "fingerprints");
        assertThat(metadata)
                .containsEntry("format", "microgpt 2")
                .containsEntry(
                        "config",
                        "{\"vocabSize\":27,\"blockSize\":16,\"embedDim\":16,\"headCount\":4,\"layerCount\":1,"
                                + "\"activation\":\"RELU\"}")
                .containsEntry("vocabulary", "abcdefghijklmnopqrstuvwxyz")
                .containsEntry(
                        "options",
                        "{\"basis\":\"microgpt\",\"blockSize\":16,\"embedDim\":16,\"headCount\":4,\"layerCount\":1,"
                                + "\"activation\":\"RELU\",\"initialization\":{\"deviation\":0.08,\"headDraw\":\"THIRD\","
                                + "\"zeroed\":[]},\"adam\":{\"beta1\":0.85,\"beta2\":0.99,\"epsilon\":1.0E-8},"
                                + "\"learningRate\":{\"decay\":\"LINEAR\",\"peak\":0.01,\"steps\":60,\"warmupSteps\":0},"
                                + "\"steps\":60,\"batchSize\":1,\"lossOver\":\"STRINGS\",\"heldOutFraction\":0.0,\"evaluateEvery\":100,"
                                + "\"patience\":0,\"precision\":\"DOUBLE\",\"threads\":1,\"seed\":42}");
        assertThat(object("provenance").keySet())
                .containsExactly(
                        "libraryVersion", "dataSha256", "dataCount", "longest", "steps", "engine", "trainingLoss");
        assertThat(object("random").keySet()).containsExactly("words", "index");
        assertThat(MODEL.report().toJson()).isEqualTo(metadata.get("report"));
        assertThat(MODEL.provenance()).hasToString(metadata.get("provenance"));
        assertThat(MODEL.trainingOptions()).hasToString(metadata.get("options"));
    }

    // ---- weights of another program

    @Test
    void weights_that_another_program_has_tuned_are_loaded_without_their_checksum() throws IOException {
        double[] tuned = new double[27 * 16];
        Arrays.fill(tuned, 0.25);
        Path file = file(OtherProgram.read(BYTES).putFloats("wte", WTE, tuned).write());

        MicroGpt model = MicroGpt.loadUnverified(file);

        assertThat(model.gpt().parameters().values()).startsWith(tuned);
        assertThat(model.loss("anna")).isNotCloseTo(MODEL.loss("anna"), within(0.01));
        assertThat(model.report()).isEqualTo(MODEL.report());
        assertThat(MicroGpt.loadUnverified(file(BYTES)).toBytes()).isEqualTo(BYTES);
        assertThat(load(model.toBytes()).gpt().parameters().values())
                .isEqualTo(model.gpt().parameters().values());
    }

    @Test
    void weights_of_another_program_must_be_usable() throws IOException {
        double[] values = new double[27 * 16];
        values[3] = 1e30;
        assertUnusable(
                OtherProgram.read(BYTES).put("wte", WTE, values),
                "weight 1.0E30 at index 3 of wte is too large to compute with: 1.0E30 is the limit");
        values[3] = Double.NaN;
        assertUnusable(
                OtherProgram.read(BYTES).put("wte", WTE, values),
                "value NaN at index 3 of wte is not a finite number of type F64");
        values[3] = 0;
        assertUnusable(
                OtherProgram.read(BYTES).put("wte", List.of(16L, 27L), values),
                "tensor wte has shape [16, 27], but " + CONFIG + " needs [27, 16]");
        assertUnusable(OtherProgram.read(BYTES).remove("wte"), "it has 8 tensors, but " + CONFIG + " needs 9");
        assertUnusable(OtherProgram.read(BYTES).remove("wte").put("wtE", WTE, values), "tensor wte is missing");
        assertUnusable(
                OtherProgram.read(BYTES).put("microgpt.vocabulary", "abcdefghijklmnopqrstuvwxyß"), METADATA_DIFFERS);
        assertUnusable(
                OtherProgram.read(BYTES).remove("microgpt.metadata_sha256"),
                "it has no checksums of this library: it was written by another program or is damaged");
    }

    private void assertUnusable(OtherProgram program, String reason) throws IOException {
        Path file = file(program.write());

        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.loadUnverified(file))
                .withMessage("file " + file + " is not a valid model: " + reason);
        assertThatExceptionOfType(InvalidModelException.class).isThrownBy(() -> MicroGpt.load(file));
    }

    // ---- precision

    @Test
    void weights_that_are_floats_take_half_the_room() throws IOException {
        OtherProgram program = OtherProgram.read(BYTES);
        for (Safetensors.Tensor tensor : contents().tensors()) {
            program.putFloats(
                    tensor.name(), tensor.shape().stream().map(Long::valueOf).toList(), tensor.values());
        }
        MicroGpt single = MicroGpt.loadUnverified(file(program.write()));

        byte[] bytes = single.toBytes();

        int weights = MODEL.gpt().parameters().size();
        assertThat((double) BYTES.length - bytes.length).isCloseTo(4.0 * weights, within(100.0)); // the headers differ
        assertThat(load(bytes).gpt().parameters().values())
                .isEqualTo(single.gpt().parameters().values());
        assertThat(single.loss("anna")).isCloseTo(MODEL.loss("anna"), within(1e-5));
        assertThat(single.trainingOptions().precision()).isEqualTo(Precision.DOUBLE);
    }

    // ---- damage

    @Test
    void a_whole_model_file_with_any_byte_changed_or_cut_off_is_refused() throws IOException {
        Random random = new Random(4);

        for (int i :
                IntStream.range(0, 300).map(i -> random.nextInt(BYTES.length)).toArray()) {
            byte[] flipped = BYTES.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            assertRefused(flipped);
            assertRefused(Arrays.copyOf(BYTES, i));
        }
    }

    @Test
    void a_file_that_contradicts_itself_is_refused() throws IOException {
        Safetensors whole = contents();

        assertRefused(
                ChecksummedFile.toBytes(
                        new Safetensors(whole.metadata(), whole.tensors().subList(0, 8))),
                "it has 8 tensors, but " + CONFIG + " needs 9");
        assertRefused(
                with(
                        "config",
                        "{\"vocabSize\":27,\"blockSize\":16,\"embedDim\":2000000000,\"headCount\":4,"
                                + "\"layerCount\":1,\"activation\":\"RELU\"}"),
                "GptConfig[vocabSize=27, blockSize=16, embedDim=2000000000, headCount=4, layerCount=1,"
                        + " activation=RELU] has more weights than the file");
        assertRefused(
                with(
                        "config",
                        "{\"vocabSize\":16,\"blockSize\":27,\"embedDim\":16,\"headCount\":4,"
                                + "\"layerCount\":1,\"activation\":\"RELU\"}"),
                "tensor wte has shape [27, 16], but GptConfig[vocabSize=16, blockSize=27, embedDim=16,"
                        + " headCount=4, layerCount=1, activation=RELU] needs [16, 16]");
        assertRefused(
                with("options", MODEL.trainingOptions().withBlockSize(9).toString()),
                "its options are for GptConfig[vocabSize=27, blockSize=9, embedDim=16, headCount=4,"
                        + " layerCount=1, activation=RELU], but the model is " + CONFIG);
        assertRefused(with("fingerprints", ""), "it has no fingerprint of the list");
        assertRefused(with("vocabulary", "abc"), "the vocabulary has 4 tokens, the end included, but vocabSize is 27");
        assertRefused(with("options", "{\"basis\":\"auto\"}"), "options.blockSize is missing");
        assertRefused(
                with(
                        "config",
                        "{\"vocabSize\":27,\"blockSize\":16,\"embedDim\":16,\"headCount\":4,"
                                + "\"layerCount\":1,\"activation\":\"GELU\"}"),
                "config.activation GELU is not one of [RELU, RELU_SQUARED]");
        assertRefused(
                with("report", contents().metadata().get("report").replace("\"samples\":1000", "\"samples\":1001")),
                "report.novelty: samples 1001 is not the sum of its parts, 1000");
        assertRefused(with("provenance", "{"), "metadata provenance: expected '\"' at index 1, found the end");
        assertRefused(with("provenance", "[]"), "provenance is not an object");
        assertRefused(with("fingerprints", "?"), "fingerprint has no colon after the number of strings");
    }

    // ---- streams

    @Test
    void a_stream_has_the_bytes_of_the_file_and_stays_open() throws IOException {
        Path file = directory.resolve("model.safetensors");
        int[] flushedAndClosed = new int[2];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                bytes.write(b);
            }

            @Override
            public void flush() {
                flushedAndClosed[0]++;
            }

            @Override
            public void close() {
                flushedAndClosed[1]++;
            }
        };

        MODEL.save(file);
        MODEL.save(out);

        assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
        assertThat(bytes.toByteArray()).isEqualTo(BYTES);
        assertThat(flushedAndClosed).containsExactly(1, 0);
    }

    @Test
    void a_stream_that_cannot_be_written_to_is_said() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> MODEL.save(full))
                .withMessage("the model cannot be written to the stream: no space left");
    }

    /** A stream that tells whether it was closed. */
    private static final class Closable extends ByteArrayInputStream {
        private boolean closed;

        Closable(byte[] bytes) {
            super(bytes);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void a_stream_that_is_read_is_closed() {
        Closable whole = new Closable(BYTES);
        Closable damaged = new Closable(new byte[3]);

        MicroGpt loaded = MicroGpt.load(whole);

        assertThat(loaded.toBytes()).isEqualTo(BYTES);
        assertThat(whole.closed).isTrue();
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(damaged))
                .withMessage("the stream is not a valid model: it is too short for a safetensors file, which begins"
                        + " with 8 bytes of length");
        assertThat(damaged.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_stream_that_fails_is_closed_and_the_reason_is_said(boolean checked) {
        boolean[] closed = new boolean[1];
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                if (checked) {
                    throw new IOException("the cable was pulled");
                }
                throw new IllegalStateException("the cable was pulled");
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };

        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> MicroGpt.load(broken))
                .withMessage(
                        checked
                                ? "the model cannot be read from the stream: the cable was pulled"
                                : "the cable was pulled");
        assertThat(closed[0]).isTrue();
    }

    @Test
    void a_stream_with_another_vocabulary_or_none_is_refused() {
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(new ByteArrayInputStream(with("vocabulary", "abc"))))
                .withMessage("the stream is not a valid model: the vocabulary has 4 tokens, the end included, but"
                        + " vocabSize is 27");
        assertThatNullPointerException()
                .isThrownBy(() -> MicroGpt.load(getClass().getResourceAsStream("none.safetensors")))
                .withMessage("in is null: is there no such resource?");
    }

    private static Safetensors contents() {
        return ChecksummedFile.parse(BYTES).contents();
    }

    @SuppressWarnings("unchecked") // the keys of an object are strings
    private static Map<String, Object> object(String key) {
        return (Map<String, Object>) Json.parse(contents().metadata().get(key));
    }

    /** The model with other values in the metadata, and checksums that fit. */
    private static byte[] with(String... keysAndValues) {
        Map<String, String> metadata = new LinkedHashMap<>(contents().metadata());
        for (int i = 0; i < keysAndValues.length; i += 2) {
            metadata.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return ChecksummedFile.toBytes(new Safetensors(metadata, contents().tensors()));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.safetensors"), bytes);
    }

    private MicroGpt load(byte[] bytes) throws IOException {
        return MicroGpt.load(file(bytes));
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Path file = file(bytes);
        assertThatExceptionOfType(InvalidModelException.class).isThrownBy(() -> MicroGpt.load(file));
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = file(bytes);
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(file))
                .withMessage("file " + file + " is not a valid model: " + reason);
    }
}
