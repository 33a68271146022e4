package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that trains or saves is killed at random moments: nothing is lost. */
@Tag("proof")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KillTest {
    private static final List<String> NAMES = Documents.givenNames().asList();
    private static final TrainingOptions OPTIONS = TrainingOptions.of(Preset.STAGE5)
            .withSteps(4_000)
            .withBatchSize(4)
            .withHeldOutFraction(0.02)
            .withEvaluateEvery(50);
    private static final int EVERY = 7;

    @TempDir
    Path directory;

    private final Random random = new Random(1);

    /** What the child does, so that it can be killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Path directory = Path.of(args[1]);
            if (args[0].equals("train")) {
                trainer(directory).train().save(directory.resolve("model.safetensors"));
            } else {
                saveInTurns(directory.resolve("model.safetensors"));
            }
        }

        private static Trainer trainer(Path directory) {
            return hasCheckpoint(directory)
                    ? Trainer.resuming(directory, NAMES)
                    : new Trainer(NAMES, OPTIONS).checkpoints(directory, EVERY);
        }

        private static void saveInTurns(Path file) {
            MicroGpt first = MicroGpt.load(file);
            MicroGpt second = Trainer.furtherTraining(
                            first, NAMES, first.trainingOptions().withSteps(1))
                    .train();
            while (true) {
                second.save(file);
                first.save(file);
            }
        }
    }

    @Test
    void a_training_that_is_killed_thirty_times_ends_with_the_same_bits() throws Exception {
        MicroGpt expected = new Trainer(NAMES, OPTIONS).train();
        Path model = directory.resolve("model.safetensors");
        int kills = 0;
        int stepsBefore = 0;
        int progressed = 0;

        while (kills < 30) {
            Process child = start("train");
            if (kills % 2 == 0) {
                awaitNewerCheckpoint(child);
            }
            if (child.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS)) {
                assertThat(child.exitValue()).isZero();
                assertTheSame(MicroGpt.load(model), expected);
                deleteAll();
                stepsBefore = 0;
                continue;
            }
            child.destroyForcibly().waitFor();
            kills++;
            if (hasCheckpoint(directory)) {
                int step = new CheckpointDirectory(directory)
                        .newest(checkpoint -> checkpoint.state().step());
                assertThat(step).isGreaterThanOrEqualTo(stepsBefore);
                progressed += step > stepsBefore ? 1 : 0;
                stepsBefore = step;
            }
        }
        Process last = start("train");

        assertThat(last.waitFor()).isZero();
        assertTheSame(MicroGpt.load(model), expected);
        assertThat(progressed).as("kills in the middle of training").isGreaterThanOrEqualTo(15);
        System.out.println("KillTest: killed " + kills + " times while training, " + progressed
                + " times after new checkpoints; the result had the same bits");
    }

    @Test
    void a_model_that_is_being_replaced_when_the_process_is_killed_is_whole() throws Exception {
        Path file = directory.resolve("model.safetensors");
        MicroGpt first = MicroGpt.train(NAMES, OPTIONS.withSteps(20));
        first.save(file);
        MicroGpt second = Trainer.furtherTraining(
                        first, NAMES, first.trainingOptions().withSteps(1))
                .train();
        int replaced = 0;

        for (int kill = 0; kill < 20; kill++) {
            FileTime before = Files.getLastModifiedTime(file);
            Process child = start("save");
            while (child.isAlive() && Files.getLastModifiedTime(file).equals(before)) {
                Thread.sleep(5);
            }
            assertThat(child.waitFor(random.nextInt(200), TimeUnit.MILLISECONDS))
                    .isFalse();
            child.destroyForcibly().waitFor();

            MicroGpt loaded = MicroGpt.load(file);
            boolean isSecond =
                    loaded.provenance().steps() == second.provenance().steps();
            replaced += isSecond ? 1 : 0;
            assertTheSame(loaded, isSecond ? second : first);
            first.save(file);
        }
        assertThat(replaced).isPositive();
        System.out.println(
                "KillTest: killed 20 times while saving, " + replaced + " times with the new model in place");
    }

    private static void assertTheSame(MicroGpt model, MicroGpt expected) {
        assertThat(model.gpt().parameters().values())
                .isEqualTo(expected.gpt().parameters().values());
        assertThat(model.provenance()).isEqualTo(expected.provenance());
        assertThat(model.report()).isEqualTo(expected.report());
        assertThat(model.trainingOptions()).isEqualTo(expected.trainingOptions());
    }

    private static boolean hasCheckpoint(Path directory) {
        return !new CheckpointDirectory(directory).newestFirst().isEmpty();
    }

    private void awaitNewerCheckpoint(Process child) throws InterruptedException {
        CheckpointDirectory checkpoints = new CheckpointDirectory(directory);
        Optional<Path> before = checkpoints.newestFirst().stream().findFirst();
        while (child.isAlive() && checkpoints.newestFirst().stream().findFirst().equals(before)) {
            Thread.sleep(5);
        }
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private Process start(String what) {
        return ChildJvm.start(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), Child.class, what, directory.toString());
    }
}
