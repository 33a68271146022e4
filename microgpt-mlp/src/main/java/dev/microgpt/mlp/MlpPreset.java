package dev.microgpt.mlp;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Sampler;

/**
 * The training recipes (hyperparameters) of the original programs train1 and train2. They differ in who derives the gradient
 * and in nothing else; with the same seed and the same documents they lead to the same losses and the same names. More
 * constants may come.
 *
 * @since 0.1
 */
public enum MlpPreset {
    /** train1: gradients by hand, {@link MlpByHand}; 3,184 weights for 27 tokens. */
    STAGE1,
    /** train2: gradients by autograd, {@link Mlp}; the same weights. */
    STAGE2;

    /**
     * The shape of the model.
     *
     * @param vocabSize number of token ids, BOS included, at least 2
     * @return embedDim 16 and hiddenDim 64
     */
    public MlpConfig config(int vocabSize) {
        return MlpConfig.original(vocabSize);
    }

    /**
     * The optimizer.
     *
     * @return plain gradient descent
     */
    public Optimizer optimizer() {
        return new Sgd();
    }

    /**
     * The learning rate of each step.
     *
     * @param steps number of steps to train, at least 1
     * @return a straight line from 1.0 down to 0
     */
    public LearningRate learningRate(int steps) {
        return LearningRate.linear(1.0, steps);
    }

    /**
     * The number of training steps, each on one document.
     *
     * @return 1,000
     */
    public int steps() {
        return 1000;
    }

    /**
     * The sampler of names.
     *
     * @return temperature 0.5 and at most 16 tokens
     */
    public Sampler sampler() {
        return new Sampler(0.5, 16);
    }
}
