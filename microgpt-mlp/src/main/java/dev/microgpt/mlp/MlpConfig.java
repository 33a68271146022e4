package dev.microgpt.mlp;

import static java.util.Objects.requireNonNull;

import dev.microgpt.optim.Parameters;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The shape (hyperparameters) of the multilayer perceptron (MLP) of stages 1 and 2.
 *
 * @param vocabSize number of token ids, BOS included, at least 2
 * @param embedDim length of a token's vector, at least 1
 * @param hiddenDim number of hidden units, at least 1
 * @since 0.1
 */
public record MlpConfig(int vocabSize, int embedDim, int hiddenDim) {
    /** Standard deviation of the initial weights. */
    public static final double INITIAL_DEVIATION = 0.08;

    /**
     * Checks the shape.
     * @throws IllegalArgumentException if a size is below its minimum
     */
    public MlpConfig {
        requireAtLeast(2, "vocabSize", vocabSize);
        requireAtLeast(1, "embedDim", embedDim);
        requireAtLeast(1, "hiddenDim", hiddenDim);
    }

    /**
     * The shape of the original programs train1 and train2: embedDim 16, hiddenDim 64; 3,184 weights for 27 tokens.
     *
     * @param vocabSize number of token ids, BOS included, at least 2
     * @return the configuration
     */
    public static MlpConfig original(int vocabSize) {
        return new MlpConfig(vocabSize, 16, 64);
    }

    /**
     * Weights of this shape: {@code wte} [vocabSize][embedDim], {@code mlp_fc1} [hiddenDim][embedDim] and
     * {@code mlp_fc2} [vocabSize][hiddenDim].
     *
     * @return new parameters, all zero
     */
    public Parameters newParameters() {
        return Parameters.builder()
                .tensor("wte", vocabSize, embedDim)
                .tensor("mlp_fc1", hiddenDim, embedDim)
                .tensor("mlp_fc2", vocabSize, hiddenDim)
                .build();
    }

    /**
     * Initial weights from N(0, {@value #INITIAL_DEVIATION}²), one draw for each in the order of the layout.
     *
     * @param random gives the draws
     * @return new parameters
     */
    public Parameters initialParameters(RandomGenerator random) {
        requireNonNull(random, "random is null");
        Parameters parameters = newParameters();
        double[] values = parameters.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian(0, INITIAL_DEVIATION);
        }
        return parameters;
    }

    String toString(String model) {
        return model + "[vocabSize=" + vocabSize + ", embedDim=" + embedDim + ", hiddenDim=" + hiddenDim + "]";
    }

    void requireLayout(Parameters parameters) {
        requireNonNull(parameters, "parameters is null");
        requireSameLayout("the model's parameters", newParameters(), parameters);
    }

    /** Checks that parameters have the same tensors in the same order as they should; the message names a difference. */
    static void requireSameLayout(String role, Parameters expected, Parameters actual) {
        List<Parameters.Tensor> mine = expected.tensors();
        List<Parameters.Tensor> theirs = actual.tensors();
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            Object should = i < mine.size() ? mine.get(i) : "nothing";
            Object is = i < theirs.size() ? theirs.get(i) : "nothing";
            if (!should.equals(is)) {
                throw new IllegalArgumentException(
                        "the layout of " + role + " differs: it has " + is + " where the parameters have " + should);
            }
        }
    }

    /** Checks a document and returns its number of predictions. */
    int requireDocument(int... tokens) {
        requireNonNull(tokens, "tokens is null");
        if (tokens.length < 2) {
            throw new IllegalArgumentException(
                    "a document of " + tokens.length + " tokens has nothing to predict; it needs 2 or more");
        }
        for (int token : tokens) {
            requireToken(token);
        }
        return tokens.length - 1;
    }

    void requireToken(int tokenId) {
        if (tokenId < 0 || tokenId >= vocabSize) {
            throw new IllegalArgumentException("tokenId " + tokenId + " is not in [0, " + vocabSize + ")");
        }
    }

    private static void requireAtLeast(int minimum, String name, int value) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " " + value + " is below " + minimum);
        }
    }
}
