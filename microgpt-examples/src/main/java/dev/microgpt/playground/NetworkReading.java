package dev.microgpt.playground;

import static dev.microgpt.autograd.Functions.add;
import static dev.microgpt.autograd.Functions.crossEntropy;
import static dev.microgpt.autograd.Functions.dot;
import static dev.microgpt.autograd.Functions.linear;
import static dev.microgpt.autograd.Functions.relu;
import static dev.microgpt.autograd.Functions.rmsNorm;
import static dev.microgpt.autograd.Functions.softmax;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Everything that the network computes for one letter of a word, on {@link Value}s, so that the gradient of every number on the way
 * is there, too. The letters before it are read for their keys and values only. A model of one layer, or the perceptron.
 */
final class NetworkReading {
    private final Map<String, Value[][]> weights = new HashMap<>();
    private final List<Value[]> keys = new ArrayList<>(); // [position][embedDim], as are the values
    private final List<Value[]> values = new ArrayList<>();
    private final List<Value[]> shares = new ArrayList<>(); // [headCount][position]

    private Value[] token;
    private Value[] place;
    private Value[] sum;
    private Value[] input;
    private Value[] norm;
    private Value[] query;
    private Value[] mix; // the heads' outputs, side by side
    private Value[] attention;
    private Value[] afterAttention;
    private Value[] mlpNorm;
    private Value[] preActivation;
    private Value[] hidden;
    private Value[] mlp;
    private Value[] output;
    private Value[] logits;

    private NetworkReading(Parameters parameters) {
        Leaves leaves = new Leaves(parameters.values());
        parameters.tensors().forEach(t -> weights.put(t.name(), leaves.matrix(t.offset(), t.rows(), t.columns())));
    }

    /** Stages 1 and 2: the last letter alone. */
    static NetworkReading perceptron(Parameters parameters, int token, int target) {
        NetworkReading read = new NetworkReading(parameters);
        read.token = read.weights.get("wte")[token];
        read.preActivation = linear(read.token, read.weights.get("mlp_fc1"));
        read.hidden = relu(read.preActivation);
        read.logits = linear(read.hidden, read.weights.get("mlp_fc2"));
        crossEntropy(read.logits, target).backward();
        return read;
    }

    /** Stages 3 to 5: the last of the tokens, which looks at all of them. */
    static NetworkReading gpt(Parameters parameters, int headCount, int target, int... tokens) {
        NetworkReading read = new NetworkReading(parameters);
        for (int position = 0; position < tokens.length; position++) {
            read.lookBack(tokens[position], position);
        }
        read.finish(headCount);
        crossEntropy(read.logits, target).backward();
        return read;
    }

    private Value[] layer(String name, Value... x) {
        return linear(x, weights.get("layer0." + name));
    }

    private void lookBack(int tokenId, int position) {
        token = weights.get("wte")[tokenId];
        place = weights.get("wpe")[position];
        sum = add(token, place);
        input = rmsNorm(sum);
        norm = rmsNorm(input);
        keys.add(layer("attn_wk", norm));
        values.add(layer("attn_wv", norm));
    }

    private void finish(int headCount) {
        query = layer("attn_wq", norm);
        mix = new Value[query.length];
        for (int head = 0; head < headCount; head++) {
            attend(head * query.length / headCount, (head + 1) * query.length / headCount);
        }
        attention = layer("attn_wo", mix);
        afterAttention = add(input, attention);
        mlpNorm = rmsNorm(afterAttention);
        preActivation = layer("mlp_fc1", mlpNorm);
        hidden = relu(preActivation);
        mlp = layer("mlp_fc2", hidden);
        output = add(afterAttention, mlp);
        logits = linear(output, weights.get("lm_head"));
    }

    /** One head: the numbers {@code from} up to {@code to} of query, keys and values. */
    private void attend(int from, int to) {
        Value[] q = Arrays.copyOfRange(query, from, to);
        Value[] scores = new Value[keys.size()];
        for (int t = 0; t < scores.length; t++) {
            scores[t] = dot(q, Arrays.copyOfRange(keys.get(t), from, to)).div(Math.sqrt(to - from));
        }
        Value[] share = softmax(scores);
        shares.add(share);
        for (int j = from; j < to; j++) {
            Value[] column = new Value[values.size()];
            for (int t = 0; t < column.length; t++) {
                column[t] = values.get(t)[j];
            }
            mix[j] = dot(share, column);
        }
    }

    /**
     * The numbers of each station, or their gradients; null where the perceptron has no such station. {@code fork} and {@code
     * mlpFork}: what goes down into attention and perceptron; backward, what comes up from them.
     */
    record Numbers(
            double[] token,
            double[] place,
            double[] sum,
            double[] input,
            double[] fork,
            double[] norm,
            double[] query,
            double[][] keys, // [position]
            double[][] values, // [position]
            double[][] shares, // [head][position]
            double[] mix,
            double[] attention,
            double[] afterAttention,
            double[] mlpFork,
            double[] mlpNorm,
            double[] preActivation,
            double[] hidden,
            double[] mlp,
            double[] output,
            double[] logits)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "token place sum input fork norm query keys values shares mix attention afterAttention mlpFork mlpNorm preActivation hidden mlp output logits",
                    token,
                    place,
                    sum,
                    input,
                    fork,
                    norm,
                    query,
                    keys,
                    values,
                    shares,
                    mix,
                    attention,
                    afterAttention,
                    mlpFork,
                    mlpNorm,
                    preActivation,
                    hidden,
                    mlp,
                    output,
                    logits);
        }
    }

    Numbers forward() {
        return numbers(Value::data, token, place, data(input), data(afterAttention));
    }

    /** Of the loss of this letter's prediction, in nats. A row of wte may be read twice; its gradient here is this letter's part. */
    Numbers backward() {
        if (input == null) {
            return numbers(Value::grad, token, null, null, null);
        }
        return numbers(Value::grad, sum, sum, difference(input, afterAttention), difference(afterAttention, output));
    }

    private Numbers numbers(
            ToDoubleFunction<Value> of, Value[] tokenPart, Value[] placePart, double[] fork, double[] mlpFork) {
        return new Numbers(
                row(tokenPart, of),
                row(placePart, of),
                row(sum, of),
                row(input, of),
                fork,
                row(norm, of),
                row(query, of),
                rows(keys, of),
                rows(values, of),
                rows(shares, of),
                row(mix, of),
                row(attention, of),
                row(afterAttention, of),
                mlpFork,
                row(mlpNorm, of),
                row(preActivation, of),
                row(hidden, of),
                row(mlp, of),
                row(output, of),
                row(logits, of));
    }

    private static double[] data(Value... values) {
        return row(values, Value::data);
    }

    private static double[] row(Value[] values, ToDoubleFunction<Value> of) {
        return values == null ? null : Arrays.stream(values).mapToDouble(of).toArray();
    }

    private static double[][] rows(List<Value[]> rows, ToDoubleFunction<Value> of) {
        return rows.stream().map(row -> row(row, of)).toArray(double[][]::new);
    }

    /** What reaches the first but not by way of the second, of which it is a summand. */
    private static double[] difference(Value[] all, Value[] street) {
        double[] difference = new double[all.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = all[i].grad() - street[i].grad();
        }
        return difference;
    }
}
