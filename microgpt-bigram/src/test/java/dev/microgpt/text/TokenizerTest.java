package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    @Test
    void sorts_the_distinct_characters_and_puts_bos_last() {
        Tokenizer tokenizer = Tokenizer.of(List.of("cab", "abba"));

        assertThat(tokenizer.vocabulary()).isEqualTo("abc");
        assertThat(tokenizer.vocabSize()).isEqualTo(4);
        assertThat(tokenizer.bos()).isEqualTo(3);
    }

    @Test
    void gives_the_given_names_27_ids() {
        Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());

        assertThat(tokenizer.vocabulary()).isEqualTo("abcdefghijklmnopqrstuvwxyz");
        assertThat(tokenizer.bos()).isEqualTo(26);
        assertThat(tokenizer.encodeDocument("ava")).containsExactly(26, 0, 21, 0, 26);
        assertThat(tokenizer.decode(26, 0, 21, 0, 26)).isEqualTo("ava");
    }

    @Test
    void encodes_and_decodes_every_given_name() {
        Documents names = Documents.givenNames();
        Tokenizer tokenizer = Tokenizer.of(names);

        assertThat(names).allSatisfy(name -> {
            assertThat(tokenizer.decode(tokenizer.encode(name))).isEqualTo(name);
            assertThat(tokenizer.decode(tokenizer.encodeDocument(name))).isEqualTo(name);
        });
    }

    @Test
    void makes_one_token_of_an_emoji() {
        Tokenizer tokenizer = Tokenizer.of(List.of("a🙂é", "李\uFFFD"));

        assertThat(tokenizer.vocabulary()).isEqualTo("aé李\uFFFD🙂"); // by code point: 🙂 is U+1F642
        assertThat(tokenizer.encode("🙂a🙂")).containsExactly(4, 0, 4);
        assertThat(tokenizer.decode(4, 1)).isEqualTo("🙂é");
        assertThat(tokenizer.symbol(4)).isEqualTo("🙂");
    }

    @Test
    void works_with_a_single_character() {
        Tokenizer tokenizer = Tokenizer.of(List.of("a"));

        assertThat(tokenizer.vocabSize()).isEqualTo(2);
        assertThat(tokenizer.encodeDocument("aa")).containsExactly(1, 0, 0, 1);
    }

    @Test
    void encodes_an_empty_word() {
        Tokenizer tokenizer = Tokenizer.of(List.of("", "ab"));

        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.encodeDocument("")).containsExactly(2, 2);
        assertThat(tokenizer.decode()).isEmpty();
    }

    @Test
    void shows_tokens_to_people() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("ab");

        assertThat(tokenizer.symbol(0)).isEqualTo("a");
        assertThat(tokenizer.symbol(2)).isEqualTo("<BOS>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "abc", " 'aé李\uFFFD🙂", "\t\u00A0\u200D"})
    void can_be_rebuilt_from_its_vocabulary(String vocabulary) {
        Tokenizer tokenizer =
                Tokenizer.of(List.of(new StringBuilder(vocabulary).reverse().toString()));

        Tokenizer rebuilt = Tokenizer.ofVocabulary(tokenizer.vocabulary());

        assertThat(tokenizer.vocabulary()).isEqualTo(vocabulary);
        assertThat(rebuilt.vocabulary()).isEqualTo(vocabulary);
        assertThat(rebuilt.encode(vocabulary))
                .isEqualTo(tokenizer.encode(vocabulary))
                .isSorted();
    }

    @Test
    void equals_another_of_the_same_vocabulary() {
        Tokenizer tokenizer = Tokenizer.of(List.of("cab"));

        assertThat(tokenizer)
                .isEqualTo(Tokenizer.ofVocabulary("abc"))
                .hasSameHashCodeAs(Tokenizer.ofVocabulary("abc"))
                .isNotEqualTo(Tokenizer.ofVocabulary("ab"))
                .isNotEqualTo("abc")
                .isNotEqualTo(null);
    }

    @Test
    void prints_its_size_and_its_characters_on_one_line() {
        String many = IntStream.range(0x4e00, 0x4e00 + 81)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());

        assertThat(Tokenizer.ofVocabulary("\nab")).hasToString("Tokenizer[vocabSize=4: \"\\u000Aab\"]");
        assertThat(Tokenizer.ofVocabulary(many))
                .hasToString("Tokenizer[vocabSize=82: \"" + many.substring(0, 80) + "…\"]");
    }

    @Test
    void names_an_unknown_character() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("abc🙂");

        assertRejected(
                () -> tokenizer.encode("abcé"),
                "character 'é' (U+00E9) at index 3 of \"abcé\" is not in the vocabulary");
        assertRejected(
                () -> tokenizer.encodeDocument("🙂🙃"),
                "character '🙃' (U+1F643) at index 1 of \"🙂🙃\" is not in the vocabulary");
        assertRejected(
                () -> tokenizer.encode("a b"), "character ' ' (U+0020) at index 1 of \"a b\" is not in the vocabulary");
    }

    @ParameterizedTest
    @CsvSource({
        "0009, a control character",
        "00A0, a no-break space",
        "0301, a combining accent",
        "200D, a zero-width joiner",
        "2028, a line separator",
        "FE0F, a variation selector",
        "E000, a private character",
        "D83D, half an emoji",
        "DE00, the other half"
    })
    void shows_the_number_of_a_character_that_cannot_be_seen(String hex, String why) {
        String text = "a" + (char) Integer.parseInt(hex, 16) + "b";

        assertRejected(
                () -> Tokenizer.ofVocabulary("ab").encode(text),
                "character '\\u" + hex + "' (U+" + hex + ") at index 1 of \"a\\u" + hex
                        + "b\" is not in the vocabulary");
    }

    @Test
    void repeats_only_the_start_of_a_long_text() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("a");

        assertRejected(
                () -> tokenizer.encode("a".repeat(79) + "b"),
                "character 'b' (U+0062) at index 79 of \"" + "a".repeat(79) + "b\" is not in the vocabulary");
        assertRejected(
                () -> tokenizer.encode("a".repeat(80) + "b"),
                "character 'b' (U+0062) at index 80 of \"" + "a".repeat(80) + "…\" is not in the vocabulary");
    }

    @Test
    void rejects_lone_surrogates() {
        assertRejected(
                () -> Tokenizer.of(List.of("ab", "a\uD83D")),
                "character '\\uD83D' (U+D83D) is half of a surrogate pair, which is no character of its own");
        assertRejected(
                () -> Tokenizer.ofVocabulary("a\uDE00"),
                "character '\\uDE00' (U+DE00) is half of a surrogate pair, which is no character of its own");
        Tokenizer tokenizer = Tokenizer.ofVocabulary("a\uD83D\uDE00");
        assertRejected(
                () -> tokenizer.encode("a\uD83D"),
                "character '\\uD83D' (U+D83D) at index 1 of \"a\\uD83D\" is not in the vocabulary");
        assertRejected(
                () -> tokenizer.encode("\uDE00\uD83Da"),
                "character '\\uDE00' (U+DE00) at index 0 of \"\\uDE00\\uD83Da\" is not in the vocabulary");
    }

    @Test
    void rejects_a_vocabulary_that_is_not_one() {
        assertRejected(() -> Tokenizer.of(List.of("")), "vocabulary is empty, at least one character is needed");
        assertRejected(() -> Tokenizer.ofVocabulary(""), "vocabulary is empty, at least one character is needed");
        assertRejected(
                () -> Tokenizer.ofVocabulary("acb"),
                "vocabulary \"acb\" is not in ascending order: 'b' (U+0062) at index 2 comes after 'c' (U+0063)");
        assertRejected(
                () -> Tokenizer.ofVocabulary("aa"),
                "vocabulary \"aa\" is not in ascending order: 'a' (U+0061) at index 1 comes after 'a' (U+0061)");
    }

    @Test
    void rejects_an_id_outside_the_vocabulary() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("ab");

        assertRejected(() -> tokenizer.decode(0, 3), "tokenId 3 is not in [0, 3)");
        assertRejected(() -> tokenizer.decode(-1), "tokenId -1 is not in [0, 3)");
        assertRejected(() -> tokenizer.symbol(3), "tokenId 3 is not in [0, 3)");
    }

    private static void assertRejected(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
