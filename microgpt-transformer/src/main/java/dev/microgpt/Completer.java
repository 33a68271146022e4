package dev.microgpt;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.pattern.Matches;
import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Writes one string at a time, from the prefix to its end. Immutable. The {@link Sampler} draws from the tokens that are {@link
 * Allowed}. A string that has no end within maxLength is whole if that was asked for or a pattern matches it, else it {@link
 * #isCut}.
 *
 * <p>Who has logits from elsewhere, such as from a batch of sequences, draws with {@link #nextIfCertain} and comes back with
 * {@link #goOn} where these are not exact enough. What was written is to the pattern a state: {@link #stateOfPrefix}, then {@link
 * #nextState}.
 */
final class Completer {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final GenerationOptions options;
    private final Sampler sampler;
    private final int[] prefix; // ids, without BOS
    private final int minLength; // characters
    private final int maxLength; // characters, at most blockSize
    private final boolean wholeAtMaxLength;
    private final Optional<Matches> matches; // of the pattern, if there is one
    private final int stateOfPrefix;
    private final Allowed allowed;

    /**
     * Checks whether the options fit the model.
     *
     * @param unset what holds where the options leave it open
     * @throws IllegalArgumentException if a character of the prefix is unknown, the prefix leaves no room in blockSize,
     *     minLength does not fit into it, or no string of such lengths and with the prefix matches the pattern
     */
    Completer(LanguageModel model, Tokenizer tokenizer, GenerationOptions options, Unset unset) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        this.prefix = tokenizer.encode(options.prefix());
        this.minLength = options.hasMinLength() ? options.minLength() : unset.minLength();
        boolean patterned = options.pattern().isPresent();
        int most = options.hasMaxLength() || patterned ? options.maxLength() : maxLength(unset);
        this.maxLength = Math.min(most, model.blockSize());
        this.wholeAtMaxLength =
                patterned || (options.hasMaxLength() ? most <= model.blockSize() : unset.wholeAtMaxLength());
        this.sampler = new Sampler(options.temperature().orElse(unset.temperature()), maxLength);
        if (prefix.length >= model.blockSize()) {
            throw new IllegalArgumentException(
                    "prefix of " + prefix.length + " characters leaves no room in blockSize " + model.blockSize());
        }
        if (minLength > model.blockSize()) {
            throw new IllegalArgumentException("minLength " + minLength + " is not <= blockSize " + model.blockSize());
        }
        this.matches =
                options.pattern().map(pattern -> new Matches(pattern, tokenizer.vocabulary(), minLength, maxLength));
        this.stateOfPrefix = state(prefix);
        this.allowed = new Allowed(matches, minLength, options, sampler);
        if (mostStrings() == 0) {
            throw new IllegalArgumentException("prefix \"" + options.prefix() + "\" begins no string of " + minLength
                    + " to " + maxLength + " characters that pattern \""
                    + options.pattern().orElseThrow() + "\" matches");
        }
    }

    /** Who asks for long strings shall have some room for their ends. */
    private int maxLength(Unset unset) {
        return (int) Math.max(unset.maxLength(), Math.min(Integer.MAX_VALUE, 2L * Math.max(prefix.length, minLength)));
    }

    GenerationOptions options() {
        return options;
    }

    LanguageModel model() {
        return model;
    }

    int bos() {
        return tokenizer.bos();
    }

    String symbol(int token) {
        return tokenizer.symbol(token);
    }

    double temperature() {
        return sampler.temperature();
    }

    int prefixLength() {
        return prefix.length;
    }

    int prefixToken(int index) {
        return prefix[index];
    }

    /** What the prefix is to the pattern. */
    int stateOfPrefix() {
        return stateOfPrefix;
    }

    /** What a string is to the pattern when a token comes to it that is not the end. */
    int nextState(int state, int token) {
        return matches.isPresent() ? matches.get().next(state, token) : state;
    }

    private int state(int... written) {
        int state = Matches.START;
        for (int token : written) {
            state = nextState(state, token);
        }
        return state;
    }

    /** How many different strings there can be, as far as a pattern says. */
    double mostStrings() {
        return matches.map(some -> some.count(prefix.length, stateOfPrefix)).orElse(Double.POSITIVE_INFINITY);
    }

    /** About how many multiplications it takes to write a string, if the model is a GPT. */
    long work(String text) {
        if (!(model instanceof Gpt gpt)) {
            return 0;
        }
        long n = gpt.config().embedDim();
        return (text.length() + 1) * n * (12 * n * gpt.config().layerCount() + model.vocabSize());
    }

    /** Characters at which a string ends if it has no end of its own. */
    int maxLength() {
        return maxLength;
    }

    /** Whether a string that was written here has come to no end, so that it must not be handed out. */
    boolean isCut(String text) {
        return !wholeAtMaxLength && text.codePointCount(0, text.length()) >= maxLength;
    }

    /**
     * Writes a string: one {@code nextDouble()} for each character after the prefix and for the end, none at temperature 0.
     *
     * @throws CancellationException if the thread is interrupted, which it stays
     */
    String complete(RandomGenerator random) {
        return write(new StringBuilder(options.prefix()), prefix, OptionalDouble.empty(), random);
    }

    /**
     * Writes the rest of a string.
     *
     * @param begun the prefix and what was drawn after it, fewer than maxLength characters
     * @param uniform the number for the next character or the end
     * @param random gives those that follow
     * @return what {@link #complete} gives with the same numbers
     * @throws CancellationException if the thread is interrupted, which it stays
     */
    String goOn(String begun, double uniform, RandomGenerator random) {
        return write(new StringBuilder(begun), tokenizer.encode(begun), OptionalDouble.of(uniform), random);
    }

    private String write(StringBuilder text, int[] read, OptionalDouble first, RandomGenerator random) {
        Context context = model.newContext();
        double[] logits = after(context, read);
        int state = state(read);
        for (int length = read.length; length < maxLength; length++) {
            requireNoInterrupt();
            double[] possible = allowed.of(logits, length, state);
            int token = first.isPresent() && length == read.length
                    ? sampler.next(possible, first.getAsDouble())
                    : sampler.next(possible, random);
            if (token == tokenizer.bos()) {
                break;
            }
            text.append(tokenizer.symbol(token));
            state = nextState(state, token);
            if (length + 1 < maxLength) {
                logits = context.next(token);
            }
        }
        return text.toString();
    }

    /**
     * What {@link #complete} draws for a string of that length, from logits that may differ from those of the model.
     *
     * @param logits not modified
     * @param state what the string is to the pattern
     * @param uniform the number drawn, in [0, 1)
     * @param error by how much they may differ, relative to the largest of them, or to 1 if that is larger
     * @return a token, or {@link Sampler#UNDECIDED} where the difference may matter
     */
    int nextIfCertain(double[] logits, int length, int state, double uniform, double error) {
        double largest = 1;
        for (double logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        double most = error * largest;
        return allowed.isClear(logits, length, state, most)
                ? sampler.nextIfCertain(allowed.of(logits, length, state), uniform, most)
                : Sampler.UNDECIDED;
    }

    static void requireNoInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the thread was interrupted while it generated");
        }
    }

    /**
     * What may follow the prefix, the most likely first.
     *
     * @throws IllegalArgumentException if nothing may, because the prefix has maxLength characters
     */
    List<Prediction> candidates() {
        if (prefix.length >= maxLength) {
            throw new IllegalArgumentException(
                    "prefix of " + prefix.length + " characters leaves no room in maxLength " + maxLength);
        }
        double[] logits = allowed.of(after(model.newContext(), prefix), prefix.length, stateOfPrefix);
        double[] probs = sampler.probabilities(logits);
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -logits[token])) // stable: the lower id first
                .map(token -> Prediction.of(tokenizer.decode(token), probs[token]))
                .toList();
    }

    private double[] after(Context context, int... read) {
        double[] logits = context.next(tokenizer.bos());
        for (int token : read) {
            logits = context.next(token);
        }
        return logits;
    }
}
