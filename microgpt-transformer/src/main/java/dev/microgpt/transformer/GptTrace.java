package dev.microgpt.transformer;

import dev.microgpt.autograd.Value;
import dev.microgpt.transformer.graph.ValueGpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that a {@link Gpt} computes on its way from tokens to logits, for views, lessons and tests. All arrays are
 * fresh; the probabilities over the next token are the softmax of the logits.
 *
 * @param positions one for each token that was fed, in order
 * @since 0.1
 */
public record GptTrace(List<Position> positions) {
    /**
     * What happened at one position.
     *
     * @param tokenId the token that was fed
     * @param tokenEmbedding wte[tokenId], shape [embedDim]
     * @param positionEmbedding wpe[position], shape [embedDim]
     * @param input rmsNorm of their sum, shape [embedDim]
     * @param layers one for each layer, in order
     * @param output the residual stream after the last layer, shape [embedDim]
     * @param logits lm_head·output, shape [vocabSize]
     */
    public record Position(
            int tokenId,
            double[] tokenEmbedding,
            double[] positionEmbedding,
            double[] input,
            List<Layer> layers,
            double[] output,
            double[] logits) {}

    /**
     * What one layer did at one position.
     *
     * @param attentionNorm rmsNorm of the layer's input, shape [embedDim]
     * @param query wq·attentionNorm, shape [embedDim], head h at [h·headDim, (h + 1)·headDim)
     * @param key wk·attentionNorm, in the same shape; later positions attend to it
     * @param value wv·attentionNorm, in the same shape; later positions mix it in
     * @param heads scores and weights of each head
     * @param headOutputs per head Σ_t weights_t·value_t, shape [embedDim]
     * @param attentionOutput wo·headOutputs, shape [embedDim]
     * @param afterAttention input + attentionOutput, shape [embedDim]
     * @param mlpNorm rmsNorm(afterAttention), shape [embedDim]
     * @param preActivation fc1·mlpNorm, shape [hiddenDim]
     * @param hidden the activation function of it, shape [hiddenDim]
     * @param mlpOutput fc2·hidden, shape [embedDim]
     * @param output afterAttention + mlpOutput, shape [embedDim]
     */
    public record Layer(
            double[] attentionNorm,
            double[] query,
            double[] key,
            double[] value,
            List<Head> heads,
            double[] headOutputs,
            double[] attentionOutput,
            double[] afterAttention,
            double[] mlpNorm,
            double[] preActivation,
            double[] hidden,
            double[] mlpOutput,
            double[] output) {}

    /**
     * Where one head of one layer looks from one position.
     *
     * @param scores query·key_t / √headDim for t = 0 … position, shape [position + 1]
     * @param weights softmax of the scores: how much of value_t is mixed in, shape [position + 1]
     */
    public record Head(double[] scores, double[] weights) {}

    /** Feeds the tokens to the definition of the model and copies its numbers. */
    static GptTrace of(ValueGpt model, int... tokenIds) {
        ValueGpt.Reading reading = model.newReading();
        List<Position> positions = new ArrayList<>();
        for (int tokenId : tokenIds) {
            positions.add(position(tokenId, reading.next(tokenId)));
        }
        return new GptTrace(List.copyOf(positions));
    }

    private static Position position(int tokenId, ValueGpt.Position read) {
        return new Position(
                tokenId,
                numbers(read.tokenEmbedding()),
                numbers(read.positionEmbedding()),
                numbers(read.input()),
                read.layers().stream().map(GptTrace::layer).toList(),
                numbers(read.output()),
                numbers(read.logits()));
    }

    private static Layer layer(ValueGpt.Layer read) {
        ValueGpt.Attention attention = read.attention();
        ValueGpt.Mlp mlp = read.mlp();
        return new Layer(
                numbers(attention.norm()),
                numbers(attention.query()),
                numbers(attention.key()),
                numbers(attention.value()),
                attention.heads().stream()
                        .map(head -> new Head(numbers(head.scores()), numbers(head.weights())))
                        .toList(),
                numbers(attention.headOutputs()),
                numbers(attention.output()),
                numbers(read.afterAttention()),
                numbers(mlp.norm()),
                numbers(mlp.preActivation()),
                numbers(mlp.hidden()),
                numbers(mlp.output()),
                numbers(read.output()));
    }

    private static double[] numbers(Value... values) {
        return Arrays.stream(values).mapToDouble(Value::data).toArray();
    }
}
