package dev.microgpt.optim;

import java.util.Objects;
import java.util.Optional;

/**
 * Optimizer state between two updates: how many there were and, for {@link Adam}, the moving averages of the gradient and
 * of its square, in the layout of the parameters. {@link Sgd} keeps the count only. It belongs to one run of training and
 * to one thread.
 *
 * @since 0.1
 */
public final class Moments {
    final Parameters m; // null if the optimizer keeps no averages, as is v
    final Parameters v;
    private long updates;

    private Moments(Parameters m, Parameters v) {
        this.m = m;
        this.v = v;
    }

    static Moments countOnly() {
        return new Moments(null, null);
    }

    static Moments zeros(Parameters layout) {
        return new Moments(layout.zeros(), layout.zeros());
    }

    /**
     * Optimizer state without averages, as {@link Sgd} keeps it.
     *
     * @param updates how many updates were made, at least 0
     * @return new moments
     * @throws IllegalArgumentException if {@code updates} is negative
     */
    public static Moments of(long updates) {
        Moments moments = countOnly();
        moments.updates = requireUpdates(updates);
        return moments;
    }

    /**
     * Optimizer state with averages, as {@link Adam} keeps it.
     *
     * @param updates how many updates were made, at least 0
     * @param first the moving average of the gradient; kept, not copied
     * @param second the moving average of its square, in the same layout; kept, not copied
     * @return new moments
     * @throws IllegalArgumentException if {@code updates} is negative or the layouts differ
     */
    public static Moments of(long updates, Parameters first, Parameters second) {
        Objects.requireNonNull(first, "first is null");
        Objects.requireNonNull(second, "second is null");
        first.requireSameLayout("the second moment", second);
        Moments moments = new Moments(first, second);
        moments.updates = requireUpdates(updates);
        return moments;
    }

    private static long requireUpdates(long updates) {
        if (updates < 0) {
            throw new IllegalArgumentException("updates " + updates + " is negative");
        }
        return updates;
    }

    /**
     * How many updates were made.
     *
     * @return the count, 0 for fresh moments
     */
    public long updates() {
        return updates;
    }

    /**
     * First moment: the moving average of the gradient.
     *
     * @return the live average m, or empty where the optimizer keeps none
     */
    public Optional<Parameters> first() {
        return Optional.ofNullable(m);
    }

    /**
     * Second moment: the moving average of the squared gradient.
     *
     * @return the live average v, or empty where the optimizer keeps none
     */
    public Optional<Parameters> second() {
        return Optional.ofNullable(v);
    }

    /** Number of updates, and of the weights that have averages, such as {@code Moments[updates=1000, averages=4192]}. */
    @Override
    public String toString() {
        return "Moments[updates=" + updates + ", averages=" + (m == null ? 0 : m.size()) + "]";
    }

    long countUpdate() {
        return ++updates;
    }
}
