package dev.microgpt.optim;

import java.util.Optional;

/**
 * What an optimizer remembers between two updates: how many there were and, for {@link Adam}, the moving averages of the
 * gradient and of its square, in the layout of the parameters. {@link Sgd} remembers the count only.
 */
public final class Moments {
    private final Parameters m;
    private final Parameters v;
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

    /**
     * The same state.
     *
     * @return independent moments
     */
    public Moments copy() {
        Moments copy = new Moments(m == null ? null : m.copy(), v == null ? null : v.copy());
        copy.updates = updates;
        return copy;
    }

    long countUpdate() {
        return ++updates;
    }
}
