package dev.microgpt.examples;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** microgpt in one file is the original program, and as short. */
class MicroGptInOneFileTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/microgpt/examples/MicroGptInOneFile.java");

    @TempDir
    private Path folder;

    @Test
    void is_the_original_on_the_given_names() {
        agrees(Golden.read("given-stage5"), Documents.givenNames().asList());
    }

    @Test
    @Tag("proof")
    void is_the_original_on_names_txt() throws IOException {
        Path names = NamesFile.orAbort("microgpt in one file on names.txt");
        agrees(Golden.read("stage5"), Files.readAllLines(names));
    }

    @Test
    void has_200_lines_of_code_and_120_columns() throws IOException {
        assertThat(Files.readAllLines(SOURCE)).allMatch(line -> line.matches("\\p{ASCII}{0,120}")); // for any locale
        assertThat(LinesOfCode.of(SOURCE)).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void needs_nothing_but_the_jdk() throws IOException {
        List<String> code = LinesOfCode.of(SOURCE);

        assertThat(code.get(0)).startsWith("package dev.microgpt.examples;");
        assertThat(code.subList(1, code.size())).noneMatch(line -> line.contains("dev.microgpt"));
        assertThat(code.stream().filter(line -> line.startsWith("import ")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("import java."));
    }

    @Test
    @Tag("proof")
    void runs_from_its_source_with_the_list_around_it() throws Exception {
        Golden golden = Golden.read("given-stage5");

        List<String> printed = java(0, SOURCE.getParent());

        assertThat(printed).startsWith("num docs: 3037", "vocab size: 27", "num params: 4192");
        double[] losses = golden.doubles("losses");
        for (int step = 0; step < 1000; step++) {
            assertThat(printed.get(3 + step))
                    .isEqualTo(String.format(Locale.ROOT, "step %4d / 1000 | loss %.4f", step + 1, losses[step]));
        }
        assertThat(printed.subList(1003, 1005)).containsExactly("", "--- inference (new, hallucinated names) ---");
        List<String> samples = golden.strings("samples");
        for (int i = 0; i < 20; i++) {
            assertThat(printed.get(1005 + i))
                    .isEqualTo(String.format(Locale.ROOT, "sample %2d: %s", i + 1, samples.get(i)));
        }
        assertThat(printed).hasSize(1025);
    }

    @Test
    @Tag("proof")
    void alone_in_a_folder_it_takes_a_list_and_without_one_says_so() throws Exception {
        String source = Files.readString(SOURCE);
        Files.writeString(folder.resolve(SOURCE.getFileName()), source.substring(source.indexOf('\n')));
        Files.writeString(folder.resolve("names.txt"), "zoë\n \n  li \n");

        assertThat(java(1, folder))
                .anyMatch(line -> line.contains("give a list: java MicroGptInOneFile.java names.txt"));
        assertThat(java(0, folder, "names.txt"))
                .startsWith("num docs: 2", "vocab size: 6")
                .hasSize(1025);
    }

    private static void agrees(Golden golden, List<String> lines) {
        MicroGptInOneFile gpt = new MicroGptInOneFile(lines);
        double[][] losses = new double[1][];
        Run.lines(() -> losses[0] = gpt.train(1000));

        assertThat(losses[0]).satisfies(closeTo(golden.doubles("losses"), 1e-9));
        assertThat(gpt.parameters.stream().mapToDouble(weight -> weight.data).toArray())
                .satisfies(closeTo(golden.doubles("final_params"), 1e-9));
        assertThat(Stream.generate(gpt::invent).limit(20)).isEqualTo(golden.strings("samples"));
    }

    /** What the program prints when Java starts its source in a folder. */
    private static List<String> java(int exitCode, Path folder, String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "MicroGptInOneFile.java"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isEqualTo(exitCode);
        return printed.lines().toList();
    }
}
