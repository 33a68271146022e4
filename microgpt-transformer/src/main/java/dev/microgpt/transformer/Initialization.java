package dev.microgpt.transformer;

import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How the first weights are drawn: each from N(0, deviation²), tensor by tensor, row by row.
 *
 * @param deviation standard deviation of the weights, finite and at least 0
 * @param headLast whether those of {@code lm_head} are drawn after all layers, as in stage 3; else after wte and wpe, in the
 *     order in which all are stored, as in stages 4, 5 and the early program
 * @param zeroed names of the matrices of a layer that start at 0, such as {@code attn_wo}; their draws are made all the
 *     same, so that the weights drawn after them do not change
 * @since 0.1
 */
public record Initialization(double deviation, boolean headLast, Set<String> zeroed) {
    private static final Set<String> LAYER_MATRICES =
            Set.of("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2");

    /**
     * Checks the settings.
     *
     * @param deviation finite and at least 0
     * @param headLast whether lm_head is drawn last
     * @param zeroed names of matrices of a layer; copied
     * @throws IllegalArgumentException if the deviation is negative or not finite, or a name is not a layer's matrix
     */
    public Initialization {
        if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("deviation " + deviation + " is not a finite number of at least 0");
        }
        Objects.requireNonNull(zeroed, "zeroed is null");
        zeroed = Set.copyOf(zeroed);
        for (String name : zeroed) {
            if (!LAYER_MATRICES.contains(name)) {
                throw new IllegalArgumentException("zeroed " + name + " is not a matrix of a layer");
            }
        }
    }

    /**
     * Draws the weights of a model.
     *
     * @param config its shape
     * @param random where the draws come from: one Gaussian for each weight and nothing else
     * @return new parameters in the layout of {@link GptConfig#newParameters()}
     */
    public Parameters draw(GptConfig config, RandomGenerator random) {
        Objects.requireNonNull(random, "random is null");
        Objects.requireNonNull(config, "config is null");
        Parameters parameters = config.newParameters();
        List<Tensor> order = new ArrayList<>(parameters.tensors());
        if (headLast) {
            order.add(order.remove(2));
        }
        for (Tensor tensor : order) {
            String matrix = tensor.name().substring(tensor.name().indexOf('.') + 1);
            double tensorDeviation = zeroed.contains(matrix) ? 0 : deviation;
            for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                parameters.values()[i] = random.nextGaussian(0, tensorDeviation);
            }
        }
        return parameters;
    }
}
