package dev.microgpt.playground;

import dev.microgpt.playground.LoopLines.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lines that compute each station of the network's drawing, taken from the source itself. */
final class NetworkLines {
    private static final String ATTENTION = "examples/Stage3Attention.java";
    private static final String HEADS = "transformer/graph/ValueGpt.java";
    private static final String PERCEPTRON = "mlp/Mlp.java";
    private static final String CHAIN_RULE = "autograd/Backward.java";

    private NetworkLines() {}

    /** By the name of the station; {@code backward}: the chain rule, which is the same for all. */
    static Map<String, List<LoopLines.Line>> of(int stage) {
        Map<String, List<LoopLines.Line>> lines = new LinkedHashMap<>();
        quotes(stage).forEach((station, quote) -> lines.put(station, LoopLines.cut(quote, Map.of())));
        return lines;
    }

    static Map<String, Quote> quotes(int stage) {
        Map<String, Quote> quotes = new LinkedHashMap<>();
        if (stage == 2) {
            Quote logits = new Quote(PERCEPTRON, "Value[] x = wte[tokenId];", "return Functions.linear(hidden, fc2);");
            List.of("token", "fc1", "relu", "fc2").forEach(station -> quotes.put(station, logits));
            Quote loss = Quote.line(PERCEPTRON, "losses[t] = Functions.crossEntropy(");
            List.of("softmax", "loss").forEach(station -> quotes.put(station, loss));
        } else {
            Quote input = Quote.line(ATTENTION, "Value[] x = rmsNorm(add(");
            List.of("token", "place", "sum", "input").forEach(station -> quotes.put(station, input));
            Quote attention = Quote.line(ATTENTION, "x = add(x, attention(rmsNorm(x)");
            List.of("norm", "plusAttention").forEach(station -> quotes.put(station, attention));
            quotes.put("query", Quote.line(ATTENTION, "Value[] query = layer("));
            quotes.put("key", Quote.line(ATTENTION, "keys.add(layer("));
            quotes.put("value", Quote.line(ATTENTION, "values.add(layer("));
            quotes.put(
                    "heads",
                    stage == 3
                            ? new Quote(ATTENTION, "scores[t] = dot(query", "Value[] looks = softmax(")
                            : new Quote(HEADS, "for (int from = 0; from < query.length;", "        }"));
            quotes.put("wo", Quote.line(ATTENTION, "return layer(\"attn_wo\", mix);"));
            Quote perceptron = Quote.line(ATTENTION, "x = add(x, layer(\"mlp_fc2\"");
            List.of("mlpNorm", "fc1", "relu", "fc2", "plusMlp").forEach(station -> quotes.put(station, perceptron));
            Quote loss = Quote.line(ATTENTION, "losses[position] = crossEntropy(");
            List.of("lmHead", "softmax", "loss").forEach(station -> quotes.put(station, loss));
        }
        quotes.put(
                "backward",
                new Quote(
                        CHAIN_RULE, "receive(value.left, value.leftGrad()", "receive(value.right, value.rightGrad()"));
        return quotes;
    }
}
