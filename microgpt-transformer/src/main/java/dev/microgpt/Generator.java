package dev.microgpt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Draws strings 0, 1, 2, … Each has random numbers of its own, {@link SplitMix64#of SplitMix64.of(seed, index)}, and is drawn
 * again from these as long as it must be dropped, because it is cut or known, so that it depends on no other string and it does
 * not matter who draws it. Only {@code unique} compares strings with each other.
 */
final class Generator {
    private static final int MOST_REDRAWS = 100;
    private static final long STREAM_ATTEMPTS = 1_000_000;
    private static final long LIST_ATTEMPTS = 1_000;
    private static final long LIST_ATTEMPTS_PER_STRING = 50;

    /**
     * What came of the draws of a string.
     *
     * @param string empty if all had to be dropped
     * @param cut how many were dropped because they had come to no end
     */
    private record Draw(long index, Optional<String> string, int cut) {}

    private final Completer completer;
    private final GenerationOptions options;
    private final Predicate<String> dropped;
    private final LongFunction<RandomGenerator> randoms; // of each string, by its index

    private Generator(Completer completer, Predicate<String> known, LongFunction<RandomGenerator> randoms) {
        this.completer = completer;
        this.options = completer.options();
        this.dropped = options.novelOnly() ? known : string -> false;
        this.randoms = randoms;
    }

    /**
     * A generator with the seed of the options, or else one that nobody has had before.
     *
     * @param known whether a string is in the training list; asked by several threads if a stream is parallel
     */
    static Generator of(Completer completer, Predicate<String> known) {
        long seed = completer
                .options()
                .seed()
                .orElseGet(() -> ThreadLocalRandom.current().nextLong());
        return new Generator(completer, known, index -> SplitMix64.of(seed, index));
    }

    /**
     * A generator that draws one string after the other from the same random numbers, as the original programs do. Only for
     * {@link #list}.
     *
     * @throws IllegalArgumentException if the options have a seed, too
     */
    static Generator of(Completer completer, Predicate<String> known, RandomGenerator random) {
        completer.options().seed().ifPresent(seed -> {
            throw new IllegalArgumentException(
                    "seed " + seed + " is set, but the random numbers come from the given generator");
        });
        return new Generator(completer, known, index -> random);
    }

    /**
     * The strings, drawn as they are asked for, at most maxAttempts. It throws an {@link ExhaustedException} at a string that
     * cannot be drawn; with {@code unique} it ends before that. A parallel stream has the same strings in the same order, but
     * with {@code unique} it draws all of them before the first one comes out.
     */
    Stream<String> stream() {
        LongStream indices = LongStream.range(0, attempts(STREAM_ATTEMPTS));
        return options.unique()
                ? indices.mapToObj(index -> draw(index).string())
                        .takeWhile(Optional::isPresent)
                        .map(Optional::get)
                        .distinct()
                : indices.mapToObj(this::drawn);
    }

    /**
     * The string of an index: that element of {@link #stream()}.
     *
     * @throws IllegalArgumentException if the index is negative or not below maxAttempts, the options have no seed, or they
     *     say {@code unique}
     * @throws ExhaustedException if the string cannot be drawn
     */
    String at(long index) {
        if (index < 0) {
            throw new IllegalArgumentException("index " + index + " is not >= 0");
        }
        options.maxAttempts().ifPresent(attempts -> {
            if (index >= attempts) {
                throw new IllegalArgumentException("index " + index + " is not < maxAttempts " + attempts);
            }
        });
        if (options.seed().isEmpty()) {
            throw new IllegalArgumentException("seed is not set, and without one each call gives other strings");
        }
        if (options.unique()) {
            throw new IllegalArgumentException(
                    "unique is true, but one string alone cannot be compared with those before it");
        }
        return drawn(index);
    }

    /**
     * The first strings of {@link #stream()}.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ExhaustedException if there are fewer within maxAttempts, or one of them cannot be drawn
     */
    List<String> list(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is not >= 0");
        }
        long attempts = attempts(LIST_ATTEMPTS + LIST_ATTEMPTS_PER_STRING * count);
        List<String> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (long index = 0; found.size() < count; index++) {
            if (index == attempts) {
                throw ExhaustedException.afterAttempts(found, count, attempts);
            }
            Draw draw = draw(index);
            String string = draw.string().orElseThrow(() -> ExhaustedException.at(why(draw), found, count));
            if (!options.unique() || seen.add(string)) {
                found.add(string);
            }
        }
        return List.copyOf(found);
    }

    private long attempts(long withUnique) {
        return options.maxAttempts().orElse(options.unique() ? withUnique : Long.MAX_VALUE);
    }

    private String drawn(long index) {
        Draw draw = draw(index);
        return draw.string().orElseThrow(() -> ExhaustedException.at(why(draw)));
    }

    /** Draws a string until it may come, or has been drawn again {@value #MOST_REDRAWS} times. */
    private Draw draw(long index) {
        RandomGenerator random = randoms.apply(index);
        int cut = 0;
        for (int redraws = 0; redraws <= MOST_REDRAWS; redraws++) {
            String string = completer.complete(random);
            if (completer.isCut(string)) {
                cut++;
            } else if (!dropped.test(string)) {
                return new Draw(index, Optional.of(string), cut);
            }
        }
        return new Draw(index, Optional.empty(), cut);
    }

    private String why(Draw draw) {
        return ExhaustedException.why(draw.index(), MOST_REDRAWS + 1, draw.cut(), completer.maxLength());
    }
}
