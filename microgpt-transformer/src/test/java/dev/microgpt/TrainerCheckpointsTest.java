package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints, and runs that go on from one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TrainerCheckpointsTest {
    private static final Documents DOCUMENTS = Documents.givenNames();
    private static final List<String> NAMES = DOCUMENTS.asList();
    private static final TrainingOptions QUICK =
            TrainingOptions.of(Preset.STAGE5).withSteps(60);
    private static final TrainingOptions HELD_OUT =
            QUICK.withHeldOutFraction(0.01).withEvaluateEvery(10).withBatchSize(3);

    @TempDir
    Path directory;

    static Stream<Arguments> resumable() {
        Stream<TrainingOptions> inDouble = Stream.of(
                QUICK.withOptimizer(new Sgd()),
                HELD_OUT.withOptimizer(new Adam(0.9, 0.99, 1e-8)),
                HELD_OUT.withPatience(2).withLearningRate(LearningRate.constant(0.05)),
                HELD_OUT.withEngine(Kind.TAPE),
                HELD_OUT.withThreads(2).withBatchSize(40));
        Stream<TrainingOptions> inFloat = Kind.VECTOR.isAvailable()
                ? Stream.of(HELD_OUT.withEngine(Kind.VECTOR).withPrecision(Precision.FLOAT))
                : Stream.empty();
        return Stream.concat(inDouble, inFloat)
                .flatMap(options -> Stream.of(7, 20, 29).map(stop -> Arguments.of(options, stop)));
    }

    @ParameterizedTest
    @MethodSource("resumable")
    void a_run_that_was_stopped_ends_with_the_same_bits(TrainingOptions options, int stop) {
        List<Double> whole = new ArrayList<>();
        MicroGpt expected = new Trainer(NAMES, options)
                .onProgress(progress -> whole.add(progress.loss()))
                .train();
        List<Double> parts = new ArrayList<>();
        Trainer first = new Trainer(NAMES, options).checkpoints(directory, 1000);
        first.onProgress(progress -> {
            parts.add(progress.loss());
            if (progress.step() == stop) {
                first.cancel();
            }
        });
        first.train();

        MicroGpt resumed = Trainer.resuming(directory, NAMES)
                .onProgress(progress -> parts.add(progress.loss()))
                .train();

        assertThat(parts).isEqualTo(whole);
        assertThat(resumed.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());
        assertThat(resumed.provenance()).isEqualTo(expected.provenance());
        assertThat(resumed.report()).isEqualTo(expected.report());
        assertThat(resumed.generate(20, new GenerationOptions(), resumed.random()))
                .isEqualTo(expected.generate(20, new GenerationOptions(), expected.random()));
        resumed.save(directory.resolve("resumed.safetensors"));
        expected.save(directory.resolve("expected.safetensors"));
        assertThat(directory.resolve("resumed.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("expected.safetensors"));
    }

    @Test
    void a_directory_with_the_checkpoints_of_another_training_is_left_alone() {
        new Trainer(NAMES, QUICK).checkpoints(directory, 25).train();

        assertThatIllegalStateException()
                .isThrownBy(() -> new Trainer(NAMES, QUICK.withSeed(7))
                        .checkpoints(directory, 5)
                        .train())
                .withMessage("directory " + directory
                        + " has checkpoints of another training; resume that one, or choose an empty directory");
        assertThat(files()).containsExactly("checkpoint-0000000025.safetensors", "checkpoint-0000000050.safetensors");
    }

    @Test
    void what_was_learned_before_a_checkpoint_could_not_be_written_is_there() {
        Path checkpoints = directory.resolve("checkpoints");
        Trainer expected = new Trainer(NAMES, QUICK);
        expected.onProgress(progress -> {
            if (progress.step() == 10) {
                expected.cancel();
            }
        });
        expected.train();
        Trainer trainer = new Trainer(NAMES, QUICK).checkpoints(checkpoints, 10).onProgress(progress -> {
            if (progress.step() == 9) {
                replaceByFile(checkpoints);
            }
        });

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(trainer::train)
                .withMessage("directory " + checkpoints + " cannot be made: it is a file");
        assertThat(trainer.model().parameters().values())
                .isEqualTo(expected.model().parameters().values());
    }

    private static void replaceByFile(Path emptyDirectory) {
        try {
            Files.delete(emptyDirectory);
            Files.createFile(emptyDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_run_that_was_stopped_before_its_first_update_can_be_resumed() {
        MicroGpt expected = new Trainer(NAMES, QUICK).train();
        Trainer first = new Trainer(NAMES, QUICK).checkpoints(directory, 10);
        first.cancel();

        MicroGpt untrained = first.train();
        MicroGpt resumed = Trainer.resuming(directory, NAMES).train();

        assertThat(untrained.provenance().steps()).isZero();
        assertThat(resumed.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());
    }

    @Test
    void a_run_that_trains_a_model_further_can_be_resumed() {
        MicroGpt start = MicroGpt.train(NAMES, QUICK);
        List<String> more = List.of("zora", "zeno", "zita");
        MicroGpt expected = Trainer.furtherTraining(start, more, QUICK).train();
        Trainer first = Trainer.furtherTraining(start, more, QUICK).checkpoints(directory, 10);
        first.onProgress(progress -> {
            if (progress.step() == 33) {
                first.cancel();
            }
        });
        first.train();

        MicroGpt resumed = Trainer.resuming(directory, more).train();

        assertThat(resumed.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());
        assertThat(resumed.provenance()).isEqualTo(expected.provenance());
        assertThat(resumed.contents().fingerprints()).hasSize(2);
    }

    @Test
    void the_last_two_checkpoints_are_kept_also_after_resuming() {
        new Trainer(NAMES, QUICK).checkpoints(directory, 25).train();

        assertThat(files()).containsExactly("checkpoint-0000000025.safetensors", "checkpoint-0000000050.safetensors");

        Trainer.resuming(directory, NAMES).checkpoints(directory, 5).train();

        assertThat(files()).containsExactly("checkpoint-0000000055.safetensors", "checkpoint-0000000060.safetensors");
    }

    @Test
    void a_damaged_checkpoint_is_passed_over() throws IOException {
        MicroGpt expected = new Trainer(NAMES, QUICK).checkpoints(directory, 25).train();
        Path newest = directory.resolve("checkpoint-0000000050.safetensors");
        Files.write(newest, new byte[100]);

        MicroGpt resumed = Trainer.resuming(directory, NAMES).train();

        assertThat(resumed.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());

        Files.write(newest, new byte[100]);
        Files.write(directory.resolve("checkpoint-0000000025.safetensors"), new byte[0]);
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Trainer.resuming(directory, NAMES))
                .withMessageContaining("checkpoint-00000000")
                .withMessageContaining(" is not a valid model: ");
    }

    @Test
    void resuming_names_what_is_missing() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.resuming(directory, NAMES))
                .withMessage("there is no checkpoint in directory " + directory);
        Path absent = directory.resolve("absent");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Trainer.resuming(absent, NAMES))
                .withMessage("directory " + absent + " does not exist");

        new Trainer(NAMES, QUICK).checkpoints(directory, 60).train();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.resuming(directory, List.of("other")))
                .withMessageMatching("the strings \\(SHA-256 [0-9a-f]{64}\\) are not those of the checkpoint"
                        + " \\([0-9a-f]{64}\\)");
        MicroGpt model = MicroGpt.train(List.of("a"), QUICK.withSteps(1));
        model.save(directory.resolve("checkpoint-0000000070.safetensors"));
        assertThat(Trainer.resuming(directory, NAMES).train().provenance().steps())
                .isEqualTo(60);
        Path checkpoint = directory.resolve("checkpoint-0000000060.safetensors");
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> MicroGpt.load(checkpoint))
                .withMessage("file " + checkpoint
                        + " is not a valid model: its format is 'microgpt checkpoint 2', not 'microgpt 2'");
    }

    @Test
    void a_directory_that_cannot_be_made_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(
                        () -> new Trainer(NAMES, QUICK).checkpoints(file, 10).train())
                .withMessage("directory " + file + " cannot be made: it is a file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trainer(NAMES, QUICK).checkpoints(directory, 0))
                .withMessage("everySteps 0 is below 1");
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
