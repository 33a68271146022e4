package dev.microgpt.examples;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.cli.Main;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stage's program in full, as a user runs it: what it prints and the metrics it writes. */
class StagesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "3", "4", "5", "early"})
    void prints_what_the_original_prints_on_the_given_names(String stage) throws Exception {
        Golden golden = Golden.read(name("given-", stage));

        agrees(golden, stage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "3", "4", "5", "early"})
    @Tag("proof")
    void prints_what_the_original_prints_on_names_txt(String stage) throws Exception {
        Golden golden = Golden.read(name("", stage));

        agrees(
                golden,
                stage,
                "--data",
                NamesFile.orAbort("stage " + stage + " on names.txt").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "3", "4", "5", "early"})
    void takes_one_document_of_one_character_more_often_than_there_are_documents(String stage) throws Exception {
        Path data = Files.writeString(folder.resolve("data.txt"), "a");

        List<String> printed = Run.lines(() -> Main.main("stage", stage, "--data", data.toString(), "--steps", "7"));

        assertThat(printed).startsWith("num docs: 1", "vocab size: 2");
        assertThat(printed.stream().filter(line -> line.startsWith("step")))
                .anyMatch(line -> line.startsWith("step    5 /    7"));
        assertThat(printed.stream().filter(line -> line.startsWith("sample")))
                .hasSize(20)
                .allMatch(line -> line.matches("sample [ 0-9][0-9]: a{0,16}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "3", "4", "5", "early"})
    void takes_documents_longer_than_the_block_and_characters_beyond_the_first_plane(String stage) throws Exception {
        Path data = Files.writeString(folder.resolve("data.txt"), "😀" + "ab".repeat(30) + "\n李\n");

        List<String> printed = Run.lines(() -> Main.main("stage", stage, "--data", data.toString(), "--steps", "3"));

        assertThat(printed).startsWith("num docs: 2", "vocab size: 5");
        assertThat(printed.stream().filter(line -> line.startsWith("sample")))
                .hasSize(20)
                .allMatch(line -> line.matches("sample [ 0-9][0-9]: [ab李😀]{0,16}"));
    }

    private void agrees(Golden golden, String stage, String... data) throws Exception {
        Path metrics = folder.resolve("metrics.csv");
        List<String> arguments = new ArrayList<>(List.of("stage", stage, "--metrics", metrics.toString()));
        arguments.addAll(List.of(data));

        List<String> printed = Run.lines(() -> Main.main(arguments.toArray(String[]::new)));

        double[] losses = golden.doubles("losses");
        double tolerance = stage.equals("early") ? 1e-8 : 1e-9;
        List<String> csv = Files.readAllLines(metrics);
        assertThat(csv.get(0)).isEqualTo("step,loss");
        assertThat(csv.stream()
                        .skip(1)
                        .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
                        .toArray())
                .satisfies(closeTo(losses, tolerance));
        assertThat(csv.get(losses.length)).startsWith(losses.length + ",");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");

        assertThat(printed.get(0)).isEqualTo("num docs: " + golden.string("documents"));
        assertThat(printed.get(1)).isEqualTo("vocab size: 27");
        if (!stage.equals("0")) {
            assertThat(printed.get(2))
                    .isEqualTo("num params: " + golden.strings("init_params").size());
        }
        assertThat(printed).containsSubsequence(stepLines(stage, losses));
        assertThat(printed.stream().filter(line -> line.startsWith("step")))
                .hasSize(stepLines(stage, losses).size());
        assertThat(printed.subList(printed.size() - 22, printed.size())).isEqualTo(ending(golden.strings("samples")));
    }

    private static List<String> stepLines(String stage, double... losses) {
        boolean everyStep = List.of("0", "5", "early").contains(stage);
        return IntStream.range(0, losses.length)
                .filter(step -> everyStep || step < 5 || step % 200 == 0)
                .mapToObj(step ->
                        String.format(Locale.ROOT, "step %4d / %4d | loss %.4f", step + 1, losses.length, losses[step]))
                .toList();
    }

    private static List<String> ending(List<String> samples) {
        List<String> lines = new ArrayList<>(List.of("", "--- inference (new, hallucinated names) ---"));
        for (int i = 0; i < 20; i++) {
            lines.add(String.format(Locale.ROOT, "sample %2d: %s", i + 1, samples.get(i)));
        }
        return lines;
    }

    private static String name(String prefix, String stage) {
        return prefix + (stage.equals("early") ? stage : "stage" + stage);
    }
}
