package dev.microgpt.safetensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
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

    public int requireInt(String key) {
        return required(key, JsonObject::toInt);
    }

    public int optionalInt(String key, int absent) {
        return optional(key, JsonObject::toInt).orElse(absent);
    }

    public long requireLong(String key) {
        return required(key, JsonObject::toLong);
    }

    public long optionalLong(String key, long absent) {
        return optional(key, JsonObject::toLong).orElse(absent);
    }

    public double requireDouble(String key) {
        return required(key, JsonObject::toDouble);
    }

    public double optionalDouble(String key, double absent) {
        return optional(key, JsonObject::toDouble).orElse(absent);
    }

    public OptionalDouble optionalDouble(String key) {
        return optional(key, JsonObject::toDouble).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    public String requireString(String key) {
        return required(key, JsonObject::toText);
    }

    public JsonObject requireObject(String key) {
        return required(key, JsonObject::of);
    }

    public Optional<JsonObject> optionalObject(String key) {
        return optional(key, JsonObject::of);
    }

    public List<Integer> requireInts(String key) {
        return list(key, JsonObject::toInt);
    }

    public List<Double> requireDoubles(String key) {
        return list(key, JsonObject::toDouble);
    }

    public List<String> requireStrings(String key) {
        return list(key, JsonObject::toText);
    }

    public List<JsonObject> requireObjects(String key) {
        return list(key, JsonObject::of);
    }

    /**
     * One of some constants.
     *
     * @param constants all of them
     * @param text how a file spells each
     */
    public <T> T requireConstant(String key, T[] constants, Function<T, String> text) {
        return required(key, (at, json) -> constant(at, json, constants, text));
    }

    /** As {@link #requireConstant}, or empty if there is no such key. */
    public <T> Optional<T> optionalConstant(String key, T[] constants, Function<T, String> text) {
        return optional(key, (at, json) -> constant(at, json, constants, text));
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

    private <T> T required(String key, BiFunction<String, Object, T> reader) {
        return optional(key, reader).orElseThrow(() -> problem(path + "." + key + " is missing"));
    }

    private <T> Optional<T> optional(String key, BiFunction<String, Object, T> reader) {
        Object json = values.get(key);
        return json == null ? Optional.empty() : Optional.of(reader.apply(path + "." + key, json));
    }

    private <T> List<T> list(String key, BiFunction<String, Object, T> reader) {
        return required(key, (at, json) -> {
            List<T> elements = new ArrayList<>();
            for (Object element : cast(at, json, List.class, "a list")) {
                elements.add(reader.apply(at + "[" + elements.size() + "]", element));
            }
            return elements;
        });
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

    private static <T> T constant(String path, Object json, T[] constants, Function<T, String> text) {
        String found = toText(path, json);
        return Arrays.stream(constants)
                .filter(constant -> text.apply(constant).equals(found))
                .findFirst()
                .orElseThrow(() -> problem(path + " " + Json.shown(found) + " is not one of "
                        + Arrays.stream(constants).map(text).toList()));
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
