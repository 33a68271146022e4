package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --stpes 5      | option --stpes is not known; did you mean --steps?            | train ",
                "train --heldout=0.1  | option --heldout is not known; did you mean --held-out?       | train ",
                "train --no           | option --no is not known                                      | train ",
                "train --temp 1       | option --temp is not known; did you mean --temperature?       | train ",
                "generate m --unqiue  | option --unqiue is not known; did you mean --unique?          | generate ",
                "stage 3 --sedd 4     | option --sedd is not known; did you mean --seed?              | stage ",
                "playground --port x  | option --port x is not a whole number in [-2147483648, 2147483647] | playground ",
                "playground --prot 1  | option --prot is not known; did you mean --port?              | playground ",
                "trian                | command trian is not known; did you mean train?               | ''",
                "gen m                | command gen is not known; did you mean generate?              | ''",
                "help                 | command help is not known; did you mean --help?               | ''",
                "foo bar              | command foo is not known                                      | ''",
                "-x                   | option -x is not known                                        | ''",
                "score m -emma        | option -emma is not known; a word that begins with - comes after -- | score ",
                "train names.txt      | argument names.txt is one too many                            | train ",
                "train --steps        | option --steps needs a value, N                               | train ",
                "train --steps x      | option --steps x is not a whole number in [-2147483648, 2147483647] | train ",
                "train --seed 1e3     | option --seed 1e3 is not a whole number in [-9223372036854775808, 9223372036854775807] | train ",
                "train --beta1 x      | option --beta1 x is not a number                              | train ",
                "train --engine gpu   | option --engine gpu is not one of auto, value, tape, array, vector | train ",
                "train --seed 1 --seed 2 | option --seed is given twice                             | train ",
                "generate m --seed 1 --seed 2 | option --seed is given twice                        | generate ",
                "train --data a --data b | option --data is given twice                               | train ",
                "generate             | MODEL is missing                                              | generate ",
                "stage                | STAGE is missing                                              | stage "
            })
    void says_what_is_wrong_and_where_to_read_on(String args, String message, String command) {
        Cli cli = Cli.run(args.split(" "));

        assertThat(cli.err())
                .containsExactly(
                        "error: " + message,
                        "see java -jar microgpt.jar " + (command.isEmpty() ? "" : command + " ") + "--help");
        assertThat(cli.out()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_help_with_an_example_and_knows_the_version(String command) {
        Cli help = Cli.run(command, "--help");
        Cli version = Cli.run(command, "--version");

        assertThat(help.out().get(0)).startsWith("Usage: microgpt " + command);
        assertThat(help.out()).anyMatch(line -> line.matches("Examples?:"));
        assertThat(help.out()).allMatch(line -> line.length() <= 100);
        assertThat(help.exitCode()).isZero();
        assertThat(version.out()).singleElement().asString().matches("microgpt \\d.*");
    }

    @Test
    void help_lists_the_commands() {
        Cli help = Cli.run("--help");

        assertThat(help.out().get(0)).isEqualTo("Usage: microgpt [-hV] COMMAND");
        commands().forEach(command -> assertThat(help.out()).anyMatch(line -> line.startsWith("  " + command + " ")));
        assertThat(help.exitCode()).isZero();
    }

    private static Stream<String> commands() {
        return Stream.of(
                "stage",
                "train",
                "generate",
                "score",
                "report",
                "inspect",
                "export",
                "bench",
                "playground",
                "generate-completion");
    }

    @Test
    void a_completion_script_is_written_for_the_shell() {
        Cli cli = Cli.run("generate-completion");

        assertThat(cli.out().get(0)).isEqualTo("#!/usr/bin/env bash");
        assertThat(String.join("\n", cli.out())).contains("'--learning-rate'", "complete -F");
    }

    @Test
    void names_a_stage_or_port_that_is_none_and_what_a_program_refuses() {
        assertThat(Cli.run("stage", "6")).isEqualTo(error("stage 6 is not one of 0, 1, 2, 3, 4, 5, early"));
        assertThat(Cli.run("stage", "0", "--steps", "0"))
                .isEqualTo(error("option --steps 0 is not a whole number in [1, 10000000]"));
        assertThat(Cli.run("stage", "3", "--order", "4"))
                .isEqualTo(error("option --order needs stage 0, which counts"));
        assertThat(Cli.run("stage", "0", "--order", "9"))
                .isEqualTo(error("option --order 9 is not a whole number in [2, 8]"));
        assertThat(Cli.run("stage", "0", "--order", "4", "--trace", "emma"))
                .isEqualTo(error("option --trace is not one of --order, --data, --seed"));
        assertThat(Cli.run("playground", "--port", "65536"))
                .isEqualTo(error("option --port 65536 is not in [0, 65535]"));
    }

    private static Cli error(String message) {
        return new Cli(2, List.of(), List.of("error: " + message));
    }
}
