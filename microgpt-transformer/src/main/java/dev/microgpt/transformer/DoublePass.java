package dev.microgpt.transformer;

import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Arrays;

/**
 * Reads one document token by token, forward only. Keys and values of earlier positions are kept (the KV cache), so that a
 * token costs the same work wherever it stands, but for the attention itself. Allocates nothing after construction.
 */
final class DoublePass {
    private final GptConfig config;
    private final DoubleWeights weights;
    private final double[] mask; // 0 up to the position, −∞ behind it, [blockSize]
    private final double[] x; // residual stream, [embedDim]
    private final double[] normed; // [embedDim]
    private final double[] qkv; // [3·embedDim]
    private final DoubleMatrix[][] keys; // of each layer and head, [blockSize][headDim]
    private final DoubleMatrix[][] values; // of each layer and head, [headDim][blockSize]
    private final double[][] scores; // [headCount][blockSize]
    private final double[] head; // what a head mixes, [headDim]
    private final double[] mixed; // [embedDim]
    private final double[] hidden; // [hiddenDim]
    private final double[] logits; // [vocabSize]
    private int position;

    DoublePass(GptConfig config, DoubleWeights weights) {
        this.config = config;
        this.weights = weights;
        int n = config.embedDim();
        int beyond = weights.kind.beyond();
        mask = new double[config.blockSize() + beyond];
        Arrays.fill(mask, DoubleMath.MASKED);
        x = new double[n + beyond];
        normed = new double[n + beyond];
        qkv = new double[3 * n + beyond];
        keys = new DoubleMatrix[config.layerCount()][];
        values = new DoubleMatrix[config.layerCount()][];
        for (int layer = 0; layer < config.layerCount(); layer++) {
            keys[layer] = new DoubleMatrix[config.headCount()];
            values[layer] = new DoubleMatrix[config.headCount()];
            for (int h = 0; h < config.headCount(); h++) {
                keys[layer][h] = weights.kind.create(config.blockSize(), config.headDim());
                values[layer][h] = weights.kind.create(config.headDim(), config.blockSize());
            }
        }
        scores = new double[config.headCount()][];
        for (int h = 0; h < scores.length; h++) {
            scores[h] = new double[config.blockSize() + beyond];
        }
        head = new double[config.headDim() + beyond];
        mixed = new double[n + beyond];
        hidden = new double[config.hiddenDim() + beyond];
        logits = new double[config.vocabSize() + beyond];
    }

    /** The logits of the next token, [vocabSize] and more; a live view, valid until the next call. */
    double[] next(int tokenId) {
        config.requireToken(tokenId);
        if (position == config.blockSize()) {
            throw new IllegalStateException(
                    "the context is full: blockSize " + config.blockSize() + " positions have been fed");
        }
        embed(weights.tokenEmbedding[tokenId], weights.positionEmbedding[position]);
        mask[position] = 0;
        for (int layer = 0; layer < config.layerCount(); layer++) {
            attention(layer);
            mlp(layer);
        }
        weights.lmHead.times(x, 0, config.embedDim(), weights.zeros, logits, config.vocabSize());
        position++;
        return logits;
    }

    /** x = rmsNorm(wte[token] + wpe[position]). */
    private void embed(double[] token, double[] place) {
        for (int i = 0; i < token.length; i++) {
            x[i] = token[i] + place[i];
        }
        rmsNorm(x);
    }

    /** x += Wo·Σ_s p_s·v_s with p = softmax_s(q·k_s / √headDim), per head. */
    private void attention(int layer) {
        int n = config.embedDim();
        rmsNorm(normed);
        weights.wqkv[layer].times(normed, 0, n, weights.zeros, qkv, 3 * n);
        attend(keys[layer], values[layer], config.headDim(), position + 1);
        weights.wo[layer].times(mixed, 0, n, x, x, n);
    }

    private void attend(DoubleMatrix[] keys, DoubleMatrix[] values, int dim, int positions) {
        int n = config.embedDim();
        double scale = 1 / DoubleMath.sqrt(dim);
        for (int h = 0; h < keys.length; h++) {
            keys[h].setInputs(position, qkv, n + h * dim, dim);
            values[h].setOutputs(position, qkv, 2 * n + h * dim, dim);
        }
        for (int h = 0; h < keys.length; h++) {
            keys[h].times(qkv, h * dim, dim, mask, scores[h], positions);
        }
        for (int h = 0; h < keys.length; h++) {
            weights.kind.exponentials(scores[h], positions, scale);
        }
        for (int h = 0; h < keys.length; h++) {
            values[h].times(scores[h], 0, positions, weights.zeros, head, dim);
            double inverse = 1 / sum(scores[h], positions);
            for (int i = 0; i < dim; i++) {
                mixed[h * dim + i] = head[i] * inverse;
            }
        }
    }

    private static double sum(double[] x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i];
        }
        return sum;
    }

    /** x += fc2·activation(fc1·rmsNorm(x)). */
    private void mlp(int layer) {
        int n = config.embedDim();
        rmsNorm(normed);
        weights.fc1[layer].times(normed, 0, n, weights.zeros, hidden, config.hiddenDim());
        boolean squared = config.activation() == Activation.RELU_SQUARED;
        for (int i = 0; i < config.hiddenDim(); i++) {
            double relu = Math.max(0, hidden[i]);
            hidden[i] = squared ? relu * relu : relu;
        }
        weights.fc2[layer].times(hidden, 0, config.hiddenDim(), x, x, n);
    }

    /** y = x / √(mean(x²) + ε). */
    private void rmsNorm(double[] y) {
        int n = config.embedDim();
        double scale = 1 / DoubleMath.sqrt(DoubleKernels.dot(x, 0, x, 0, n) / n + DoubleMath.RMS_EPSILON);
        for (int i = 0; i < n; i++) {
            y[i] = x[i] * scale;
        }
    }
}
