package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.testing.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void without_arguments_learns_the_embedded_names_and_invents_twenty() {
        Cli cli = Cli.run();

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out().get(0)).startsWith("a GPT with 4,192 weights learns from 3,037 given names");
        assertThat(cli.out().stream().filter(line -> line.matches("step +\\d+ / 1000 \\| mean loss \\d\\.\\d{4}")))
                .hasSize(10)
                .last()
                .isEqualTo("step 1000 / 1000 | mean loss 2.4875");
        assertThat(cli.samples()).isEqualTo(Golden.read("given-stage5").strings("samples"));
    }

    @Test
    void without_arguments_does_not_touch_picocli() throws Exception {
        Process process = java("-Xlog:class+load").start();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed)
                .contains("sample 20: ayang", "dev.microgpt.cli.Main")
                .doesNotContain("picocli");
    }

    @Test
    void a_mistake_ends_with_its_message_on_standard_error_and_exit_code_2() throws Exception {
        Process process = java("", "stage", "0", "--data", "no-such-file.txt").start();

        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(error)
                .isEqualToNormalizingNewlines("error: option --data no-such-file.txt is neither a file that exists nor"
                        + " given-names, karpathy, jdk-classes or - for standard input\n");
    }

    @Test
    void prints_utf_8_and_points_whatever_the_environment() throws Exception {
        ProcessBuilder builder = java("-Duser.language=de", "stage", "5", "--trace", "emma");
        builder.environment().put("LC_ALL", "C");

        String printed = new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(printed).contains("m̂ ").containsPattern("mean loss \\d\\.\\d+ nats");
    }

    private static ProcessBuilder java(String option, String... args) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (!option.isEmpty()) {
            command.add(option);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }
}
