package dev.microgpt.playground;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Writes answers as JSON: what each is made of it says itself, see {@link JsonObject}, so that no reflection is needed, which a
 * page does not have.
 */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /**
     * Writes a value.
     *
     * @param value an object with fields, a map by name, a list, an array, a text, a number, true or false
     * @return its text on one line, without blanks; a number that JSON does not have as a text: {@code "NaN"}, {@code "Infinity"}
     * @throws IllegalArgumentException if it is or holds anything else
     */
    static String write(Object value) {
        Json json = new Json();
        json.value(value);
        return json.text.toString();
    }

    /** Fields by their names, which are separated by blanks: {@code fields("text inList", "emma", true)}. */
    static Map<String, Object> fields(String names, Object... values) {
        String[] keys = names.split(" ");
        if (keys.length != values.length) {
            throw new IllegalArgumentException(
                    "names " + names + " are not as many as the " + values.length + " values");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++) {
            fields.put(keys[i], values[i]);
        }
        return fields;
    }

    private void value(Object value) {
        if (value instanceof JsonObject object) {
            object(object.fields());
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof List<?> list) {
            array(list.size(), i -> value(list.get(i)));
        } else if (value instanceof double[] numbers) {
            array(numbers.length, i -> number(numbers[i]));
        } else if (value instanceof int[] numbers) {
            array(numbers.length, i -> text.append(numbers[i]));
        } else if (value instanceof Object[] values) {
            array(values.length, i -> value(values[i]));
        } else if (value instanceof String string) {
            string(string);
        } else if (value instanceof Double number) {
            number(number);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            text.append(value);
        } else {
            throw new IllegalArgumentException("value " + value + " has no JSON");
        }
    }

    private void object(Map<?, ?> fields) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (field.getValue() != null) {
                text.append(separator);
                string(field.getKey().toString());
                text.append(':');
                value(field.getValue());
                separator = ",";
            }
        }
        text.append('}');
    }

    private void array(int length, IntConsumer element) {
        text.append('[');
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ",");
            element.accept(i);
        }
        text.append(']');
    }

    private void number(double number) {
        String quote = Double.isFinite(number) ? "" : "\"";
        text.append(quote).append(number).append(quote);
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
