package dev.microgpt.transformer.graph;

import static dev.microgpt.autograd.Functions.add;
import static dev.microgpt.autograd.Functions.softmax;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.array.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The GPT written on {@link Value}s: the definition that every other engine is measured against. Each step of it has a name in
 * {@link Position}, {@link Layer} and {@link Head}, which a trace shows.
 */
public final class ValueGpt {
    private final Layout layout;
    private final DotProducts dotProducts;
    private final Leaves leaves;
    private final Value[][] tokenEmbedding; // [vocabSize][embedDim]
    private final Value[][] positionEmbedding; // [blockSize][embedDim]
    private final Value[][] lmHead; // [vocabSize][embedDim]
    private final List<LayerWeights> layers = new ArrayList<>();

    /** wq, wk, wv, wo [embedDim][embedDim], fc1 [hiddenDim][embedDim], fc2 [embedDim][hiddenDim]. */
    private record LayerWeights(Value[][] wq, Value[][] wk, Value[][] wv, Value[][] wo, Value[][] fc1, Value[][] fc2) {}

    /** All that is computed at one position, as in {@code GptTrace.Position}. */
    public record Position(
            Value[] tokenEmbedding,
            Value[] positionEmbedding,
            Value[] input,
            List<Layer> layers,
            Value[] output,
            Value[] logits) {}

    /** What one layer computes at one position, as in {@code GptTrace.Layer}. */
    public record Layer(Attention attention, Value[] afterAttention, Mlp mlp, Value[] output) {}

    /** x + Wo·heads(Wq·x̂, Wk·x̂, Wv·x̂) without the first summand, x̂ = rmsNorm(x). */
    public record Attention(
            Value[] norm,
            Value[] query,
            Value[] key,
            Value[] value,
            List<Head> heads,
            Value[] headOutputs,
            Value[] output) {}

    /** Scores and weights of the positions that one head looks back at. */
    public record Head(Value[] scores, Value[] weights) {}

    /** fc2·activation(fc1·rmsNorm(x)). */
    public record Mlp(Value[] norm, Value[] preActivation, Value[] hidden, Value[] output) {}

    /** A model with these weights; the names of the tensors are those of the original. */
    public ValueGpt(Layout layout, Parameters parameters, DotProducts dotProducts) {
        this.layout = layout;
        this.dotProducts = dotProducts;
        this.leaves = new Leaves(parameters.values());
        Map<String, Value[][]> weights = new HashMap<>();
        for (Tensor tensor : parameters.tensors()) {
            weights.put(tensor.name(), leaves.matrix(tensor.offset(), tensor.rows(), tensor.columns()));
        }
        this.tokenEmbedding = weights.get("wte");
        this.positionEmbedding = weights.get("wpe");
        this.lmHead = weights.get("lm_head");
        for (int i = 0; i < layout.layerCount(); i++) {
            String prefix = "layer" + i + ".";
            layers.add(new LayerWeights(
                    weights.get(prefix + "attn_wq"),
                    weights.get(prefix + "attn_wk"),
                    weights.get(prefix + "attn_wv"),
                    weights.get(prefix + "attn_wo"),
                    weights.get(prefix + "mlp_fc1"),
                    weights.get(prefix + "mlp_fc2")));
        }
    }

    /** Σ share·mean loss of each document, from weights in the canonical order; overwrites {@code gradient}. */
    public double gradient(double[] weights, int[][] documents, double[] shares, double[] gradient) {
        leaves.load(weights);
        double sum = 0;
        for (int i = 0; i < documents.length; i++) {
            Value loss = loss(documents[i]);
            Value share = documents.length == 1 ? loss : loss.mul(shares[i]);
            sum += share.data();
            share.backward(); // adds to the gradients of the leaves
        }
        leaves.gradient(gradient);
        return sum;
    }

    /** Mean over the predictions of a document of −log softmax(logits)[next token]. */
    private Value loss(int... tokens) {
        Reading reading = newReading();
        Value[] losses = new Value[layout.predictions(tokens)];
        for (int t = 0; t < losses.length; t++) {
            losses[t] = Functions.crossEntropy(reading.next(tokens[t]).logits(), tokens[t + 1]);
        }
        return Functions.mean(losses);
    }

    /** Starts reading a document. */
    public Reading newReading() {
        return new Reading();
    }

    /** Reads a document, one token after the other. Keys and values of earlier positions stay for those that follow. */
    public final class Reading {
        private final List<List<Value[]>> keys = new ArrayList<>(); // [layerCount][position][embedDim]
        private final List<List<Value[]>> values = new ArrayList<>(); // [layerCount][position][embedDim]
        private int position;

        private Reading() {
            for (int i = 0; i < layers.size(); i++) {
                keys.add(new ArrayList<>());
                values.add(new ArrayList<>());
            }
        }

        /** Reads a token; the logits score what may follow. */
        public Position next(int tokenId) {
            Value[] token = tokenEmbedding[tokenId];
            Value[] place = positionEmbedding[position];
            Value[] input = rmsNorm(add(token, place)); // [embedDim]
            List<Layer> read = new ArrayList<>(layers.size());
            Value[] x = input;
            for (int i = 0; i < layers.size(); i++) {
                Attention attention = attention(layers.get(i), rmsNorm(x), keys.get(i), values.get(i));
                Value[] afterAttention = add(x, attention.output);
                Mlp mlp = mlp(layers.get(i), rmsNorm(afterAttention));
                x = add(afterAttention, mlp.output);
                read.add(new Layer(attention, afterAttention, mlp, x));
            }
            position++;
            return new Position(token, place, input, read, x, linear(x, lmHead));
        }

        private Value[] linear(Value[] x, Value[][] w) {
            return Functions.linear(x, w, dotProducts);
        }

        private Value[] rmsNorm(Value[] x) {
            return Functions.rmsNorm(x, dotProducts);
        }

        private Attention attention(LayerWeights layer, Value[] norm, List<Value[]> keys, List<Value[]> values) {
            Value[] query = linear(norm, layer.wq);
            Value[] key = linear(norm, layer.wk);
            Value[] value = linear(norm, layer.wv);
            keys.add(key);
            values.add(value);
            Value[] headOutputs = new Value[layout.embedDim()];
            List<Head> heads = heads(layout.headDim(), query, keys, values, headOutputs, dotProducts);
            return new Attention(norm, query, key, value, heads, headOutputs, linear(headOutputs, layer.wo));
        }

        private Mlp mlp(LayerWeights layer, Value[] norm) {
            Value[] preActivation = linear(norm, layer.fc1); // [hiddenDim]
            Value[] hidden = Functions.relu(preActivation);
            if (layout.squaredRelu()) {
                for (int i = 0; i < hidden.length; i++) {
                    hidden[i] = hidden[i].pow(2);
                }
            }
            return new Mlp(norm, preActivation, hidden, linear(hidden, layer.fc2));
        }
    }

    /** Attention of all heads, which are headDim wide, from one position to those that have keys and values. */
    public static List<Head> heads(
            int headDim,
            Value[] query,
            List<Value[]> keys,
            List<Value[]> values,
            Value[] headOutputs,
            DotProducts dotProducts) {
        List<Head> heads = new ArrayList<>();
        for (int from = 0; from < query.length; from += headDim) {
            heads.add(head(from, from + headDim, query, keys, values, headOutputs, dotProducts));
        }
        return heads;
    }

    /** a = softmax_t(q·k_t / √headDim), output Σ_t a_t·v_t, on the slice of one head. */
    private static Head head(
            int from,
            int to,
            Value[] query,
            List<Value[]> keys,
            List<Value[]> values,
            Value[] headOutputs,
            DotProducts dotProducts) {
        Value[] q = Arrays.copyOfRange(query, from, to);
        Value[][] k = new Value[keys.size()][]; // [position][headDim]
        Value[][] v = new Value[to - from][values.size()]; // [headDim][position]
        for (int t = 0; t < k.length; t++) {
            k[t] = Arrays.copyOfRange(keys.get(t), from, to);
            for (int j = 0; j < v.length; j++) {
                v[j][t] = values.get(t)[from + j];
            }
        }
        Value[] scores = Functions.linear(q, k, dotProducts);
        for (int t = 0; t < scores.length; t++) {
            scores[t] = scores[t].div(Math.sqrt(to - from));
        }
        Value[] weights = softmax(scores);
        Value[] mixed = Functions.linear(weights, v, dotProducts);
        System.arraycopy(mixed, 0, headOutputs, from, mixed.length);
        return new Head(scores, weights);
    }
}
