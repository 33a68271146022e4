package dev.microgpt;

import dev.microgpt.pattern.Matches;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings that differ from their defaults, by name. A new setting is a constant and its rule here, and in
 * {@link GenerationOptions} a method that changes it and one that reads it.
 *
 * @param changed name and value of each, sorted by name; not modified any more
 */
record GenerationSettings(Map<String, Object> changed) {
    static final GenerationSettings DEFAULTS = new GenerationSettings(Map.of());

    static final Setting<Double> TEMPERATURE = Setting.unset("temperature");
    static final Setting<Integer> TOP_K = Setting.of("topK", Integer.MAX_VALUE);
    static final Setting<Double> TOP_P = Setting.of("topP", 1.0);
    static final Setting<String> PREFIX = Setting.of("prefix", "");
    static final Setting<String> PATTERN = Setting.unset("pattern");
    static final Setting<Integer> MIN_LENGTH = Setting.unset("minLength");
    static final Setting<Integer> MAX_LENGTH = Setting.of("maxLength", Integer.MAX_VALUE);
    static final Setting<Boolean> UNIQUE = Setting.of("unique", false);
    static final Setting<Boolean> NOVEL_ONLY = Setting.of("novelOnly", false);
    static final Setting<Long> SEED = Setting.unset("seed");
    static final Setting<Long> MAX_ATTEMPTS = Setting.unset("maxAttempts");

    /**
     * What can be set.
     *
     * @param byDefault its value where nobody has set it; empty where there is none
     */
    record Setting<T>(String name, Optional<T> byDefault) {
        static <T> Setting<T> of(String name, T byDefault) {
            return new Setting<>(name, Optional.of(byDefault));
        }

        static <T> Setting<T> unset(String name) {
            return new Setting<>(name, Optional.empty());
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
        Optional<T> value = find(setting);
        return value.isPresent() ? value.get() : setting.byDefault().orElseThrow();
    }

    /**
     * The same settings but one.
     *
     * @throws IllegalArgumentException if the value breaks a rule; the message has name, value and rule
     */
    <T> GenerationSettings with(Setting<T> setting, T value) {
        if (value == null) {
            throw new NullPointerException(setting.name() + " is null");
        }
        Map<String, Object> copy = new TreeMap<>(changed);
        copy.put(setting.name(), value);
        if (setting.byDefault().isPresent() && setting.byDefault().get().equals(value)) {
            copy.remove(setting.name());
        }
        GenerationSettings settings = new GenerationSettings(copy);
        settings.check();
        return settings;
    }

    private void check() {
        double temperature = find(TEMPERATURE).orElse(1.0);
        int topK = get(TOP_K);
        double topP = get(TOP_P);
        int minLength = find(MIN_LENGTH).orElse(0);
        int maxLength = get(MAX_LENGTH);
        int prefixLength = get(PREFIX).codePointCount(0, get(PREFIX).length());
        long maxAttempts = find(MAX_ATTEMPTS).orElse(1L);
        require(
                temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
                "temperature",
                temperature,
                "a finite number >= 0");
        require(topK >= 1, "topK", topK, ">= 1");
        require(topP > 0 && topP <= 1, "topP", topP, "in (0, 1]");
        require(minLength >= 0, "minLength", minLength, ">= 0");
        require(maxLength >= 1, "maxLength", maxLength, ">= 1");
        require(maxAttempts >= 1, "maxAttempts", maxAttempts, ">= 1");
        find(PATTERN).ifPresent(Matches::requireSupported);
        if (minLength > maxLength) {
            throw refused("minLength", minLength, "<= maxLength " + maxLength);
        }
        if (prefixLength > maxLength) {
            throw refused("length of the prefix", prefixLength, "<= maxLength " + maxLength);
        }
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw refused(name, value, rule);
        }
    }

    private static IllegalArgumentException refused(String name, Object value, String rule) {
        return new IllegalArgumentException(name + " " + value + " is not " + rule);
    }
}
