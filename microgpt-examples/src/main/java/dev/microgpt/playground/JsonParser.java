package dev.microgpt.playground;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON: an object as a {@code Map<String, Object>}, an array as a {@code List<Object>}, a number as a Long if it is a whole one
 * that fits, else as a Double; then there are String, Boolean and null.
 */
final class JsonParser {
    private static final int DEPTH = 32;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int LONG_DIGITS = 18; // so many always fit
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";

    private final String text;
    private final Matcher number;
    private int at; // index of the next character
    private int depth;

    private JsonParser(String text) {
        this.text = text;
        this.number = NUMBER.matcher(text);
    }

    /**
     * Reads all values of a text, one after the other.
     *
     * @throws IllegalArgumentException if they are not JSON; the message says what the text is instead: {@code not JSON: …}
     */
    static List<Object> values(String text) {
        JsonParser parser = new JsonParser(text);
        List<Object> values = new ArrayList<>();
        while (parser.next() != 0 || parser.at < text.length()) {
            values.add(parser.value());
        }
        return values;
    }

    private Object value() {
        return switch (next()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        open();
        while (more('}', object.isEmpty())) {
            next();
            String key = string();
            if (object.containsKey(key)) {
                throw new IllegalArgumentException("not one JSON object: key " + key + " is in it twice");
            }
            require(':');
            object.put(key, value());
        }
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        open();
        while (more(']', array.isEmpty())) {
            array.add(value());
        }
        return array;
    }

    private void open() {
        at++;
        if (++depth > DEPTH) {
            throw new IllegalArgumentException("not JSON that can be read: its nesting depth is more than " + DEPTH);
        }
    }

    /** Whether another element comes before the end, which is skipped, as is the comma in front of the element. */
    private boolean more(char end, boolean first) {
        if (next() == end) {
            at++;
            depth--;
            return false;
        }
        if (!first) {
            require(',');
        }
        return true;
    }

    private String string() {
        require('"');
        StringBuilder string = new StringBuilder();
        for (; peek() != '"'; at++) {
            if (peek() < ' ') {
                throw expected("'\"'");
            }
            string.append(peek() == '\\' ? escape() : peek());
        }
        at++;
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

    private Object literal(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
        return value;
    }

    private Number number() {
        if (!number.region(at, text.length()).lookingAt()) {
            throw expected("a value");
        }
        at = number.end();
        String digits = number.group();
        boolean whole = number.group(1) == null && number.group(2) == null && digits.length() <= LONG_DIGITS;
        return whole ? (Number) Long.valueOf(digits) : (Number) Double.valueOf(digits);
    }

    /** The next character that is not a blank; it is not skipped. */
    private char next() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
        return peek();
    }

    /** The next character; NUL, which is never valid in JSON, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void require(char wanted) {
        if (next() != wanted) {
            throw expected("'" + wanted + "'");
        }
        at++;
    }

    private IllegalArgumentException expected(String what) {
        String found = at == text.length() ? "the end" : "'" + text.substring(at, text.offsetByCodePoints(at, 1)) + "'";
        return new IllegalArgumentException("not JSON: expected " + what + " at index " + at + ", found " + found);
    }
}
