package dev.microgpt.playground;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Things that are kept for a while, each under a name that nobody can guess, so that only who was told it gets at them. When
 * there are too many, the oldest makes room. What has had its time goes when somebody next comes. Any number of threads may use it.
 *
 * @param <T> what is kept
 */
final class Shelf<T> {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, Kept<T>> things = new LinkedHashMap<>(); // the oldest first
    private final int most;
    private final Duration time;

    Shelf(int most, Duration time) {
        this.most = most;
        this.time = time;
    }

    /** Until when, of {@link System#nanoTime}. */
    private record Kept<T>(T thing, long until) {}

    /** A name that was never given before: 32 hexadecimal digits. */
    static String newName() {
        return String.format(Locale.ROOT, "%016x%016x", RANDOM.nextLong(), RANDOM.nextLong());
    }

    synchronized void put(String name, T thing) {
        removeOld();
        things.put(name, new Kept<>(thing, System.nanoTime() + time.toNanos()));
        if (things.size() > most) {
            things.remove(things.keySet().iterator().next());
        }
    }

    synchronized Optional<T> get(String name) {
        removeOld();
        return Optional.ofNullable(things.get(name)).map(Kept::thing);
    }

    private void removeOld() {
        long now = System.nanoTime();
        things.values().removeIf(kept -> kept.until() - now < 0);
    }
}
