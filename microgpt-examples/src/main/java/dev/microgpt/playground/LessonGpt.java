package dev.microgpt.playground;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Tape;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.playground.Variant.Part;
import dev.microgpt.transformer.GptConfig;

/**
 * The GPT of stage 5, written so that each part can be taken away: one layer, on a {@link Tape}. With all parts it computes
 * what the library's engines compute. The rows of the tape are first the weights, then what this document makes of them; a
 * matrix is the handle of its first number, and its rows lie one after another.
 *
 * <p>A part that is missing leaves its weights unused, so that one seed draws the same numbers for all that is left.
 */
final class LessonGpt {
    private final Variant variant;
    private final GptConfig config;
    private final Parameters parameters;
    private final int embedDim;
    private final Tape tape = new Tape(Tape.DotProducts.AS_ONE_NODE);
    private int n; // predictions of the document at hand

    /** A model with these weights, which it reads anew for each document. */
    LessonGpt(Variant variant, int vocabSize, Parameters parameters) {
        this.variant = variant;
        this.config = variant.config(vocabSize);
        this.parameters = parameters;
        embedDim = config.embedDim();
        tape.leaves(parameters.values());
    }

    /** The mean loss of a document, in nats per token; its gradient overwrites {@code into}. */
    double lossAndGradient(Parameters into, int... tokens) {
        int logits = logitsOnTape(tokens);
        int total = crossEntropy(logits, tokens[1]);
        for (int t = 1; t < n; t++) {
            total = tape.add(total, crossEntropy(logits + t * config.vocabSize(), tokens[t + 1]));
        }
        int loss = tape.mul(total, tape.leaf(1.0 / n));
        tape.backward(loss);
        tape.gradients(0, into.values());
        return tape.data(loss);
    }

    /** The loss of each prediction of a document, in nats. */
    double[] losses(int... tokens) {
        int logits = logitsOnTape(tokens);
        double[] losses = new double[n];
        for (int t = 0; t < n; t++) {
            losses[t] = tape.data(crossEntropy(logits + t * config.vocabSize(), tokens[t + 1]));
        }
        return losses;
    }

    /** What the model says after each token but the last, shape [n][vocabSize]. */
    double[][] logits(int... tokens) {
        int first = logitsOnTape(tokens);
        double[][] logits = new double[n][config.vocabSize()];
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < logits[t].length; i++) {
                logits[t][i] = tape.data(first + t * logits[t].length + i);
            }
        }
        return logits;
    }

    private int logitsOnTape(int... tokens) {
        n = Math.min(config.blockSize(), tokens.length - 1);
        tape.truncate(parameters.size());
        tape.set(0, parameters.values());

        int x = rmsNorm(embeddings(tokens));
        if (variant.has(Part.ATTENTION)) {
            x = residual(x, attention(rmsNorm(x)));
        }
        if (variant.has(Part.PERCEPTRON)) {
            x = residual(x, perceptron(rmsNorm(x)));
        }
        return linear("lm_head", x);
    }

    /** x_t = wte[token] + wpe[t]: what the token is, and where. */
    private int embeddings(int... tokens) {
        Tensor wte = parameters.tensor("wte");
        Tensor wpe = parameters.tensor("wpe");
        int nothing = tape.leaf(0);
        int first = tape.size();
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < embedDim; i++) {
                tape.add(wte.index(tokens[t], i), variant.has(Part.POSITION) ? wpe.index(t, i) : nothing);
            }
        }
        return first;
    }

    /** What a block found is added to what was there; without residual connections it replaces it. */
    private int residual(int x, int found) {
        if (!variant.has(Part.RESIDUAL)) {
            return found;
        }
        int first = tape.size();
        for (int i = 0; i < n * embedDim; i++) {
            tape.add(x + i, found + i);
        }
        return first;
    }

    /** y_i = x_i·(mean(x²) + ε)^(−1/2) in each row. */
    private int rmsNorm(int x) {
        if (!variant.has(Part.NORM)) {
            return x;
        }
        int oneByN = tape.leaf(1.0 / embedDim);
        int epsilon = tape.leaf(Functions.RMS_EPSILON);
        int[] scales = new int[n];
        for (int t = 0; t < n; t++) {
            int row = x + t * embedDim;
            int squares = tape.dot(row, 1, row, 1, embedDim);
            scales[t] = tape.pow(tape.mulAdd(squares, oneByN, epsilon), -0.5);
        }
        int first = tape.size();
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < embedDim; i++) {
                tape.mul(x + t * embedDim + i, scales[t]);
            }
        }
        return first;
    }

    /** y_i = Σ_j w_ij·x_j in each row. */
    private int linear(String name, int x) {
        Tensor w = parameters.tensor(name);
        int first = tape.size();
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < w.rows(); i++) {
                tape.dot(w.index(i, 0), 1, x + t * w.columns(), 1, w.columns());
            }
        }
        return first;
    }

    private int attention(int x) {
        int query = linear("layer0.attn_wq", x);
        int key = linear("layer0.attn_wk", x);
        int value = linear("layer0.attn_wv", x);
        int headDim = config.headDim();
        int[][] looks = new int[n][config.headCount()]; // of each position and head the first of its shares
        for (int t = 0; t < n; t++) {
            for (int head = 0; head < config.headCount(); head++) {
                int slice = head * headDim;
                looks[t][head] = softmax(scores(query + t * embedDim + slice, key + slice, seen(t)), seen(t));
            }
        }
        int mix = tape.size();
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < embedDim; i++) {
                tape.dot(looks[t][i / headDim], 1, value + i, embedDim, seen(t)); // Σ_s a_ts·v_si
            }
        }
        return linear("layer0.attn_wo", mix);
    }

    /** How many positions are seen from a position: itself and those before it, without mask all. */
    private int seen(int position) {
        return variant.has(Part.MASK) ? position + 1 : n;
    }

    /** q·k_s / √headDim for each position s that is seen. */
    private int scores(int query, int key, int seen) {
        int scale = tape.leaf(1 / Math.sqrt(config.headDim()));
        int dots = tape.size();
        for (int s = 0; s < seen; s++) {
            tape.dot(query, 1, key + s * embedDim, 1, config.headDim());
        }
        int first = tape.size();
        for (int s = 0; s < seen; s++) {
            tape.mul(dots + s, scale);
        }
        return first;
    }

    private int perceptron(int x) {
        int before = linear("layer0.mlp_fc1", x);
        int hidden = tape.size();
        for (int i = 0; i < n * config.hiddenDim(); i++) {
            tape.relu(before + i);
        }
        return linear("layer0.mlp_fc2", hidden);
    }

    /** p_i = exp(x_i − max x) / Σ_k exp(x_k − max x). */
    private int softmax(int x, int length) {
        int exps = exps(x, length, tape.leaf(max(x, length)));
        int total = sum(exps, length);
        int first = tape.size();
        for (int i = 0; i < length; i++) {
            tape.div(exps + i, total);
        }
        return first;
    }

    /** log Σ_i exp(logits_i) − logits_target. */
    private int crossEntropy(int logits, int target) {
        int max = tape.leaf(max(logits, config.vocabSize()));
        int total = sum(exps(logits, config.vocabSize(), max), config.vocabSize());
        return tape.sub(tape.add(tape.log(total), max), logits + target);
    }

    private int exps(int x, int length, int max) {
        int differences = tape.size();
        for (int i = 0; i < length; i++) {
            tape.sub(x + i, max);
        }
        int first = tape.size();
        for (int i = 0; i < length; i++) {
            tape.exp(differences + i);
        }
        return first;
    }

    private int sum(int x, int length) {
        int sum = x;
        for (int i = 1; i < length; i++) {
            sum = tape.add(sum, x + i);
        }
        return sum;
    }

    private double max(int x, int length) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, tape.data(x + i));
        }
        return max;
    }
}
