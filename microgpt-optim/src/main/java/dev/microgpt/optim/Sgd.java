package dev.microgpt.optim;

import java.util.Objects;

/**
 * Stochastic gradient descent (SGD): p −= lr·g. Stages 1 to 4 learn with it.
 *
 * @since 0.1
 */
public record Sgd() implements Optimizer {
    @Override
    public Moments start(Parameters parameters) {
        Objects.requireNonNull(parameters, "parameters is null");
        return Moments.countOnly();
    }

    @Override
    public void update(Parameters parameters, Parameters gradient, Moments moments, double learningRate) {
        Objects.requireNonNull(parameters, "parameters is null");
        Objects.requireNonNull(gradient, "gradient is null");
        Objects.requireNonNull(moments, "moments is null");
        parameters.requireSameLayout("the gradient", gradient);
        LearningRate.requireRate(learningRate);
        if (moments.m != null) {
            throw new IllegalArgumentException("the moments were started by Adam, not by Sgd");
        }
        double[] p = parameters.values();
        double[] g = gradient.values();

        moments.countUpdate();
        for (int i = 0; i < p.length; i++) {
            p[i] -= learningRate * g[i];
        }
    }
}
