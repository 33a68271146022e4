package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people type is read with the characters of the list. */
class SpellingTest {
    private static final Spelling NAMES = new Spelling(Tokenizer.of(Documents.givenNames()));

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "emma,emma",
                "Emma,emma",
                "Zoë,zoe",
                "Zoe\u0308,zoe",
                "José,jose",
                " Emma ,emma",
                "SØREN,soren",
                "Weiß,weiss",
                "Łucja,lucja",
                "Ｅｍｍａ,emma",
                "'',''"
            })
    void capitals_and_accents_are_folded(String typed, String read) {
        assertThat(NAMES.read(typed)).isEqualTo(read);
        assertThat(NAMES.suggestion(typed)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "Anne-Marie | no text of the list has \"-\"; try annemarie | annemarie",
                "R2D2 | no text of the list has \"2\"; try rd | rd",
                "a\u200db | no text of the list has U+200D; try ab | ab",
                "Юя | no text of the list has \"Ю\" or \"я\"; its characters are abcdefghijklmnopqrstuvwxyz |",
            })
    void what_cannot_be_folded_is_told_with_something_to_try(String typed, String message, String suggestion) {
        assertThatIllegalArgumentException().isThrownBy(() -> NAMES.read(typed)).withMessage(message);
        assertThat(NAMES.suggestion(typed).orElse(null)).isEqualTo(suggestion);
    }

    @Test
    void what_the_list_has_stays_as_it_is() {
        Spelling places = new Spelling(Tokenizer.of(List.of("Zürich", "St. Gallen", "É", "x\u0301")));

        assertThat(places.read("Zürich")).isEqualTo("Zürich");
        assertThat(places.read(" St. ")).isEqualTo(" St. ");
        assertThat(places.read("é")).isEqualTo("É");
        assertThat(places.read("x\u0301")).isEqualTo("x\u0301");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Spelling(Tokenizer.of(List.of("😀"))).read("😁"))
                .withMessage("no text of the list has \"😁\"");
    }
}
