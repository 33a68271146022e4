package dev.microgpt.mlp;

import static java.util.Objects.requireNonNull;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;

/**
 * Stage 2: the multilayer perceptron (MLP) of {@link MlpByHand} written on {@link Value}s. Only the forward pass is left to
 * write; the gradient comes from autograd, {@link Value#backward()}.
 *
 * <pre>{@code
 * MlpConfig config = MlpConfig.original(27);
 * Mlp model = new Mlp(config, config.initialParameters(new PythonRandom(42)));
 * Parameters gradient = config.newParameters();
 * Value loss = model.lossGraph(26, 4, 12, 12, 0, 26);
 * loss.backward();
 * model.gradient(gradient); // the same numbers as MlpByHand.lossAndGradient
 * }</pre>
 *
 * <p>The model reads the parameters it was given: an optimizer that changes them changes the model, but not a context that
 * was opened before. Building a graph and running it backwards belongs to one thread; contexts of different threads may work
 * side by side.
 *
 * @since 0.1
 */
public final class Mlp implements LanguageModel {
    private final MlpConfig config;
    private final Parameters parameters;
    private final Weights trained;

    /** The leaves of a graph, as matrices. */
    private record Weights(Leaves leaves, Value[][] wte, Value[][] fc1, Value[][] fc2) {
        static Weights of(Parameters parameters) {
            Leaves leaves = new Leaves(parameters.values());
            return new Weights(
                    leaves,
                    matrix(leaves, parameters.tensor("wte")),
                    matrix(leaves, parameters.tensor("mlp_fc1")),
                    matrix(leaves, parameters.tensor("mlp_fc2")));
        }

        private static Value[][] matrix(Leaves leaves, Tensor tensor) {
            return leaves.matrix(tensor.offset(), tensor.rows(), tensor.columns());
        }

        Value[] logits(int tokenId) {
            Value[] x = wte[tokenId]; // [embedDim]
            Value[] hidden = Functions.relu(Functions.linear(x, fc1)); // [hiddenDim]
            return Functions.linear(hidden, fc2); // [vocabSize]
        }
    }

    /**
     * A model over given weights.
     *
     * @param config the shape
     * @param parameters the weights, in the layout of {@link MlpConfig#newParameters()}; kept, not copied
     * @throws IllegalArgumentException if the layout does not fit the shape
     */
    public Mlp(MlpConfig config, Parameters parameters) {
        requireNonNull(config, "config is null").requireLayout(parameters);
        this.config = config;
        this.parameters = parameters;
        this.trained = Weights.of(parameters);
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public Context newContext() {
        Weights weights = Weights.of(parameters);
        return tokenId -> {
            config.requireToken(tokenId);
            Value[] logits = weights.logits(tokenId);
            double[] data = new double[logits.length];
            for (int i = 0; i < data.length; i++) {
                data[i] = logits[i].data();
            }
            return data;
        };
    }

    /**
     * The cross-entropy loss of a document as a graph that leads back to the weights. The weights are read again and their
     * gradients cleared, so that one {@code backward()} of the result gives the gradient of this document alone.
     *
     * @param tokens token ids with BOS at both ends, 2 or more
     * @return mean loss in nats per predicted token
     * @throws IllegalArgumentException if a token is outside the vocabulary or there are fewer than 2
     */
    public Value lossGraph(int... tokens) {
        int n = config.requireDocument(tokens);
        trained.leaves.load(parameters.values());
        Value[] losses = new Value[n];
        for (int t = 0; t < n; t++) {
            losses[t] = Functions.crossEntropy(trained.logits(tokens[t]), tokens[t + 1]);
        }
        return Functions.mean(losses);
    }

    /**
     * Copies the weights' gradients out of the graph that was run backwards last.
     *
     * @param into where they go, in the layout of the parameters; overwritten
     * @throws IllegalArgumentException if the layout differs
     */
    public void gradient(Parameters into) {
        requireNonNull(into, "into is null");
        MlpConfig.requireSameLayout("the gradient", parameters, into);
        trained.leaves.gradient(into.values());
    }

    /**
     * The shape.
     *
     * @return for example {@code Mlp[vocabSize=27, embedDim=16, hiddenDim=64]}
     */
    @Override
    public String toString() {
        return config.toString("Mlp");
    }
}
