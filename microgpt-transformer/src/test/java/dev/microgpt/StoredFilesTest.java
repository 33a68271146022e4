package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.testing.CloseTo;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What earlier versions wrote is read for ever: {@code src/test/resources/stored} is never written again. */
class StoredFilesTest {
    private static final List<String> GIVEN = Documents.givenNames().asList();
    private static final List<String> LIST = GIVEN.subList(0, 120);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "double,  1.8542486356700667, 120, 60, ARRAY,  2.369518979448058,  auto",
        "float,   1.8442444883223583, 120, 60, VECTOR, 2.3458619331031403, auto",
        "preset,  2.198666729143884,  120, 50, ARRAY,  0,                  microgpt",
        "further, 2.098600518826905,  118, 90, ARRAY,  2.4323996686262173, auto",
        "double-2, 1.8542486356700667, 120, 60, ARRAY,  2.369518979448058,  auto",
        "float-2,  1.8442444883223583, 120, 60, VECTOR, 2.3458619331031403, auto",
    })
    void loads_a_model(
            String name, double loss, int strings, int steps, Engine.Kind engine, double heldOut, String basis) {
        MicroGpt model = MicroGpt.load(stored(name));

        assertThat(model.loss("anna")).isCloseTo(loss, within(1e-12));
        assertThat(model.provenance().dataCount()).isEqualTo(strings);
        assertThat(model.provenance().steps()).isEqualTo(steps);
        assertThat(model.provenance().engine()).isEqualTo(engine);
        assertThat(model.provenance().heldOutLoss())
                .isEqualTo(heldOut == 0 ? OptionalDouble.empty() : OptionalDouble.of(heldOut));
        assertThat(model.trainingOptions().basis()).isEqualTo(basis);
        assertThat(model.provenance().longest()).isEmpty(); // which is known since then
        assertThat(model.generate(20, new GenerationOptions().withSeed(1))).hasSize(20);
        assertThat(model.report().trainedCount() + model.report().heldOutCount())
                .isEqualTo(strings);
        assertThat(model.isKnown(LIST.get(60))).isTrue();
        assertThat(model.isKnown("xqzw")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"double-checkpoint", "double-checkpoint-2"})
    void resumes_a_checkpoint_to_the_model_that_training_without_a_stop_gives(String name) throws IOException {
        TrainingOptions options = TrainingOptions.forStrings(LIST)
                .withShape(4, 2, 1)
                .withSteps(60)
                .withEvaluateEvery(20)
                .withBatchSize(4)
                .withMaxGradientNorm(1)
                .withSeed(7)
                .withEngine(Engine.Kind.ARRAY);

        MicroGpt resumed = resume(name, 45, LIST);

        assertThat(resumed.gpt().parameters().values())
                .satisfies(CloseTo.closeTo(
                        MicroGpt.train(LIST, options).gpt().parameters().values(), 1e-12));
    }

    @Test
    void resumes_a_checkpoint_in_single_precision() throws IOException {
        assumeTrue(Engine.Kind.VECTOR.isAvailable(), "NOT CHECKED in this run: resuming in single precision");

        MicroGpt model = resume("float-checkpoint", 27, readable(GIVEN.subList(60, 180)));

        assertThat(model.provenance().steps()).isEqualTo(100);
        assertThat(model.isKnown(LIST.get(0))).isTrue(); // of the first list
        assertThat(model.isKnown(GIVEN.get(179))).isTrue(); // of the second
    }

    /** A file of format 1 has no byte that may change. */
    @ParameterizedTest
    @ValueSource(strings = {"double", "float", "preset", "further"})
    void refuses_a_model_with_any_byte_changed(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(stored(name));
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Random random = new Random(1);

        for (int i = 0; i < 600; i++) {
            byte[] changed = bytes.clone();
            int at = i < 300 ? 8 + random.nextInt(header) : random.nextInt(bytes.length);
            changed[at] ^= (byte) (1 + random.nextInt(255));
            assertThatExceptionOfType(InvalidModelException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> MicroGpt.load(new ByteArrayInputStream(changed)));
        }
        byte[] blank = bytes.clone();
        int padding = 8 + header - 1;
        assertThat(blank[padding]).isIn((byte) ' ', (byte) '}');
        blank[padding] = blank[padding] == ' ' ? (byte) '\n' : (byte) ' ';
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(new ByteArrayInputStream(blank)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"double", "float", "preset", "further"})
    void a_model_of_an_earlier_version_is_written_in_the_format_of_today(String name) {
        MicroGpt model = MicroGpt.load(stored(name));

        MicroGpt again = MicroGpt.load(new ByteArrayInputStream(model.toBytes()));

        assertThat(again.gpt().parameters().values())
                .isEqualTo(model.gpt().parameters().values());
        assertThat(again.trainingOptions()).isEqualTo(model.trainingOptions());
        assertThat(again.provenance()).isEqualTo(model.provenance());
        assertThat(again.report()).isEqualTo(model.report());
        assertThat(again.random().state()).isEqualTo(model.random().state());
        assertThat(again.toBytes()).isEqualTo(model.toBytes());
    }

    @Test
    void weights_without_a_verdict_on_their_checksum_can_be_those_of_an_earlier_version() throws IOException {
        byte[] bytes = Files.readAllBytes(stored("double"));
        bytes[bytes.length - 8] ^= 1; // the lowest bit of the last weight
        Path changed = Files.write(directory.resolve("changed.safetensors"), bytes);

        assertThat(MicroGpt.loadUnverified(changed).loss("anna")).isCloseTo(1.8542486356700667, within(1e-9));
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(changed))
                .withMessage(
                        "file " + changed
                                + " is not a valid model: its tensors do not match their checksum: it is damaged, or another program changed them");
    }

    private static Path stored(String name) {
        try {
            return Path.of(StoredFilesTest.class
                    .getResource("/stored/" + name + ".safetensors")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private MicroGpt resume(String name, int step, List<String> list) throws IOException {
        Files.copy(stored(name), directory.resolve(String.format("checkpoint-%010d.safetensors", step)));
        return Trainer.resuming(directory, list).train();
    }

    /** Those of the strings that the vocabulary of the first list has all characters of. */
    private static List<String> readable(List<String> strings) {
        String vocabulary = String.join("", LIST);
        return strings.stream()
                .filter(string -> Stream.of(string.split("")).allMatch(vocabulary::contains))
                .toList();
    }
}
