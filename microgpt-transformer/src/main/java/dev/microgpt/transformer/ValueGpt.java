package dev.microgpt.transformer;

import static dev.microgpt.autograd.Functions.add;
import static dev.microgpt.autograd.Functions.dot;
import static dev.microgpt.autograd.Functions.linear;
import static dev.microgpt.autograd.Functions.rmsNorm;
import static dev.microgpt.autograd.Functions.softmax;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The GPT written on {@link Value}s: the definition that every other engine is measured against. */
final class ValueGpt {
    private final GptConfig config;
    private final Value[][] tokenEmbedding; // [vocabSize][embedDim]
    private final Value[][] positionEmbedding; // [blockSize][embedDim]
    private final Value[][] lmHead; // [vocabSize][embedDim]
    private final List<Layer> layers = new ArrayList<>();

    /** wq, wk, wv, wo [embedDim][embedDim], fc1 [hiddenDim][embedDim], fc2 [embedDim][hiddenDim]. */
    private record Layer(Value[][] wq, Value[][] wk, Value[][] wv, Value[][] wo, Value[][] fc1, Value[][] fc2) {}

    ValueGpt(GptConfig config, List<Tensor> tensors, Leaves leaves) {
        this.config = config;
        Map<String, Value[][]> weights = new HashMap<>();
        for (Tensor tensor : tensors) {
            weights.put(tensor.name(), leaves.matrix(tensor.offset(), tensor.rows(), tensor.columns()));
        }
        this.tokenEmbedding = weights.get("wte");
        this.positionEmbedding = weights.get("wpe");
        this.lmHead = weights.get("lm_head");
        for (int i = 0; i < config.layerCount(); i++) {
            String prefix = "layer" + i + ".";
            layers.add(new Layer(
                    weights.get(prefix + "attn_wq"),
                    weights.get(prefix + "attn_wk"),
                    weights.get(prefix + "attn_wv"),
                    weights.get(prefix + "attn_wo"),
                    weights.get(prefix + "mlp_fc1"),
                    weights.get(prefix + "mlp_fc2")));
        }
    }

    Pass newPass() {
        return new Pass();
    }

    /** A document's way through the model, one token after the other. Keys and values stay for the positions behind. */
    final class Pass {
        private final List<List<Value[]>> keys = new ArrayList<>(); // [layerCount][position][embedDim]
        private final List<List<Value[]>> values = new ArrayList<>(); // [layerCount][position][embedDim]
        private int position;

        private Pass() {
            for (int i = 0; i < layers.size(); i++) {
                keys.add(new ArrayList<>());
                values.add(new ArrayList<>());
            }
        }

        /** The logits behind a token, shape [vocabSize]. */
        Value[] next(int tokenId) {
            Value[] x = rmsNorm(add(tokenEmbedding[tokenId], positionEmbedding[position])); // [embedDim]
            for (int i = 0; i < layers.size(); i++) {
                Layer layer = layers.get(i);
                x = add(x, attention(layer, rmsNorm(x), keys.get(i), values.get(i)));
                x = add(x, mlp(layer, rmsNorm(x)));
            }
            position++;
            return linear(x, lmHead);
        }

        private Value[] attention(Layer layer, Value[] x, List<Value[]> keys, List<Value[]> values) {
            Value[] query = linear(x, layer.wq);
            keys.add(linear(x, layer.wk));
            values.add(linear(x, layer.wv));
            Value[] headOutputs = new Value[config.embedDim()];
            for (int from = 0; from < config.embedDim(); from += config.headDim()) {
                head(from, query, keys, values, headOutputs);
            }
            return linear(headOutputs, layer.wo);
        }

        /** a = softmax_t(q·k_t / √headDim), output Σ_t a_t·v_t, on the slice of one head, which starts at from. */
        private void head(int from, Value[] query, List<Value[]> keys, List<Value[]> values, Value[] headOutputs) {
            int to = from + config.headDim();
            Value[] q = Arrays.copyOfRange(query, from, to);
            Value[] scores = new Value[keys.size()];
            for (int t = 0; t < scores.length; t++) {
                scores[t] = dot(q, Arrays.copyOfRange(keys.get(t), from, to)).div(Math.sqrt(config.headDim()));
            }
            Value[] weights = softmax(scores);
            for (int j = from; j < to; j++) {
                headOutputs[j] = weights[0].mul(values.get(0)[j]);
                for (int t = 1; t < weights.length; t++) {
                    headOutputs[j] = headOutputs[j].add(weights[t].mul(values.get(t)[j]));
                }
            }
        }

        private Value[] mlp(Layer layer, Value[] x) {
            Value[] hidden = Functions.relu(linear(x, layer.fc1)); // [hiddenDim]
            if (config.activation() == Activation.RELU_SQUARED) {
                for (int i = 0; i < hidden.length; i++) {
                    hidden[i] = hidden[i].pow(2);
                }
            }
            return linear(hidden, layer.fc2);
        }
    }
}
