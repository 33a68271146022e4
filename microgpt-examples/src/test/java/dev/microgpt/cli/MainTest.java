package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.examples.Run;
import dev.microgpt.testing.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void without_arguments_learns_the_embedded_names_and_invents_twenty() {
        List<String> printed = Run.lines(Main::run);

        assertThat(printed.get(0)).startsWith("a GPT with 4,192 weights learns from 3,037 given names");
        assertThat(printed.stream().filter(line -> line.matches("step +\\d+ / 1000 \\| mean loss \\d\\.\\d{4}")))
                .hasSize(10)
                .last()
                .isEqualTo("step 1000 / 1000 | mean loss 2.4875");
        assertThat(printed.stream().filter(line -> line.startsWith("sample")).map(line -> line.substring(11)))
                .isEqualTo(Golden.read("given-stage5").strings("samples"));
    }

    @Test
    void help_is_printed_when_asked_for() {
        assertThat(Run.lines(() -> Main.run("--help")).get(0)).startsWith("usage: java -jar microgpt.jar");
    }

    @Test
    void names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Main.run("stage", "6"))
                .withMessage("stage 6 is not one of 0, 1, 2, 3, 4, 5, early");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Main.run("stag", "5"))
                .withMessageStartingWith("arguments stag 5 are not understood\nusage: java -jar microgpt.jar");
    }

    @Test
    void a_mistake_ends_with_its_message_on_standard_error_and_exit_code_2() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "stage",
                        "0",
                        "--data",
                        "no-such-file.txt")
                .start();

        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(error).isEqualToNormalizingNewlines("error: file no-such-file.txt does not exist\n");
    }

    @Test
    void prints_utf_8_and_points_whatever_the_environment() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=de",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "stage",
                "5",
                "--trace",
                "emma");
        builder.environment().put("LC_ALL", "C");

        String printed = new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(printed).contains("m̂ ").containsPattern("mean loss \\d\\.\\d+ nats");
    }
}
