package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.safetensors.ChecksummedFile;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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
    void a_checkpoint_that_cannot_be_written_does_not_end_the_training() {
        Path checkpoints = directory.resolve("checkpoints");
        MicroGpt expected = new Trainer(NAMES, QUICK).train();
        Trainer trainer = new Trainer(NAMES, QUICK).checkpoints(checkpoints, 10).onProgress(progress -> {
            if (progress.step() == 9) {
                replaceByFile(checkpoints);
            }
        });

        MicroGpt model = trainer.train();

        assertThat(trainer.checkpointFailure())
                .get()
                .extracting(Throwable::getMessage)
                .isEqualTo("directory " + checkpoints + " cannot be made: it is a file");
        assertThat(model.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());
    }

    @Test
    void an_old_checkpoint_that_cannot_be_deleted_does_not_end_the_training() throws IOException {
        Trainer trainer = new Trainer(NAMES, QUICK).checkpoints(directory, 10).onProgress(progress -> {
            if (progress.step() == 20) {
                replaceByFolder(directory.resolve("checkpoint-0000000010.safetensors"));
            }
        });

        trainer.train();

        assertThat(trainer.checkpointFailure())
                .get()
                .extracting(Throwable::getMessage)
                .asString()
                .startsWith("file " + directory.resolve("checkpoint-0000000010.safetensors") + " cannot be deleted: ");
        assertThat(directory.resolve("checkpoint-0000000060.safetensors")).exists();
        assertThat(new Trainer(NAMES, QUICK).checkpointFailure()).isEmpty();
    }

    private static void replaceByFolder(Path file) {
        try {
            Files.delete(file);
            Files.createDirectories(file.resolve("not empty"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_directory_belongs_to_one_training_at_a_time() {
        List<String> refused = new ArrayList<>();
        MicroGpt model = new Trainer(NAMES, QUICK)
                .checkpoints(directory, 10)
                .onProgress(progress -> {
                    if (progress.step() == 15) {
                        Trainer second = Trainer.resuming(directory, NAMES);
                        assertThatIllegalStateException()
                                .isThrownBy(second::train)
                                .satisfies(e -> refused.add(e.getMessage()));
                    }
                })
                .train();

        assertThat(refused)
                .containsExactly("directory " + directory
                        + " belongs to another training in this process, which is training there");
        assertThat(model.provenance().steps()).isEqualTo(60);
        assertThat(files()).hasSize(2);
        assertThat(Trainer.resuming(directory, NAMES).train().provenance().steps())
                .isEqualTo(60);
    }

    @Test
    void a_directory_belongs_to_the_process_that_trains_there_until_it_dies() throws Exception {
        Process owner = ChildJvm.start(List.of(), Owner.class, directory.toString());
        while (!Files.exists(directory.resolve("checkpoint-0000000010.safetensors"))) {
            assertThat(owner.isAlive()).isTrue();
            Thread.sleep(10);
        }
        Trainer second = Trainer.resuming(directory, NAMES);

        assertThatIllegalStateException()
                .isThrownBy(second::train)
                .withMessage(
                        "directory " + directory + " belongs to process " + owner.pid() + ", which is training there");
        owner.destroyForcibly().waitFor();
        assertThat(Trainer.resuming(directory, NAMES).train().provenance().steps())
                .isEqualTo(60);
        assertThat(files()).hasSize(2);
    }

    /** Trains, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] directory) {
            new Trainer(NAMES, QUICK)
                    .checkpoints(Path.of(directory[0]), 10)
                    .onProgress(progress -> {
                        while (progress.step() == 11) {
                            LockSupport.parkNanos(Long.MAX_VALUE);
                        }
                    })
                    .train();
        }
    }

    @Test
    void the_checkpoints_of_another_run_are_refused() {
        Path other = directory.resolve("other");
        new Trainer(NAMES, QUICK).checkpoints(directory, 20).train();
        new Trainer(NAMES, QUICK).checkpoints(other, 30).train();
        Trainer resumed = Trainer.resuming(directory, NAMES).checkpoints(other, 10);

        assertThatIllegalStateException()
                .isThrownBy(resumed::train)
                .withMessage("directory " + other
                        + " has checkpoints of another training; resume that one, or choose an empty directory");
    }

    private static void replaceByFile(Path emptyDirectory) {
        try {
            Files.delete(emptyDirectory.resolve(".microgpt-owner"));
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

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "state   | ~\"step\":50~          | ~\"step\":-1~         | state: step -1 is not in [0, 60]",
                "state   | ~\"step\":50~          | ~\"step\":61~         | state: step 61 is not in [0, 60]",
                "state   | ~\"every\":25~         | ~\"every\":0~         | state: every 0 is not in [1, 2147483647]",
                "state   | ~\"bestStep\":0~       | ~\"bestStep\":51~     | state: bestStep 51 is not in [0, 50]",
                "state   | ~\"earlierSteps\":0~   | ~\"earlierSteps\":-1~ | state: earlierSteps -1 is not in [0, 2147483647]",
                "state   | ~\"recentLosses\":[~   | ~\"recentLosses\":[3,~ | state: the number of recentLosses 51 is not in [0, 50]",
                "state   | ~\"evaluationsSinceBest\":0~ | ~\"evaluationsSinceBest\":51~ | state: evaluationsSinceBest 51"
                        + " is not in [0, 50]",
                "state   | ~\"earlierFingerprints\":[]~ | ~\"earlierFingerprints\":[\"0:AA==\"]~ | state: fingerprint does not"
                        + " begin with a number of strings in [1, 143165576]",
                "options | ~\"blockSize\":16~     | ~\"blockSize\":17~    | its options are for GptConfig[vocabSize=27,"
                        + " blockSize=17, embedDim=16, headCount=4, layerCount=1, activation=RELU], but the model is"
                        + " GptConfig[vocabSize=27, blockSize=16, embedDim=16, headCount=4, layerCount=1, activation=RELU]",
                "options | ~\"batchSize\":1~      | ~\"batchSize\":2147483647~ | options: batchSize 2147483647 is above 65536",
                "options | ~\"precision\":\"DOUBLE\"~ | ~\"precision\":\"FLOAT\"~ | precision FLOAT needs engine VECTOR, not"
                        + " ARRAY",
                "state   | ~\"dataSha256\":\"~ | ~\"dataSha256\":\"0~ | state: dataSha256 is not 64 hexadecimal digits",
                "vocabulary | z                 | ż                   | character 'z' (U+007A)"
            })
    void a_checkpoint_that_no_run_has_written_is_passed_over(String key, String from, String to, String message)
            throws IOException {
        MicroGpt expected = new Trainer(NAMES, QUICK).checkpoints(directory, 25).train();
        Path older = directory.resolve("checkpoint-0000000025.safetensors");
        Path newest = directory.resolve("checkpoint-0000000050.safetensors");
        byte[] sound = Files.readAllBytes(newest);
        rewrite(newest, key, from, to);

        MicroGpt resumed = Trainer.resuming(directory, NAMES).train();
        assertThat(resumed.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());

        Files.deleteIfExists(older);
        Files.write(newest, sound);
        rewrite(newest, key, from, to);
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Trainer.resuming(directory, NAMES))
                .withMessageStartingWith("file " + newest + " is not a valid model: ")
                .withMessageContaining(message);
    }

    @Test
    void a_checkpoint_with_tensors_that_no_run_has_written_is_passed_over() throws IOException {
        new Trainer(NAMES, QUICK).checkpoints(directory, 60).train();
        Path file = directory.resolve("checkpoint-0000000060.safetensors");
        Safetensors contents = ChecksummedFile.parse(Files.readAllBytes(file)).contents();

        change(contents, "v.wte", -1e-9);
        Files.write(file, ChecksummedFile.toBytes(contents));
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Trainer.resuming(directory, NAMES))
                .withMessageContaining("the average -1.0E-9 of squares in v. is negative");

        change(contents, "v.wte", 0);
        change(contents, "wte", 1e30);
        Files.write(file, ChecksummedFile.toBytes(contents));
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Trainer.resuming(directory, NAMES))
                .withMessageContaining("weight 1.0E30 at index 0 of wte is too large to compute with");
    }

    private static void change(Safetensors contents, String tensor, double first) {
        contents.tensors().stream().filter(t -> t.name().equals(tensor)).forEach(t -> t.values()[0] = first);
    }

    /** Changes a value in the metadata of a file, and its checksums with it. */
    private static void rewrite(Path file, String key, String from, String to) throws IOException {
        Safetensors contents = ChecksummedFile.parse(Files.readAllBytes(file)).contents();
        Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
        assertThat(metadata.get(key)).contains(from);
        metadata.put(key, metadata.get(key).replace(from, to));
        Files.write(file, ChecksummedFile.toBytes(new Safetensors(metadata, contents.tensors())));
    }

    @Test
    void steps_of_many_runs_do_not_overflow() throws IOException {
        new Trainer(NAMES, QUICK).checkpoints(directory, 50).train();
        Path newest = directory.resolve("checkpoint-0000000050.safetensors");
        rewrite(newest, "state", "\"earlierSteps\":0", "\"earlierSteps\":2147483647");

        assertThat(Trainer.resuming(directory, NAMES).train().provenance().steps())
                .isEqualTo(Integer.MAX_VALUE);
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
