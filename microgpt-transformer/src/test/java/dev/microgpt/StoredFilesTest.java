package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.testing.CloseTo;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(model.options().basis()).isEqualTo(basis);
        assertThat(model.report().trained() + model.report().heldOut()).isEqualTo(strings);
        assertThat(model.isKnown(LIST.get(60))).isTrue();
        assertThat(model.isKnown("xqzw")).isFalse();
    }

    @Test
    void resumes_a_checkpoint_to_the_model_that_training_without_a_stop_gives() throws IOException {
        TrainingOptions options = TrainingOptions.forDocuments(Documents.of(LIST))
                .withShape(4, 2, 1)
                .withSteps(60)
                .withEvaluateEvery(20)
                .withBatchSize(4)
                .withMaxGradientNorm(1)
                .withSeed(7)
                .withEngine(Engine.Kind.ARRAY);

        MicroGpt resumed = resume("double-checkpoint", 45, LIST);

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
        return Trainer.resuming(directory, Documents.of(list)).train();
    }

    /** Those of the strings that the vocabulary of the first list has all characters of. */
    private static List<String> readable(List<String> strings) {
        String vocabulary = String.join("", LIST);
        return strings.stream()
                .filter(string -> Stream.of(string.split("")).allMatch(vocabulary::contains))
                .toList();
    }
}
