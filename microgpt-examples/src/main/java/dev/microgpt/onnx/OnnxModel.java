package dev.microgpt.onnx;

import dev.microgpt.MicroGpt;
import dev.microgpt.autograd.Functions;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Precision;
import java.util.Arrays;

/**
 * A model as an ONNX file, opset 13. The names and shapes are those of Hugging Face's exports: the input {@code input_ids}, shape
 * [batch_size, sequence_length], each row of which begins with BOS; the output {@code logits}, shape [batch_size, sequence_length,
 * vocabSize], has in [b][t] the logits of the token after input_ids[b][0..t].
 *
 * <p>With a cache of keys and values, {@code input_ids} has only the tokens that are new. What was computed of the ones before goes in as
 * {@code past_key_values.0.key}, {@code past_key_values.0.value} and so on for each layer, shape [batch_size, headCount,
 * past_sequence_length, headDim], of length 0 at the start, and comes out as {@code present.0.key}, {@code present.0.value}, …, longer
 * by the new tokens.
 *
 * <p>All tokens together are at most blockSize; more are an error of the runtime. The metadata has {@code vocabulary}, the characters
 * in the order of their ids, and {@code blockSize}; BOS is the id after the last character.
 */
public final class OnnxModel {
    private static final double MASKED = -1e30; // finite in float, and e^-1e30 is 0

    private final GptConfig config;
    private final Parameters weights;
    private final OnnxGraph graph;
    private final boolean cached;

    private OnnxModel(MicroGpt model, Precision precision, boolean cached) {
        this.config = model.gpt().config();
        this.weights = model.gpt().parameters();
        this.graph = new OnnxGraph("microgpt", precision);
        this.cached = cached;
    }

    /**
     * Writes a model down that computes each token from the whole string before it.
     *
     * @param model any
     * @param precision of the weights and of what is computed
     * @return the bytes of the file
     */
    public static byte[] toBytes(MicroGpt model, Precision precision) {
        return new OnnxModel(model, precision, false).file(model.tokenizer());
    }

    /**
     * Writes a model down with a KV cache: keys and values of the tokens before go in and come out.
     *
     * @param model any
     * @param precision of the weights, the cache and of what is computed
     * @return the bytes of the file
     */
    public static byte[] toBytesWithCache(MicroGpt model, Precision precision) {
        return new OnnxModel(model, precision, true).file(model.tokenizer());
    }

    private byte[] file(Tokenizer tokenizer) {
        build();
        return graph.toBytes("vocabulary", tokenizer.vocabulary(), "blockSize", "" + config.blockSize());
    }

    private void build() {
        graph.inputOfIntegers("input_ids", "batch_size", "sequence_length");
        graph.output("logits", "batch_size", "sequence_length", config.vocabSize());
        for (int layer = 0; cached && layer < config.layerCount(); layer++) {
            cache(layer + ".key");
            cache(layer + ".value");
        }
        String zero = graph.integer(0);
        String one = graph.integer(1);
        String past = cached ? size("past_key_values.0.key", 2) : zero;
        String total = graph.apply("Add", past, size("input_ids", 1));
        String positions = graph.apply("Range", past, total, one); // [sequence]
        String x = norm(graph.apply(
                "Add",
                graph.apply("Gather", table("wte"), "input_ids"),
                graph.apply("Gather", table("wpe"), positions)));
        String ahead = graph.apply(
                "Less",
                graph.apply("Reshape", positions, graph.integers(-1, 1)),
                graph.apply("Range", zero, total, one)); // [sequence, total]
        String mask = graph.apply(
                "Where", ahead, graph.numbers(new double[] {MASKED}, 1), graph.numbers(new double[] {0}, 1));
        for (int layer = 0; layer < config.layerCount(); layer++) {
            x = attention(layer, x, mask);
            x = mlp("layer" + layer + ".", x);
        }
        graph.define("logits", graph.apply("MatMul", x, transposed("lm_head", 1)));
    }

    private void cache(String name) {
        graph.input(
                "past_key_values." + name, "batch_size", config.headCount(), "past_sequence_length", config.headDim());
        graph.output("present." + name, "batch_size", config.headCount(), "total_sequence_length", config.headDim());
    }

    /** The length of one axis, as a number without dimensions. */
    private String size(String value, int axis) {
        return graph.apply("Gather", graph.apply("Shape", value), graph.integer(axis));
    }

    /** x + concat over heads of softmax(q·kᵀ/√headDim + mask)·v, times Woᵀ. The factor is in Wq: as a division it would be float. */
    private String attention(int layer, String x, String mask) {
        String prefix = "layer" + layer + ".attn_";
        String normed = norm(x);
        double scale = 1 / Math.sqrt(config.headDim());
        String q = heads(graph.apply("MatMul", normed, transposed(prefix + "wq", scale)));
        String k = present(layer + ".key", heads(graph.apply("MatMul", normed, transposed(prefix + "wk", 1))));
        String v = present(layer + ".value", heads(graph.apply("MatMul", normed, transposed(prefix + "wv", 1))));
        String turned = graph.apply("Transpose", "perm", new long[] {0, 1, 3, 2}, k); // [batch, heads, headDim, total]
        String scores = graph.apply("Add", graph.apply("MatMul", q, turned), mask); // [batch, heads, sequence, total]
        String mixed = graph.apply("MatMul", graph.apply("Softmax", "axis", -1, scores), v);
        String rows = graph.apply("Transpose", "perm", new long[] {0, 2, 1, 3}, mixed);
        String joined = graph.apply("Reshape", rows, graph.integers(0, 0, config.embedDim()));
        return graph.apply("Add", x, graph.apply("MatMul", joined, transposed(prefix + "wo", 1)));
    }

    /** [batch, sequence, embedDim] as [batch, heads, sequence, headDim]. */
    private String heads(String x) {
        String shape = graph.integers(0, 0, config.headCount(), config.headDim());
        return graph.apply("Transpose", "perm", new long[] {0, 2, 1, 3}, graph.apply("Reshape", x, shape));
    }

    /** Keys or values of all tokens: those of the cache, then the new ones. */
    private String present(String name, String added) {
        if (!cached) {
            return added;
        }
        String all = graph.apply("Concat", "axis", 2, "past_key_values." + name, added);
        graph.define("present." + name, all);
        return all;
    }

    private String mlp(String layer, String x) {
        String hidden = graph.apply("Relu", graph.apply("MatMul", norm(x), transposed(layer + "mlp_fc1", 1)));
        if (config.activation() == Activation.RELU_SQUARED) {
            hidden = graph.apply("Mul", hidden, hidden);
        }
        return graph.apply("Add", x, graph.apply("MatMul", hidden, transposed(layer + "mlp_fc2", 1)));
    }

    /** x / √(mean(x²) + ε), row by row. */
    private String norm(String x) {
        String mean = graph.apply("ReduceMean", "axes", new long[] {-1}, graph.apply("Mul", x, x));
        String root =
                graph.apply("Sqrt", graph.apply("Add", mean, graph.numbers(new double[] {Functions.RMS_EPSILON}, 1)));
        return graph.apply("Div", x, root);
    }

    private String table(String name) {
        Tensor tensor = weights.tensor(name);
        double[] values = Arrays.copyOfRange(weights.values(), tensor.offset(), tensor.offset() + tensor.size());
        return graph.numbers(values, tensor.rows(), tensor.columns());
    }

    /** A matrix as x·Wᵀ wants it, times a factor. */
    private String transposed(String name, double factor) {
        Tensor tensor = weights.tensor(name);
        double[] values = new double[tensor.size()];
        for (int row = 0; row < tensor.rows(); row++) {
            for (int column = 0; column < tensor.columns(); column++) {
                values[column * tensor.rows() + row] = factor * weights.get(name, row, column);
            }
        }
        return graph.numbers(values, tensor.columns(), tensor.rows());
    }
}
