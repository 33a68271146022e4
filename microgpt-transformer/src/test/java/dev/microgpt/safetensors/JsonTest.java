package dev.microgpt.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void reads_every_kind_of_value() {
        Object value = Json.parse(" {\"a\" : [1, -2.5e1,\ttrue,false ] ,\r\n\"b\":{}, \"\":[], \"c\":\"x\"} ");

        assertThat(value)
                .isEqualTo(Map.of("a", List.of(1L, -25.0, true, false), "b", Map.of(), "", List.of(), "c", "x"));
        assertThat(((Map<?, ?>) value).keySet()).map(Object::toString).containsExactly("a", "b", "", "c");
    }

    @Test
    void keeps_integers_exact_and_other_numbers_as_doubles() {
        assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.parse("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(Json.parse("0")).isEqualTo(0L);
        assertThat(Json.parse("-0")).isEqualTo(-0.0);
        assertThat(Json.parse("1.0")).isEqualTo(1.0);
        assertThat(Json.parse("1E+2")).isEqualTo(100.0);
        assertThat(Json.parse("4.9e-324")).isEqualTo(Double.MIN_VALUE);
        assertThat(Json.parse("0." + "0".repeat(100_000) + "1e100001")).isEqualTo(1.0);
    }

    @Test
    void reads_every_escape() {
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u674E\\uD83D\\ude42\""))
                .isEqualTo("\"\\/\b\f\n\r\tAé李🙂");
    }

    @Test
    void writes_what_it_reads() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "\"\\/\b\f\n\r\t\0\u007fé李🙂\u2028");
        object.put("integers", List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE));
        object.put("doubles", List.of(-0.0, 0.1, 1e-5, 2.3847129878252904, Double.MIN_VALUE, Double.MAX_VALUE));
        object.put("truth", List.of(true, false, List.of(), Map.of()));

        String json = Json.write(object);

        assertThat(Json.parse(json)).isEqualTo(object);
        assertThat(Json.write(Json.parse(json))).isEqualTo(json).doesNotContain("\n");
    }

    @Test
    void writes_without_blanks() {
        assertThat(Json.write(List.of(Map.of("loss", 2.5), 3, "a\"b\\c\n", List.of(), Map.of(), true)))
                .isEqualTo("[{\"loss\":2.5},3,\"a\\\"b\\\\c\\u000a\",[],{},true]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "``                ~ expected a value at index 0, found the end",
                "x                 ~ expected a value at index 0, found 'x'",
                "é                 ~ expected a value at index 0, found U+00E9",
                "🙂                ~ expected a value at index 0, found U+1F642",
                "null              ~ expected a value at index 0, found 'n'",
                "True              ~ expected a value at index 0, found 'T'",
                "tru               ~ expected a value at index 0, found 't'",
                "NaN               ~ expected a value at index 0, found 'N'",
                "Infinity          ~ expected a value at index 0, found 'I'",
                "'a'               ~ expected a value at index 0, found '''",
                "+1                ~ expected a value at index 0, found '+'",
                ".5                ~ expected a value at index 0, found '.'",
                "-                 ~ expected a value at index 0, found '-'",
                "-x                ~ expected a value at index 0, found '-'",
                "01                ~ expected the end at index 1, found '1'",
                "-01               ~ expected the end at index 2, found '1'",
                "1.                ~ expected the end at index 1, found '.'",
                "1.e3              ~ expected the end at index 1, found '.'",
                "1e                ~ expected the end at index 1, found 'e'",
                "1e+               ~ expected the end at index 1, found 'e'",
                "0x10              ~ expected the end at index 1, found 'x'",
                "1_000             ~ expected the end at index 1, found '_'",
                "١                 ~ expected a value at index 0, found U+0661",
                "1 2               ~ expected the end at index 2, found '2'",
                "1e999             ~ number 1e999 at index 0 is too large",
                "-1e999            ~ number -1e999 at index 0 is too large",
                "[9223372036854775808]  ~ number 9223372036854775808 at index 1 is too large",
                "-9223372036854775809   ~ number -9223372036854775809 at index 0 is too large",
                "[                 ~ expected a value at index 1, found the end",
                "[1                ~ expected ',' or ']' at index 2, found the end",
                "[1,]              ~ expected a value at index 3, found ']'",
                "[,1]              ~ expected a value at index 1, found ','",
                "[1 2]             ~ expected ',' or ']' at index 3, found '2'",
                "[1}               ~ expected ',' or ']' at index 2, found '}'",
                "]                 ~ expected a value at index 0, found ']'",
                "{                 ~ expected '\"' at index 1, found the end",
                "{a:1}             ~ expected '\"' at index 1, found 'a'",
                "{1:1}             ~ expected '\"' at index 1, found '1'",
                "{\"a\"}           ~ expected ':' at index 4, found '}'",
                "{\"a\":}          ~ expected a value at index 5, found '}'",
                "{\"a\":1,}        ~ expected '\"' at index 7, found '}'",
                "{\"a\":1 \"b\":2} ~ expected ',' or '}' at index 7, found '\"'",
                "{\"a\":1,\"a\":1} ~ key a at index 7 is in the same object twice",
                "{\"a\":1,\"\\u0061\":1} ~ key a at index 7 is in the same object twice",
                "[1] // comment    ~ expected the end at index 4, found '/'",
                "\"                ~ expected '\"' at index 1, found the end",
                "\"a               ~ expected '\"' at index 2, found the end",
                "\"\\              ~ expected one of \"\\/bfnrtu at index 2, found the end",
                "\"\\x41\"         ~ expected one of \"\\/bfnrtu at index 2, found 'x'",
                "\"\\U0041\"       ~ expected one of \"\\/bfnrtu at index 2, found 'U'",
                "\"\\u004\"        ~ expected a hexadecimal digit at index 6, found '\"'",
                "\"\\u00           ~ expected a hexadecimal digit at index 5, found the end",
                "\"\\u+041\"       ~ expected a hexadecimal digit at index 3, found '+'",
                "\"\\u００４１\"    ~ expected a hexadecimal digit at index 3, found U+FF10",
                "[\"\\ud83d\"]     ~ the string at index 1 has half of a surrogate pair",
                "[\"\\ude42\\ud83d\"] ~ the string at index 1 has half of a surrogate pair",
            })
    void rejects_what_is_not_json(String text, String message) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\n', '\t', '\u001f'})
    void rejects_a_control_character_in_a_string(char control) {
        assertThatThrownBy(() -> Json.parse("\"a" + control + "\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(String.format("expected '\"' at index 2, found U+%04X", (int) control));
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\f', '\u00a0', '\u2028', '\ufeff'})
    void takes_no_other_character_for_a_blank(char blank) {
        assertThatThrownBy(() -> Json.parse("1" + blank))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(String.format("expected the end at index 1, found U+%04X", (int) blank));
    }

    @Test
    void reads_and_writes_only_so_many_levels() {
        String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);

        assertThat(Json.write(Json.parse(deepest))).isEqualTo(deepest);

        assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are more than 32 levels of objects and arrays");
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(33)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are more than 32 levels of objects and arrays");
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatThrownBy(() -> Json.write(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are more than 32 levels of objects and arrays");
    }

    @Test
    void reads_only_so_many_values() {
        String most = "[" + "0,".repeat(Json.MAX_VALUES - 2) + "0]"; // the array is one of them

        assertThat((List<?>) Json.parse(most)).hasSize(999_999);
        assertThatThrownBy(() -> Json.parse(most.replace("]", ",0]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are more than 1000000 values");
    }

    @Test
    void shortens_what_it_quotes_and_takes_the_sting_out() {
        String key = "\u001b[31m\u202e\u2028" + "k".repeat(1_000_000);
        String json = Json.write(Map.of(key, 1)).replace("}", "," + Json.write(key) + ":2}");

        assertThatThrownBy(() -> Json.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key ?[31m??" + "k".repeat(53) + "… at index 1000018 is in the same object twice");
        assertThatThrownBy(() -> Json.parse("1" + "0".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number 1" + "0".repeat(59) + "… at index 0 is too large");
    }

    @Test
    void rejects_what_it_could_not_read_back() {
        assertThatThrownBy(() -> Json.write(List.of(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number NaN cannot be written as JSON");
        assertThatThrownBy(() -> Json.write(Double.NEGATIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number -Infinity cannot be written as JSON");
        assertThatThrownBy(() -> Json.write(Collections.singletonList(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("object null cannot be written as JSON");
        assertThatThrownBy(() -> Json.write(Thread.State.NEW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("object NEW cannot be written as JSON");
        assertThatThrownBy(() -> Json.write(Map.of("a\ud83d", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("string a? has half of a surrogate pair, which cannot be written as UTF-8");
    }
}
