package dev.microgpt.safetensors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON as far as model files need it. An object is a {@code Map<String, Object>} in the order of the text, an array a
 * {@code List<Object>}, a number without fraction and exponent a {@code Long}, any other number, and {@code -0}, a
 * {@code Double}; then there are {@code String} and {@code Boolean}.
 *
 * <pre>{@code
 * Json.parse("{\"shape\": [27, 16]}"); // Map.of("shape", List.of(27L, 16L))
 * Json.write(Map.of("loss", 2.5));     // {"loss":2.5}
 * Json.parse("[1,]");                  // IllegalArgumentException: expected a value at index 3, found ']'
 * }</pre>
 *
 * <p>Stricter than RFC 8259: no {@code null}, no key twice in an object, no half of a surrogate pair, no number that its
 * type cannot hold, no more than {@value #MAX_DEPTH} levels. Writing keeps to it too. Reading stops at {@value #MAX_VALUES}
 * values, so that a text needs no more than a few times its own length of memory, and some 100 MB.
 */
public final class Json {
    static final int MAX_DEPTH = 32;
    static final int MAX_VALUES = 1_000_000;

    private static final int MAX_SHOWN = 60;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";

    private final String text;
    private final Matcher number;
    private int at; // index of the next character
    private int values; // begun so far

    private Json(String text) {
        this.text = text;
        this.number = NUMBER.matcher(text);
    }

    /**
     * Reads one value.
     *
     * @param text a value, with blanks around it at most
     * @return map, list, string, number or boolean
     * @throws IllegalArgumentException if it is anything else; the message names the index
     */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.skipBlanks();
        if (json.at < text.length()) {
            throw json.expected("the end");
        }
        return value;
    }

    /**
     * Writes one value.
     *
     * @param value map with string keys, list, string, finite double, long, int or boolean
     * @return its text, without blanks and on one line
     * @throws IllegalArgumentException if it is, or contains, anything else
     */
    public static String write(Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json, 0);
        return json.toString();
    }

    /** A text of unknown origin, made short and harmless for a message. */
    public static String shown(String text) {
        String start = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
        return start.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }

    private Object value(int depth) {
        values++;
        if (values > MAX_VALUES) {
            throw new IllegalArgumentException("there are more than " + MAX_VALUES + " values");
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(deeper(depth));
            case '[' -> array(deeper(depth));
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        if (!skip('}')) {
            do {
                skipBlanks();
                int start = at;
                String key = string();
                if (object.containsKey(key)) {
                    throw new IllegalArgumentException(
                            "key " + shown(key) + " at index " + start + " is in the same object twice");
                }
                require(':', "':'");
                object.put(key, value(depth));
            } while (skip(','));
            require('}', "',' or '}'");
        }
        return object;
    }

    private List<Object> array(int depth) {
        List<Object> array = new ArrayList<>();
        at++;
        if (!skip(']')) {
            do {
                array.add(value(depth));
            } while (skip(','));
            require(']', "',' or ']'");
        }
        return array;
    }

    private String string() {
        int start = at;
        require('"', "'\"'");
        StringBuilder string = new StringBuilder();
        for (; peek() != '"'; at++) {
            if (peek() < ' ') {
                throw expected("'\"'");
            }
            string.append(peek() == '\\' ? escape() : peek());
        }
        at++;
        if (hasHalfPair(string)) {
            throw new IllegalArgumentException("the string at index " + start + " has half of a surrogate pair");
        }
        return string.toString();
    }

    /** From the backslash to the last character of the escape. */
    private char escape() {
        at++;
        int known = ESCAPED.indexOf(peek());
        if (known >= 0) {
            return MEANT.charAt(known);
        }
        if (peek() != 'u') {
            throw expected("one of " + ESCAPED + "u");
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            at++;
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw expected("a hexadecimal digit");
            }
            unit = 16 * unit + digit;
        }
        return (char) unit;
    }

    private Number number() {
        if (!number.region(at, text.length()).lookingAt()) {
            throw expected("a value");
        }
        String digits = number.group();
        boolean integer = number.group(1) == null && number.group(2) == null && !digits.equals("-0");
        try {
            Number value = integer ? (Number) Long.valueOf(digits) : (Number) Double.valueOf(digits);
            if (Double.isFinite(value.doubleValue())) {
                at = number.end();
                return value;
            }
        } catch (NumberFormatException e) {
            // an integer beyond 64 bits
        }
        throw new IllegalArgumentException("number " + shown(digits) + " at index " + at + " is too large");
    }

    private Boolean literal(String word, boolean value) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
        return value;
    }

    private static int deeper(int depth) {
        if (depth == MAX_DEPTH) {
            throw new IllegalArgumentException("there are more than " + MAX_DEPTH + " levels of objects and arrays");
        }
        return depth + 1;
    }

    /** The next character; NUL, which is never valid in JSON, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private boolean skip(char wanted) {
        skipBlanks();
        boolean found = peek() == wanted;
        if (found) {
            at++;
        }
        return found;
    }

    private void require(char wanted, String description) {
        if (!skip(wanted)) {
            throw expected(description);
        }
    }

    private IllegalArgumentException expected(String what) {
        String found = at == text.length()
                ? "the end"
                : peek() > ' ' && peek() < 127
                        ? "'" + peek() + "'"
                        : String.format(Locale.ROOT, "U+%04X", text.codePointAt(at));
        return new IllegalArgumentException("expected " + what + " at index " + at + ", found " + found);
    }

    private static void write(Object value, StringBuilder json, int depth) {
        if (value instanceof Map<?, ?> map) {
            int inner = deeper(depth);
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.append(separator);
                writeString((String) entry.getKey(), json);
                json.append(':');
                write(entry.getValue(), json, inner);
                separator = ",";
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            int inner = deeper(depth);
            String separator = "[";
            for (Object element : list) {
                json.append(separator);
                write(element, json, inner);
                separator = ",";
            }
            json.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string) {
            writeString(string, json);
        } else if (value instanceof Boolean || value instanceof Long || value instanceof Integer) {
            json.append(value);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.append(number);
        } else {
            throw new IllegalArgumentException(
                    (value instanceof Double ? "number " : "object ") + value + " cannot be written as JSON");
        }
    }

    private static void writeString(String string, StringBuilder json) {
        if (hasHalfPair(string)) {
            throw new IllegalArgumentException(
                    "string " + shown(string) + " has half of a surrogate pair, which cannot be written as UTF-8");
        }
        json.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static boolean hasHalfPair(CharSequence string) {
        return string.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
