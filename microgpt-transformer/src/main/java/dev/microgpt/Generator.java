package dev.microgpt;

import dev.microgpt.text.Documents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Draws strings 0, 1, 2, … Each has random numbers of its own, {@link SplitMix64#of SplitMix64.of(seed, index)}, and is drawn
 * again from these as long as it must be dropped, because it is cut or known, so that it depends on no other string and it does
 * not matter who draws it. Only {@code unique} compares strings with each other.
 */
final class Generator {
    private static final long MOST_IN_VAIN = 1_000; // draws in a row that give no new string
    private static final long MOST_IN_VAIN_PER_STRING = 50;

    /** Multiplications that were made for one string at a time in this JVM: after so many the code for lanes is worth compiling. */
    private static final AtomicLong WORK = new AtomicLong();

    private static final long LANES_PAY_FROM = 10_000_000_000L;

    private final Completer completer;
    private final GenerationOptions options;
    private final Predicate<String> dropped;
    private final LongFunction<RandomGenerator> randoms; // of each string, by its index
    private final boolean apart; // whether each string has random numbers of its own

    private Generator(
            Completer completer, Predicate<String> known, LongFunction<RandomGenerator> randoms, boolean apart) {
        this.completer = completer;
        this.options = completer.options();
        this.dropped = options.novelOnly() ? known : string -> false;
        this.randoms = randoms;
        this.apart = apart;
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
        return new Generator(completer, known, index -> SplitMix64.of(seed, index), true);
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
        return new Generator(completer, known, index -> random, false);
    }

    /**
     * The strings, drawn as they are asked for, at most maxAttempts. It throws an {@link ExhaustedException} at a string that
     * cannot be drawn; with {@code unique} it goes on, and ends with the {@link Search}. A parallel stream has the same strings
     * in the same order; with {@code unique} they are drawn by one thread at a time.
     */
    Stream<String> stream() {
        return options.unique()
                ? StreamSupport.stream(new Search(), false)
                : StreamSupport.stream(new InOrder(0, mostIndices()), false);
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
        return orThrow(draw(index));
    }

    /**
     * The first strings of {@link #stream()}.
     *
     * @throws IllegalArgumentException if {@code count} is negative, or they are to be different and there are not so many
     * @throws ExhaustedException if there are fewer within maxAttempts, the search for different ones ends, or one of them
     *     cannot be drawn
     */
    List<String> list(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is not >= 0");
        }
        return options.unique() ? different(count) : inOrder(count);
    }

    private List<String> inOrder(int count) {
        List<String> found = new ArrayList<>();
        Queue queue = new Queue(0, Math.min(count, mostIndices()));
        while (found.size() < count) {
            if (queue.next == mostIndices()) {
                throw ExhaustedException.afterAttempts(found, count, queue.next);
            }
            Attempts attempts = queue.take();
            found.add(attempts.string().orElseThrow(() -> ExhaustedException.at(attempts.why(), found, count)));
        }
        return List.copyOf(found);
    }

    private List<String> different(int count) {
        if (count > completer.mostStrings()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "count %d is not <= %.0f, the number of different strings that match pattern \"%s\"",
                    count,
                    completer.mostStrings(),
                    options.pattern().orElseThrow()));
        }
        List<String> found = new ArrayList<>();
        Search search = new Search();
        while (found.size() < count) {
            if (!search.tryAdvance(found::add)) {
                throw ExhaustedException.afterAttempts(found, count, search.attempts);
            }
        }
        return List.copyOf(found);
    }

    private long mostIndices() {
        return options.maxAttempts().orElse(Long.MAX_VALUE);
    }

    /**
     * Different strings, as long as new ones come: it ends after maxAttempts strings, or else after draws in vain, 1,000 in a row
     * and 50 for each string that was found, or when there can be no others. It cannot be split, since each string is compared with those before it.
     */
    private final class Search implements Spliterator<String> {
        private final Set<String> seen = new HashSet<>();
        private final Queue queue = new Queue(0, mostIndices());
        private long attempts; // draws; or, where maxAttempts counts them, strings
        private long inVain; // attempts since the last new string

        @Override
        public boolean tryAdvance(Consumer<? super String> action) {
            while (goesOn()) {
                Attempts draw = queue.take();
                int made = options.maxAttempts().isPresent() ? 1 : draw.draws();
                attempts += made;
                inVain += made;
                if (draw.string().map(Documents::normalForm).filter(seen::add).isPresent()) {
                    inVain = 0;
                    action.accept(draw.string().get());
                    return true;
                }
            }
            return false;
        }

        private boolean goesOn() {
            if (seen.size() >= completer.mostStrings()) {
                return false;
            }
            return options.maxAttempts().isPresent()
                    ? attempts < mostIndices()
                    : inVain < Math.max(MOST_IN_VAIN, MOST_IN_VAIN_PER_STRING * seen.size());
        }

        @Override
        public Spliterator<String> trySplit() {
            return null;
        }

        @Override
        public long estimateSize() {
            return Long.MAX_VALUE;
        }

        @Override
        public int characteristics() {
            return ORDERED | DISTINCT | NONNULL | IMMUTABLE;
        }
    }

    /** The strings of some indices, in their order. */
    private final class InOrder implements Spliterator<String> {
        private final long end;
        private Queue queue;

        InOrder(long first, long end) {
            this.end = end;
            this.queue = new Queue(first, end);
        }

        @Override
        public boolean tryAdvance(Consumer<? super String> action) {
            if (queue.next == end) {
                return false;
            }
            action.accept(orThrow(queue.take()));
            return true;
        }

        @Override
        public Spliterator<String> trySplit() {
            long first = queue.next;
            long middle = first + (end - first) / 2;
            if (middle == first || queue.isBegun()) {
                return null;
            }
            queue = new Queue(middle, end);
            return new InOrder(first, middle);
        }

        @Override
        public long estimateSize() {
            return end - queue.next;
        }

        @Override
        public int characteristics() {
            return ORDERED | SIZED | SUBSIZED | NONNULL | IMMUTABLE;
        }
    }

    /**
     * Draws the strings of some indices, in their order: the first ones by themselves, so that who wants few pays for no more;
     * then many at once, where that pays. Which of the two draws a string changes nothing in it.
     */
    private final class Queue {
        private final long first;
        private final long end;
        private long next;
        private Optional<Lanes> lanes = Optional.empty();

        Queue(long first, long end) {
            this.first = first;
            this.end = end;
            this.next = first;
        }

        boolean isBegun() {
            return next > first;
        }

        Attempts take() {
            if (lanes.isEmpty() && lanesPay()) {
                lanes = Optional.of(new Lanes(Generator.this, completer, next, end));
            }
            next++;
            return lanes.isPresent() ? lanes.get().next() : draw(next - 1);
        }

        private boolean lanesPay() {
            return next - first >= Lanes.COUNT
                    && end - next >= Lanes.COUNT
                    && WORK.get() >= LANES_PAY_FROM
                    && apart
                    && Lanes.suit(completer);
        }
    }

    /** The draws of a string, of which there was none yet. */
    Attempts attempts(long index) {
        return new Attempts(index, randoms.apply(index), completer, dropped);
    }

    private Attempts draw(long index) {
        Attempts attempts = attempts(index);
        String string;
        do {
            string = completer.complete(attempts.random());
            WORK.addAndGet(completer.work(string));
        } while (!attempts.isLast(string));
        return attempts;
    }

    private static String orThrow(Attempts attempts) {
        return attempts.string().orElseThrow(() -> ExhaustedException.at(attempts.why()));
    }
}
