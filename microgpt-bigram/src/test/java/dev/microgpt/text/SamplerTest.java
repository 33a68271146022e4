package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final double[] LOGITS = {0.5, -1, 2, NEVER, 1.5};

    @ParameterizedTest
    @ValueSource(doubles = {0, Double.MIN_VALUE, 0.1, 0.5, 1, 2, 1e6, Double.MAX_VALUE})
    void probabilities_add_up_to_1(double temperature) {
        double[] probs = new Sampler(temperature, 16).probabilities(LOGITS);

        assertThat(probs).hasSize(5);
        assertThat(DoubleStream.of(probs).sum()).isCloseTo(1, within(1e-15));
        assertThat(probs).doesNotContain(Double.NaN);
        assertThat(probs[3]).isZero();
    }

    @Test
    void probabilities_are_the_softmax_of_logits_over_temperature() {
        double[] probs = new Sampler(0.5, 16).probabilities(new double[] {1, 2, 3});

        double sum = Math.exp(2) + Math.exp(4) + Math.exp(6);
        assertThat(probs[0]).isCloseTo(Math.exp(2) / sum, within(1e-15));
        assertThat(probs[1]).isCloseTo(Math.exp(4) / sum, within(1e-15));
        assertThat(probs[2]).isCloseTo(Math.exp(6) / sum, within(1e-15));
    }

    @Test
    void adding_a_constant_to_all_logits_changes_nothing() {
        Sampler sampler = new Sampler(0.5, 16);

        double[] shifted = sampler.probabilities(new double[] {1001, 1002, 1003});

        assertThat(shifted).containsExactly(sampler.probabilities(new double[] {1, 2, 3}));
    }

    @Test
    void logits_of_any_size_do_not_overflow() {
        double[] probs = new Sampler(0.5, 16).probabilities(new double[] {-1e308, 1e308, 1e308});

        assertThat(probs).containsExactly(0, 0.5, 0.5);
    }

    @Test
    void a_lower_temperature_prefers_the_most_likely() {
        double cold = new Sampler(0.1, 16).probabilities(LOGITS)[2];
        double warm = new Sampler(1, 16).probabilities(LOGITS)[2];
        double hot = new Sampler(10, 16).probabilities(LOGITS)[2];

        assertThat(cold).isGreaterThan(warm);
        assertThat(warm).isGreaterThan(hot);
        assertThat(hot).isGreaterThan(0.25); // four tokens are possible
    }

    @Test
    void temperature_0_takes_the_first_of_the_most_likely_without_a_draw() {
        Sampler greedy = new Sampler(0, 16);
        double[] logits = {1, 3, 3, 2};

        assertThat(greedy.next(logits, numbers())).isEqualTo(1);
        assertThat(greedy.probabilities(logits)).containsExactly(0, 1, 0, 0);
    }

    @Test
    void draws_the_first_token_whose_running_sum_exceeds_the_number() {
        Sampler sampler = new Sampler(1, 16);
        double[] quarters = {0, 0, 0, 0};

        assertThat(sampler.next(quarters, numbers(0))).isEqualTo(0);
        assertThat(sampler.next(quarters, numbers(0.2499))).isEqualTo(0);
        assertThat(sampler.next(quarters, numbers(0.25))).isEqualTo(1);
        assertThat(sampler.next(quarters, numbers(0.5))).isEqualTo(2);
        assertThat(sampler.next(quarters, numbers(1 - 0x1p-53))).isEqualTo(3);
    }

    /** Rough exponentials must not be noticed: they decide only where they are certain to be right. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 27, 28, 1000})
    void draws_as_with_exact_exponentials(int vocabSize) {
        Random random = new Random(vocabSize);
        double[] shifts = {0, 340, -340, 1e6, -1e6}; // a rough power bears 346 nats
        for (int repetition = 0; repetition < 2000; repetition++) {
            double temperature = Math.exp(3 * random.nextGaussian());
            double shift = shifts[repetition % shifts.length];
            double[] logits =
                    random.doubles(vocabSize).map(u -> 20 * u - 10 + shift).toArray();
            Sampler sampler = new Sampler(temperature, 16);
            double[] probs = sampler.probabilities(logits);
            for (double uniform : new double[] {random.nextDouble(), 0, 1 - 0x1p-53}) {
                assertThat(sampler.next(logits, uniform)).isEqualTo(Draws.choose(probs, uniform));
            }
        }
    }

    @Test
    void draws_exactly_where_one_token_ends_and_the_next_begins() {
        Random random = new Random(3);
        Sampler sampler = new Sampler(0.5, 16);
        for (int repetition = 0; repetition < 1000; repetition++) {
            double[] logits = random.doubles(27).map(u -> 8 * u).toArray();
            double[] probs = sampler.probabilities(logits);
            double end = 0;
            for (int token = 0; token < 26; token++) {
                end += probs[token];
                for (double distance : new double[] {0, 1e-16, 1e-12, 1e-8, 1e-7, 1e-6, 1e-5}) {
                    for (double uniform : new double[] {end - distance, end + distance}) {
                        if (uniform >= 0 && uniform < 1) {
                            assertThat(sampler.next(logits, uniform)).isEqualTo(Draws.choose(probs, uniform));
                        }
                    }
                }
            }
        }
    }

    /** Logits that differ by up to the error give the same token wherever it is called certain. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-6, 1e-3})
    void what_is_certain_is_drawn_from_similar_logits_too(double error) {
        Random random = new Random(5);
        Sampler sampler = new Sampler(0.5, 16);
        int certain = 0;
        for (int repetition = 0; repetition < 1000; repetition++) {
            double[] logits = random.doubles(27).map(u -> 8 * u).toArray();
            double[] similar = Arrays.stream(logits)
                    .map(logit -> logit + (random.nextBoolean() ? error : -error))
                    .toArray();
            double[] probs = sampler.probabilities(logits);
            double end = Arrays.stream(probs).limit(random.nextInt(27)).sum();
            for (double distance : new double[] {0, error / 10, error, 3 * error, 10 * error, 0.1}) {
                double uniform = Math.min(1 - 0x1p-53, end + distance);
                int token = sampler.nextIfCertain(similar, uniform, error);
                if (token != Sampler.UNDECIDED) {
                    certain++;
                    assertThat(token).isEqualTo(sampler.next(logits, uniform));
                }
            }
        }
        assertThat(certain).isBetween(800, 5000);
        assertThat(new Sampler(0, 16).nextIfCertain(new double[] {1, 2}, 0.5, 0))
                .isEqualTo(Sampler.UNDECIDED);
        assertThat(sampler.nextIfCertain(new double[] {1, 1e6}, 0.5, 0)).isEqualTo(Sampler.UNDECIDED);
    }

    @Test
    void few_draws_need_exact_exponentials() {
        Random random = new Random(4);
        double[] logits = random.doubles(27).map(u -> 8 * u).toArray();

        long undecided = random.doubles(100_000)
                .filter(uniform -> RoughDraw.choose(logits, 0.5, uniform, 0) == RoughDraw.UNDECIDED)
                .count();

        assertThat(undecided).isBetween(1L, 50L);
    }

    @Test
    void never_draws_a_token_of_probability_0() {
        Sampler sampler = new Sampler(1, 16);

        assertThat(sampler.next(new double[] {NEVER, 7, NEVER}, numbers(0))).isEqualTo(1);
        assertThat(sampler.next(new double[] {NEVER, 7, NEVER}, numbers(1 - 0x1p-53)))
                .isEqualTo(1);
    }

    @Test
    void draws_with_the_frequencies_of_the_probabilities() {
        Sampler sampler = new Sampler(0.7, 16);
        RandomGenerator random = new SplittableRandom(5);
        double[] probs = sampler.probabilities(LOGITS);
        int draws = 100_000;

        int[] counts = new int[LOGITS.length];
        for (int i = 0; i < draws; i++) {
            counts[sampler.next(LOGITS, random)]++;
        }

        for (int id = 0; id < counts.length; id++) { // within five standard deviations
            double deviation = Math.sqrt(draws * probs[id] * (1 - probs[id]));
            assertThat((double) counts[id]).isCloseTo(draws * probs[id], within(5 * deviation));
        }
    }

    @Test
    void does_not_modify_the_logits() {
        double[] logits = LOGITS.clone();

        new Sampler(0.5, 16).next(logits, numbers(0.5));

        assertThat(logits).containsExactly(LOGITS);
    }

    @Test
    void stops_at_bos_which_is_not_part_of_the_sample() {
        LanguageModel counting = new Counting(4, Integer.MAX_VALUE);

        int[] tokens = new Sampler(1, 16).sample(counting, numbers(0.5, 0.5, 0.5, 0.5));

        assertThat(tokens).containsExactly(0, 1, 2); // and one draw for BOS = 3
    }

    @Test
    void may_write_nothing() {
        LanguageModel onlyBos = new Counting(1, Integer.MAX_VALUE);

        assertThat(new Sampler(1, 16).sample(onlyBos, numbers(0.5))).isEmpty();
    }

    @Test
    void stops_after_maxTokens_or_blockSize_without_another_draw() {
        assertThat(new Sampler(1, 2).sample(new Counting(9, 5), numbers(0.5, 0.5)))
                .containsExactly(0, 1);
        assertThat(new Sampler(1, 5).sample(new Counting(9, 2), numbers(0.5, 0.5)))
                .containsExactly(0, 1);
    }

    @Test
    void rejects_logits_that_are_no_distribution() {
        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = new Sampler(temperature, 16);

            assertRejected(
                    () -> sampler.next(new double[] {1, Double.NaN}, numbers()),
                    "logits[1] is NaN, which is neither finite nor -Infinity");
            assertRejected(
                    () -> sampler.probabilities(new double[] {Double.NaN, 1}),
                    "logits[0] is NaN, which is neither finite nor -Infinity");
            assertRejected(
                    () -> sampler.next(new double[] {1, 2, Double.POSITIVE_INFINITY}, numbers()),
                    "logits[2] is Infinity, which is neither finite nor -Infinity");
            assertRejected(
                    () -> sampler.next(new double[] {NEVER, NEVER}, numbers()),
                    "logits has length 2 and no finite element");
            assertRejected(() -> sampler.probabilities(new double[] {}), "logits has length 0 and no finite element");
        }
    }

    @Test
    void rejects_settings_outside_their_range() {
        assertRejected(() -> new Sampler(-0.5, 16), "temperature -0.5 is not a finite number >= 0");
        assertRejected(() -> new Sampler(Double.NaN, 16), "temperature NaN is not a finite number >= 0");
        assertRejected(
                () -> new Sampler(Double.POSITIVE_INFINITY, 16), "temperature Infinity is not a finite number >= 0");
        assertRejected(() -> new Sampler(1, 0), "maxTokens 0 is not >= 1");
        assertRejected(() -> new Sampler(1, 1).next(LOGITS, 1), "uniform 1.0 is not in [0, 1)");
        assertRejected(() -> new Sampler(0, 1).next(LOGITS, -0.5), "uniform -0.5 is not in [0, 1)");
        assertRejected(() -> new Sampler(1, 1).next(LOGITS, Double.NaN), "uniform NaN is not in [0, 1)");
    }

    private static void assertRejected(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** A generator that has these numbers and no more: a draw too many fails. */
    private static RandomGenerator numbers(double... numbers) {
        return new RandomGenerator() {
            private int drawn;

            @Override
            public double nextDouble() {
                return numbers[drawn++];
            }

            @Override
            public long nextLong() {
                throw new AssertionError("only nextDouble() is part of the promise");
            }
        };
    }

    /** A model of which each token is surely followed by the next id: BOS, 0, 1, 2, … BOS. */
    private record Counting(int vocabSize, int blockSize) implements LanguageModel {

        @Override
        public Context newContext() {
            return tokenId -> {
                double[] logits = new double[vocabSize];
                Arrays.fill(logits, NEVER);
                logits[(tokenId + 1) % vocabSize] = 0;
                return logits;
            };
        }
    }
}
