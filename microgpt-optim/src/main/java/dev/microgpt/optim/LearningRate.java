package dev.microgpt.optim;

import java.util.Objects;

/**
 * A learning rate schedule, how far each update goes: a warm-up if wanted, a peak, and a decay after it.
 *
 * <pre>{@code
 * LearningRate rate = LearningRate.linear(0.01, 1000); // stage 5
 * rate.at(0);   // 0.01
 * rate.at(500); // 0.005
 * rate.at(-1);  // IllegalArgumentException: step -1 is negative
 * }</pre>
 *
 * <p>With w warm-up steps the rate rises as peak·(step + 1)/w; the decay takes the remaining {@code steps − w}. After the
 * last step a decaying rate stays at 0.
 *
 * @param decay the shape of the fall
 * @param peak the largest rate
 * @param steps number of steps, warm-up and decay together; a {@link Decay#CONSTANT} rate does not end with them
 * @param warmupSteps number of rising steps before the decay
 * @since 0.1
 */
public record LearningRate(Decay decay, double peak, int steps, int warmupSteps) {
    /**
     * How a learning rate decays, as a factor of the peak at progress x in [0, 1]. A later version may add constants: a
     * {@code switch} over them wants a default.
     */
    public enum Decay {
        /** No fall: 1. */
        CONSTANT,
        /** A straight line: 1 − x. */
        LINEAR,
        /** Half a cosine: ½·(1 + cos(π·x)). */
        COSINE
    }

    /**
     * Makes a schedule; {@link #constant}, {@link #linear} and {@link #cosine} are shorter.
     *
     * @param decay CONSTANT, LINEAR or COSINE
     * @param peak finite and at least 0
     * @param steps at least 1
     * @param warmupSteps in [0, steps)
     * @throws IllegalArgumentException if a value is outside its range
     */
    public LearningRate {
        Objects.requireNonNull(decay, "decay is null");
        requireRate(peak);
        if (steps < 1) {
            throw new IllegalArgumentException("steps " + steps + " is below 1");
        }
        if (warmupSteps < 0 || warmupSteps >= steps) {
            throw new IllegalArgumentException("warmupSteps " + warmupSteps + " is not in [0, " + steps + ")");
        }
    }

    /**
     * A constant learning rate: the same at every step.
     *
     * @param rate the rate, finite and at least 0
     * @return the schedule
     * @throws IllegalArgumentException if {@code rate} is outside its range
     */
    public static LearningRate constant(double rate) {
        return new LearningRate(Decay.CONSTANT, rate, Integer.MAX_VALUE, 0);
    }

    /**
     * A learning rate that falls in a straight line to 0: peak·(1 − step/steps).
     *
     * @param peak rate at step 0, finite and at least 0
     * @param steps the step at which 0 is reached, at least 1
     * @return the schedule
     * @throws IllegalArgumentException if a value is outside its range
     */
    public static LearningRate linear(double peak, int steps) {
        return new LearningRate(Decay.LINEAR, peak, steps, 0);
    }

    /**
     * A learning rate that falls along half a cosine to 0: peak·½·(1 + cos(π·step/steps)).
     *
     * @param peak rate at step 0, finite and at least 0
     * @param steps the step at which 0 is reached, at least 1
     * @return the schedule
     * @throws IllegalArgumentException if a value is outside its range
     */
    public static LearningRate cosine(double peak, int steps) {
        return new LearningRate(Decay.COSINE, peak, steps, 0);
    }

    /**
     * The same schedule with a warm-up: it begins with rising steps, which are taken from the decay.
     *
     * @param warmupSteps how many, in [0, steps)
     * @return a new schedule
     * @throws IllegalArgumentException if {@code warmupSteps} is not in [0, steps)
     */
    public LearningRate withWarmup(int warmupSteps) {
        return new LearningRate(decay, peak, steps, warmupSteps);
    }

    /**
     * The learning rate of a step.
     *
     * @param step number of steps made before, at least 0
     * @return the rate, in [0, peak]
     * @throws IllegalArgumentException if the step is negative
     */
    public double at(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + " is negative");
        }
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double progress = Math.min(1, (double) (step - warmupSteps) / (steps - warmupSteps));
        return switch (decay) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - progress);
            case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
        };
    }

    static void requireRate(double rate) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate " + rate + " is not a finite number of at least 0");
        }
    }
}
