package dev.microgpt.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.cli.Main;
import dev.microgpt.text.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far counting goes, as a user runs it. */
class Stage0NGramTest {
    @TempDir
    private Path folder;

    /** 2.4870 at order 6 was measured with another program. */
    @Test
    void prints_the_loss_of_each_order_on_counted_and_on_held_out_names() {
        List<String> printed = Run.lines(() -> Main.main("stage", "0", "--order", "6"));

        assertThat(printed).startsWith("num docs: 3037", "vocab size: 27", "counted: 2734, held out: 303");
        assertThat(orders(printed)).hasSize(5);
        assertThat(orders(printed).get(4))
                .startsWith("order 6 | loss of counted ")
                .endsWith(" | of held-out 2.4870");
        List<String> samples = printed.stream()
                .filter(line -> line.startsWith("sample "))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .toList();
        List<String> names = Documents.givenNames().asList();
        assertThat(samples).hasSize(20);
        assertThat(printed)
                .endsWith("in the list: "
                        + samples.stream().filter(names::contains).count() + " of 20");
    }

    @Test
    void a_string_that_is_there_twice_counts_once() throws Exception {
        List<String> names = Documents.givenNames().asList().subList(0, 200);
        Path once = Files.write(folder.resolve("once.txt"), names);
        Path twice = Files.write(
                folder.resolve("twice.txt"),
                IntStream.range(0, 400).mapToObj(i -> names.get(i % 200)).collect(Collectors.toList()));

        List<String> printed = Run.lines(() -> Main.main("stage", "0", "--order", "4", "--data", twice.toString()));

        assertThat(printed)
                .startsWith("num docs: 200")
                .isEqualTo(Run.lines(() -> Main.main("stage", "0", "--order", "4", "--data", once.toString())));
    }

    @Test
    void a_list_that_is_too_short_to_hold_a_tenth_out_is_refused() throws Exception {
        Path data = Files.write(folder.resolve("data.txt"), List.of("ada", "ben", "ada"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.lines(() -> Stage0NGram.main("--order", "3", "--data", data.toString())))
                .withMessage("documents has 2 different texts, at least 10 are needed to hold out a tenth");
    }

    private static List<String> orders(List<String> printed) {
        return printed.stream().filter(line -> line.startsWith("order ")).toList();
    }
}
