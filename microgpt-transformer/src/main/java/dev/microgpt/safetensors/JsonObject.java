package dev.microgpt.safetensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * An object of a {@link Json} text that anyone may have written, read key by key. A message names the key with its whole path,
 * and a key that nobody asks for is ignored.
 *
 * <pre>{@code
 * JsonObject options = JsonObject.of("options", Json.parse("{\"steps\":10,\"adam\":{\"beta1\":\"?\"}}"));
 * options.requireInt("steps");                       // 10
 * options.optionalInt("threads", 1);                 // 1, as there is no such key
 * }</pre>
 *
 * <p>{@code requireInt("seed")} refuses this object with <i>options.seed is missing</i>, and
 * {@code requireObject("adam").requireDouble("beta1")} with <i>options.adam.beta1 is not a number</i>.
 */
public final class JsonObject {
    private final String path;
    private final Map<?, ?> values;

    private JsonObject(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    /** A message that names its key, to which nothing is to be added. */
    private static final class KeyException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        KeyException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Takes a value of a text.
     *
     * @param path what it is, for messages
     * @param json what {@link Json#parse} returned
     * @throws IllegalArgumentException if it is not an object
     */
    public static JsonObject of(String path, Object json) {
        return new JsonObject(path, cast(path, json, Map.class, "an object"));
    }

    // Plain calls throughout: a program that only generates reads one file, and each lambda would be a class to make.

    public int requireInt(String key) {
        return toInt(at(key), required(key));
    }

    public int optionalInt(String key, int absent) {
        return has(key) ? requireInt(key) : absent;
    }

    public OptionalInt optionalInt(String key) {
        return has(key) ? OptionalInt.of(requireInt(key)) : OptionalInt.empty();
    }

    public long requireLong(String key) {
        return toLong(at(key), required(key));
    }

    public long optionalLong(String key, long absent) {
        return has(key) ? requireLong(key) : absent;
    }

    public double requireDouble(String key) {
        return toDouble(at(key), required(key));
    }

    public double optionalDouble(String key, double absent) {
        return has(key) ? requireDouble(key) : absent;
    }

    public OptionalDouble optionalDouble(String key) {
        return has(key) ? OptionalDouble.of(requireDouble(key)) : OptionalDouble.empty();
    }

    public String requireString(String key) {
        return toText(at(key), required(key));
    }

    public String optionalString(String key, String absent) {
        return has(key) ? requireString(key) : absent;
    }

    public JsonObject requireObject(String key) {
        return of(at(key), required(key));
    }

    public Optional<JsonObject> optionalObject(String key) {
        return has(key) ? Optional.of(requireObject(key)) : Optional.empty();
    }

    public List<Integer> requireInts(String key) {
        List<Integer> elements = new ArrayList<>();
        for (Object element : list(key)) {
            elements.add(toInt(at(key, elements.size()), element));
        }
        return elements;
    }

    public List<Double> requireDoubles(String key) {
        List<Double> elements = new ArrayList<>();
        for (Object element : list(key)) {
            elements.add(toDouble(at(key, elements.size()), element));
        }
        return elements;
    }

    public List<String> requireStrings(String key) {
        List<String> elements = new ArrayList<>();
        for (Object element : list(key)) {
            elements.add(toText(at(key, elements.size()), element));
        }
        return elements;
    }

    public List<JsonObject> requireObjects(String key) {
        List<JsonObject> elements = new ArrayList<>();
        for (Object element : list(key)) {
            elements.add(of(at(key, elements.size()), element));
        }
        return elements;
    }

    /**
     * One of some constants.
     *
     * @param constants all of them, by how a file spells them
     */
    public <T> T requireConstant(String key, Map<String, T> constants) {
        String found = requireString(key);
        if (!constants.containsKey(found)) {
            throw problem(at(key) + " " + Json.shown(found) + " is not one of " + constants.keySet());
        }
        return constants.get(found);
    }

    /** As {@link #requireConstant}, or empty if there is no such key. */
    public <T> Optional<T> optionalConstant(String key, Map<String, T> constants) {
        return has(key) ? Optional.of(requireConstant(key, constants)) : Optional.empty();
    }

    /**
     * Makes what the object stands for.
     *
     * @param constructor which may refuse a value
     * @throws IllegalArgumentException if it does; the message begins with the path
     */
    public <T> T make(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (KeyException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new KeyException(path + ": " + e.getMessage(), e);
        }
    }

    private boolean has(String key) {
        return values.get(key) != null;
    }

    private Object required(String key) {
        if (!has(key)) {
            throw problem(at(key) + " is missing");
        }
        return values.get(key);
    }

    private List<?> list(String key) {
        return cast(at(key), required(key), List.class, "a list");
    }

    private String at(String key) {
        return path + "." + key;
    }

    private String at(String key, int index) {
        return at(key) + "[" + index + "]";
    }

    private static int toInt(String path, Object json) {
        long number = toLong(path, json);
        if (number != (int) number) {
            throw problem(path + " " + number + " is not a number of 32 bits");
        }
        return (int) number;
    }

    private static long toLong(String path, Object json) {
        return cast(path, json, Long.class, "a whole number");
    }

    private static double toDouble(String path, Object json) {
        return cast(path, json, Number.class, "a number").doubleValue();
    }

    private static String toText(String path, Object json) {
        return cast(path, json, String.class, "a text");
    }

    private static <T> T cast(String path, Object json, Class<T> type, String what) {
        if (!type.isInstance(json)) {
            throw problem(path + " is not " + what);
        }
        return type.cast(json);
    }

    private static IllegalArgumentException problem(String message) {
        return new KeyException(message, null);
    }
}
