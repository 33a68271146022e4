package dev.microgpt.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectTest {
    private static final Map<String, Integer> COLOURS = new TreeMap<>(Map.of("red", 1, "blue", 2));

    private static final JsonObject OBJECT = parse("""
            {"int":7,"long":3000000000,"double":0.5,"text":"a\\"b","colour":"blue","object":{"x":1},
             "ints":[1,2],"doubles":[1,2.5],"texts":["a",""],"objects":[{"x":1},{"x":2}],"foreign":[{}]}""");

    @Test
    void reads_each_kind_of_value() {
        assertThat(OBJECT.requireInt("int")).isEqualTo(7);
        assertThat(OBJECT.requireLong("long")).isEqualTo(3_000_000_000L);
        assertThat(OBJECT.requireDouble("double")).isEqualTo(0.5);
        assertThat(OBJECT.requireDouble("int")).isEqualTo(7);
        assertThat(OBJECT.requireString("text")).isEqualTo("a\"b");
        assertThat(OBJECT.requireConstant("colour", COLOURS)).isEqualTo(2);
        assertThat(OBJECT.requireObject("object").requireInt("x")).isEqualTo(1);
        assertThat(OBJECT.requireInts("ints")).containsExactly(1, 2);
        assertThat(OBJECT.requireDoubles("doubles")).containsExactly(1.0, 2.5);
        assertThat(OBJECT.requireStrings("texts")).containsExactly("a", "");
        assertThat(OBJECT.requireObjects("objects")).map(o -> o.requireInt("x")).containsExactly(1, 2);
    }

    @Test
    void what_is_absent_has_its_default() {
        JsonObject empty = parse("{}");

        assertThat(empty.optionalInt("a", 3)).isEqualTo(3);
        assertThat(empty.optionalLong("a", 4)).isEqualTo(4);
        assertThat(empty.optionalDouble("a", 0.5)).isEqualTo(0.5);
        assertThat(empty.optionalDouble("a")).isEmpty();
        assertThat(empty.optionalObject("a")).isEmpty();
        assertThat(empty.optionalConstant("a", COLOURS)).isEmpty();
        assertThat(OBJECT.optionalInt("int", 3)).isEqualTo(7);
        assertThat(OBJECT.optionalLong("int", 4)).isEqualTo(7);
        assertThat(OBJECT.optionalDouble("double", 1)).isEqualTo(0.5);
        assertThat(OBJECT.optionalDouble("double")).hasValue(0.5);
        assertThat(OBJECT.optionalObject("object")).isPresent();
        assertThat(OBJECT.optionalConstant("colour", COLOURS)).contains(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none    | all.none is missing",
                "text    | all.text is not a whole number",
                "double  | all.double is not a whole number",
                "long    | all.long 3000000000 is not a number of 32 bits",
                "object  | all.object is not a whole number",
            })
    void names_the_key_that_is_not_an_int(String key, String message) {
        refused(object -> object.requireInt(key), message);
    }

    @Test
    void names_the_key_that_is_wrong() {
        refused(object -> object.requireLong("double"), "all.double is not a whole number");
        refused(object -> object.requireDouble("text"), "all.text is not a number");
        refused(object -> object.requireString("int"), "all.int is not a text");
        refused(object -> object.requireObject("ints"), "all.ints is not an object");
        refused(object -> object.requireObject("object").requireInt("y"), "all.object.y is missing");
        refused(object -> object.requireInts("doubles"), "all.doubles[1] is not a whole number");
        refused(object -> object.requireDoubles("texts"), "all.texts[0] is not a number");
        refused(object -> object.requireStrings("int"), "all.int is not a list");
        refused(object -> object.requireObjects("ints"), "all.ints[0] is not an object");
        refused(object -> object.requireObjects("objects").get(1).requireInt("y"), "all.objects[1].y is missing");
        refused(object -> object.requireConstant("text", COLOURS), "all.text a\"b is not one of [blue, red]");
        refused(object -> object.optionalInt("text", 1), "all.text is not a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.of("all", List.of()))
                .withMessage("all is not an object");
    }

    @Test
    void a_refused_value_is_named_once() {
        refused(
                object -> object.requireObject("object").make(() -> {
                    throw new IllegalArgumentException("x 1 is too small");
                }),
                "all.object: x 1 is too small");
        refused(object -> object.make(() -> object.requireObject("object").requireInt("y")), "all.object.y is missing");
        refused(
                object -> object.make(() -> object.requireObject("object").make(() -> {
                    throw new IllegalArgumentException("x 1 is too small");
                })),
                "all.object: x 1 is too small");
    }

    private static JsonObject parse(String json) {
        return JsonObject.of("all", Json.parse(json));
    }

    private static void refused(Consumer<JsonObject> reading, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reading.accept(OBJECT))
                .withMessage(message);
    }
}
