package dev.microgpt.playground;

import dev.microgpt.playground.LoopLines.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lines that compute each station of the network's drawing, taken from the source itself. */
final class NetworkLines {
    private static final String ATTENTION = "examples/Stage3Attention.java";
    private static final String HEADS = "examples/Stage4MultiHead.java";
    private static final String BY_HAND = "mlp/MlpByHand.java";
    private static final String PERCEPTRON = "mlp/Mlp.java";
    private static final String CHAIN_RULE = "autograd/Backward.java";

    private NetworkLines() {}

    /** By the name of the station; {@code backward}: the chain rule, which is the same for all, or in stage 1 what is derived by hand. */
    static Map<String, List<LoopLines.Line>> of(int stage) {
        Map<String, List<LoopLines.Line>> lines = new LinkedHashMap<>();
        quotes(stage).forEach((station, quote) -> lines.put(station, LoopLines.cut(quote, Map.of())));
        return lines;
    }

    static Map<String, Quote> quotes(int stage) {
        Map<String, Quote> quotes = new LinkedHashMap<>();
        if (stage == 1) {
            quotes.put("token", Quote.line(BY_HAND, "double[] embedding = Arrays.copyOfRange("));
            quotes.put("fc1", Quote.line(BY_HAND, "double[] preActivation = linear("));
            quotes.put("relu", Quote.line(BY_HAND, "double[] hidden = relu("));
            quotes.put("fc2", Quote.line(BY_HAND, "return new Activations(embedding, "));
            quotes.put("softmax", Quote.line(BY_HAND, "double[] probs = softmax("));
            quotes.put("loss", Quote.line(BY_HAND, "loss += crossEntropy("));
            quotes.put("backward", new Quote(BY_HAND, "double[] dHidden = ", "double[] dEmbedding = "));
            return quotes;
        }
        if (stage == 2) {
            Quote logits = new Quote(PERCEPTRON, "Value[] x = wte[tokenId];", "return Functions.linear(hidden, fc2);");
            List.of("token", "fc1", "relu", "fc2").forEach(station -> quotes.put(station, logits));
            Quote loss = Quote.line(PERCEPTRON, "losses[t] = Functions.crossEntropy(");
            List.of("softmax", "loss").forEach(station -> quotes.put(station, loss));
        } else {
            String model = stage == 3 ? ATTENTION : HEADS;
            Quote input = Quote.line(model, "Value[] x = rmsNorm(add(");
            List.of("token", "place", "sum", "input").forEach(station -> quotes.put(station, input));
            Quote attention = Quote.line(model, "x = add(x, attention(");
            List.of("norm", "plusAttention").forEach(station -> quotes.put(station, attention));
            quotes.put("query", Quote.line(model, "Value[] query = "));
            quotes.put("key", Quote.line(model, stage == 3 ? "keys.add(layer(" : "keys.add(linear("));
            quotes.put("value", Quote.line(model, stage == 3 ? "values.add(layer(" : "values.add(linear("));
            quotes.put("heads", new Quote(model, "scores[t] = dot(", "Value[] looks = softmax("));
            quotes.put("wo", Quote.line(model, stage == 3 ? "return layer(\"attn_wo\"" : "return linear(mix,"));
            Quote perceptron = stage == 3
                    ? Quote.line(model, "x = add(x, layer(\"mlp_fc2\"")
                    : new Quote(model, "Value[] hidden = linear(rmsNorm(x)", "x = add(x, linear(hidden,");
            List.of("mlpNorm", "fc1", "relu", "fc2", "plusMlp").forEach(station -> quotes.put(station, perceptron));
            Quote loss = Quote.line(model, "losses[position] = crossEntropy(");
            List.of("lmHead", "softmax", "loss").forEach(station -> quotes.put(station, loss));
        }
        quotes.put(
                "backward",
                new Quote(
                        CHAIN_RULE, "receive(value.left, value.leftGrad()", "receive(value.right, value.rightGrad()"));
        return quotes;
    }
}
