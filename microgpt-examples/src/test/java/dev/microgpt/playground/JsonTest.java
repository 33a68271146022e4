package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How answers are written, and questions read. */
class JsonTest {
    private static final Path CLASSES = Path.of("target", "classes", "dev", "microgpt", "playground");

    static Stream<Class<?>> answers() throws IOException, ClassNotFoundException {
        List<Class<?>> answers = new ArrayList<>();
        try (Stream<Path> files = Files.list(CLASSES)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type = Class.forName("dev.microgpt.playground." + name.replace(".class", ""));
                    if (JsonObject.class.isAssignableFrom(type) && type.isRecord()) {
                        answers.add(type);
                    }
                }
            }
        }
        assertThat(answers).hasSizeGreaterThan(70);
        return answers.stream();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_writes_its_components_under_their_names(Class<?> type) throws ReflectiveOperationException {
        Record answer = example(type);
        Map<String, Object> written = new LinkedHashMap<>();
        ((JsonObject) answer).fields().forEach((name, value) -> written.put(name, value));

        assertThat(written.keySet())
                .containsExactly(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toArray(String[]::new));
        for (RecordComponent component : type.getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(answer);
            if (!component.getType().isRecord() || value instanceof JsonObject) {
                assertThat(written.get(component.getName()))
                        .as(component.getName())
                        .isEqualTo(value);
            }
        }
    }

    /** A record each of whose components is something else. */
    private static Record example(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[types.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(types[i], i);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return (Record) constructor.newInstance(values);
    }

    private static Object value(Class<?> type, int i) throws ReflectiveOperationException {
        if (type.isRecord()) {
            return example(type);
        } else if (type.isArray()) {
            return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
        } else if (type == List.class) {
            return new ArrayList<>();
        } else if (type == Map.class) {
            return new LinkedHashMap<>();
        }
        return Map.<Class<?>, Object>of(
                        int.class,
                        i,
                        long.class,
                        (long) i,
                        double.class,
                        i + 0.5,
                        boolean.class,
                        true,
                        String.class,
                        "s" + i)
                .get(type);
    }

    @Test
    void writes_what_answers_are_made_of() {
        Map<String, Object> fields = Json.fields(
                "text list numbers counts rows whole large real yes inner none",
                "a",
                List.of(1, "b"),
                new double[] {0.5, -0.0},
                new int[] {1, 2},
                new double[][] {{1}, {}},
                7,
                1L << 40,
                1e-10,
                true,
                new Sample("x", false),
                null);

        assertThat(Json.write(fields))
                .isEqualTo(
                        "{\"text\":\"a\",\"list\":[1,\"b\"],\"numbers\":[0.5,-0.0],\"counts\":[1,2],\"rows\":[[1.0],[]],"
                                + "\"whole\":7,\"large\":1099511627776,\"real\":1.0E-10,\"yes\":true,"
                                + "\"inner\":{\"text\":\"x\",\"inList\":false}}");
    }

    @Test
    void writes_a_number_that_json_does_not_have_as_a_text() {
        assertThat(Json.write(new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .isEqualTo("[\"NaN\",\"Infinity\",\"-Infinity\"]");
    }

    @Test
    void writes_and_reads_every_character() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x3000; c++) {
            all.append((char) c);
        }
        all.append("😀");

        String json = Json.write(all.toString());

        assertThat(JsonParser.values(json)).containsExactly(all.toString());
        assertThat(Visitor.parse("[" + json + "]")).isEqualTo(List.of(all.toString()));
        assertThat(Json.write("\u0001\u001f\n\"\\é")).isEqualTo("\"\\u0001\\u001f\\n\\\"\\\\é\"");
    }

    @Test
    void refuses_what_has_no_json() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.write(List.of('c')))
                .withMessage("value c has no JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.fields("a b", 1))
                .withMessage("names a b are not as many as the 1 values");
    }

    @Test
    void reads_what_questions_are_made_of() {
        assertThat(
                        JsonParser.values(
                                " {\"a\" : [1, -2.5e1, 123456789012345678901, -0, []], \"b\":{}, \"c\":\"\\u00e9\\/\\t\",\"d\":null,\"e\":true}\n[false]"))
                .containsExactly(
                        Json.fields(
                                "a b c d e",
                                List.of(1L, -25.0, 1.2345678901234568e20, 0L, List.of()),
                                Map.of(),
                                "é/\t",
                                null,
                                true),
                        List.of(false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1,]      | not JSON: expected a value at index 3, found ']'",
                "[1 2]     | not JSON: expected ',' at index 3, found '2'",
                "{\"a\" 1} | not JSON: expected ':' at index 5, found '1'",
                "\"a       | not JSON: expected '\"' at index 2, found the end",
                "\"\\x\"   | not JSON: expected one of \"\\/bfnrtu at index 2, found 'x'",
                "\"\\u00g0 | not JSON: expected a hexadecimal digit at index 5, found 'g'",
                "[01]      | not JSON: expected ',' at index 2, found '1'",
                "tru       | not JSON: expected a value at index 0, found 't'",
                "[+1]      | not JSON: expected a value at index 1, found '+'",
                "{\"a\":1,\"a\":2} | not one JSON object: key a is in it twice"
            })
    void says_where_a_text_is_not_json(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonParser.values(text))
                .withMessage(message);
    }

    @Test
    void a_nul_is_not_the_end() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonParser.values("{}\0{}"))
                .withMessageStartingWith("not JSON: expected a value at index 2, found ");
    }
}
