package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalFormTest {
    @Test
    void texts_that_look_the_same_are_the_same() {
        for (String other : List.of(
                "zoe\u0301", // in two characters
                "zo\u00E9\u200B", // zero-width space
                "z\u200Do\u00E9", // zero-width joiner
                "zoe\u200B\u0301", // between letter and accent
                "\uFEFFzo\u00E9", // byte order mark
                "zo\uFEFF\u00E9",
                "zo\u00AD\u00E9", // soft hyphen
                "\u202Ezo\u00E9\u202C", // right to left and back
                "zo\u00E9\u00A0", // blanks
                "zo\u00E9 \u200B\u2007",
                "zo\u00E9\uFE0F")) {
            assertThat(Documents.normalForm(other))
                    .as(Readable.quote(other, 20))
                    .isEqualTo("zo\u00E9");
        }
    }

    @Test
    void texts_that_look_different_stay_different() {
        for (String text :
                List.of("zoe", "zo\u00E8", "zo \u00E9", "zo-\u00E9", "Zo\u00E9", "zo\u00E9\t1", "\uD83D\uDE42", "")) {
            assertThat(Documents.normalForm(text)).isEqualTo(text);
        }
    }

    /** The short way for texts without characters from U+0300 on says the same as the long way. */
    @Test
    void no_character_before_the_first_accent_is_changed_but_the_soft_hyphen() {
        for (char c = 0; c < 0x300; c++) {
            String text = "a" + c + "b";
            assertThat(Documents.normalForm(text))
                    .isEqualTo(c == 0xAD ? "ab" : text)
                    .isEqualTo(Normalizer.normalize(text.replace("\u00AD", ""), Normalizer.Form.NFC));
        }
    }

    @Test
    void a_normal_form_is_its_own() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += 7) {
            String form = Documents.normalForm("e" + Character.toString(c) + "\u0301\u200B ");
            assertThat(Documents.normalForm(form)).isEqualTo(form);
        }
    }
}
