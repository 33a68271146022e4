package dev.microgpt.optim;

import java.util.Objects;

/**
 * How far each update goes: a peak rate and the way it falls with the steps, with an optional warm-up in front.
 *
 * <pre>{@code
 * LearningRate rate = LearningRate.linear(0.01, 1000); // stage 5
 * rate.at(0);   // 0.01
 * rate.at(500); // 0.005
 * rate.at(-1);  // IllegalArgumentException: step -1 is negative
 * }</pre>
 *
 * <p>With w warm-up steps the rate rises as peak·(step + 1)/w; the decay covers the remaining {@code steps − w}. Beyond
 * the last step a decaying rate stays at 0.
 *
 * @param decay the shape of the fall
 * @param peak the largest rate, finite and at least 0
 * @param steps number of steps over which the rate falls, at least 1; without meaning for {@link Decay#CONSTANT}
 * @param warmupSteps number of rising steps in front, in [0, steps)
 */
public record LearningRate(Decay decay, double peak, int steps, int warmupSteps) {
    /** The shape of the fall, with progress x in [0, 1]. */
    public enum Decay {
        /** No fall: 1. */
        CONSTANT,
        /** A straight line: 1 − x. */
        LINEAR,
        /** Half a cosine: ½·(1 + cos(π·x)). */
        COSINE
    }

    /**
     * Checks the settings.
     *
     * @param decay see the record
     * @param peak see the record
     * @param steps see the record
     * @param warmupSteps see the record
     * @throws IllegalArgumentException if a value breaks the rule of its parameter
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
     * The same rate at every step.
     *
     * @param rate the rate, finite and at least 0
     * @return the schedule
     */
    public static LearningRate constant(double rate) {
        return new LearningRate(Decay.CONSTANT, rate, Integer.MAX_VALUE, 0);
    }

    /**
     * A straight line down to 0: peak·(1 − step/steps).
     *
     * @param peak rate at step 0, finite and at least 0
     * @param steps the step at which 0 is reached, at least 1
     * @return the schedule
     */
    public static LearningRate linear(double peak, int steps) {
        return new LearningRate(Decay.LINEAR, peak, steps, 0);
    }

    /**
     * Half a cosine down to 0: peak·½·(1 + cos(π·step/steps)).
     *
     * @param peak rate at step 0, finite and at least 0
     * @param steps the step at which 0 is reached, at least 1
     * @return the schedule
     */
    public static LearningRate cosine(double peak, int steps) {
        return new LearningRate(Decay.COSINE, peak, steps, 0);
    }

    /**
     * The same schedule with rising steps in front.
     *
     * @param warmupSteps how many, in [0, steps)
     * @return a new schedule
     */
    public LearningRate withWarmup(int warmupSteps) {
        return new LearningRate(decay, peak, steps, warmupSteps);
    }

    /**
     * The rate at a step.
     *
     * @param step number of updates made before, at least 0
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
