package dev.microgpt;

import java.util.List;
import java.util.Locale;

/**
 * The options leave too few strings: there were fewer than wanted within maxAttempts, a search for different ones found nothing
 * new for long, or one string was drawn again 100 times and had to be dropped each time, because it was known or had come to no
 * end. What a list has found is not lost.
 *
 * @since 0.1
 */
public final class ExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String[] found;

    private ExhaustedException(List<String> found, String message) {
        super(message);
        this.found = found.toArray(String[]::new);
    }

    /** A list that is not full after so many strings. */
    static ExhaustedException afterAttempts(List<String> found, int wanted, long attempts) {
        return new ExhaustedException(
                found,
                format(
                        "%s after %,d attempt%s; a higher temperature, fewer conditions or a larger maxAttempts may find more",
                        found(found, wanted), attempts, attempts == 1 ? "" : "s"));
    }

    /** A list that ends before a string, because each draw of it was dropped. */
    static ExhaustedException at(String why, List<String> found, int wanted) {
        return new ExhaustedException(found, found(found, wanted) + ": " + why);
    }

    /** A string each draw of which was dropped. */
    static ExhaustedException at(String why) {
        return new ExhaustedException(List.of(), why);
    }

    private static String found(List<String> found, int wanted) {
        return format("found %,d of %,d", found.size(), wanted);
    }

    /** What is said of a string each draw of which was dropped, some of them because they had come to no end. */
    static String why(long index, int draws, int cut, int maxLength) {
        String dropped = format("string %,d was drawn %d times and dropped each time", index, draws);
        return cut == 0
                ? dropped + "; a higher temperature or fewer conditions may find more"
                : format(
                        "%s, %s because it had no end within %,d character%s; another temperature, fewer conditions or a"
                                + " maxLength may find more",
                        dropped, cut == 1 ? "once" : cut + " times", maxLength, maxLength == 1 ? "" : "s");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /**
     * The strings that were found.
     *
     * @return of a list fewer than wanted, in their order; empty where strings are handed out one by one, as by a stream
     */
    public List<String> found() {
        return List.of(found);
    }
}
