package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.cli.Main;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program of the command line as a process. */
class PlaygroundProcessTest {
    @Test
    void the_runnable_jar_opens_it_and_prints_its_address() throws Exception {
        Process process = java("playground", "--port", "0");
        try {
            String line = process.inputReader(StandardCharsets.UTF_8).readLine();
            assertThat(line).matches("the playground is at http://127\\.0\\.0\\.1:\\d+/");
            URL page = URI.create(line.substring(line.indexOf("http"))).toURL();

            assertThat(((HttpURLConnection) page.openConnection()).getResponseCode())
                    .isEqualTo(200);
        } finally {
            process.destroy();
        }
    }

    @Test
    void without_arguments_nothing_of_it_is_loaded() throws Exception {
        Process process = java();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed)
                .contains("dev.microgpt.cli.Main source:", "sample 20:")
                .doesNotContain("dev.microgpt.playground", "com.fasterxml", "com.sun.net.httpserver");
    }

    private static Process java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        if (arguments.length == 0) {
            command.add("-Xlog:class+load");
        }
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }
}
