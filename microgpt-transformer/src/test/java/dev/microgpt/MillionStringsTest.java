package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A list of a million strings, in a JVM with a heap of 256 MB. */
@Tag("proof")
class MillionStringsTest {
    @TempDir
    Path directory;

    /** Trains a few updates, so that what is measured is all but the updates. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            List<String> list = strings();

            TrainingOptions options = TrainingOptions.forStrings(list);
            MicroGpt model = MicroGpt.train(list, options.withSteps(50));
            model.save(file);
            List<String> novel = MicroGpt.load(file)
                    .generate(20, new GenerationOptions().withTemperature(1).withNovelOnly(true));

            require(options.steps() == 15_238, "steps " + options.steps()); // 2,000,000 characters of different strings
            require(model.provenance().dataCount() == 1_000_000, "the list");
            require(model.report().heldOutCount() == 1_000, "held out, each once");
            require(model.report().duplicateCount() > 100_000, "duplicates");
            require(list.stream().noneMatch(novel::contains), "novel strings");
            System.out.printf(
                    "MillionStringsTest: 50 updates, report, saving and loading with a heap of %d MB, %d s of CPU time%n",
                    Runtime.getRuntime().maxMemory() >> 20,
                    ProcessHandle.current()
                            .info()
                            .totalCpuDuration()
                            .orElseThrow()
                            .toSeconds());
        }

        private static List<String> strings() {
            Random random = new Random(1);
            List<String> list = new ArrayList<>();
            for (int i = 0; i < 1_000_000; i++) {
                StringBuilder string = new StringBuilder();
                for (int syllables = 2 + random.nextInt(3); syllables > 0; syllables--) {
                    string.append("bdfgklmnprstvz".charAt(random.nextInt(14)));
                    string.append("aeiou".charAt(random.nextInt(5)));
                }
                list.add(string.toString());
            }
            return list;
        }

        private static void require(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError(what);
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void trains_reports_saves_and_loads() throws InterruptedException {
        String file = directory.resolve("million.safetensors").toString();

        Process child = ChildJvm.start(List.of("-Xmx256m"), Child.class, file);

        assertThat(child.waitFor()).isZero();
    }
}
