package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {
    @TempDir
    private Path folder;

    @Test
    void has_the_defaults_of_the_original() {
        Arguments arguments = Arguments.parse();

        assertThat(arguments.seed()).isEqualTo(42);
        assertThat(arguments.steps(1000)).isEqualTo(1000);
        assertThat(arguments.documents().size()).isEqualTo(3037);
        assertThat(arguments.trace()).isEmpty();
    }

    @Test
    void takes_data_seed_and_steps_from_the_command_line() throws Exception {
        Path data = Files.write(folder.resolve("data.txt"), List.of("ada", "ben"));

        Arguments arguments = Arguments.parse("--data", data.toString(), "--seed", "-7", "--steps", "12");

        assertThat(arguments.documents().asList()).containsExactly("ada", "ben");
        assertThat(arguments.seed()).isEqualTo(-7);
        assertThat(arguments.steps(1000)).isEqualTo(12);
    }

    @Test
    void writes_the_metrics_whole_or_not_at_all() throws Exception {
        Path metrics = Files.writeString(folder.resolve("metrics.csv"), "the previous run");
        Path victim = Files.writeString(folder.resolve("victim"), "of another user");
        Files.createSymbolicLink(folder.resolve("metrics.csv.part"), victim); // a name that anybody could guess
        Path nowhere = Files.createSymbolicLink(folder.resolve("link.csv"), folder.resolve("nowhere"));

        Arguments.parse("--metrics", metrics.toString()).writeMetrics(1.5, 0.1 + 0.2);
        assertThatThrownBy(() -> OutputFile.writeMetrics(nowhere, 1, 1.5))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("metrics file " + nowhere
                        + " cannot be written: it is a symbolic link to a file that does not exist");

        assertThat(metrics).hasContent("step,loss\n1,1.5\n2,0.30000000000000004\n");
        assertThat(victim).hasContent("of another user");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void names_what_is_wrong() {
        rejects("option --sed is not one of --data, --seed, --steps, --metrics, --trace, --parameter", "--sed", "1");
        rejects("option --seed needs a value", "--seed");
        rejects("option --seed is given twice", "--seed", "1", "--seed", "2");
        rejects(
                "option --seed one is not a whole number in [-9223372036854775808, 9223372036854775807]",
                "--seed",
                "one");
        rejects("option --steps 0 is not a whole number in [1, 10000000]", "--steps", "0");
        rejects("option --parameter needs --trace WORD beside it", "--parameter", "wte[0][0]");
        rejects(
                "option --metrics has nothing to write beside --trace, which stores nothing",
                "--trace",
                "emma",
                "--metrics",
                "m.csv");
        rejects("option --metrics " + folder + " is not the name of a file", "--metrics", folder.toString());
        rejects("option --metrics / is not the name of a file", "--metrics", "/");
        Path nowhere = folder.resolve("nowhere").resolve("metrics.csv");
        rejects("option --metrics " + nowhere + " is not in a folder that exists", "--metrics", nowhere.toString());
    }

    @Test
    void takes_an_order_where_it_is_asked_for() {
        List<String> options = List.of("--order", "--seed");

        assertThat(Arguments.parse(options, "--order", "8").order()).isEqualTo(8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(options, "--order", "9").order())
                .withMessage("option --order 9 is not a whole number in [2, 8]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(options).order())
                .withMessage("option --order is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(options, "--steps", "5"))
                .withMessage("option --steps is not one of --order, --seed");
    }

    private static void rejects(String message, String... args) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(args))
                .withMessage(message);
    }
}
