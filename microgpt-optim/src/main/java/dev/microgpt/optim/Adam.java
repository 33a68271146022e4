package dev.microgpt.optim;

import java.util.Objects;

/**
 * The Adam optimizer: every weight has a step of its own, the average gradient divided by its average size.
 *
 * <pre>
 * m = β1·m + (1 − β1)·g     m̂ = m / (1 − β1^t)
 * v = β2·v + (1 − β2)·g²    v̂ = v / (1 − β2^t)      p −= lr·m̂ / (√v̂ + ε)
 * </pre>
 *
 * <p>With fresh moments the first update is close to ±lr whatever the size of the gradient: m̂ = g and √v̂ = |g|.
 *
 * <p>If v overflows, after a derivative of some 1e154, the weight becomes NaN and the next loss shows it; it would else stand
 * still for ever, divided by infinity. A gradient that has been shortened to a length of 1 is far from that.
 *
 * @param beta1 how much of the average gradient m each update keeps
 * @param beta2 how much of the average square v each update keeps
 * @param epsilon keeps the denominator away from 0
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014</a>
 * @since 0.1
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    /**
     * Makes an optimizer of these settings.
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon above 0, finite
     * @throws IllegalArgumentException if a setting is outside its range
     */
    public Adam {
        requireBeta("beta1", beta1);
        requireBeta("beta2", beta2);
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon " + epsilon + " is not a positive finite number");
        }
    }

    @Override
    public Moments start(Parameters parameters) {
        return Moments.zeros(Objects.requireNonNull(parameters, "parameters is null"));
    }

    @Override
    public void update(Parameters parameters, Parameters gradient, Moments moments, double learningRate) {
        Objects.requireNonNull(parameters, "parameters is null");
        Objects.requireNonNull(gradient, "gradient is null");
        Objects.requireNonNull(moments, "moments is null");
        parameters.requireSameLayout("the gradient", gradient);
        LearningRate.requireRate(learningRate);
        if (moments.m == null) {
            throw new IllegalArgumentException("the moments were started by Sgd, not by Adam");
        }
        parameters.requireSameLayout("the moments", moments.m);
        double[] p = parameters.values();
        double[] g = gradient.values();
        double[] m = moments.m.values();
        double[] v = moments.v.values();

        long t = moments.countUpdate();
        double mScale = 1 / (1 - Math.pow(beta1, t)); // the moments start at 0: without it the first ones are too small
        double vScale = 1 / (1 - Math.pow(beta2, t));
        for (int i = 0; i < p.length; i++) {
            double mi = beta1 * m[i] + (1 - beta1) * g[i];
            double vi = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            double mHat = mScale * mi;
            double vHat = vScale * vi;
            p[i] -= learningRate * mHat / (Math.sqrt(vHat) + epsilon) + 0 * vHat; // 0·∞ = NaN
            m[i] = mi;
            v[i] = vi;
        }
    }

    private static void requireBeta(String name, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new IllegalArgumentException(name + " " + beta + " is not in [0, 1)");
        }
    }
}
