package dev.microgpt.optim;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an optimizer remembers between two updates: how many there were and, for {@link Adam}, the moving averages of the
 * gradient and of its square, in the layout of the parameters. {@link Sgd} remembers the count only.
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
     * A copy of this state, with the averages in another layout or precision.
     *
     * @param copying makes independent parameters of each average; {@link Parameters#copy} for the same numbers
     * @return independent moments with the same number of updates
     */
    public Moments map(UnaryOperator<Parameters> copying) {
        Moments copy = m == null ? countOnly() : new Moments(copying.apply(m), copying.apply(v));
        copy.updates = updates;
        return copy;
    }

    long countUpdate() {
        return ++updates;
    }
}
