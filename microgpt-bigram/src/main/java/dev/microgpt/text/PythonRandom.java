package dev.microgpt.text;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Python's random numbers: the same seed gives the same draws, bit for bit, as {@code random.Random} of CPython 3.11
 * ({@code gauss} within 4 units in the last place, because the C library's logarithm and sine are not Java's). With it a
 * model starts from the same weights, sees the documents in the same order and samples the same names as the original
 * programs. Underneath is the Mersenne Twister MT19937. One thread at a time.
 *
 * <pre>{@code
 * PythonRandom random = new PythonRandom(42); // random.seed(42)
 * random.nextDouble();                        // 0.6394267984578837 = random.random()
 * random.nextInt(0); // IllegalArgumentException: bound 0 is not >= 1
 * }</pre>
 *
 * <p>What {@link RandomGenerator} offers has its name: {@code random()} is {@link #nextDouble()}, {@code randrange(n)} is
 * {@link #nextInt(int)} or {@link #nextLong(long)}, and {@code gauss(mu, sigma)} is {@link #nextGaussian(double, double)}.
 * The rest, {@link #getrandbits}, {@link #shuffle} and {@link #choices}, is called as in Python.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998, Mersenne Twister</a>
 * @since 0.1
 */
public final class PythonRandom implements RandomGenerator {

    private static final int N = 624; // words of state
    private static final int M = 397; // distance to the word that is mixed in
    private static final int SHOWN = 3; // words that toString shows

    private final int[] words; // [N]
    private int index; // of the next word to use; N when all are used up
    private OptionalDouble pendingGauss; // gauss makes two numbers at a time and keeps the second

    /**
     * A generator with a seed, as {@code random.seed(seed)} makes it: a seed and its negative give the same draws.
     *
     * @param seed any number
     */
    public PythonRandom(long seed) {
        this(key(seed));
    }

    /** Seeds with the 32-bit words of a number, the lowest first: MT19937's {@code init_by_array}. */
    PythonRandom(int[] key) {
        words = new int[N];
        words[0] = 19650218;
        for (int i = 1; i < N; i++) {
            words[i] = 1812433253 * mixed(i - 1) + i;
        }
        int i = 1;
        for (int k = 0; k < N; k++) { // no key of ours is longer than N
            words[i] = (words[i] ^ mixed(i - 1) * 1664525) + key[k % key.length] + k % key.length;
            i = following(i);
        }
        for (int k = 1; k < N; k++) {
            words[i] = (words[i] ^ mixed(i - 1) * 1566083941) - i;
            i = following(i);
        }
        words[0] = 0x80000000;
        index = N;
        pendingGauss = OptionalDouble.empty();
    }

    private PythonRandom(State state) {
        words = state.words().stream().mapToInt(Integer::intValue).toArray();
        index = state.index();
        pendingGauss = state.pendingGauss();
    }

    /**
     * A generator that goes on from where another one was.
     *
     * @param state what {@link #state()} returned
     * @return a new generator; the state may be used again
     */
    public static PythonRandom restore(State state) {
        return new PythonRandom(Objects.requireNonNull(state, "state is null"));
    }

    /**
     * Everything that decides on the draws to come.
     *
     * @return a copy, for {@link #restore}
     */
    public State state() {
        return new State(Arrays.stream(words).boxed().toList(), index, pendingGauss);
    }

    /**
     * Random bits: {@code random.getrandbits(k)}.
     *
     * @param k number of bits, in [1, 64]
     * @return k random bits as an unsigned number; for k = 64 the sign bit is one of them
     * @throws IllegalArgumentException if {@code k} is not in [1, 64]
     */
    public long getrandbits(int k) {
        if (k < 1 || k > 64) {
            throw new IllegalArgumentException("k " + k + " is not in [1, 64]");
        }
        if (k <= 32) {
            return Integer.toUnsignedLong(word()) >>> (32 - k);
        }
        long low = Integer.toUnsignedLong(word());
        return low | getrandbits(k - 32) << 32;
    }

    /** 64 random bits: {@code random.getrandbits(64)}. */
    @Override
    public long nextLong() {
        return getrandbits(64);
    }

    /** 32 random bits: {@code random.getrandbits(32)}. */
    @Override
    public int nextInt() {
        return word();
    }

    /** A number in [0, 1), a multiple of 2⁻⁵³: {@code random.random()}. */
    @Override
    public double nextDouble() {
        long high = word() >>> 5; // 27 bits
        long low = word() >>> 6; // 26 bits
        return ((high << 26) + low) * 0x1p-53;
    }

    /**
     * A number in [0, bound): {@code random.randrange(bound)}.
     *
     * @param bound at least 1
     * @return each number with the same probability
     * @throws IllegalArgumentException if {@code bound} is below 1
     */
    @Override
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    /**
     * A number in [0, bound): {@code random.randrange(bound)}, which draws as many bits as {@code bound} has until they are
     * below it.
     *
     * @param bound at least 1
     * @return each number with the same probability
     * @throws IllegalArgumentException if {@code bound} is below 1
     */
    @Override
    public long nextLong(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " is not >= 1");
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(bound);
        long draw = getrandbits(bits);
        while (draw >= bound) {
            draw = getrandbits(bits);
        }
        return draw;
    }

    /** A draw from the normal distribution N(0, 1): {@code random.gauss(0, 1)}. */
    @Override
    public double nextGaussian() {
        return gauss(0, 1);
    }

    /**
     * A draw from a normal distribution: {@code random.gauss(mean, stddev)}. Draws are made in pairs by the Box-Muller
     * transform: with x = 2π·random() and g = √(−2·log(1 − random())), cos(x)·g is returned and sin(x)·g is kept for
     * the next call.
     *
     * @param mean any number
     * @param stddev standard deviation, ≥ 0; with 0 the result is {@code mean}, and the draw is consumed all the same
     * @return mean + z·stddev, z from N(0, 1)
     * @throws IllegalArgumentException if {@code stddev} is negative
     */
    @Override
    public double nextGaussian(double mean, double stddev) {
        if (stddev < 0) {
            throw new IllegalArgumentException("stddev " + stddev + " is not >= 0");
        }
        return gauss(mean, stddev);
    }

    private double gauss(double mu, double sigma) {
        double z;
        if (pendingGauss.isPresent()) {
            z = pendingGauss.getAsDouble();
            pendingGauss = OptionalDouble.empty();
        } else {
            double x = nextDouble() * (2 * Math.PI);
            double g = Math.sqrt(-2 * Math.log(1 - nextDouble()));
            z = Math.cos(x) * g;
            pendingGauss = OptionalDouble.of(Math.sin(x) * g);
        }
        return mu + z * sigma;
    }

    /**
     * Puts a list in random order: {@code random.shuffle(list)}.
     *
     * @param list modified in place
     */
    public void shuffle(List<?> list) {
        Draws.shuffle(Objects.requireNonNull(list, "list is null"), this);
    }

    /**
     * Draws an index with the given weights: {@code random.choices(range(len(weights)), weights)[0]}. Consumes one
     * {@link #nextDouble()}.
     *
     * @param weights finite and ≥ 0; they need not add up to 1; not modified
     * @return an index in [0, weights.length); i comes with probability weights[i] / Σ weights
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or the total is 0 or infinite
     */
    public int choices(double[] weights) {
        Objects.requireNonNull(weights, "weights is null");
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weights[" + i + "] is " + weights[i] + ", not a finite number >= 0");
            }
            total += weights[i];
        }
        if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("total of weights " + total + " is not a finite number > 0");
        }
        return Draws.choose(weights, nextDouble());
    }

    /** Where the generator is, in short: the first words of its {@link State}, and what else is in it. */
    @Override
    public String toString() {
        return "PythonRandom" + state().contents();
    }

    /** The next 32 random bits: MT19937's {@code genrand_int32}. */
    private int word() {
        if (index == N) {
            twist();
            index = 0;
        }
        int y = words[index++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        twist(0, N - M, M);
        twist(N - M, N - 1, M - N);
        words[N - 1] = twisted(words[N - 1], words[0], words[M - 1]);
    }

    private void twist(int from, int to, int distance) {
        for (int i = from; i < to; i++) {
            words[i] = twisted(words[i], words[i + 1], words[i + distance]);
        }
    }

    private static int twisted(int word, int next, int far) {
        int y = word & 0x80000000 | next & 0x7fffffff;
        return far ^ y >>> 1 ^ -(y & 1) & 0x9908b0df;
    }

    private int mixed(int i) {
        return words[i] ^ words[i] >>> 30;
    }

    /** The next place while seeding; after the last one comes 1, and 0 repeats the last. */
    private int following(int i) {
        if (i < N - 1) {
            return i + 1;
        }
        words[0] = words[N - 1];
        return 1;
    }

    private static int[] key(long seed) {
        long magnitude = Math.abs(seed); // of Long.MIN_VALUE too, read as unsigned
        int low = (int) magnitude;
        int high = (int) (magnitude >>> 32);
        return high == 0 ? new int[] {low} : new int[] {low, high};
    }

    /**
     * The state of a generator, a point in its sequence of draws, as {@code random.getstate()} gives it. Immutable.
     *
     * @param words the words of the Mersenne Twister, 32 bits each
     * @param index of the next word to use; 624 when all are used up
     * @param pendingGauss the second normal number of a pair, if it is still to be returned
     */
    public record State(List<Integer> words, int index, OptionalDouble pendingGauss) {

        /**
         * Makes a state of its parts.
         *
         * @param words 624 of them; copied
         * @param index in [0, 624]
         * @param pendingGauss may be empty
         * @throws IllegalArgumentException if there are not 624 words, or {@code index} is not in [0, 624]
         */
        public State {
            Objects.requireNonNull(words, "words is null");
            Objects.requireNonNull(pendingGauss, "pendingGauss is null");
            int at = 0;
            for (Integer word : words) {
                if (word == null) {
                    throw new NullPointerException("words[" + at + "] is null");
                }
                at++;
            }
            words = List.copyOf(words);
            if (words.size() != N) {
                throw new IllegalArgumentException("words has size " + words.size() + ", which is not " + N);
            }
            if (index < 0 || index > N) {
                throw new IllegalArgumentException("index " + index + " is not in [0, " + N + "]");
            }
        }

        /** The first words, as Python prints them, index and pending number. */
        @Override
        public String toString() {
            return "State" + contents();
        }

        private String contents() {
            String first =
                    words.stream().limit(SHOWN).map(Integer::toUnsignedString).collect(Collectors.joining(", "));
            return "[words=[" + first + ", …], index=" + index + ", pendingGauss=" + pendingGauss + "]";
        }
    }
}
