package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.examples.Run;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exercises in code: as they are they fail and help, and the library is their solution. */
class ExercisesTest {
    private static final Path REPOSITORY = Path.of(".."); // tests run in the folder of their module
    private static final Path FOLDER = REPOSITORY.resolve("docs/exercises");
    private static final String HOLE = "// Your lines begin here\n[^}]*// Your lines end here\n";

    /** What the library does, in the words of each exercise. */
    private static final Map<String, String> SOLUTIONS =
            Map.of("Softmax", """
            var values = java.util.Arrays.stream(scores).mapToObj(Value::new).toArray(Value[]::new);
            probabilities = java.util.Arrays.stream(Functions.softmax(values)).mapToDouble(Value::data).toArray();
            """, "Mul", """
            var a = new dev.microgpt.autograd.Value(data);
            var b = new dev.microgpt.autograd.Value(other.data);
            var result = a.mul(b);
            result.backward();
            product = result.data();
            growsWithThis = a.grad();
            growsWithOther = b.grad();
            """, "Backward", """
            class Twins { // sums with the same local gradients
                final java.util.Map<Value, dev.microgpt.autograd.Value> all = new java.util.HashMap<>();

                dev.microgpt.autograd.Value of(Value value) {
                    if (!all.containsKey(value)) {
                        var twin = value.a == null ? new dev.microgpt.autograd.Value(0) : of(value.a).mul(value.da);
                        all.put(value, value.b == null ? twin : twin.add(of(value.b).mul(value.db)));
                    }
                    return all.get(value);
                }
            }
            Twins twins = new Twins();
            twins.of(this).backward();
            twins.all.forEach((value, twin) -> value.grad += twin.grad());
            """, "Head", """
            Value[] q = java.util.Arrays.stream(query).mapToObj(Value::new).toArray(Value[]::new);
            Value[] scores = new Value[keys.length];
            for (int t = 0; t < scores.length; t++) {
                Value[] k = java.util.Arrays.stream(keys[t]).mapToObj(Value::new).toArray(Value[]::new);
                scores[t] = Functions.dot(q, k).div(Math.sqrt(q.length));
            }
            Value[] shares = Functions.softmax(scores);
            for (int t = 0; t < shares.length; t++) {
                for (int j = 0; j < mix.length; j++) {
                    mix[j] += shares[t].mul(values[t][j]).data();
                }
            }
            """, "Adam", """
            var weights = Parameters.builder().tensor("w", 1, w.length).build();
            var gradient = weights.zeros();
            var first = weights.zeros();
            var second = weights.zeros();
            System.arraycopy(w, 0, weights.values(), 0, w.length);
            System.arraycopy(g, 0, gradient.values(), 0, w.length);
            System.arraycopy(m, 0, first.values(), 0, w.length);
            System.arraycopy(v, 0, second.values(), 0, w.length);
            var moments = Moments.of(t - 1, first, second);
            new dev.microgpt.optim.Adam(0.85, 0.99, 1e-8).update(weights, gradient, moments, learningRate);
            System.arraycopy(weights.values(), 0, w, 0, w.length);
            System.arraycopy(moments.first().orElseThrow().values(), 0, m, 0, w.length);
            System.arraycopy(moments.second().orElseThrow().values(), 0, v, 0, w.length);
            """);

    @TempDir
    private Path folder;

    static Set<String> exercises() {
        return SOLUTIONS.keySet();
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void as_it_is_an_exercise_says_how_far_off_it_is(String name) throws Exception {
        AtomicBoolean allRight = new AtomicBoolean();

        List<String> printed = run(name, "", allRight);

        assertThat(allRight).isFalse();
        int checks = printed.size() / 2;
        for (int i = 0; i < checks; i++) {
            assertThat(printed.get(2 * i))
                    .matches("not yet  .+: number \\d is \\S+, should be \\S+: \\S+ too (low|high)");
            assertThat(printed.get(2 * i + 1)).matches(" {9}hint: .{10,}");
        }
        assertThat(printed.get(2 * checks)).isEqualTo("0 of " + checks + " right");
        assertThat(printed).hasSize(2 * checks + 1).hasSizeGreaterThan(6);
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void the_library_is_its_solution(String name) throws Exception {
        AtomicBoolean allRight = new AtomicBoolean();

        List<String> printed = run(name, SOLUTIONS.get(name), allRight);

        int checks = printed.size() - 1;
        assertThat(printed.subList(0, checks)).allMatch(line -> line.startsWith("right    "));
        assertThat(printed.get(checks)).isEqualTo(checks + " of " + checks + " right");
        assertThat(allRight).isTrue();
    }

    @Test
    void what_goes_wrong_in_your_lines_is_said_as_well() throws Exception {
        assertThat(run("Softmax", "probabilities = null;", new AtomicBoolean()).get(0))
                .isEqualTo("not yet  1, 2, 3: 3 numbers are expected, yours are null");
        assertThat(run("Softmax", "probabilities[7] = 1;", new AtomicBoolean()).get(0))
                .startsWith("not yet  1, 2, 3: your lines throw java.lang.ArrayIndexOutOfBoundsException");
        assertThat(run("Softmax", "java.util.Arrays.fill(probabilities, 0.0 / 0);", new AtomicBoolean())
                        .get(0))
                .isEqualTo("not yet  1, 2, 3: number 1 is NaN, should be 0.0900306");
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void an_exercise_needs_nothing_but_the_jdk_in_any_locale(String name) throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".java"));

        assertThat(lines).allMatch(line -> line.matches("\\p{ASCII}{0,120}"));
        assertThat(lines.stream().filter(line -> line.contains("import ")))
                .allMatch(line -> line.startsWith("import java."));
        assertThat(Files.readString(FOLDER.resolve("README.md"))).contains("`java docs/exercises/" + name + ".java`");
    }

    @Test
    void every_file_in_the_folder_is_here() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".java")))
                    .containsExactlyInAnyOrderElementsOf(
                            exercises().stream().map(name -> name + ".java").toList());
        }
    }

    @Test
    @Tag("proof")
    void the_command_in_the_document_prints_what_the_document_says() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "docs/exercises/Softmax.java")
                .directory(REPOSITORY.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).isEqualTo(1);
        List<String> said = MarkdownFile.read(FOLDER.resolve("README.md")).blocks().stream()
                .filter(block -> block.language().equals("text"))
                .findFirst()
                .orElseThrow()
                .lines();
        assertThat(printed).startsWith(said.get(0), said.get(1)).endsWith(said.get(3));
        assertThat(said).hasSize(4);
    }

    /** Compiles an exercise with these lines in its hole, and returns what it prints. */
    private List<String> run(String name, String lines, AtomicBoolean allRight) throws Exception {
        String text = Files.readString(FOLDER.resolve(name + ".java"));
        String solved = text.replaceFirst(HOLE, java.util.regex.Matcher.quoteReplacement(lines));
        assertThat(solved).as("a hole").isNotEqualTo(text);
        String imports =
                lines.contains("Functions") ? "import dev.microgpt.autograd.*; " : "import dev.microgpt.optim.*; ";
        Source.compile(List.of(new Source(name, FOLDER.resolve(name + ".java"), 1, imports + solved)), folder);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            var test = loader.loadClass(name).getDeclaredMethod("allRight");
            test.setAccessible(true);
            return Run.lines(() -> {
                try {
                    allRight.set((boolean) test.invoke(null));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(name, e);
                }
            });
        }
    }
}
