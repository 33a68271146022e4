package dev.microgpt;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The settings that differ from their defaults, by name. A new setting is a constant here, and in {@link GenerationOptions} a
 * method that changes it and one that reads it.
 *
 * @param changed name and value of each, sorted by name; not modified any more
 */
record GenerationSettings(Map<String, Object> changed) {
    static final GenerationSettings DEFAULTS = new GenerationSettings(Map.of());

    static final Setting<Double> TEMPERATURE = Setting.unset(
            "temperature", value -> value >= 0 && value < Double.POSITIVE_INFINITY, "a finite number >= 0");
    static final Setting<Integer> TOP_K = Setting.of("topK", Integer.MAX_VALUE, value -> value >= 1, ">= 1");
    static final Setting<Double> TOP_P = Setting.of("topP", 1.0, value -> value > 0 && value <= 1, "in (0, 1]");
    static final Setting<String> PREFIX = Setting.of("prefix", "", value -> true, "");
    static final Setting<Integer> MIN_LENGTH = Setting.of("minLength", 0, value -> value >= 0, ">= 0");
    static final Setting<Integer> MAX_LENGTH = Setting.of("maxLength", Integer.MAX_VALUE, value -> value >= 1, ">= 1");
    static final Setting<Boolean> UNIQUE = Setting.of("unique", false, value -> true, "");
    static final Setting<Boolean> NOVEL_ONLY = Setting.of("novelOnly", false, value -> true, "");
    static final Setting<Long> SEED = Setting.unset("seed", value -> true, "");
    static final Setting<Long> MAX_ATTEMPTS = Setting.unset("maxAttempts", value -> value >= 1, ">= 1");

    /**
     * What can be set.
     *
     * @param byDefault its value where nobody has set it; empty where there is none
     * @param holds whether a value keeps the rule
     * @param rule the rule, as it goes on after "is not"
     */
    record Setting<T>(String name, Optional<T> byDefault, Predicate<T> holds, String rule) {
        static <T> Setting<T> of(String name, T byDefault, Predicate<T> holds, String rule) {
            return new Setting<>(name, Optional.of(byDefault), holds, rule);
        }

        static <T> Setting<T> unset(String name, Predicate<T> holds, String rule) {
            return new Setting<>(name, Optional.empty(), holds, rule);
        }
    }

    GenerationSettings {
        changed = Collections.unmodifiableMap(new TreeMap<>(changed));
    }

    /** The value that was set, if it is not the default. */
    @SuppressWarnings("unchecked") // only with() puts values, of the type that the setting has
    <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) changed.get(setting.name()));
    }

    /** The value of a setting that has a default. */
    <T> T get(Setting<T> setting) {
        return find(setting).or(setting::byDefault).orElseThrow();
    }

    /**
     * The same settings but one.
     *
     * @throws IllegalArgumentException if the value breaks a rule; the message has name, value and rule
     */
    <T> GenerationSettings with(Setting<T> setting, T value) {
        Objects.requireNonNull(value, () -> setting.name() + " is null");
        require(setting.holds().test(value), setting.name(), value, setting.rule());
        Map<String, Object> copy = new TreeMap<>(changed);
        copy.put(setting.name(), value);
        setting.byDefault().filter(value::equals).ifPresent(same -> copy.remove(setting.name()));
        GenerationSettings settings = new GenerationSettings(copy);
        settings.checkLengths();
        return settings;
    }

    private void checkLengths() {
        int maxLength = get(MAX_LENGTH);
        int prefix = get(PREFIX).codePointCount(0, get(PREFIX).length());
        require(get(MIN_LENGTH) <= maxLength, "minLength", get(MIN_LENGTH), "<= maxLength " + maxLength);
        require(prefix <= maxLength, "length of the prefix", prefix, "<= maxLength " + maxLength);
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value + " is not " + rule);
        }
    }
}
