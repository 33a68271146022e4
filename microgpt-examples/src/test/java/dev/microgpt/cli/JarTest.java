package dev.microgpt.cli;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar as a process, as a user starts it. Some of it needs a shell and the tools of Linux. */
@Tag("proof")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class JarTest {
    private static final int MINUTES = 10; // for a process; only one that hangs needs so many

    private static final Path JAR = Path.of("target", "microgpt.jar").toAbsolutePath();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws Exception {
        assertThat(JAR).as("which the phase package builds").exists();
        Result result = run("train", "--preset", "microgpt", "--model", "model.safetensors");
        assertThat(result.exitCode).as(result.toString()).isZero();
    }

    /** What came of a process. */
    private record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    @Test
    void trains_the_original_on_the_vector_api() throws Exception {
        trainsTheOriginal("given-stage5", "vector", "given-names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "tape", "array", "vector"})
    void trains_the_original_on_names_txt_on_every_engine(String engine) throws Exception {
        Path names = NamesFile.orAbort("the jar's train --preset microgpt --engine " + engine + " on names.txt");

        trainsTheOriginal("stage5", engine, names.toAbsolutePath().toString());
    }

    private static void trainsTheOriginal(String run, String engine, String data) throws Exception {
        Golden golden = Golden.read(run);

        Result result =
                run("train", "--preset", "microgpt", "--engine", engine, "--data", data, "--metrics", "losses.csv");

        double[] losses = Files.readAllLines(folder.resolve("losses.csv")).stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
                .toArray();
        assertThat(result.exitCode).as(result.toString()).isZero();
        assertThat(losses).satisfies(closeTo(golden.doubles("losses"), 1e-9));
        assertThat(result.lines().stream()
                        .filter(line -> line.startsWith("sample"))
                        .map(line -> line.substring(11)))
                .isEqualTo(golden.strings("samples"));
    }

    @Test
    void simd_needs_no_flag() throws Exception {
        Result result = run("train", "--precision", "float", "--steps", "10", "--model", "float.safetensors");

        assertThat(result.exitCode).as(result.toString()).isZero();
        assertThat(result.err).isEmpty(); // no warning of the JVM
        assertThat(run("inspect", "float.safetensors").out).contains("engine VECTOR");
    }

    /** The manifest counts for {@code java -jar} alone, so that this is the jar on a JDK that has closed the way. */
    @Test
    void without_the_manifest_plain_java_trains() throws Exception {
        List<String> closed = List.of(JAVA.toString(), "-cp", JAR.toString(), "dev.microgpt.cli.Main");
        Path list =
                Files.write(folder.resolve("long.txt"), Collections.nCopies(20_000, "a string of thirty characters."));

        Result trained = start(closed, Map.of(), "train", "--data", list.toString(), "--steps", "2", "--batch", "9000");
        Result asked = start(closed, Map.of(), "train", "--engine", "vector");

        assertThat(trained.exitCode).as(trained.toString()).isZero();
        assertThat(asked.err)
                .isEqualTo("error: option --engine vector needs the module jdk.incubator.vector: java --add-modules"
                        + " jdk.incubator.vector -jar microgpt.jar\n");
        assertThat(asked.exitCode).isEqualTo(2);
    }

    @Test
    void every_command_does_its_work() throws Exception {
        assertThat(run().lines()).last().isEqualTo("sample 20: ayang");
        assertThat(run("stage", "0", "--data", "jdk-classes", "--steps", "3").lines())
                .hasSize(2 + 3 + 22);
        assertThat(run("generate", "model.safetensors", "--count", "2", "--seed", "1")
                        .lines())
                .isEqualTo(generated(2));
        assertThat(run("score", "model.safetensors", "emma").lines())
                .last()
                .asString()
                .contains("2.7549");
        assertThat(run("report", "model.safetensors").out).startsWith("3,037 strings: ");
        assertThat(run("inspect", "model.safetensors").out).contains("4,192");
        Result bench = run("bench", "--seconds", "0.01"); // takes 16 s of CPU time: once is enough
        assertThat(bench.lines()).hasSize(7);
        assertThat(bench.out).doesNotContain("--add-modules");
        assertThat(run("generate-completion").out).contains("complete -F");
        assertThat(run("--version").out).matches("microgpt \\S+\n");
        assertThat(run("train", "--help").out).contains("Examples:");
    }

    /** What the library generates with seed 1. */
    private static List<String> generated(int count) {
        return MicroGpt.load(folder.resolve("model.safetensors")).generate(count, new GenerationOptions().withSeed(1));
    }

    @Test
    void exit_codes_tell_wrong_usage_from_failure() throws Exception {
        Result wrong = run("train", "--stpes", "5");
        Result failed = run("report", JAR.toString());

        assertThat(wrong.err).startsWith("error: option --stpes is not known; did you mean --steps?\n");
        assertThat(wrong.exitCode).isEqualTo(2);
        assertThat(failed.err).contains(" is not a valid model: ");
        assertThat(failed.exitCode).isEqualTo(1);
    }

    @Test
    void is_quiet_in_a_pipe() throws Exception {
        Result result = shell("printf 'anna\\nhannah\\n' | $MICROGPT train --data - --steps 3 | cat");

        assertThat(result.exitCode).isZero();
        assertThat(result.lines()).startsWith("num docs: 2", "vocab size: 4");
        assertThat(result.out).doesNotContain("\r", "\u001b", "steps/s");
        assertThat(result.err).isEmpty();
    }

    @Test
    void a_reader_that_has_seen_enough_is_the_end_without_a_word() throws Exception {
        Result generate =
                shell("{ $MICROGPT generate model.safetensors --seed 1 --count 2000000000; echo $? >&2; } | head -n 1");
        Result stage = shell("{ $MICROGPT stage 0; echo $? >&2; } | head -n 1");

        assertThat(generate.lines()).isEqualTo(generated(1));
        assertThat(generate.err).isEqualTo("141\n");
        assertThat(stage.err).isEqualTo("141\n");
    }

    @Test
    void the_playground_answers_until_it_is_stopped() throws Exception {
        Process process = new ProcessBuilder(
                        JAVA.toString(), "-jar", JAR.toString(), "playground", "--data", "jdk-classes")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String address = out.readLine().replace("the playground is at ", "");
            for (String path : List.of("attention.html", "d3.min.js")) {
                HttpURLConnection page =
                        (HttpURLConnection) URI.create(address + path).toURL().openConnection();
                assertThat(page.getResponseCode()).as(path).isEqualTo(200);
            }
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void shows_a_live_line_on_a_terminal_unless_quiet() throws Exception {
        requireTool("script");

        Result live =
                shell("script -qec \"$MICROGPT train --preset microgpt --held-out 0.1 --engine value\" /dev/null");
        Result quiet = shell("script -qec \"$MICROGPT train --preset microgpt --quiet\" /dev/null");

        assertThat(live.out)
                .containsPattern("\r\u001b\\[\\?7lstep \\d+ / 1000 \\| loss \\d\\.\\d{3} \\| held out \\d\\.\\d{3}"
                        + " \\| [\\d,]+ steps/s \\| \\d+:\\d\\d left [▁▂▃▄▅▆▇█]+\u001b\\[K\u001b\\[\\?7h")
                .contains("step 1000 / 1000", "sample 20: ayang");
        assertThat(quiet.out).doesNotContain("\u001b", "steps/s").contains("sample 20: ayang");
    }

    @Test
    void text_of_a_list_commands_no_terminal_and_stays_data_in_a_pipe() throws Exception {
        requireTool("script");
        Files.write(folder.resolve("hostile.txt"), List.of("\u001b[2J", "\u001b[2J\u001b[2J"));
        String train = "$MICROGPT train --data hostile.txt --steps 20 --quiet";

        Result terminal = shell("script -qec \"" + train + "\" /dev/null");
        Result fromPipe =
                shell("script -qec \"cat hostile.txt | $MICROGPT train --data - --steps 20 --quiet\" /dev/null");
        Result pipe = shell(train + " | cat");

        assertThat(terminal.out).contains("␛").doesNotContain("\u001b");
        assertThat(fromPipe.out).contains("␛").doesNotContain("\u001b");
        assertThat(pipe.out).contains("\u001b").doesNotContain("␛");
    }

    @Test
    void ctrl_c_keeps_the_model_and_says_where_it_is() throws Exception {
        requireTool("env");
        Process process = startTraining("100", "run", "stopped");
        try {
            while (!hasCheckpoint("run")) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(50);
            }
            shell("kill -INT " + process.pid()); // in the first steps of a hundred
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String said = Files.readString(folder.resolve("stopped.err"));
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(said)
                .containsPattern("stopped after step \\d+ of 100; the model so far is in microgpt-stopped.safetensors\n"
                        + "go on with --resume run --data given-names\n");
        int steps = MicroGpt.load(folder.resolve("microgpt-stopped.safetensors"))
                .provenance()
                .steps();
        assertThat(said).contains("step " + steps + " of");
        assertThat(folder.resolve("stopped.csv")).content().hasLineCount(1 + steps);
        assertThat(folder.resolve("run")).isNotEmptyDirectory();
    }

    /** On the slowest engine; {@code name.csv}, {@code name.out} and {@code name.err} are what it writes. */
    private static Process startTraining(String steps, String checkpoints, String name) throws IOException {
        return new ProcessBuilder(
                        // a shell in the background would have its children ignore the signal
                        "env",
                        "--default-signal=INT",
                        JAVA.toString(),
                        "-jar",
                        JAR.toString(),
                        "train",
                        "--engine",
                        "value",
                        "--steps",
                        steps,
                        "--checkpoint",
                        checkpoints,
                        "--metrics",
                        name + ".csv")
                .directory(folder.toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
    }

    private static boolean hasCheckpoint(String directory) {
        String[] files = folder.resolve(directory).toFile().list();
        return files != null && Stream.of(files).anyMatch(file -> file.endsWith(".safetensors"));
    }

    @Test
    void a_full_disk_is_an_error_that_leaves_nothing_half_written() throws Exception {
        Files.writeString(folder.resolve("before.safetensors"), "what was there");

        Result model = shell("ulimit -f 8; $MICROGPT train --steps 3 --model before.safetensors");
        Result metrics = shell("ulimit -f 8; $MICROGPT train --preset microgpt --metrics full.csv");
        Result checkpoint = shell("ulimit -f 8; $MICROGPT train --steps 3 --checkpoint full");

        assertThat(model.exitCode).isEqualTo(1);
        assertThat(model.err)
                .startsWith("error: file before.safetensors cannot be written: ")
                .hasLineCount(1);
        assertThat(folder.resolve("before.safetensors")).hasContent("what was there");
        assertThat(metrics.exitCode).isEqualTo(1);
        assertThat(metrics.err)
                .startsWith("error: metrics file full.csv cannot be written: ")
                .hasLineCount(1);
        assertThat(folder.resolve("full.csv")).doesNotExist();
        assertThat(checkpoint.exitCode).isEqualTo(1);
        assertThat(checkpoint.out).contains("sample 20: "); // the training goes on
        assertThat(checkpoint.err.lines())
                .hasSize(4)
                .allMatch(line -> line.contains(" cannot be written: "))
                .last()
                .asString()
                .startsWith("error: the checkpoints are not complete: ");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".part") || file.endsWith(".tmp"));
        }
    }

    @Test
    void output_that_cannot_be_written_is_an_error() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "NOT CHECKED: full output, there is no /dev/full");

        Result result = shell("$MICROGPT generate model.safetensors --seed 1 > /dev/full");

        assertThat(result.err).isEqualTo("error: standard output cannot be written: No space left on device\n");
        assertThat(result.exitCode).isEqualTo(1);
    }

    @Test
    void speaks_utf_8_in_an_environment_that_does_not() throws Exception {
        Files.writeString(folder.resolve("list.txt"), "zoé\nrené\nandré\n");
        Map<String, String> c = Map.of("LC_ALL", "C", "LANG", "C");
        List<String> java =
                List.of(JAVA.toString(), "-Dfile.encoding=US-ASCII", "-Duser.language=de", "-jar", JAR.toString());

        Result train = start(java, c, "train", "--data", "list.txt", "--model", "utf8.safetensors", "--steps", "200");
        Result generate = start(java, c, "generate", "utf8.safetensors", "--prefix", "ré", "--count", "1");
        Result score = start(java, c, "score", "utf8.safetensors", "zoé");
        Result data = start(java, c, "train", "--data", "é.txt");
        Result model = start(java, c, "report", "é.safetensors");

        String cure = "with LC_ALL=C, which means ANSI_X3.4-1968; with LC_ALL=C.UTF-8 it can";
        assertThat(data.err).startsWith("error: option --data é.txt cannot be the name of a file " + cure);
        assertThat(model.err).startsWith("error: MODEL é.safetensors cannot be the name of a file " + cure);
        assertThat(train.out).contains("é").doesNotContain("?\n");
        assertThat(generate.out).startsWith("ré");
        assertThat(score.lines())
                .last()
                .asString()
                .matches(" +\\d\\.\\d{4} +\\d\\.\\d{4} +\\d+\\.\\d\\d +\\d\\.\\d{4}  zoé");
    }

    @Test
    void the_launcher_starts_the_jar_and_keeps_its_classes() throws Exception {
        Path home = Files.createDirectory(folder.resolve("a home"));
        Files.copy(JAR, home.resolve("microgpt.jar"));
        Path launcher = home.resolve("microgpt");
        Files.writeString(
                launcher, Files.readString(Path.of("src/launcher/microgpt")).replace("@project.version@", "test"));
        List<String> link = List.of(
                "sh",
                Files.createSymbolicLink(folder.resolve("microgpt"), Path.of("a home", "microgpt"))
                        .toString());
        Map<String, String> jdk = Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", "");

        Result wrong = start(link, jdk, "generate", "nowhere");
        Result noRoom =
                start(List.of("sh", "-c", "ulimit -f 1000; exec \"$0\" microgpt inspect model.safetensors", "sh"), jdk);
        List<String> before = archives(home);
        Result first = start(link, jdk, "generate", "model.safetensors", "--count", "1", "--seed", "1");
        List<String> after = archives(home);
        Result second = start(link, jdk, "generate", "model.safetensors", "--count", "1", "--seed", "1");

        assertThat(wrong.exitCode).isEqualTo(2);
        assertThat(noRoom.exitCode).as(noRoom.toString()).isZero();
        assertThat(noRoom.err).isEmpty();
        assertThat(before).isEmpty();
        assertThat(first.lines()).isEqualTo(generated(1));
        assertThat(after).singleElement().asString().matches("microgpt-test-jdk-.+-generate\\.jsa");
        assertThat(second.lines()).isEqualTo(generated(1));
        assertThat(second.err).isEqualTo(first.err);
        Files.delete(home.resolve("microgpt.jar"));
        assertThat(start(link, jdk, "--version").exitCode).isEqualTo(1);
    }

    private static List<String> archives(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".jsa"))
                    .toList();
        }
    }

    private static void requireTool(String tool) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        if (!found) {
            String message = "NOT CHECKED: what needs the tool " + tool + ", which is not there";
            System.out.println(message);
            Assumptions.abort(message);
        }
    }

    private static Result run(String... args) throws IOException, InterruptedException {
        return start(List.of(JAVA.toString(), "-jar", JAR.toString()), Map.of(), args);
    }

    private static Result shell(String script) throws IOException, InterruptedException {
        return start(List.of("sh", "-c", script), Map.of("MICROGPT", JAVA + " -jar " + JAR, "LC_ALL", "C.UTF-8"));
    }

    private static Result start(List<String> command, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(args));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(all + " has not ended after " + MINUTES + " minutes");
        }
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
