package dev.microgpt.transformer;

import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.GptTrace.Head;
import dev.microgpt.transformer.GptTrace.Layer;
import dev.microgpt.transformer.GptTrace.Position;
import dev.microgpt.transformer.kernels.DoubleMath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The forward pass on plain numbers, position by position, keeping every intermediate. The keys and values of earlier
 * positions are read from what was kept: that is the KV cache.
 */
final class TracingPass {
    private final GptConfig config;
    private final Parameters parameters;
    private final List<Position> positions = new ArrayList<>();

    TracingPass(GptConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
    }

    GptTrace trace() {
        return new GptTrace(List.copyOf(positions));
    }

    Position next(int tokenId) {
        config.requireToken(tokenId);
        int position = positions.size();
        double[] tokenEmbedding = row("wte", tokenId);
        double[] positionEmbedding = row("wpe", position);
        double[] input = rmsNorm(sum(tokenEmbedding, positionEmbedding));
        List<Layer> layers = new ArrayList<>();
        double[] x = input;
        for (int layer = 0; layer < config.layerCount(); layer++) {
            layers.add(layer(layer, x));
            x = layers.get(layer).output();
        }
        double[] logits = linear("lm_head", x);
        Position result =
                new Position(tokenId, tokenEmbedding, positionEmbedding, input, List.copyOf(layers), x, logits);
        positions.add(result);
        return result;
    }

    private Layer layer(int layer, double[] x) {
        String prefix = "layer" + layer + ".";
        double[] attentionNorm = rmsNorm(x);
        double[] query = linear(prefix + "attn_wq", attentionNorm);
        double[] key = linear(prefix + "attn_wk", attentionNorm);
        double[] value = linear(prefix + "attn_wv", attentionNorm);
        List<double[]> keys = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (Position earlier : positions) {
            keys.add(earlier.layers().get(layer).key());
            values.add(earlier.layers().get(layer).value());
        }
        keys.add(key);
        values.add(value);

        List<Head> heads = new ArrayList<>();
        double[] headOutputs = new double[config.embedDim()];
        for (int h = 0; h < config.headCount(); h++) {
            heads.add(head(h * config.headDim(), query, keys, values, headOutputs));
        }
        double[] attentionOutput = linear(prefix + "attn_wo", headOutputs);
        double[] afterAttention = sum(x, attentionOutput);

        double[] mlpNorm = rmsNorm(afterAttention);
        double[] preActivation = linear(prefix + "mlp_fc1", mlpNorm);
        double[] hidden = activation(preActivation);
        double[] mlpOutput = linear(prefix + "mlp_fc2", hidden);
        double[] output = sum(afterAttention, mlpOutput);
        return new Layer(
                attentionNorm,
                query,
                key,
                value,
                List.copyOf(heads),
                headOutputs,
                attentionOutput,
                afterAttention,
                mlpNorm,
                preActivation,
                hidden,
                mlpOutput,
                output);
    }

    /** a = softmax_t(q·k_t / √headDim) and Σ_t a_t·v_t, on the slice of this head, which starts at {@code from}. */
    private Head head(int from, double[] query, List<double[]> keys, List<double[]> values, double[] headOutputs) {
        int to = from + config.headDim();
        double[] scores = new double[keys.size()];
        for (int t = 0; t < scores.length; t++) {
            double dot = 0;
            for (int j = from; j < to; j++) {
                dot += query[j] * keys.get(t)[j];
            }
            scores[t] = dot / Math.sqrt(config.headDim());
        }
        double[] weights = softmax(scores);
        for (int t = 0; t < weights.length; t++) {
            for (int j = from; j < to; j++) {
                headOutputs[j] += weights[t] * values.get(t)[j];
            }
        }
        return new Head(scores, weights);
    }

    private double[] row(String name, int row) {
        Tensor tensor = parameters.tensor(name);
        int from = tensor.index(row, 0);
        return Arrays.copyOfRange(parameters.values(), from, from + tensor.columns());
    }

    /** y_i = Σ_j w_ij·x_j. */
    private double[] linear(String name, double[] x) {
        Tensor w = parameters.tensor(name);
        double[] weights = parameters.values();
        double[] y = new double[w.rows()];
        for (int i = 0; i < y.length; i++) {
            int row = w.index(i, 0);
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += weights[row + j] * x[j];
            }
            y[i] = sum;
        }
        return y;
    }

    private static double[] sum(double[] x, double[] y) {
        double[] sum = new double[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = x[i] + y[i];
        }
        return sum;
    }

    /** y_i = x_i / √(mean(x²) + ε). */
    private static double[] rmsNorm(double[] x) {
        double squares = 0;
        for (double xi : x) {
            squares += xi * xi;
        }
        double scale = 1 / Math.sqrt(squares / x.length + DoubleMath.RMS_EPSILON);
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[i] * scale;
        }
        return y;
    }

    /** p_i = exp(x_i − max x) / Σ_k exp(x_k − max x). */
    private static double[] softmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double xi : x) {
            max = Math.max(max, xi);
        }
        double[] p = new double[x.length];
        double total = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(x[i] - max);
            total += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= total;
        }
        return p;
    }

    /** max(0, x), or its square. */
    private double[] activation(double[] x) {
        boolean squared = config.activation() == Activation.RELU_SQUARED;
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            double relu = Math.max(0, x[i]);
            y[i] = squared ? relu * relu : relu;
        }
        return y;
    }
}
