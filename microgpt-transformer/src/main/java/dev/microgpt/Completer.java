package dev.microgpt;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Writes one string at a time, from the prefix to its end. Immutable. What may come next is cut in this order: no end before
 * minLength, then topK, then topP; the {@link Sampler} draws from what is left. A string that has no end within maxLength is
 * whole if that was asked for, else it {@link #isCut}.
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
        StringBuilder text = new StringBuilder(options.prefix());
        Context context = model.newContext();
        double[] logits = afterPrefix(context);
        for (int length = prefix.length; length < maxLength; length++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the thread was interrupted while it generated");
            }
            int token = sampler.next(allowed(logits, length), random);
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

    /** What may follow the prefix, the most likely first. */
    List<Prediction> candidates() {
        double[] logits = allowed(afterPrefix(model.newContext()), prefix.length);
        double[] probs = sampler.probabilities(logits);
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -logits[token])) // stable: the lower id first
                .map(token -> Prediction.of(tokenizer.decode(token), probs[token]))
                .toList();
    }

    private double[] afterPrefix(Context context) {
        double[] logits = context.next(tokenizer.bos());
        for (int token : prefix) {
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
            keepMostLikely(allowed, countOfTopP(allowed));
        }
        return allowed;
    }

    /** The smallest number of tokens whose probabilities add up to topP, as far as a rounded sum can tell. */
    private int countOfTopP(double[] logits) {
        double[] probs = sampler.probabilities(logits);
        Arrays.sort(probs);
        double enough = topP - probs.length * Math.ulp(1.0); // of ten equal ones, eight have 0.7999999999999999 in sum
        int count = 0;
        for (double sum = 0; (count == 0 || sum < enough) && count < probs.length; count++) {
            sum += probs[probs.length - 1 - count];
        }
        return count;
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
