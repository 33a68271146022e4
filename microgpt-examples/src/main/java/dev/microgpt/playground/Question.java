package dev.microgpt.playground;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a page asks: a JSON object whose values are checked as they are read. Each accessor throws an
 * IllegalArgumentException that names the parameter, its value and the rule.
 */
final class Question {
    private static final int LONGEST_PROGRAM = 10; // characters of a name

    private final Map<String, Object> values;

    private Question(Map<String, Object> values) {
        this.values = values;
    }

    /** Reads a text that has to be one JSON object. */
    @SuppressWarnings("unchecked") // the keys of JSON are texts
    static Question parse(String json) {
        List<Object> values;
        try {
            values = JsonParser.values(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the body is " + e.getMessage(), e);
        }
        if (values.size() != 1 || !(values.get(0) instanceof Map<?, ?> object)) {
            throw new IllegalArgumentException("the body is not one JSON object");
        }
        return new Question((Map<String, Object>) object);
    }

    /** A question that is the bytes of a file. */
    static Question of(byte[] file) {
        return new Question(Map.of("file", file));
    }

    /** The bytes of a file. */
    byte[] file() {
        if (!(value("file") instanceof byte[] file)) {
            throw new IllegalArgumentException("file " + shown(value("file")) + " is not the bytes of a file");
        }
        return file;
    }

    /** A text of at most {@code most} characters. */
    String text(String name, int most) {
        Object value = value(name);
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException(name + " " + shown(value) + " is not a text");
        }
        int length = text.codePointCount(0, text.length());
        if (length > most) {
            throw new IllegalArgumentException(name + " has " + length + " characters, more than " + most);
        }
        return text;
    }

    /** A whole number in [least, most]. */
    int integer(String name, int least, int most) {
        Object value = value(name);
        if (!(value instanceof Long number) || number < least || number > most) {
            throw new IllegalArgumentException(
                    name + " " + shown(value) + " is not a whole number in [" + least + ", " + most + "]");
        }
        return Math.toIntExact(number);
    }

    /** A number in [least, most]. */
    double number(String name, double least, double most) {
        return number(name, value(name), least, most);
    }

    /** The name of a program, which may be a number: 5 or "early". */
    String program(String name) {
        return program(name, value(name));
    }

    /** One to {@code most} such names. */
    List<String> programs(String name, int most) {
        List<?> list = list(name, value(name), 1, most);
        return IntStream.range(0, list.size())
                .mapToObj(i -> program(name + "[" + i + "]", list.get(i)))
                .toList();
    }

    private static String program(String name, Object value) {
        if (!(value instanceof Long) && !(value instanceof String text && text.length() <= LONGEST_PROGRAM)) {
            throw new IllegalArgumentException(
                    name + " " + shown(value) + " is neither a whole number nor a short text");
        }
        return value.toString();
    }

    /** Yes or no. */
    boolean flag(String name) {
        Object value = value(name);
        if (!(value instanceof Boolean flag)) {
            throw new IllegalArgumentException(name + " " + shown(value) + " is not true or false");
        }
        return flag;
    }

    /** A list of {@code fewest} to {@code most} numbers in [−1000, 1000]. */
    double[] numbers(String name, int fewest, int most) {
        return numbers(name, value(name), fewest, most);
    }

    /** A list of {@code rows} such lists, each of {@code columns} numbers. */
    double[][] matrix(String name, int rows, int columns) {
        List<?> lists = list(name, value(name), rows, rows);
        double[][] matrix = new double[rows][];
        for (int row = 0; row < rows; row++) {
            matrix[row] = numbers(name + "[" + row + "]", lists.get(row), columns, columns);
        }
        return matrix;
    }

    /** Numbers in [−1000, 1000] by name, at most {@code most}. */
    Map<String, Double> namedNumbers(String name, int most) {
        Object value = value(name);
        if (!(value instanceof Map<?, ?> map) || map.size() > most) {
            throw new IllegalArgumentException(
                    name + " " + shown(value) + " is not an object of at most " + most + " numbers");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        map.forEach((key, number) -> numbers.put(key.toString(), number(name + "." + key, number, -1000, 1000)));
        return numbers;
    }

    private static double[] numbers(String name, Object value, int fewest, int most) {
        List<?> list = list(name, value, fewest, most);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(name + "[" + i + "]", list.get(i), -1000, 1000);
        }
        return numbers;
    }

    private static List<?> list(String name, Object value, int fewest, int most) {
        if (!(value instanceof List<?> list) || list.size() < fewest || list.size() > most) {
            String count = fewest == most ? "" + most : fewest + " to " + most;
            throw new IllegalArgumentException(name + " " + shown(value) + " is not a list of " + count + " elements");
        }
        return list;
    }

    private static double number(String name, Object value, double least, double most) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is empty, not a number in [" + least + ", " + most + "]");
        }
        if (!(value instanceof Number number) || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
            throw new IllegalArgumentException(
                    name + " " + shown(value) + " is not a number in [" + least + ", " + most + "]");
        }
        return number.doubleValue();
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("parameter " + name + " is missing");
        }
        return value;
    }

    private static String shown(Object value) {
        String text = value instanceof String string ? '"' + string + '"' : String.valueOf(value);
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
