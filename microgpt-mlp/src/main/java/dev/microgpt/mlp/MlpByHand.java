package dev.microgpt.mlp;

import static java.util.Objects.requireNonNull;

import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import java.util.Arrays;

/**
 * Stage 1: a multilayer perceptron (MLP) on plain arrays, with backpropagation written by hand. It predicts the next token
 * from the current one alone: logits = fc2·relu(fc1·wte[token]).
 *
 * <pre>{@code
 * MlpConfig config = MlpConfig.original(27);
 * MlpByHand model = new MlpByHand(config, config.initialParameters(new PythonRandom(42)));
 * Parameters gradient = config.newParameters();
 * double loss = model.lossAndGradient(gradient, 26, 4, 12, 12, 0, 26); // nats per predicted token
 * model.lossAndGradient(gradient, 26); // IllegalArgumentException:
 *                                      // a document of 1 tokens has nothing to predict; it needs 2 or more
 * }</pre>
 *
 * <p>The model reads the parameters it was given: an optimizer that changes them changes the model. Many threads may read it
 * while nobody writes.
 *
 * @since 0.1
 */
public final class MlpByHand implements LanguageModel {
    private final MlpConfig config;
    private final Parameters parameters;
    private final Tensor wte; // [vocabSize][embedDim]
    private final Tensor fc1; // [hiddenDim][embedDim]
    private final Tensor fc2; // [vocabSize][hiddenDim]

    /**
     * The activations of one token: what the forward pass keeps for the backward pass and for views.
     *
     * @param embedding x = wte[token], shape [embedDim]
     * @param preActivation fc1·x, shape [hiddenDim]
     * @param hidden relu of it, shape [hiddenDim]
     * @param logits fc2·hidden, shape [vocabSize]
     */
    public record Activations(double[] embedding, double[] preActivation, double[] hidden, double[] logits) {
        /** The arrays are kept, not copied. */
        public Activations {
            requireNonNull(embedding, "embedding is null");
            requireNonNull(preActivation, "preActivation is null");
            requireNonNull(hidden, "hidden is null");
            requireNonNull(logits, "logits is null");
        }
    }

    /**
     * A model over given weights.
     *
     * @param config the shape
     * @param parameters the weights, in the layout of {@link MlpConfig#newParameters()}; kept, not copied
     * @throws IllegalArgumentException if the layout does not fit the shape
     */
    public MlpByHand(MlpConfig config, Parameters parameters) {
        requireNonNull(config, "config is null").requireLayout(parameters);
        this.config = config;
        this.parameters = parameters;
        this.wte = parameters.tensor("wte");
        this.fc1 = parameters.tensor("mlp_fc1");
        this.fc2 = parameters.tensor("mlp_fc2");
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public Context newContext() {
        return tokenId -> forward(tokenId).logits();
    }

    /**
     * The forward pass of one token.
     *
     * @param tokenId the current token, in [0, vocabSize)
     * @return every intermediate, in new arrays
     * @throws IllegalArgumentException if the token is outside the vocabulary
     */
    public Activations forward(int tokenId) {
        config.requireToken(tokenId);
        double[] w = parameters.values();
        int start = wte.index(tokenId, 0);
        double[] embedding = Arrays.copyOfRange(w, start, start + config.embedDim());
        double[] preActivation = linear(w, fc1, embedding);
        double[] hidden = relu(preActivation);
        return new Activations(embedding, preActivation, hidden, linear(w, fc2, hidden));
    }

    /**
     * The cross-entropy loss of a document and its gradient, the derivative with respect to every weight.
     *
     * @param gradient where the derivatives go, in the layout of the parameters; overwritten
     * @param tokens token ids with BOS at both ends, 2 or more
     * @return mean loss in nats per predicted token
     * @throws IllegalArgumentException if the layout differs, a token is outside the vocabulary, or there are fewer
     *     than 2 tokens
     */
    public double lossAndGradient(Parameters gradient, int... tokens) {
        requireNonNull(gradient, "gradient is null");
        MlpConfig.requireSameLayout("the gradient", parameters, gradient);
        int n = config.requireDocument(tokens);
        double[] w = parameters.values();
        double[] dw = gradient.values();
        Arrays.fill(dw, 0);
        double loss = 0;
        for (int t = 0; t < n; t++) {
            Activations a = forward(tokens[t]);
            double[] probs = softmax(a.logits());
            loss += crossEntropy(a.logits(), tokens[t + 1]) / n;

            double[] dLogits = softmaxLossBackward(probs, tokens[t + 1], n);
            double[] dHidden = linearBackward(w, dw, fc2, a.hidden(), dLogits);
            double[] dPreActivation = reluBackward(a.preActivation(), dHidden);
            double[] dEmbedding = linearBackward(w, dw, fc1, a.embedding(), dPreActivation);
            for (int j = 0; j < dEmbedding.length; j++) {
                dw[wte.index(tokens[t], j)] += dEmbedding[j];
            }
        }
        return loss;
    }

    /**
     * The numerical gradient by finite differences: (loss(p + ε) − loss(p)) / ε for one weight after another. Slow, but
     * without a derivation that could be wrong, and therefore the check of {@link #lossAndGradient}. The weights are the
     * same afterwards.
     *
     * @param epsilon how far each weight is nudged, above 0; the original uses 1e-5
     * @param tokens token ids with BOS at both ends, 2 or more
     * @return the derivatives, in the layout of the parameters
     * @throws IllegalArgumentException if epsilon is not positive, a token is outside the vocabulary, or there are
     *     fewer than 2 tokens
     */
    public Parameters numericalGradient(double epsilon, int... tokens) {
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon " + epsilon + " is not a positive finite number");
        }
        config.requireDocument(tokens);
        Parameters nudged = parameters.copy();
        MlpByHand neighbour = new MlpByHand(config, nudged);
        double loss = loss(tokens);
        Parameters gradient = parameters.zeros();
        double[] w = nudged.values();
        for (int i = 0; i < w.length; i++) {
            double original = w[i];
            w[i] = original + epsilon;
            gradient.values()[i] = (neighbour.loss(tokens) - loss) / epsilon;
            w[i] = original;
        }
        return gradient;
    }

    /**
     * The shape.
     *
     * @return for example {@code MlpByHand[vocabSize=27, embedDim=16, hiddenDim=64]}
     */
    @Override
    public String toString() {
        return config.toString("MlpByHand");
    }

    /** y_i = Σ_j w_ij·x_j; w [rows][columns], x [columns], y [rows]. */
    private static double[] linear(double[] w, Tensor shape, double[] x) {
        double[] y = new double[shape.rows()];
        for (int i = 0; i < y.length; i++) {
            int row = shape.index(i, 0);
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += w[row + j] * x[j];
            }
            y[i] = sum;
        }
        return y;
    }

    /** dw_ij += dy_i·x_j; returns dx_j = Σ_i dy_i·w_ij. */
    private static double[] linearBackward(double[] w, double[] dw, Tensor shape, double[] x, double[] dy) {
        double[] dx = new double[x.length];
        for (int i = 0; i < dy.length; i++) {
            int row = shape.index(i, 0);
            for (int j = 0; j < x.length; j++) {
                dw[row + j] += dy[i] * x[j];
                dx[j] += dy[i] * w[row + j];
            }
        }
        return dx;
    }

    /** y_i = max(0, x_i). */
    private static double[] relu(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(0, x[i]);
        }
        return y;
    }

    /** dx_i = dy_i where x_i > 0, else 0. */
    private static double[] reluBackward(double[] x, double[] dy) {
        double[] dx = new double[x.length];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = x[i] > 0 ? dy[i] : 0;
        }
        return dx;
    }

    /** p_i = exp(x_i − max x) / Σ_k exp(x_k − max x). */
    private static double[] softmax(double[] x) {
        double max = max(x);
        double[] p = new double[x.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(x[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /** −log softmax(x)[target] = log Σ_k exp(x_k − max x) + max x − x_target: finite where the probability rounds to 0. */
    private static double crossEntropy(double[] x, int target) {
        double max = max(x);
        double sum = 0;
        for (double xk : x) {
            sum += Math.exp(xk - max);
        }
        return Math.log(sum) + max - x[target];
    }

    private static double max(double... x) {
        return Arrays.stream(x).reduce(Double.NEGATIVE_INFINITY, Math::max);
    }

    /** Of −log softmax(logits)[target] / n: dLogits_i = (p_i − (1 if i = target else 0)) / n. */
    private static double[] softmaxLossBackward(double[] probs, int target, int n) {
        double[] dLogits = new double[probs.length];
        for (int i = 0; i < dLogits.length; i++) {
            dLogits[i] = (probs[i] - (i == target ? 1 : 0)) / n;
        }
        return dLogits;
    }
}
