package dev.microgpt;

import dev.microgpt.GenerationSettings.Setting;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How new strings are drawn from a model: temperature, top-k, top-p, prefix, pattern, length, seed. Immutable: each {@code with}
 * method returns new options. Lengths are counted in characters, a character being a Unicode code point, and a prefix
 * counts.
 *
 * <pre>{@code
 * GenerationOptions options = new GenerationOptions().withPrefix("em").withMaxLength(6).withUnique(true);
 * options.toString();                  // "GenerationOptions{maxLength=6, prefix=em, unique=true}"
 * new GenerationOptions().withTopP(0); // IllegalArgumentException: topP 0.0 is not in (0, 1]
 * }</pre>
 *
 * @since 0.1
 */
public final class GenerationOptions {
    private final GenerationSettings settings;

    /** The defaults, as each {@code with} method names them. */
    public GenerationOptions() {
        this(GenerationSettings.DEFAULTS);
    }

    private GenerationOptions(GenerationSettings settings) {
        this.settings = settings;
    }

    private <T> GenerationOptions with(Setting<T> setting, T value) {
        return new GenerationOptions(settings.with(setting, value));
    }

    /**
     * Sets the temperature: the next character is drawn from softmax(logits / temperature).
     *
     * @param temperature finite and ≥ 0; 1 is the model's own distribution, less is more predictable, more is wilder, 0
     *     always takes the most likely character. Default: the model's own, 0.5
     * @return new options
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     */
    public GenerationOptions withTemperature(double temperature) {
        return with(GenerationSettings.TEMPERATURE, temperature);
    }

    /**
     * Top-k sampling: draws each time from the {@code topK} most likely tokens only, where the end of the string is one token
     * too. Of equally likely ones those with the lower id stay.
     *
     * @param topK at least 1. Default {@link Integer#MAX_VALUE}: all
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public GenerationOptions withTopK(int topK) {
        return with(GenerationSettings.TOP_K, topK);
    }

    /**
     * Top-p (nucleus) sampling: draws each time from the most likely tokens only, the fewest whose probabilities, at the
     * temperature and after {@link #withTopK}, add up to {@code topP}.
     *
     * @param topP in (0, 1]. Default 1: all
     * @return new options
     * @throws IllegalArgumentException if it is not in (0, 1]
     */
    public GenerationOptions withTopP(double topP) {
        return with(GenerationSettings.TOP_P, topP);
    }

    /**
     * Begins every string like this.
     *
     * @param prefix at most {@link #maxLength()} characters, fewer than the model's blockSize and all of them known to
     *     it, which shows when it is used. Default ""
     * @return new options
     * @throws IllegalArgumentException if it is longer than maxLength
     */
    public GenerationOptions withPrefix(String prefix) {
        return with(GenerationSettings.PREFIX, prefix);
    }

    /**
     * Makes every string fit a regular expression, prefix included: it matches as a whole, as by {@link
     * java.util.regex.Pattern#matches}. At each step the characters that no match of an allowed length goes on with are ruled out, and the
     * end where none ends; then come topK and topP. What is left keeps the ratios that the model gives it, so no string is
     * drawn again because of the pattern; but a form that is rare in the model gives rare strings.
     *
     * <p>Characters, {@code .}, classes such as {@code [A-Z_]} and {@code [^0-9]}, {@code \d \w \s} and their opposites, escapes,
     * {@code ( )} and {@code (?: )}, {@code |}, {@code ? * + {n} {n,} {n,m}}, also lazy ones, mean what they mean there,
     * where only characters of the vocabulary are drawn; {@code ^} may stand at the very beginning and {@code $} at the very end. What
     * else there is, such as look-around, back references, possessive quantifiers, flags and {@code \p}, is not supported.
     *
     * @param pattern the expression; a string of at most maxLength and at most blockSize characters matches it, which shows when it is
     *     used. A string that fills them is whole. Default: none
     * @return new options
     * @throws IllegalArgumentException if there is something in it that is not supported, or too much; the message says what and
     *     where
     */
    public GenerationOptions withPattern(String pattern) {
        return with(GenerationSettings.PATTERN, pattern);
    }

    /**
     * Never ends a string before it has this many characters.
     *
     * @param minLength in [0, {@link #maxLength()}]; at most the model's blockSize, which shows when it is used; 0 allows the
     *     empty string. Default 1
     * @return new options
     * @throws IllegalArgumentException if it is negative or above maxLength
     */
    public GenerationOptions withMinLength(int minLength) {
        return with(GenerationSettings.MIN_LENGTH, minLength);
    }

    /**
     * Ends a string when it has this many characters. Unless that is asked for, a string that has come to no end is not handed
     * out, but drawn again, at most 100 times: where it fills the model's blockSize or, by default, where it has four times as many
     * characters as the longest training string, though at least 64, twice the prefix and twice minLength.
     *
     * @param maxLength at least 1, {@link #minLength()} and the length of the prefix. Default
     *     {@link Integer#MAX_VALUE}: no string is ended
     * @return new options
     * @throws IllegalArgumentException if it is less
     */
    public GenerationOptions withMaxLength(int maxLength) {
        return with(GenerationSettings.MAX_LENGTH, maxLength);
    }

    /**
     * Gives no string twice, nor two that differ in their {@link dev.microgpt.text.Documents#normalForm form} only.
     *
     * @param unique whether to drop a string that came before. Default false
     * @return new options
     */
    public GenerationOptions withUnique(boolean unique) {
        return with(GenerationSettings.UNIQUE, unique);
    }

    /**
     * Gives no string of the list that the model was trained with, in whatever
     * {@link dev.microgpt.text.Documents#normalForm form}, held-out strings included: one that is drawn all the
     * same is dropped and drawn again, at most 100 times. A model that has just been trained knows the list; one that was
     * loaded, or trained further, goes by a fingerprint, which takes fewer than 1 in 1,000 new strings for known ones.
     *
     * @param novelOnly whether to drop a string of the training list. Default false
     * @return new options
     */
    public GenerationOptions withNovelOnly(boolean novelOnly) {
        return with(GenerationSettings.NOVEL_ONLY, novelOnly);
    }

    /**
     * Repeats: the same seed gives the same strings, in any number of threads. Each string has random numbers of its own,
     * which follow from the seed and the index of the string.
     *
     * @param seed any number. Default: another one for each call, so that each call gives new strings
     * @return new options
     */
    public GenerationOptions withSeed(long seed) {
        return with(GenerationSettings.SEED, seed);
    }

    /**
     * Gives up after this many strings, those included that {@link #withUnique} drops. One that is drawn again because of
     * {@link #withNovelOnly} counts once.
     *
     * @param maxAttempts at least 1. Default: no limit; but with unique the search ends when so many draws in a row have given
     *     nothing new: 1,000, or 50 for each string that was found if that is more
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public GenerationOptions withMaxAttempts(long maxAttempts) {
        return with(GenerationSettings.MAX_ATTEMPTS, maxAttempts);
    }

    /**
     * The temperature.
     *
     * @return see {@link #withTemperature}; empty where that of the model holds
     */
    public OptionalDouble temperature() {
        return settings.find(GenerationSettings.TEMPERATURE)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /**
     * From how many of the most likely tokens to draw (top-k).
     *
     * @return see {@link #withTopK}
     */
    public int topK() {
        return settings.get(GenerationSettings.TOP_K);
    }

    /**
     * From what share of the probability to draw (top-p).
     *
     * @return see {@link #withTopP}
     */
    public double topP() {
        return settings.get(GenerationSettings.TOP_P);
    }

    /**
     * How every string begins.
     *
     * @return see {@link #withPrefix}
     */
    public String prefix() {
        return settings.get(GenerationSettings.PREFIX);
    }

    /**
     * The regular expression that every string matches.
     *
     * @return see {@link #withPattern}; empty where there is none
     */
    public Optional<String> pattern() {
        return settings.find(GenerationSettings.PATTERN);
    }

    /**
     * The fewest characters of a string.
     *
     * @return see {@link #withMinLength}
     */
    public int minLength() {
        return settings.find(GenerationSettings.MIN_LENGTH).orElse(1);
    }

    /** Whether {@link #withMinLength} was called. */
    boolean hasMinLength() {
        return settings.find(GenerationSettings.MIN_LENGTH).isPresent();
    }

    /**
     * The most characters of a string.
     *
     * @return see {@link #withMaxLength}
     */
    public int maxLength() {
        return settings.get(GenerationSettings.MAX_LENGTH);
    }

    /** Whether {@link #withMaxLength} has set a limit. */
    boolean hasMaxLength() {
        return settings.find(GenerationSettings.MAX_LENGTH).isPresent();
    }

    /**
     * Whether no string comes twice.
     *
     * @return see {@link #withUnique}
     */
    public boolean unique() {
        return settings.get(GenerationSettings.UNIQUE);
    }

    /**
     * Whether no string of the training list comes.
     *
     * @return see {@link #withNovelOnly}
     */
    public boolean novelOnly() {
        return settings.get(GenerationSettings.NOVEL_ONLY);
    }

    /**
     * The seed of the random numbers.
     *
     * @return see {@link #withSeed}; empty where each call draws its own
     */
    public OptionalLong seed() {
        return settings.find(GenerationSettings.SEED).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /**
     * After how many strings to give up.
     *
     * @return see {@link #withMaxAttempts}; empty where the default holds
     */
    public OptionalLong maxAttempts() {
        return settings.find(GenerationSettings.MAX_ATTEMPTS)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Two options are equal if all settings are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationOptions options && settings.equals(options.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** The settings that differ from their defaults. */
    @Override
    public String toString() {
        return "GenerationOptions" + settings.changed();
    }
}
