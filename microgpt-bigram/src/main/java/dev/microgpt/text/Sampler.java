package dev.microgpt.text;

import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Temperature sampling: writes new documents with a {@link LanguageModel}. It asks for the logits of the next token, draws
 * one from softmax(logits / temperature), and goes on from there until BOS is drawn. Immutable.
 *
 * <pre>{@code
 * Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());
 * LanguageModel model = new Bigram(tokenizer.vocabSize()); // one that has learned nothing yet
 * int[] tokens = new Sampler(0.5, 16).sample(model, new PythonRandom(42));
 * tokenizer.decode(tokens); // "rahgtsyclafnafro"
 * new Sampler(-1, 16); // IllegalArgumentException: temperature -1.0 is not a finite number >= 0
 * }</pre>
 *
 * @param temperature how random the choice is: 1 samples the model's own distribution, less is more predictable, more is
 *     more random; 0 always takes the most likely token (the first of equals) and consumes no random number
 * @param maxTokens where to stop if BOS does not come first; a model's {@link LanguageModel#blockSize()} may stop it earlier
 * @since 0.1
 */
public record Sampler(double temperature, int maxTokens) {
    /** In place of a token that {@link #nextIfCertain} does not know for certain. */
    public static final int UNDECIDED = RoughDraw.UNDECIDED;

    /**
     * Makes a sampler of these settings.
     *
     * @param temperature finite and ≥ 0
     * @param maxTokens ≥ 1
     * @throws IllegalArgumentException if {@code temperature} is negative, infinite or NaN, or {@code maxTokens} is
     *     below 1
     */
    public Sampler {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature " + temperature + " is not a finite number >= 0");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens " + maxTokens + " is not >= 1");
        }
    }

    /**
     * Samples one document, starting from BOS.
     *
     * @param model the model to ask
     * @param random gives one {@code nextDouble()} per drawn token, the closing BOS included
     * @return new array of ids without BOS, shape [n], 0 ≤ n ≤ min({@code maxTokens},
     *     {@link LanguageModel#blockSize()})
     * @throws IllegalArgumentException if the model's logits are not a distribution, see {@link #probabilities}
     */
    public int[] sample(LanguageModel model, RandomGenerator random) {
        Objects.requireNonNull(model, "model is null");
        Objects.requireNonNull(random, "random is null");
        int bos = model.vocabSize() - 1;
        int limit = Math.min(maxTokens, model.blockSize());
        Context context = model.newContext();
        int[] tokens = new int[Math.min(limit, 16)];
        int length = 0;
        int token = next(context.next(bos), random);
        while (token != bos) {
            if (length == tokens.length) {
                tokens = Arrays.copyOf(tokens, (int) Math.min(limit, 2L * length));
            }
            tokens[length++] = token;
            if (length == limit) {
                break;
            }
            token = next(context.next(token), random);
        }
        return Arrays.copyOf(tokens, length);
    }

    /**
     * Samples one token: the first id whose running sum of probabilities exceeds {@code random.nextDouble()} times their
     * total, as CPython's {@code random.choices} does. At temperature 0 the most likely token, without a draw.
     *
     * @param logits shape [vocabSize]; not modified
     * @param random gives one {@code nextDouble()}
     * @return an id in [0, vocabSize)
     * @throws IllegalArgumentException if the logits are not a distribution, see {@link #probabilities}
     */
    public int next(double[] logits, RandomGenerator random) {
        requireDistribution(logits);
        return temperature == 0 ? mostLikely(logits) : choose(logits, random.nextDouble());
    }

    /**
     * The token that {@link #next(double[], RandomGenerator)} takes if the generator gives a known number.
     *
     * @param logits shape [vocabSize]; not modified
     * @param uniform the number, in [0, 1); of no consequence at temperature 0
     * @return an id in [0, vocabSize)
     * @throws IllegalArgumentException if {@code uniform} is not in [0, 1), or the logits are not a distribution, see {@link
     *     #probabilities}
     */
    public int next(double[] logits, double uniform) {
        if (!(uniform >= 0 && uniform < 1)) {
            throw new IllegalArgumentException("uniform " + uniform + " is not in [0, 1)");
        }
        requireDistribution(logits);
        return temperature == 0 ? mostLikely(logits) : choose(logits, uniform);
    }

    /**
     * The token that {@link #next(double[], double)} takes for these logits and for all others that are close to them, such as
     * those that another order of additions gives.
     *
     * @param logits shape [vocabSize]; not modified
     * @param uniform the number drawn, in [0, 1)
     * @param error by how much each of the other logits may differ
     * @return an id in [0, vocabSize), or {@link #UNDECIDED} if the number is too close to where one token ends and the next begins,
     *     at temperature 0, or for logits beyond ±346 times the temperature
     * @throws IllegalArgumentException if the logits are not a distribution, see {@link #probabilities}
     */
    public int nextIfCertain(double[] logits, double uniform, double error) {
        requireDistribution(logits);
        return temperature == 0
                ? UNDECIDED
                : RoughDraw.choose(
                        logits, temperature, uniform, 2.1 * error / temperature); // e^x is 1 + x, and a little more
    }

    private int choose(double[] logits, double uniform) {
        int token = RoughDraw.choose(logits, temperature, uniform, 0);
        return token == RoughDraw.UNDECIDED ? Draws.choose(probabilities(logits), uniform) : token;
    }

    /**
     * The probabilities of the next token at this temperature, which {@link #next} draws from: softmax(logits / T), p_i =
     * e^(l_i/T) / Σ_j e^(l_j/T).
     * At temperature 0 it is 1 for the most likely token.
     *
     * @param logits shape [vocabSize], finite, or −Infinity for a token that must not come; not modified
     * @return a new array, shape [vocabSize], that adds up to 1
     * @throws IllegalArgumentException if there are no logits, one is NaN or +Infinity, or all are −Infinity
     */
    public double[] probabilities(double[] logits) {
        requireDistribution(logits);
        int best = mostLikely(logits);
        double[] probs = new double[logits.length];
        if (temperature == 0) {
            probs[best] = 1;
            return probs;
        }
        double sum = 0;
        for (int i = 0; i < probs.length; i++) {
            probs[i] = Math.exp((logits[i] - logits[best]) / temperature); // at most e^0
            sum += probs[i];
        }
        for (int i = 0; i < probs.length; i++) {
            probs[i] /= sum;
        }
        return probs;
    }

    private static void requireDistribution(double[] logits) {
        boolean possible = false;
        for (int i = 0; i < logits.length; i++) {
            if (!(logits[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "logits[" + i + "] is " + logits[i] + ", which is neither finite nor -Infinity");
            }
            possible |= logits[i] > Double.NEGATIVE_INFINITY;
        }
        if (!possible) {
            throw new IllegalArgumentException("logits has length " + logits.length + " and no finite element");
        }
    }

    private static int mostLikely(double[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
