package dev.microgpt;

import java.util.List;
import java.util.Locale;

/** Fewer strings than wanted were found in the allowed number of attempts. What was found is not lost. */
public final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String[] found;

    ExhaustedException(List<String> found, int wanted, long attempts) {
        super(String.format(
                Locale.ROOT,
                "found %,d of %,d after %,d attempts; a higher temperature, fewer conditions or a larger maxAttempts may find more",
                found.size(),
                wanted,
                attempts));
        this.found = found.toArray(String[]::new);
    }

    /**
     * The strings that were found.
     *
     * @return fewer than wanted, in the order in which they were drawn
     */
    public List<String> found() {
        return List.of(found);
    }
}
