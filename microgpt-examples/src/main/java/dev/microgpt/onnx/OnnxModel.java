package dev.microgpt.onnx;

import dev.microgpt.MicroGpt;
import dev.microgpt.autograd.Functions;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Precision;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A model as an ONNX file, opset 13: the input {@code tokens}, shape [length] with 1 ≤ length ≤ blockSize, begins with BOS; the output
 * {@code logits}, shape [length, vocabSize], has in row t the logits of the token after tokens[0..t]. The metadata has {@code
 * vocabulary}, the characters in the order of their ids, and {@code blockSize}; BOS is the id after the last character.
 */
public final class OnnxModel {
    private static final double MASKED = -1e30; // finite in float, and e^-1e30 is 0

    private final GptConfig config;
    private final Parameters weights;
    private final OnnxGraph graph;

    private OnnxModel(MicroGpt model, Precision precision) {
        this.config = model.gpt().config();
        this.weights = model.gpt().parameters();
        this.graph = new OnnxGraph("microgpt", precision);
    }

    /**
     * Writes a model down.
     *
     * @param model any
     * @param precision of the weights and of what is computed
     * @return the bytes of the file
     */
    public static byte[] toBytes(MicroGpt model, Precision precision) {
        OnnxModel onnx = new OnnxModel(model, precision);
        onnx.build();
        return onnx.graph.toBytes(
                "vocabulary",
                model.tokenizer().vocabulary(),
                "blockSize",
                "" + model.gpt().config().blockSize());
    }

    private void build() {
        graph.input("tokens", "length");
        String length = graph.apply("Shape", "tokens"); // [1]
        String zero = graph.integers(0);
        String positions = graph.apply("Slice", table("wpe"), zero, length, zero);
        String x = norm(graph.apply("Add", graph.apply("Gather", table("wte"), "tokens"), positions));
        String column = graph.apply(
                "Slice", graph.integers(LongStream.range(0, config.blockSize()).toArray()), zero, length, zero);
        String ahead =
                graph.apply("Less", graph.apply("Reshape", column, graph.integers(-1, 1)), column); // [length, length]
        String mask = graph.apply(
                "Where", ahead, graph.numbers(new double[] {MASKED}, 1), graph.numbers(new double[] {0}, 1));
        for (int layer = 0; layer < config.layerCount(); layer++) {
            x = attention("layer" + layer + ".", x, mask);
            x = mlp("layer" + layer + ".", x);
        }
        graph.output("logits", graph.apply("MatMul", x, transposed("lm_head", 1)), "length", config.vocabSize());
    }

    /** x + concat over heads of softmax(q·kᵀ/√headDim + mask)·v, times Woᵀ. The factor is in Wq: as a division it would be float. */
    private String attention(String layer, String x, String mask) {
        String normed = norm(x);
        double scale = 1 / Math.sqrt(config.headDim());
        String q = heads(graph.apply("MatMul", normed, transposed(layer + "attn_wq", scale)), 1, 0, 2);
        String k = heads(graph.apply("MatMul", normed, transposed(layer + "attn_wk", 1)), 1, 2, 0);
        String v = heads(graph.apply("MatMul", normed, transposed(layer + "attn_wv", 1)), 1, 0, 2);
        String scores = graph.apply("Add", graph.apply("MatMul", q, k), mask); // [heads, length, length]
        String mixed = graph.apply("MatMul", graph.apply("Softmax", "axis", -1, scores), v);
        String rows = graph.apply("Transpose", "perm", new long[] {1, 0, 2}, mixed);
        String joined = graph.apply("Reshape", rows, graph.integers(-1, config.embedDim()));
        return graph.apply("Add", x, graph.apply("MatMul", joined, transposed(layer + "attn_wo", 1)));
    }

    /** [length, embedDim] as [length, heads, headDim], its axes in another order. */
    private String heads(String x, long... order) {
        String shape = graph.integers(-1, config.headCount(), config.headDim());
        return graph.apply("Transpose", "perm", order, graph.apply("Reshape", x, shape));
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
