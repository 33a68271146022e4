package dev.microgpt;

import dev.microgpt.text.PythonRandom;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Draws many strings: attempts 0, 1, 2, …, of which those are dropped that must not come. Each attempt has random numbers of
 * its own, {@link SplitMix64#of SplitMix64.of(seed, attempt)}, so that it does not matter who draws it. A continuing
 * generator has one stream of numbers for all attempts and belongs to one thread.
 */
final class Generator {
    private static final long STREAM_ATTEMPTS = 1_000_000;
    private static final long LIST_ATTEMPTS = 1_000;
    private static final long LIST_ATTEMPTS_PER_STRING = 50;

    private final Completer completer;
    private final GenerationOptions options;
    private final Predicate<String> known;
    private final Optional<RandomGenerator> continuing; // empty: each attempt has its own

    /**
     * A generator as the options describe it; a continuing one begins with PythonRandom(seed).
     *
     * @param known whether a string is in the training list; asked by several threads if a stream is parallel
     */
    Generator(Completer completer, Predicate<String> known) {
        this(
                completer,
                known,
                Optional.of(completer.options())
                        .filter(GenerationOptions::continuing)
                        .<RandomGenerator>map(options -> new PythonRandom(options.seed())));
    }

    private Generator(Completer completer, Predicate<String> known, Optional<RandomGenerator> continuing) {
        this.completer = completer;
        this.options = completer.options();
        this.known = known;
        this.continuing = continuing;
    }

    /** The same generator, but continuing a given stream of random numbers, such as that of the training. */
    Generator continuing(RandomGenerator random) {
        return new Generator(completer, known, Optional.of(random));
    }

    /**
     * The strings, drawn one by one as they are asked for; ends after maxAttempts. A parallel stream has the same strings in
     * the same order, but with {@code unique} it makes all attempts before the first string comes out, and a continuing one
     * draws in one thread at a time and ahead.
     */
    Stream<String> stream() {
        boolean drops = options.unique() || options.novelOnly();
        return stream(options.maxAttempts().orElse(drops ? STREAM_ATTEMPTS : Long.MAX_VALUE));
    }

    /**
     * The first strings of {@link #stream()}.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ExhaustedException if there are fewer within maxAttempts
     */
    List<String> list(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is not >= 0");
        }
        long attempts = options.maxAttempts().orElse(LIST_ATTEMPTS + LIST_ATTEMPTS_PER_STRING * count);
        List<String> found = stream(attempts).limit(count).toList();
        if (found.size() < count) {
            throw new ExhaustedException(found, count, attempts);
        }
        return found;
    }

    /**
     * The first string of {@link #stream()}, character by character.
     *
     * @param onCharacter called with each character of the string, those of the prefix first, as soon as it is drawn
     * @throws IllegalArgumentException if the options say {@code unique} or {@code novelOnly}
     */
    String one(Consumer<String> onCharacter) {
        if (options.unique() || options.novelOnly()) {
            throw new IllegalArgumentException((options.novelOnly() ? "novelOnly" : "unique")
                    + " needs whole strings, it cannot be kept where characters are handed out as they are drawn");
        }
        return completer.complete(random(0), onCharacter);
    }

    private Stream<String> stream(long attempts) {
        Stream<String> strings = LongStream.range(0, attempts).mapToObj(i -> completer.complete(random(i), c -> {}));
        if (continuing.isPresent()) {
            strings = oneAfterTheOther(strings.iterator());
        }
        if (options.novelOnly()) {
            strings = strings.filter(known.negate());
        }
        return options.unique() ? strings.distinct() : strings;
    }

    /** A stream that takes from the iterator in its order, whatever the number of threads. */
    private static Stream<String> oneAfterTheOther(Iterator<String> strings) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(strings, Spliterator.ORDERED), false);
    }

    private RandomGenerator random(long attempt) {
        return continuing.orElseGet(() -> SplitMix64.of(options.seed(), attempt));
    }
}
