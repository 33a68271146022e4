package dev.microgpt;

import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How new strings are drawn from a model. Immutable: each {@code with} method returns new options. Lengths are
 * counted in characters, a character being a Unicode code point, and a prefix counts.
 *
 * <pre>{@code
 * GenerationOptions options = new GenerationOptions().withPrefix("em").withMaxLength(6).withUnique(true);
 * new GenerationOptions().withTopP(0); // IllegalArgumentException: topP 0.0 is not in (0, 1]
 * }</pre>
 */
public final class GenerationOptions {
    private final Fields fields;

    /** All settings with their defaults. A clone is changed before it gets into options, never after. */
    private static final class Fields implements Cloneable {
        double temperature = 0.5;
        int topK = Integer.MAX_VALUE;
        double topP = 1;
        String prefix = "";
        int minLength;
        int maxLength = Integer.MAX_VALUE;
        boolean unique;
        boolean novelOnly;
        long seed = TrainingOptions.DEFAULT_SEED;
        boolean continuing;
        OptionalLong maxAttempts = OptionalLong.empty();

        @Override
        public Fields clone() {
            try {
                return (Fields) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        void check() {
            require(
                    temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
                    "temperature",
                    temperature,
                    "a finite number >= 0");
            require(topK >= 1, "topK", topK, ">= 1");
            require(topP > 0 && topP <= 1, "topP", topP, "in (0, 1]");
            require(minLength >= 0, "minLength", minLength, ">= 0");
            require(maxLength >= 1, "maxLength", maxLength, ">= 1");
            require(minLength <= maxLength, "minLength", minLength, "<= maxLength " + maxLength);
            int length = prefix.codePointCount(0, prefix.length());
            require(length <= maxLength, "length of the prefix", length, "<= maxLength " + maxLength);
            long attempts = maxAttempts.orElse(1);
            require(attempts >= 1, "maxAttempts", attempts, ">= 1");
        }

        private static void require(boolean holds, String name, Object value, String rule) {
            if (!holds) {
                throw new IllegalArgumentException(name + " " + value + " is not " + rule);
            }
        }
    }

    /** The defaults, as each {@code with} method names them. */
    public GenerationOptions() {
        this(new Fields());
    }

    private GenerationOptions(Fields fields) {
        this.fields = fields;
    }

    /**
     * How wild to be: the next character is drawn from softmax(logits / temperature).
     *
     * @param temperature finite and ≥ 0; 1 is the model's own distribution, less is more predictable, 0 always takes the
     *     most likely character. Default 0.5
     * @return new options
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     */
    public GenerationOptions withTemperature(double temperature) {
        return with(changed -> changed.temperature = temperature);
    }

    /**
     * Draws each time from the {@code topK} most likely tokens only, where the end of the string is one token too. Of
     * equally likely ones those with the lower id stay.
     *
     * @param topK at least 1. Default {@link Integer#MAX_VALUE}: all
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public GenerationOptions withTopK(int topK) {
        return with(changed -> changed.topK = topK);
    }

    /**
     * Draws each time from the most likely tokens only: the fewest whose probabilities, at the temperature and after
     * {@link #withTopK}, add up to {@code topP}.
     *
     * @param topP in (0, 1]. Default 1: all
     * @return new options
     * @throws IllegalArgumentException if it is not in (0, 1]
     */
    public GenerationOptions withTopP(double topP) {
        return with(changed -> changed.topP = topP);
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
        return with(changed -> changed.prefix = prefix);
    }

    /**
     * Never ends a string before it has this many characters.
     *
     * @param minLength in [0, {@link #maxLength()}]; at most the model's blockSize, which shows when it is used.
     *     Default 0
     * @return new options
     * @throws IllegalArgumentException if it is negative or above maxLength
     */
    public GenerationOptions withMinLength(int minLength) {
        return with(changed -> changed.minLength = minLength);
    }

    /**
     * Ends a string when it has this many characters; the model's blockSize may end it earlier.
     *
     * @param maxLength at least 1, {@link #minLength()} and the length of the prefix. Default
     *     {@link Integer#MAX_VALUE}: as many as fit into blockSize
     * @return new options
     * @throws IllegalArgumentException if it is less
     */
    public GenerationOptions withMaxLength(int maxLength) {
        return with(changed -> changed.maxLength = maxLength);
    }

    /**
     * Gives no string twice.
     *
     * @param unique whether to drop a string that came before. Default false
     * @return new options
     */
    public GenerationOptions withUnique(boolean unique) {
        return with(changed -> changed.unique = unique);
    }

    /**
     * Gives no string of the list that the model was trained with, held-out strings included. A model that has just been
     * trained knows the list; one that was loaded, or trained further, goes by a fingerprint, which takes fewer than 1 in
     * 1,000 new strings for known ones.
     *
     * @param novelOnly whether to drop a string of the training list. Default false
     * @return new options
     */
    public GenerationOptions withNovelOnly(boolean novelOnly) {
        return with(changed -> changed.novelOnly = novelOnly);
    }

    /**
     * Where the random numbers come from: the same seed gives the same strings. Undoes {@link #withContinuing}.
     *
     * @param seed any number. Default 42
     * @return new options
     */
    public GenerationOptions withSeed(long seed) {
        return with(changed -> {
            changed.seed = seed;
            changed.continuing = false;
        });
    }

    /**
     * Draws all strings from one stream of random numbers, {@link dev.microgpt.text.PythonRandom}, each going on where the
     * one before stopped, as the original programs do; a model's stream begins behind the numbers of its training, whatever
     * the seed here. Otherwise every attempt has a stream of its own, made from the seed
     * and the number of the attempt, and strings can be drawn by many threads at once.
     *
     * @param continuing whether there is one stream for all. Default false
     * @return new options
     */
    public GenerationOptions withContinuing(boolean continuing) {
        return with(changed -> changed.continuing = continuing);
    }

    /**
     * Gives up after this many strings, those included that {@link #withUnique} and {@link #withNovelOnly} drop.
     *
     * @param maxAttempts at least 1. Default: 1,000 and 50 for each wanted string of a list; for a stream 1,000,000 if it
     *     drops some, else no end
     * @return new options
     * @throws IllegalArgumentException if it is below 1
     */
    public GenerationOptions withMaxAttempts(long maxAttempts) {
        return with(changed -> changed.maxAttempts = OptionalLong.of(maxAttempts));
    }

    /**
     * How wild to be.
     *
     * @return see {@link #withTemperature}
     */
    public double temperature() {
        return fields.temperature;
    }

    /**
     * From how many tokens to draw.
     *
     * @return see {@link #withTopK}
     */
    public int topK() {
        return fields.topK;
    }

    /**
     * From what share of the probability to draw.
     *
     * @return see {@link #withTopP}
     */
    public double topP() {
        return fields.topP;
    }

    /**
     * How every string begins.
     *
     * @return see {@link #withPrefix}
     */
    public String prefix() {
        return fields.prefix;
    }

    /**
     * The fewest characters of a string.
     *
     * @return see {@link #withMinLength}
     */
    public int minLength() {
        return fields.minLength;
    }

    /**
     * The most characters of a string.
     *
     * @return see {@link #withMaxLength}
     */
    public int maxLength() {
        return fields.maxLength;
    }

    /**
     * Whether no string comes twice.
     *
     * @return see {@link #withUnique}
     */
    public boolean unique() {
        return fields.unique;
    }

    /**
     * Whether no string of the training list comes.
     *
     * @return see {@link #withNovelOnly}
     */
    public boolean novelOnly() {
        return fields.novelOnly;
    }

    /**
     * Where the random numbers come from.
     *
     * @return see {@link #withSeed}
     */
    public long seed() {
        return fields.seed;
    }

    /**
     * Whether all strings are drawn from one stream of random numbers.
     *
     * @return see {@link #withContinuing}
     */
    public boolean continuing() {
        return fields.continuing;
    }

    /**
     * After how many strings to give up.
     *
     * @return see {@link #withMaxAttempts}; empty where the default holds
     */
    public OptionalLong maxAttempts() {
        return fields.maxAttempts;
    }

    private GenerationOptions with(Consumer<Fields> change) {
        Fields changed = fields.clone();
        change.accept(changed);
        changed.check();
        return new GenerationOptions(changed);
    }
}
