package dev.microgpt.transformer;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Set;

/**
 * The recipes of the original programs that train a GPT: shape, initial weights, optimizer, schedule and sampling, to the
 * letter. With the same seed and the same documents they lead to the same losses and the same names.
 *
 * @since 0.1
 */
public enum Preset {
    /** train3: attention with one head, plain gradient descent; 4,192 weights. */
    STAGE3,
    /** train4: four heads, plain gradient descent; 4,192 weights. */
    STAGE4,
    /** train5, the microgpt: four heads, Adam; 4,192 weights. */
    STAGE5,
    /** The microgpt of 12 February 2026: blockSize 8, ReLU², cosine; 4,064 weights. */
    EARLY;

    /**
     * The shape.
     *
     * @param vocabSize number of token ids, BOS included, at least 2
     * @return the configuration
     */
    public GptConfig config(int vocabSize) {
        return switch (this) {
            case STAGE3 -> new GptConfig(vocabSize, 16, 16, 1, 1, Activation.RELU);
            case STAGE4, STAGE5 -> new GptConfig(vocabSize, 16, 16, 4, 1, Activation.RELU);
            case EARLY -> new GptConfig(vocabSize, 8, 16, 4, 1, Activation.RELU_SQUARED);
        };
    }

    /**
     * How the first weights are drawn.
     *
     * @return deviation, order and zeros
     */
    public Initialization initialization() {
        return switch (this) {
            case STAGE3 -> new Initialization(0.08, true, Set.of());
            case STAGE4, STAGE5 -> new Initialization(0.08, false, Set.of());
            case EARLY -> new Initialization(0.02, false, Set.of("attn_wo", "mlp_fc2"));
        };
    }

    /**
     * The rule of the updates.
     *
     * @return {@link Sgd} or {@link Adam} with the settings of the program
     */
    public Optimizer optimizer() {
        return switch (this) {
            case STAGE3, STAGE4 -> new Sgd();
            case STAGE5 -> new Adam(0.85, 0.99, 1e-8);
            case EARLY -> new Adam(0.9, 0.95, 1e-8);
        };
    }

    /**
     * The schedule.
     *
     * @param steps number of steps to train, at least 1
     * @return the program's schedule, stretched to that many steps
     */
    public LearningRate learningRate(int steps) {
        return switch (this) {
            case STAGE3, STAGE4 -> LearningRate.linear(0.1, steps);
            case STAGE5 -> LearningRate.linear(0.01, steps);
            case EARLY -> LearningRate.cosine(0.01, steps);
        };
    }

    /**
     * How many steps the program trains, each on one document.
     *
     * @return 1,000, or 500 for the early program
     */
    public int steps() {
        return this == EARLY ? 500 : 1000;
    }

    /**
     * How the program samples.
     *
     * @return temperature 0.5 and as many tokens as fit into blockSize
     */
    public Sampler sampler() {
        return new Sampler(0.5, this == EARLY ? 8 : 16);
    }
}
