package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.evaluation.Score;
import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompleterTest {
    private static final GoldenGptRun RUN = GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY);
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

    /** Lengths are those of the original programs. */
    private static Unset at(double temperature) {
        return new Unset(temperature, 0, Integer.MAX_VALUE, true);
    }

    private final Gpt model = RUN.model();
    private final Tokenizer tokenizer = RUN.tokenizer();
    private final Tokenizer abc = Tokenizer.ofVocabulary("abc");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void of_ten_equal_tokens_top_p_keeps_as_many_as_it_has_tenths(int tenths) {
        Tokenizer nine = Tokenizer.ofVocabulary("abcdefghi");
        Completer completer = new Completer(new Bigram(10), nine, DEFAULTS.withTopP(tenths / 10.0), at(1));

        assertThat(completer.candidates().stream().filter(candidate -> candidate.probability() > 0))
                .hasSize(tenths);
    }

    @Test
    void writes_what_the_sampler_writes() {
        Sampler sampler = new Sampler(0.5, 16);
        PythonRandom expected = new PythonRandom(7);
        PythonRandom random = new PythonRandom(7);
        Completer completer = completer(DEFAULTS);

        for (int i = 0; i < 200; i++) {
            assertThat(completer.complete(random)).isEqualTo(tokenizer.decode(sampler.sample(model, expected)));
        }
        assertThat(random.nextLong()).isEqualTo(expected.nextLong()); // not a draw more
    }

    @Test
    void begins_with_the_prefix() {
        assertThat(completer(DEFAULTS.withPrefix("ka")).complete(new SplitMix64(1)))
                .startsWith("ka")
                .hasSizeGreaterThan(2);
    }

    @Test
    void the_temperature_of_the_options_goes_before_that_of_the_model() {
        GenerationOptions cold = DEFAULTS.withTemperature(0);

        assertThat(new Completer(model, tokenizer, cold, at(1)).candidates())
                .isEqualTo(new Completer(model, tokenizer, cold, at(0.5)).candidates());
        assertThat(new Completer(model, tokenizer, DEFAULTS, at(0.7)).candidates())
                .isEqualTo(completer(DEFAULTS.withTemperature(0.7)).candidates())
                .isNotEqualTo(new Completer(model, tokenizer, DEFAULTS, at(0.5)).candidates());
    }

    @Test
    void reads_the_prefix_before_it_draws() {
        List<Prediction> candidates =
                completer(DEFAULTS.withPrefix("mari").withTemperature(1)).candidates();

        Prediction a = candidates.stream()
                .filter(candidate -> candidate.character().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(a.probability())
                .isCloseTo(
                        Score.of(model, tokenizer, "maria").predictions().get(4).probability(), within(1e-12));
    }

    @Test
    void draws_nothing_when_the_prefix_is_all_or_the_temperature_is_0() {
        assertThat(completer(DEFAULTS.withPrefix("emma").withMaxLength(4)).complete(noNumbers()))
                .isEqualTo("emma");
        assertThat(completer(DEFAULTS.withTemperature(0)).complete(noNumbers()))
                .isEqualTo(completer(DEFAULTS.withTopK(1)).complete(new SplitMix64(3)))
                .isEqualTo(completer(DEFAULTS.withTopP(1e-9)).complete(new SplitMix64(4)))
                .isNotEmpty();
    }

    @Test
    void fills_blockSize_if_it_must() {
        String text = completer(DEFAULTS.withMinLength(16)).complete(new SplitMix64(1));

        assertThat(text).hasSize(16);
        assertThat(completer(DEFAULTS.withPrefix("abcdefghijklmno").withMinLength(16))
                        .complete(new SplitMix64(1)))
                .startsWith("abcdefghijklmno")
                .hasSize(16);
    }

    @Test
    void works_for_a_model_without_blockSize() {
        Bigram bigram = new Bigram(27);
        RUN.documents().forEach(name -> bigram.learn(tokenizer.encodeDocument(name)));

        String text = new Completer(
                        bigram, tokenizer, DEFAULTS.withMinLength(50).withPrefix("an"), at(0.5))
                .complete(new SplitMix64(1));

        assertThat(text).startsWith("an").hasSizeGreaterThanOrEqualTo(50);
    }

    @Test
    void top_k_keeps_the_most_likely_tokens_of_equals_the_first() {
        LanguageModel ties = new FixedLogits(1, 2, 2, 2); // a, b, c, end

        assertThat(probabilities(ties, DEFAULTS.withTopK(1))).containsExactly(0, 1, 0, 0);
        assertThat(probabilities(ties, DEFAULTS.withTopK(2))).containsExactly(0, 0.5, 0.5, 0);
        assertThat(probabilities(ties, DEFAULTS.withTopK(3)))
                .containsExactly(new double[] {0, 1 / 3., 1 / 3., 1 / 3.}, within(1e-15));
        assertThat(probabilities(ties, DEFAULTS.withTopK(4)))
                .isEqualTo(probabilities(ties, DEFAULTS))
                .isEqualTo(probabilities(ties, DEFAULTS.withTopK(5)));
    }

    @Test
    void top_p_keeps_the_fewest_tokens_that_reach_it() {
        LanguageModel halves = new FixedLogits(Math.log(0.125), Math.log(0.5), Math.log(0.25), Math.log(0.125));
        GenerationOptions options = DEFAULTS.withTemperature(1);

        assertThat(probabilities(halves, options.withTopP(0.1))).containsExactly(0, 1, 0, 0);
        assertThat(probabilities(halves, options.withTopP(0.499))).containsExactly(0, 1, 0, 0);
        assertThat(probabilities(halves, options.withTopP(0.6)))
                .containsExactly(new double[] {0, 2 / 3., 1 / 3., 0}, within(1e-15));
        assertThat(probabilities(halves, options.withTopP(0.8)))
                .containsExactly(new double[] {1 / 7., 4 / 7., 2 / 7., 0}, within(1e-15));
        assertThat(probabilities(halves, options.withTopP(0.99))).isEqualTo(probabilities(halves, options));
    }

    @Test
    void top_p_counts_after_temperature_and_top_k() {
        LanguageModel halves = new FixedLogits(Math.log(0.125), Math.log(0.5), Math.log(0.25), Math.log(0.125));

        // at temperature 0.5: 1/22, 16/22, 4/22, 1/22
        assertThat(probabilities(halves, DEFAULTS.withTopP(0.72))).containsExactly(0, 1, 0, 0);
        // after topK 2: 2/3 and 1/3
        assertThat(probabilities(halves, DEFAULTS.withTemperature(1).withTopK(2).withTopP(0.66)))
                .containsExactly(0, 1, 0, 0);
    }

    @Test
    void min_length_forbids_the_end_before_anything_else_is_cut() {
        LanguageModel ending = new FixedLogits(1, 2, 0, 9);

        assertThat(probabilities(ending, DEFAULTS.withTopK(1))).containsExactly(0, 0, 0, 1);
        assertThat(probabilities(ending, DEFAULTS.withTopK(1).withMinLength(1))).containsExactly(0, 1, 0, 0);
        assertThat(probabilities(ending, DEFAULTS.withTopP(0.5).withMinLength(1)))
                .containsExactly(0, 1, 0, 0);
        assertThat(probabilities(ending, DEFAULTS.withTopK(1).withPrefix("a").withMinLength(1)))
                .containsExactly(0, 0, 0, 1);
    }

    @Test
    void does_not_change_the_logits_of_the_model() {
        double[] live = {1, 2, 3, 4};

        probabilities(new FixedLogits(live), DEFAULTS.withTopK(2).withTopP(0.5).withMinLength(1));

        assertThat(live).containsExactly(1, 2, 3, 4);
    }

    @Test
    void candidates_are_sorted_and_end_with_an_empty_character() {
        List<Prediction> candidates =
                new Completer(new FixedLogits(1, 3, 3, 2), abc, DEFAULTS.withTemperature(1), at(0.5)).candidates();

        double sum = Math.exp(1) + 2 * Math.exp(3) + Math.exp(2);
        assertThat(candidates).extracting(Prediction::character).containsExactly("b", "c", "", "a");
        assertThat(candidates.get(0).probability()).isCloseTo(Math.exp(3) / sum, within(1e-15));
        assertThat(candidates.get(2).probability()).isCloseTo(Math.exp(2) / sum, within(1e-15));
    }

    @Test
    void temperature_never_changes_the_order_and_probabilities_add_up_to_1() {
        for (String prefix : List.of("", "a", "kat", "zzzz", "abcdefghijklmno")) {
            List<String> order = characters(DEFAULTS.withPrefix(prefix).withTemperature(1));
            for (double temperature : new double[] {0, 1e-300, 0.01, 0.5, 0.99, 1.5, 10, 1e300}) {
                GenerationOptions options = DEFAULTS.withPrefix(prefix).withTemperature(temperature);
                List<Double> probabilities = completer(options).candidates().stream()
                        .map(Prediction::probability)
                        .toList();

                assertThat(characters(options)).isEqualTo(order);
                assertThat(probabilities).isSortedAccordingTo((a, b) -> Double.compare(b, a));
                assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-14));
            }
        }
    }

    @Test
    void names_what_does_not_fit_the_model() {
        assertRejected(
                DEFAULTS.withPrefix("zoé"), "character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
        assertRejected(
                DEFAULTS.withPrefix("abcdefghijklmnop"), "prefix of 16 characters leaves no room in blockSize 16");
        assertRejected(DEFAULTS.withMinLength(17), "minLength 17 is not <= blockSize 16");
    }

    private Completer completer(GenerationOptions options) {
        return new Completer(model, tokenizer, options, at(0.5));
    }

    private List<String> characters(GenerationOptions options) {
        return completer(options).candidates().stream()
                .map(Prediction::character)
                .toList();
    }

    /** Of a, b, c and the end, in this order. */
    private double[] probabilities(LanguageModel ofAbc, GenerationOptions options) {
        double[] probabilities = new double[4];
        for (Prediction candidate : new Completer(ofAbc, abc, options, at(0.5)).candidates()) {
            int tokenId = candidate.character().isEmpty() ? 3 : "abc".indexOf(candidate.character());
            probabilities[tokenId] = candidate.probability();
        }
        return probabilities;
    }

    private void assertRejected(GenerationOptions options, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> completer(options))
                .withMessage(message);
    }

    private static RandomGenerator noNumbers() {
        return () -> {
            throw new AssertionError("no number is needed");
        };
    }
}
