package dev.microgpt;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Records as a model file keeps them: a map for {@link Json}, with a key for each component, or none where the component is
 * an empty {@link Optional} or {@link OptionalDouble}. A component is a number, a string, an enum, such a record, or a list
 * or set of these.
 *
 * <pre>{@code
 * Records.toMap(new Adam(0.85, 0.99, 1e-8));               // {beta1=0.85, beta2=0.99, epsilon=1.0E-8}
 * Records.fromMap("adam", Map.of("beta1", 2), Adam.class); // IllegalArgumentException: adam.beta2 is missing
 * }</pre>
 */
final class Records {
    private Records() {}

    static Map<String, Object> toMap(Record value) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            toJson(componentOf(value, component)).ifPresent(json -> map.put(component.getName(), json));
        }
        return map;
    }

    private static Object componentOf(Record value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(component + " cannot be read", e);
        }
    }

    private static Optional<Object> toJson(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.flatMap(Records::toJson);
        } else if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? Optional.of(optional.getAsDouble()) : Optional.empty();
        } else if (value instanceof Record nested) {
            return Optional.of(toMap(nested));
        } else if (value instanceof Enum<?> constant) {
            return Optional.of(constant.name());
        } else if (value instanceof Integer number) {
            return Optional.of(number.longValue());
        } else if (value instanceof Collection<?> elements) {
            return Optional.of(
                    elements.stream().flatMap(e -> toJson(e).stream()).toList());
        }
        return Optional.of(value);
    }

    /**
     * The way back. The map may come from a file that anyone has written.
     *
     * @param path what the map is, for messages
     * @throws IllegalArgumentException if a component is missing, of another type, or refused by the record; the message
     *     names it
     */
    static <R extends Record> R fromMap(String path, Object map, Class<R> type) {
        if (!(map instanceof Map<?, ?> values)) {
            throw new IllegalArgumentException(path + " is not an object");
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            arguments[i] = fromJson(path + "." + name, values.get(name), components[i].getGenericType());
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(path + ": " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + " cannot be made", e);
        }
    }

    private static Object fromJson(String path, Object json, Type type) {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (raw == Optional.class) {
            return json == null ? Optional.empty() : Optional.of(fromJson(path, json, elementType(type)));
        } else if (raw == OptionalDouble.class) {
            return json == null ? OptionalDouble.empty() : OptionalDouble.of(number(path, json));
        } else if (json == null) {
            throw new IllegalArgumentException(path + " is missing");
        } else if (raw == List.class) {
            return elements(path, json, type);
        } else if (raw == Set.class) {
            return new LinkedHashSet<>(elements(path, json, type));
        } else if (raw == double.class || raw == Double.class) {
            return number(path, json);
        } else if (raw == int.class || raw == Integer.class) {
            long number = require(path, json, Long.class, "a whole number");
            if (number != (int) number) {
                throw new IllegalArgumentException(path + " " + number + " is not a number of 32 bits");
            }
            return (int) number;
        } else if (raw == long.class) {
            return require(path, json, Long.class, "a whole number");
        } else if (raw == String.class) {
            return require(path, json, String.class, "a text");
        }
        Class<?> named = (Class<?>) raw;
        return named.isRecord() ? fromMap(path, json, named.asSubclass(Record.class)) : constant(path, json, named);
    }

    private static Type elementType(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static List<Object> elements(String path, Object json, Type type) {
        List<Object> elements = new ArrayList<>();
        for (Object element : require(path, json, List.class, "a list")) {
            elements.add(fromJson(path + "[" + elements.size() + "]", element, elementType(type)));
        }
        return elements;
    }

    private static double number(String path, Object json) {
        return require(path, json, Number.class, "a number").doubleValue();
    }

    private static Object constant(String path, Object json, Class<?> type) {
        String name = require(path, json, String.class, "a text");
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        path + " " + name + " is not one of " + Arrays.toString(type.getEnumConstants())));
    }

    private static <T> T require(String path, Object json, Class<T> type, String what) {
        if (!type.isInstance(json)) {
            throw new IllegalArgumentException(path + " is not " + what);
        }
        return type.cast(json);
    }
}
