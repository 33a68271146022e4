package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void shows_what_would_command_a_terminal() {
        assertThat(Visible.text("a\u001b[2Jb")).isEqualTo("a␛[2Jb");
        assertThat(Visible.text("\u001b]0;title\u0007")).isEqualTo("␛]0;title␇");
        assertThat(Visible.text("a\rb\bc\0d\u007fe")).isEqualTo("a␍b␈c␀d␡e");
        assertThat(Visible.text("a\u009b2J")).isEqualTo("a<U+009B>2J");
        assertThat(Visible.text("a\u202eb\u2066c\u2069\u200f\u061c"))
                .isEqualTo("a<U+202E>b<U+2066>c<U+2069><U+200F><U+061C>");
    }

    @Test
    void leaves_alone_what_would_not() {
        for (String text : List.of("", "emma é 愛 😀", "a\tb\nc", "e\u0301")) {
            assertThat(Visible.text(text)).isSameAs(text);
        }
    }

    @Test
    void messages_are_always_shown() {
        PrintStream console = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            Visible.err().println("a\u001b[2J");
            Visible.err().print("b\u0007");
            new IllegalStateException("c\u001bc").printStackTrace(Visible.err());
        } finally {
            System.setErr(console);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("a␛[2J\nb␇java.lang.IllegalStateException: c␛c\n")
                .doesNotContain("\u001b");
    }
}
