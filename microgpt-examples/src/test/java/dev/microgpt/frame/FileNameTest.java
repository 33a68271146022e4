package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FileNameTest {
    private static final String ASCII = "ANSI_X3.4-1968";

    @Test
    void names_the_locale_and_the_cure() {
        assertThat(FileName.unusable("é.txt", ASCII, Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8")))
                .isEqualTo("é.txt cannot be the name of a file with LC_ALL=C, which means ANSI_X3.4-1968; with"
                        + " LC_ALL=C.UTF-8 it can");
        assertThat(FileName.unusable("é", ASCII, Map.of("LC_ALL", "", "LANG", "POSIX")))
                .contains(" with LANG=POSIX, which means ");
        assertThat(FileName.unusable("é", ASCII, Map.of())).contains(" with no LC_ALL and no LANG, which means ");
    }

    @Test
    void blames_no_locale_for_what_no_locale_can() {
        assertThat(FileName.unusable("a\0é", ASCII, Map.of("LC_ALL", "C")))
                .isEqualTo("a\0é cannot be the name of a file");
        assertThat(FileName.unusable("a", ASCII, Map.of("LC_ALL", "C"))).isEqualTo("a cannot be the name of a file");
        assertThat(FileName.unusable("é", "UTF-8", Map.of())).isEqualTo("é cannot be the name of a file");
    }
}
