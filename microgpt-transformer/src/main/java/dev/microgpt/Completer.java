package dev.microgpt;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Writes one string at a time, from the prefix to its end. Immutable. What may come next is cut in this order: no end before
 * minLength, then topK, then topP; the {@link Sampler} draws from what is left. A string that has no end within maxLength is
 * whole if that was asked for, else it {@link #isCut}.
 *
 * <p>Who has logits from elsewhere, such as from a batch of sequences, draws with {@link #nextIfCertain} and comes back with
 * {@link #goOn} where these are not exact enough.
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
    private final int topK;
    private final double topP;

    /**
     * Checks whether the options fit the model.
     *
     * @param unset what holds where the options leave it open
     * @throws IllegalArgumentException if a character of the prefix is unknown, the prefix leaves no room in blockSize, or
     *     minLength does not fit into it
     */
    Completer(LanguageModel model, Tokenizer tokenizer, GenerationOptions options, Unset unset) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        this.prefix = tokenizer.encode(options.prefix());
        this.minLength = options.hasMinLength() ? options.minLength() : unset.minLength();
        this.maxLength = Math.min(options.hasMaxLength() ? options.maxLength() : maxLength(unset), model.blockSize());
        this.wholeAtMaxLength =
                options.hasMaxLength() ? options.maxLength() <= model.blockSize() : unset.wholeAtMaxLength();
        this.topK = options.topK();
        this.topP = options.topP();
        this.sampler = new Sampler(options.temperature().orElse(unset.temperature()), maxLength);
        if (prefix.length >= model.blockSize()) {
            throw new IllegalArgumentException(
                    "prefix of " + prefix.length + " characters leaves no room in blockSize " + model.blockSize());
        }
        if (minLength > model.blockSize()) {
            throw new IllegalArgumentException("minLength " + minLength + " is not <= blockSize " + model.blockSize());
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
        for (int length = read.length; length < maxLength; length++) {
            requireNoInterrupt();
            double[] allowed = allowed(logits, length);
            int token = first.isPresent() && length == read.length
                    ? sampler.next(allowed, first.getAsDouble())
                    : sampler.next(allowed, random);
            if (token == tokenizer.bos()) {
                break;
            }
            text.append(tokenizer.symbol(token));
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
     * @param uniform the number drawn, in [0, 1)
     * @param error by how much they may differ, relative to the largest of them, or to 1 if that is larger
     * @return a token, or {@link Sampler#UNDECIDED} where the difference may matter
     */
    int nextIfCertain(double[] logits, int length, double uniform, double error) {
        double largest = 1;
        for (double logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        double most = error * largest;
        return isCutClearly(logits, length, most)
                ? sampler.nextIfCertain(allowed(logits, length), uniform, most)
                : Sampler.UNDECIDED;
    }

    static void requireNoInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the thread was interrupted while it generated");
        }
    }

    /** What may follow the prefix, the most likely first. */
    List<Prediction> candidates() {
        double[] logits = allowed(after(model.newContext(), prefix), prefix.length);
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

    /** The logits of a string of that length, with −Infinity for a token that must not come. */
    private double[] allowed(double[] logits, int length) {
        boolean endless = length < minLength;
        if (!endless && topK >= logits.length && topP == 1) {
            return logits;
        }
        double[] allowed = logits.clone();
        if (endless) {
            allowed[tokenizer.bos()] = Double.NEGATIVE_INFINITY;
        }
        if (topK < allowed.length) {
            keepMostLikely(allowed, topK);
        }
        if (topP < 1) {
            keepMostLikely(allowed, countOfTopP(allowed, 0));
        }
        return allowed;
    }

    /**
     * The smallest number of tokens whose probabilities add up to topP, as far as a rounded sum can tell.
     *
     * @param less by how much a sum may fall short
     */
    private int countOfTopP(double[] logits, double less) {
        double[] probs = sampler.probabilities(logits);
        Arrays.sort(probs);
        double enough =
                topP - probs.length * Math.ulp(1.0) - less; // of ten equal ones, eight have 0.7999999999999999 in sum
        int count = 0;
        for (double sum = 0; (count == 0 || sum < enough) && count < probs.length; count++) {
            sum += probs[probs.length - 1 - count];
        }
        return count;
    }

    /** Whether other logits, each at most {@code error} away, leave the same tokens after topK and topP. */
    private boolean isCutClearly(double[] logits, int length, double error) {
        if (topK >= logits.length && topP == 1) {
            return true;
        }
        if (sampler.temperature() == 0) {
            return false;
        }
        double[] left = logits.clone();
        if (length < minLength) {
            left[tokenizer.bos()] = Double.NEGATIVE_INFINITY;
        }
        if (topK < left.length) {
            if (!isGapAfter(left, topK, error)) {
                return false;
            }
            keepMostLikely(left, topK);
        }
        if (topP == 1) {
            return true;
        }
        double share = 2.1 * error / sampler.temperature(); // of the total, by which a sum of probabilities may differ
        int count = countOfTopP(left, 0);
        return count == countOfTopP(left, share)
                && count == countOfTopP(left, -share)
                && isGapAfter(left, count, error);
    }

    /** Whether the largest {@code count} logits are clearly above the others. */
    private static boolean isGapAfter(double[] logits, int count, double error) {
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        int first = sorted.length - count;
        return first == 0 || sorted[first] - sorted[first - 1] > 2 * error;
    }

    /** Cuts all but the largest {@code count} logits; of equal ones the first stay. */
    private static void keepMostLikely(double[] logits, int count) {
        double[] sorted = logits.clone();
        Arrays.sort(sorted);
        double least = sorted[sorted.length - count];
        long equalOnes =
                count - Arrays.stream(logits).filter(logit -> logit > least).count();
        for (int i = 0; i < logits.length; i++) {
            boolean kept = logits[i] > least || (logits[i] == least && equalOnes-- > 0);
            if (!kept) {
                logits[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }
}
