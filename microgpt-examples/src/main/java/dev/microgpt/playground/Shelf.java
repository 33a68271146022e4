package dev.microgpt.playground;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Things that are kept for a while, each under a name that nobody can guess, so that only who was told it gets at them. When
 * there are too many, the oldest makes room. Any number of threads may use it.
 *
 * @param <T> what is kept
 */
final class Shelf<T> {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NAME_BYTES = 16;

    private final Map<String, T> things = new LinkedHashMap<>();
    private final int most;
    private final Duration time;

    Shelf(int most, Duration time) {
        this.most = most;
        this.time = time;
    }

    /** A name that was never given before: 32 hexadecimal digits. */
    static String newName() {
        byte[] name = new byte[NAME_BYTES];
        RANDOM.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    synchronized void put(String name, T thing) {
        things.put(name, thing);
        if (things.size() > most) {
            things.remove(things.keySet().iterator().next());
        }
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> remove(name));
    }

    synchronized Optional<T> get(String name) {
        return Optional.ofNullable(things.get(name));
    }

    private synchronized void remove(String name) {
        things.remove(name);
    }
}
