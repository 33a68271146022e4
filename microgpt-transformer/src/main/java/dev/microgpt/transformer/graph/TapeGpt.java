package dev.microgpt.transformer.graph;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Tape;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.array.Layout;

/**
 * The graph of {@link ValueGpt} on a {@link Tape}: handles stand where values stood. The parameters are the first rows of the
 * tape; everything after them is written anew for each batch.
 */
public final class TapeGpt {
    private final Layout layout;
    private final Parameters parameters; // names and places; the numbers are on the tape
    private final Tape tape;

    /**
     * Handles of a matrix: element [t][i] is {@code rows[t] + i * stride}.
     *
     * @param rows handle of the first element of each row
     * @param stride distance between neighbours in a row, the same in all rows
     */
    public record Matrix(int[] rows, int stride) {
        /** Handle of an element. */
        public int at(int t, int i) {
            return rows[t] + i * stride;
        }

        int length() {
            return rows.length;
        }

        /** Distance between two rows that follow one another; of a matrix in which it is always the same. */
        int rowStride() {
            return rows.length == 1 ? 1 : rows[1] - rows[0];
        }
    }

    /** A model with these weights on a tape that is empty and belongs to it from now on. */
    public TapeGpt(Layout layout, Parameters parameters, Tape tape) {
        this.layout = layout;
        this.parameters = parameters;
        this.tape = tape;
        tape.leaves(parameters.values());
    }

    /** Σ share·mean loss of each document, from weights in the canonical order; overwrites {@code gradient}. */
    public double gradient(double[] weights, int[][] documents, double[] shares, double[] gradient) {
        tape.truncate(weights.length);
        tape.set(0, weights);
        int loss = tape.mul(loss(documents[0]), tape.leaf(shares[0]));
        for (int i = 1; i < documents.length; i++) {
            loss = tape.add(loss, tape.mul(loss(documents[i]), tape.leaf(shares[i])));
        }
        tape.backward(loss);
        tape.gradients(0, gradient);
        return tape.data(loss);
    }

    private int loss(int... tokens) {
        int n = layout.predictions(tokens);
        Matrix x = rmsNorm(embeddings(tokens, n));
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            String prefix = "layer" + layer + ".";
            x = add(x, attention(prefix, rmsNorm(x)));
            x = add(x, mlp(prefix, rmsNorm(x)));
        }
        Matrix logits = linear(x, "lm_head");
        int total = crossEntropy(logits, 0, tokens[1]);
        for (int t = 1; t < n; t++) {
            total = tape.add(total, crossEntropy(logits, t, tokens[t + 1]));
        }
        return tape.mul(total, tape.leaf(1.0 / n));
    }

    private Matrix embeddings(int[] tokens, int n) {
        Tensor wte = parameters.tensor("wte");
        Tensor wpe = parameters.tensor("wpe");
        int[] rows = new int[n];
        for (int t = 0; t < n; t++) {
            rows[t] = tape.size();
            for (int i = 0; i < layout.embedDim(); i++) {
                tape.add(wte.index(tokens[t], i), wpe.index(t, i));
            }
        }
        return new Matrix(rows, 1);
    }

    /** y_i = x_i·(mean(x²) + ε)^(−1/2) in each row. */
    private Matrix rmsNorm(Matrix x) {
        int n = layout.embedDim();
        int oneByN = tape.leaf(1.0 / n);
        int epsilon = tape.leaf(Functions.RMS_EPSILON);
        int[] rows = new int[x.length()];
        for (int t = 0; t < rows.length; t++) {
            int squares = tape.dot(x.rows[t], x.stride, x.rows[t], x.stride, n);
            int scale = tape.pow(tape.mulAdd(squares, oneByN, epsilon), -0.5);
            rows[t] = tape.size();
            for (int i = 0; i < n; i++) {
                tape.mul(x.at(t, i), scale);
            }
        }
        return new Matrix(rows, 1);
    }

    /** y_i = Σ_j w_ij·x_j in each row. Results of dot products of one length follow one another at one distance. */
    private Matrix linear(Matrix x, String name) {
        Tensor w = parameters.tensor(name);
        int[] rows = new int[x.length()];
        int stride = 1;
        for (int t = 0; t < rows.length; t++) {
            rows[t] = tape.dot(w.index(0, 0), 1, x.rows[t], x.stride, w.columns());
            for (int i = 1; i < w.rows(); i++) {
                int result = tape.dot(w.index(i, 0), 1, x.rows[t], x.stride, w.columns());
                stride = i == 1 ? result - rows[t] : stride;
            }
        }
        return new Matrix(rows, stride);
    }

    private Matrix add(Matrix x, Matrix y) {
        int[] rows = new int[x.length()];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = tape.size();
            for (int i = 0; i < layout.embedDim(); i++) {
                tape.add(x.at(t, i), y.at(t, i));
            }
        }
        return new Matrix(rows, 1);
    }

    private Matrix attention(String prefix, Matrix x) {
        Matrix query = linear(x, prefix + "attn_wq");
        Matrix key = linear(x, prefix + "attn_wk");
        Matrix value = linear(x, prefix + "attn_wv");
        return linear(heads(query, key, value), prefix + "attn_wo");
    }

    /** Attention of all heads: a_t = softmax_s(q_t·k_s / √headDim), s ≤ t, and Σ_s a_ts·v_s, one row for each position t. */
    public Matrix heads(Matrix query, Matrix key, Matrix value) {
        int scale = tape.leaf(1 / Math.sqrt(layout.headDim()));
        int[] weights = new int[layout.headCount()]; // of each head the handle of its first
        int[] rows = new int[query.length()];
        int[] strides = new int[query.length()];
        for (int t = 0; t < rows.length; t++) {
            for (int head = 0; head < weights.length; head++) {
                weights[head] = softmax(scores(query, key, scale, t, head * layout.headDim()), t + 1);
            }
            rows[t] = mix(weights, value, 0, t + 1);
            for (int i = 1; i < layout.embedDim(); i++) {
                int result = mix(weights, value, i, t + 1);
                strides[t] = i == 1 ? result - rows[t] : strides[t];
            }
        }
        return compact(rows, strides);
    }

    /** Σ_s weight_s·value_si, s < count. */
    private int mix(int[] weights, Matrix value, int i, int count) {
        return tape.dot(weights[i / layout.headDim()], 1, value.at(0, i), value.rowStride(), count);
    }

    /** Handle of the first of q·k_s / √headDim, s ≤ t, on the slice of a head. */
    private int scores(Matrix query, Matrix key, int scale, int t, int from) {
        int dots = tape.dot(query.at(t, from), query.stride, key.at(0, from), key.stride, layout.headDim());
        int stride = 1;
        for (int s = 1; s <= t; s++) {
            int result = tape.dot(query.at(t, from), query.stride, key.at(s, from), key.stride, layout.headDim());
            stride = s == 1 ? result - dots : stride;
        }
        int first = tape.size();
        for (int s = 0; s <= t; s++) {
            tape.mul(dots + s * stride, scale);
        }
        return first;
    }

    /** Rows in which neighbours lie at different distances, as rows in which they lie side by side. */
    private Matrix compact(int[] rows, int[] strides) {
        int one = tape.leaf(1);
        int[] compact = new int[rows.length];
        for (int t = 0; t < rows.length; t++) {
            compact[t] = tape.size();
            for (int i = 0; i < layout.embedDim(); i++) {
                tape.mul(rows[t] + i * strides[t], one);
            }
        }
        return new Matrix(compact, 1);
    }

    private Matrix mlp(String prefix, Matrix x) {
        Matrix preActivation = linear(x, prefix + "mlp_fc1");
        int[] rows = new int[x.length()];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = tape.size();
            for (int i = 0; i < layout.hiddenDim(); i++) {
                tape.relu(preActivation.at(t, i));
            }
        }
        Matrix hidden = new Matrix(rows, 1);
        return linear(layout.squaredRelu() ? squares(hidden) : hidden, prefix + "mlp_fc2");
    }

    private Matrix squares(Matrix x) {
        int[] rows = new int[x.length()];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = tape.size();
            for (int i = 0; i < layout.hiddenDim(); i++) {
                tape.mul(x.at(t, i), x.at(t, i));
            }
        }
        return new Matrix(rows, 1);
    }

    /** Handle of the first of p_i = exp(x_i − max x) / Σ_k exp(x_k − max x). */
    private int softmax(int x, int n) {
        int exps = exps(x, 1, n, tape.leaf(max(x, 1, n)));
        int total = sum(exps, n);
        int first = tape.size();
        for (int i = 0; i < n; i++) {
            tape.div(exps + i, total);
        }
        return first;
    }

    /** log Σ_i exp(logits_i) − logits_target. */
    private int crossEntropy(Matrix logits, int t, int target) {
        int n = layout.vocabSize();
        int max = tape.leaf(max(logits.rows[t], logits.stride, n));
        int total = sum(exps(logits.rows[t], logits.stride, n, max), n);
        return tape.sub(tape.add(tape.log(total), max), logits.at(t, target));
    }

    private int exps(int x, int stride, int n, int max) {
        int differences = tape.size();
        for (int i = 0; i < n; i++) {
            tape.sub(x + i * stride, max);
        }
        int first = tape.size();
        for (int i = 0; i < n; i++) {
            tape.exp(differences + i);
        }
        return first;
    }

    private int sum(int x, int n) {
        int sum = x;
        for (int i = 1; i < n; i++) {
            sum = tape.add(sum, x + i);
        }
        return sum;
    }

    private double max(int x, int stride, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, tape.data(x + i * stride));
        }
        return max;
    }
}
