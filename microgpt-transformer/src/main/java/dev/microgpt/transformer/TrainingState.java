package dev.microgpt.transformer;

import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;

/**
 * What an {@link Engine} changes while it trains: weights, gradient and the optimizer's moments, in one precision. What goes
 * in and comes out is in double and in the layout of {@link GptConfig#newParameters()}. Checks nothing.
 */
sealed interface TrainingState permits DoubleState, FloatState {
    /** Computes Σ share·mean loss of each document and keeps its gradient. */
    double lossAndGradient(int[][] documents, double[] shares);

    /** The loss of each prediction of each document, with the weights as they are. */
    double[][] losses(int[][] documents);

    /** From now on so many threads share the work of a batch, if the way of computing has a use for them. */
    void useThreads(int threads);

    /** Σ (unit·g)² over the gradient that was computed last. */
    double squaredNorm(double unit);

    /** The largest |g| of the gradient that was computed last; NaN if one is. */
    double largestDerivative();

    /** Multiplies the gradient that was computed last. */
    void scaleGradient(double factor);

    /** One step of the optimizer. */
    void update(double learningRate);

    /** A copy of the weights. */
    Parameters weights();

    /** A copy of the gradient. */
    Parameters gradient();

    /** A copy of the optimizer's state. */
    Moments moments();

    /** Goes on with what {@link #moments()} of another state returned. */
    void restore(Moments earlier);
}
