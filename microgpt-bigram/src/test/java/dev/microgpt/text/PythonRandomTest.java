package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.microgpt.testing.Golden;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonRandomTest {

    private static final Golden GOLDEN = Golden.read("python-random");

    static List<String> seeds() {
        return GOLDEN.strings("seeds");
    }

    @Test
    void is_checked_with_nine_seeds() {
        assertThat(seeds()).hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void gives_the_random_bits_of_cpython(String seed) {
        PythonRandom random = seeded(seed);
        long[] arguments = GOLDEN.longs(seed + ".getrandbits.arguments");

        long[] words =
                LongStream.generate(() -> random.getrandbits(32)).limit(8).toArray();
        PythonRandom again = seeded(seed);

        assertThat(words).isEqualTo(GOLDEN.longs(seed + ".getrandbits32"));
        for (long bits : arguments) {
            assertThat(again.getrandbits((int) bits)).isEqualTo(GOLDEN.longs(seed + ".getrandbits." + bits)[0]);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void gives_the_random_numbers_of_cpython(String seed) {
        PythonRandom random = seeded(seed);

        double[] numbers = DoubleStream.generate(random::nextDouble).limit(50).toArray();

        assertThat(numbers).isEqualTo(GOLDEN.doubles(seed + ".random"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void gives_the_normal_numbers_of_cpython_within_4_ulp(String seed) {
        PythonRandom standard = seeded(seed);
        PythonRandom narrow = seeded(seed);

        for (double expected : GOLDEN.doubles(seed + ".gauss_0_1")) {
            assertThat(standard.nextGaussian()).isCloseTo(expected, fourUlp(expected));
        }
        for (double expected : GOLDEN.doubles(seed + ".gauss_0_0.08")) {
            assertThat(narrow.nextGaussian(0, 0.08)).isCloseTo(expected, fourUlp(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shuffles_like_cpython(String seed) {
        for (int size : new int[] {10, 1000}) {
            List<Long> range = new ArrayList<>(LongStream.range(0, size).boxed().toList());

            seeded(seed).shuffle(range);

            assertThat(range)
                    .containsExactlyElementsOf(LongStream.of(GOLDEN.longs(seed + ".shuffle_range_" + size))
                            .boxed()
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void chooses_by_weight_like_cpython(String seed) {
        PythonRandom random = seeded(seed);

        long[] choices = IntStream.generate(() -> random.choices(new double[] {1, 2, 3, 4}))
                .limit(50)
                .asLongStream()
                .toArray();

        assertThat(choices).isEqualTo(GOLDEN.longs(seed + ".choices_weights_1_2_3_4"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void draws_from_ranges_like_cpython(String seed) {
        PythonRandom nextLong = seeded(seed);
        PythonRandom nextInt = seeded(seed);

        for (long bound : GOLDEN.longs(seed + ".randrange.arguments")) {
            for (long expected : GOLDEN.longs(seed + ".randrange." + bound)) {
                assertThat(nextLong.nextLong(bound)).isEqualTo(expected);
                if (bound <= Integer.MAX_VALUE) {
                    assertThat(nextInt.nextInt((int) bound)).isEqualTo((int) expected);
                }
            }
        }
    }

    @Test
    void chooses_in_proportion_to_weights_that_do_not_add_up_to_1() {
        PythonRandom random = new PythonRandom(42); // draws 0.639, 0.025, 0.275, 0.223, 0.736

        int[] choices = IntStream.generate(() -> random.choices(new double[] {0, 100, 300, 0}))
                .limit(5)
                .toArray();

        assertThat(choices).containsExactly(2, 1, 2, 1, 2);
    }

    @Test
    void nextInt_and_nextLong_are_32_and_64_random_bits() {
        PythonRandom random = new PythonRandom(7);
        PythonRandom bits = new PythonRandom(7);

        assertThat(random.nextInt()).isEqualTo((int) bits.getrandbits(32));
        assertThat(random.nextLong()).isEqualTo(bits.getrandbits(64));
    }

    @Test
    void a_seed_and_its_negative_give_the_same_draws() {
        assertThat(new PythonRandom(-1234567890123L).nextLong()).isEqualTo(new PythonRandom(1234567890123L).nextLong());
    }

    @Test
    void a_standard_deviation_of_0_consumes_its_draw() {
        RandomGenerator random = new PythonRandom(42);
        PythonRandom reference = new PythonRandom(42);

        double constant = random.nextGaussian(3, 0);
        reference.nextGaussian();

        assertThat(constant).isEqualTo(3);
        assertThat(random.nextGaussian()).isEqualTo(reference.nextGaussian());
        assertThat(random.nextGaussian(0.5, 0.08)).isEqualTo(0.5 + reference.nextGaussian() * 0.08);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 623, 624, 625, 1000})
    void goes_on_from_a_saved_state(int draws) {
        PythonRandom random = new PythonRandom(42);
        for (int i = 0; i < draws; i++) {
            random.nextInt();
        }
        random.nextGaussian(); // the second number of the pair is pending

        PythonRandom.State state = random.state();
        double[] expected = {random.nextGaussian(), random.nextGaussian(), random.nextDouble()};

        PythonRandom restored = PythonRandom.restore(state);
        assertThat(restored.state()).isEqualTo(state);
        assertThat(new double[] {restored.nextGaussian(), restored.nextGaussian(), restored.nextDouble()})
                .isEqualTo(expected);
        assertThat(PythonRandom.restore(state).nextGaussian()).isEqualTo(expected[0]);
    }

    @Test
    void the_state_has_what_getstate_has() {
        PythonRandom.State state = new PythonRandom(42).state();

        assertThat(state.words()).hasSize(624).startsWith((int) 2147483648L, (int) 3564348608L, 1266698288);
        assertThat(state.index()).isEqualTo(624);
        assertThat(state.pendingGauss()).isEmpty();
    }

    @Test
    void prints_where_it_is_on_one_line() {
        PythonRandom random = new PythonRandom(42);

        assertThat(random)
                .hasToString("PythonRandom[words=[2147483648, 3564348608, 1266698288, …], index=624,"
                        + " pendingGauss=OptionalDouble.empty]");
        assertThat(random.state())
                .hasToString("State[words=[2147483648, 3564348608, 1266698288, …], index=624,"
                        + " pendingGauss=OptionalDouble.empty]");
        random.nextGaussian();
        assertThat(random).asString().contains(", …], index=4, pendingGauss=OptionalDouble[-0.1729");
    }

    @Test
    void rejects_what_is_out_of_range() {
        PythonRandom random = new PythonRandom(42);
        PythonRandom.State before = random.state();

        assertRejected(() -> random.getrandbits(0), "k 0 is not in [1, 64]");
        assertRejected(() -> random.getrandbits(65), "k 65 is not in [1, 64]");
        assertRejected(() -> random.nextInt(0), "bound 0 is not >= 1");
        assertRejected(() -> random.nextLong(-3), "bound -3 is not >= 1");
        assertRejected(() -> random.nextGaussian(0, -0.5), "stddev -0.5 is not >= 0");
        assertRejected(() -> random.choices(new double[] {}), "total of weights 0.0 is not a finite number > 0");
        assertRejected(() -> random.choices(new double[] {0, 0}), "total of weights 0.0 is not a finite number > 0");
        assertRejected(
                () -> random.choices(new double[] {1e308, 1e308}),
                "total of weights Infinity is not a finite number > 0");
        assertRejected(() -> random.choices(new double[] {1, -1, 3}), "weights[1] is -1.0, not a finite number >= 0");
        assertRejected(() -> random.choices(new double[] {Double.NaN}), "weights[0] is NaN, not a finite number >= 0");
        assertRejected(
                () -> random.choices(new double[] {1, Double.POSITIVE_INFINITY}),
                "weights[1] is Infinity, not a finite number >= 0");
        assertThat(random.state()).isEqualTo(before);
    }

    @Test
    void rejects_a_state_of_the_wrong_size() {
        List<Integer> words = Collections.nCopies(624, 1);
        OptionalDouble none = OptionalDouble.empty();

        assertRejected(() -> new PythonRandom.State(List.of(1, 2), 0, none), "words has size 2, which is not 624");
        assertRejected(() -> new PythonRandom.State(words, -1, none), "index -1 is not in [0, 624]");
        assertThat(new PythonRandom.State(words, 0, none).index()).isZero();
        assertRejected(() -> new PythonRandom.State(words, 625, none), "index 625 is not in [0, 624]");
    }

    private static void assertRejected(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Offset<Double> fourUlp(double expected) {
        return Offset.offset(4 * Math.ulp(expected));
    }

    /** One of the nine seeds does not fit a long: it goes in as the words that {@code random.seed} makes of it. */
    private static PythonRandom seeded(String seed) {
        BigInteger number = new BigInteger(seed);
        if (number.bitLength() < Long.SIZE) {
            return new PythonRandom(number.longValue());
        }
        int words = (number.bitLength() + 31) / 32;
        return new PythonRandom(IntStream.range(0, words)
                .map(i -> number.shiftRight(32 * i).intValue())
                .toArray());
    }
}
