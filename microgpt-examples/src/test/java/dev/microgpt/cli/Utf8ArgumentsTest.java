package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8ArgumentsTest {
    @Test
    void finds_what_java_has_lost_in_an_environment_without_utf_8() {
        assertThat(decode("java\0-jar\0a.jar\0score\0zoé\0\0", "score", "zo??", ""))
                .containsExactly("score", "zoé", "");
        assertThat(decode("java\0李\0", "???")).containsExactly("李");
    }

    @Test
    void leaves_alone_what_is_not_the_command_line() {
        assertThat(decode("java\0maven\0", "score", "zo??")).containsExactly("score", "zo??");
        assertThat(decode("java\0Main\0train\0", "score")).containsExactly("score");
        assertThat(decode("", "score")).containsExactly("score");
        assertThat(decode("java\0")).isEmpty();
    }

    private static String[] decode(String commandLine, String... args) {
        return Utf8Arguments.decode(args, commandLine.getBytes(StandardCharsets.UTF_8));
    }
}
