package dev.microgpt;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The draws of one string, all from its own random numbers: it is drawn again as long as it must be dropped, because it is cut or
 * known.
 */
final class Attempts {
    private static final int MOST_REDRAWS = 100;

    private final long index;
    private final RandomGenerator random;
    private final Completer completer;
    private final Predicate<String> dropped;
    private Optional<String> string = Optional.empty();
    private int draws;
    private int cut;

    Attempts(long index, RandomGenerator random, Completer completer, Predicate<String> dropped) {
        this.index = index;
        this.random = random;
        this.completer = completer;
        this.dropped = dropped;
    }

    long index() {
        return index;
    }

    /** Where the numbers of all draws come from. */
    RandomGenerator random() {
        return random;
    }

    /** Counts a draw; whether it is the last, because the string may come or has been drawn again {@value #MOST_REDRAWS} times. */
    boolean isLast(String drawn) {
        draws++;
        if (completer.isCut(drawn)) {
            cut++;
        } else if (!dropped.test(drawn)) {
            string = Optional.of(drawn);
        }
        return string.isPresent() || draws > MOST_REDRAWS;
    }

    /** The string; empty if all draws had to be dropped. */
    Optional<String> string() {
        return string;
    }

    /** How many draws there were. */
    int draws() {
        return draws;
    }

    /** Why there is no string. */
    String why() {
        return ExhaustedException.why(index, draws, cut, completer.maxLength());
    }
}
