package dev.microgpt.transformer;

import dev.microgpt.text.Context;
import dev.microgpt.transformer.GptConfig.Activation;

/**
 * Reads one document token by token, on plain arrays. Keys and values of earlier positions are kept (the KV cache), so
 * that a token costs the same work wherever it stands, but for the attention itself. Allocates nothing after construction.
 */
final class GptContext implements Context {
    private static final int TILE = 8; // outputs of a linear layer that are computed side by side

    private final GptConfig config;
    private final GptLayout layout;
    private final double[] w; // all weights, in the layout of GptConfig.newParameters
    private final double[] x; // residual stream, [embedDim]
    private final double[] normed; // [embedDim]
    private final double[] branch; // what is added to x, [embedDim]
    private final double[][] qkv; // of each layer, [blockSize][3·embedDim]
    private final double[] weights; // of one head, [blockSize]
    private final double[] mixed; // [embedDim]
    private final double[] hidden; // [hiddenDim]
    private final double[] logits; // [vocabSize]
    private int position;

    GptContext(GptConfig config, double... w) {
        this.config = config;
        this.layout = new GptLayout(config);
        this.w = w;
        int n = config.embedDim();
        this.x = new double[n];
        this.normed = new double[n];
        this.branch = new double[n];
        this.qkv = new double[config.layerCount()][config.blockSize() * 3 * n];
        this.weights = new double[config.blockSize()];
        this.mixed = new double[n];
        this.hidden = new double[config.hiddenDim()];
        this.logits = new double[config.vocabSize()];
    }

    @Override
    public double[] next(int tokenId) {
        config.requireToken(tokenId);
        if (position == config.blockSize()) {
            throw new IllegalStateException(
                    "the context is full: blockSize " + config.blockSize() + " positions have been fed");
        }
        embed(tokenId);
        for (int layer = 0; layer < config.layerCount(); layer++) {
            attention(layer);
            mlp(layer);
        }
        linear(x, layout.lmHead(), logits, 0, logits.length);
        position++;
        return logits;
    }

    /** x = rmsNorm(wte[token] + wpe[position]). */
    private void embed(int tokenId) {
        int n = x.length;
        for (int i = 0; i < n; i++) {
            x[i] = w[layout.tokenEmbedding() + tokenId * n + i] + w[layout.positionEmbedding() + position * n + i];
        }
        rmsNorm(x);
    }

    /** x += Wo·Σ_s p_s·v_s with p = softmax_s(q·k_s / √headDim), per head. */
    private void attention(int layer) {
        int n = x.length;
        int dim = config.headDim();
        double[] rows = qkv[layer];
        int row = position * 3 * n;
        rmsNorm(normed);
        linear(normed, layout.wqkv(layer), rows, row, 3 * n);
        for (int from = 0; from < n; from += dim) {
            for (int s = 0; s <= position; s++) {
                weights[s] = DoubleKernels.dot(rows, row + from, rows, s * 3 * n + n + from, dim) / Math.sqrt(dim);
            }
            DoubleKernels.softmax(weights, 0, position + 1);
            for (int i = from; i < from + dim; i++) {
                double sum = 0;
                for (int s = 0; s <= position; s++) {
                    sum = Math.fma(weights[s], rows[s * 3 * n + 2 * n + i], sum);
                }
                mixed[i] = sum;
            }
        }
        linear(mixed, layout.wo(layer), branch, 0, n);
        addBranch();
    }

    /** x += fc2·activation(fc1·rmsNorm(x)). */
    private void mlp(int layer) {
        rmsNorm(normed);
        linear(normed, layout.fc1(layer), hidden, 0, hidden.length);
        boolean squared = config.activation() == Activation.RELU_SQUARED;
        for (int i = 0; i < hidden.length; i++) {
            double relu = Math.max(0, hidden[i]);
            hidden[i] = squared ? relu * relu : relu;
        }
        linear(hidden, layout.fc2(layer), branch, 0, x.length);
        addBranch();
    }

    private void addBranch() {
        for (int i = 0; i < x.length; i++) {
            x[i] += branch[i];
        }
    }

    /** y = x / √(mean(x²) + ε). */
    private void rmsNorm(double[] y) {
        int n = x.length;
        double scale = 1 / Math.sqrt(DoubleKernels.dot(x, 0, x, 0, n) / n + DoubleMath.RMS_EPSILON);
        for (int i = 0; i < n; i++) {
            y[i] = x[i] * scale;
        }
    }

    /** y_o = Σ_i w_oi·in_i. */
    private void linear(double[] in, int wAt, double[] out, int outAt, int outputs) {
        if (outputs < TILE) {
            for (int o = 0; o < outputs; o++) {
                out[outAt + o] = DoubleKernels.dot(w, wAt + o * in.length, in, 0, in.length);
            }
            return;
        }
        for (int o = 0; o < outputs; o += TILE) { // the last tile reaches back over what is done already
            int first = Math.min(o, outputs - TILE);
            linearTile(w, wAt + first * in.length, in, out, outAt + first);
        }
    }

    /** Eight outputs at once: eight sums that need not wait for each other. */
    private static void linearTile(double[] w, int at, double[] in, double[] out, int outAt) {
        int n = in.length;
        double y0 = 0;
        double y1 = 0;
        double y2 = 0;
        double y3 = 0;
        double y4 = 0;
        double y5 = 0;
        double y6 = 0;
        double y7 = 0;
        for (int i = 0; i < n; i++) {
            double a = in[i];
            int p = at + i;
            y0 = Math.fma(a, w[p], y0);
            y1 = Math.fma(a, w[p + n], y1);
            y2 = Math.fma(a, w[p + 2 * n], y2);
            y3 = Math.fma(a, w[p + 3 * n], y3);
            y4 = Math.fma(a, w[p + 4 * n], y4);
            y5 = Math.fma(a, w[p + 5 * n], y5);
            y6 = Math.fma(a, w[p + 6 * n], y6);
            y7 = Math.fma(a, w[p + 7 * n], y7);
        }
        out[outAt] = y0;
        out[outAt + 1] = y1;
        out[outAt + 2] = y2;
        out[outAt + 3] = y3;
        out[outAt + 4] = y4;
        out[outAt + 5] = y5;
        out[outAt + 6] = y6;
        out[outAt + 7] = y7;
    }
}
