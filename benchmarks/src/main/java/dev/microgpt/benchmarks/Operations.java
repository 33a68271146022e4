package dev.microgpt.benchmarks;

import dev.microgpt.transformer.GptConfig;

/**
 * How many floating-point operations training needs, an addition and a multiplication being two: those of all products, in
 * the forward pass once and in the backward pass twice. Sums, norms, exponentials, divisions and Adam are left out, as is
 * that an engine may spare itself hidden units that are off.
 */
final class Operations {
    private static final double FORWARD = 2; // a multiplication and an addition
    private static final double FORWARD_AND_BACKWARD = 3 * FORWARD;

    private Operations() {}

    /** Loss and gradient of one document with so many predictions. */
    static double training(GptConfig config, int positions) {
        double d = config.embedDim();
        double layer = (3 + 1) * d * d + 2 * d * config.hiddenDim(); // q, k and v, output; fc1 and fc2
        double weights = config.layerCount() * layer + config.vocabSize() * d; // multiplied at each position
        return FORWARD_AND_BACKWARD * positions * weights
                + config.layerCount() * attentionForwardAndBackward(positions, config.embedDim());
    }

    /** Attention of one document in all heads together, without the weights on both sides of it. */
    static double attentionForward(int positions, int embedDim) {
        return FORWARD * pairs(positions) * 2 * embedDim; // q·k and p·v
    }

    /** The same with its gradient. */
    static double attentionForwardAndBackward(int positions, int embedDim) {
        return FORWARD_AND_BACKWARD * pairs(positions) * 2 * embedDim;
    }

    /** Pairs of a position with itself or one before it. */
    private static double pairs(int positions) {
        return positions * (positions + 1) / 2.0;
    }
}
