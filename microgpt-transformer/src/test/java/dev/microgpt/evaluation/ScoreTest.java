package dev.microgpt.evaluation;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreTest {
    private static final GoldenGptRun RUN = GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY);

    private final Gpt model = RUN.model();
    private final Tokenizer tokenizer = RUN.tokenizer();

    @Test
    void gives_the_losses_of_the_original() {
        Golden golden = Golden.read("given-trained-model");

        for (String word : golden.strings("words")) {
            Score score = Score.of(model, tokenizer, word);

            assertThat(losses(score)).satisfies(closeTo(golden.doubles("losses." + word + ".per_position"), 1e-9));
            assertThat(score.loss()).isCloseTo(golden.number("losses." + word + ".mean"), within(1e-9));
        }
    }

    @Test
    void losses_of_the_characters_add_up_to_the_loss_of_the_string() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            String text = randomText(random, 20);
            Score score = Score.of(model, tokenizer, text);
            int counted = score.predictions().size();

            double chance = Math.log(27) * Math.max(0, counted - 16);
            int[] tokens = tokenizer.encodeDocument(text);
            assertThat(score.loss() * counted)
                    .isCloseTo(DoubleStream.of(model.losses(tokens)).sum() + chance, within(1e-12 * counted));
            if (score.cutAt().isEmpty()) {
                assertThat(score.loss()).isEqualTo(model.loss(tokens));
            }
            assertThat(Collections.max(
                            score.predictions().stream().map(Prediction::loss).toList()))
                    .isEqualTo(score.predictions().get(score.mostSurprising()).loss());
            double product = 1;
            for (Prediction prediction : score.predictions()) {
                assertThat(prediction.probability()).isBetween(0.0, 1.0);
                product *= prediction.probability();
            }
            assertThat(product).isCloseTo(Math.exp(-score.loss() * counted), within(1e-12 * product));
            assertThat(score.cutAt().isPresent()).isEqualTo(text.length() >= model.blockSize());
            assertThat(counted).isEqualTo(text.length() + 1);
        }
    }

    @Test
    void names_the_characters_and_the_end() {
        Score score = Score.of(model, tokenizer, "ava");

        assertThat(score.text()).isEqualTo("ava");
        assertThat(score.predictions()).extracting(Prediction::character).containsExactly("a", "v", "a", "");
        assertThat(score.cutAt()).isEmpty();
    }

    @Test
    void measures_the_loss_in_bits_and_as_perplexity() {
        Score score = score(Prediction.ofLoss("a", Math.log(4)), Prediction.ofLoss("", Math.log(16)));

        assertThat(score.loss()).isCloseTo(Math.log(8), within(1e-15));
        assertThat(score.bitsPerCharacter()).isCloseTo(3, within(1e-15));
        assertThat(score.perplexity()).isCloseTo(8, within(1e-14));
        assertThat(score.mostSurprising()).isEqualTo(1); // the end
    }

    @Test
    void finds_the_first_of_equally_surprising_characters() {
        Score score = score(
                Prediction.ofLoss("a", 1),
                Prediction.ofLoss("b", 2),
                Prediction.ofLoss("c", 2),
                Prediction.ofLoss("", 1));

        assertThat(score.mostSurprising()).isEqualTo(1);
    }

    @Test
    void finds_the_typo() {
        assertThat(Score.of(model, tokenizer, "elizaqeth").mostSurprising()).isEqualTo(5);
    }

    @Test
    void scores_the_empty_string_by_its_end() {
        Score score = Score.of(model, tokenizer, "");

        assertThat(score.predictions()).extracting(Prediction::character).containsExactly("");
        assertThat(score.mostSurprising()).isZero();
        assertThat(score.cutAt()).isEmpty();
    }

    @Test
    void charges_what_the_model_does_not_read_at_chance() {
        String fits = "abcdefghijklmno"; // and its end is the 16th
        String tooLong = fits + "pq";

        assertThat(Score.of(model, tokenizer, fits).cutAt()).isEmpty();
        assertThat(Score.of(model, tokenizer, fits).cutAt()).isEmpty();
        Score cut = Score.of(model, tokenizer, tooLong);
        assertThat(cut.cutAt()).isPresent();
        assertThat(cut.cutAt()).hasValue(16);
        assertThat(cut.predictions())
                .extracting(Prediction::character)
                .startsWith("a", "b")
                .endsWith("p", "q", "");
        assertThat(Arrays.copyOf(losses(cut), 16)).isEqualTo(model.losses(tokenizer.encodeDocument(tooLong)));
        assertThat(Arrays.copyOfRange(losses(cut), 16, 18)).containsOnly(Math.log(27));
    }

    @Test
    void going_on_beyond_blockSize_always_costs_more() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100; i++) {
            String text = "mariannaelisa" + randomText(random, 20);
            String longer = text + "aeiou".charAt(random.nextInt(5));

            if (text.length() >= model.blockSize()) {
                assertThat(total(longer)).isGreaterThan(total(text) + 3);
            }
        }
        String cut = "mariannaelisaann";
        assertThat(total(cut + "q".repeat(55))).isCloseTo(total(cut) + 55 * Math.log(27), within(1e-9));
    }

    private double total(String text) {
        return DoubleStream.of(losses(Score.of(model, tokenizer, text))).sum();
    }

    @Test
    void a_string_with_an_unknown_character_is_infinitely_surprising() {
        Score zoe = Score.of(model, tokenizer, "zoé");

        assertThat(zoe.loss()).isInfinite();
        assertThat(zoe.bitsPerCharacter()).isInfinite();
        assertThat(zoe.perplexity()).isInfinite();
        assertThat(zoe.mostSurprising()).isEqualTo(2);
        assertThat(zoe.predictions().get(2)).isEqualTo(Prediction.ofLoss("é", Double.POSITIVE_INFINITY));
        assertThat(zoe.predictions().get(2).probability()).isZero();
        assertThat(zoe.predictions().subList(0, 2))
                .isEqualTo(Score.of(model, tokenizer, "zo").predictions().subList(0, 2));
        assertThat(zoe.predictions().get(3)).isEqualTo(Prediction.ofLoss("", Math.log(27))); // the model cannot read on
        assertThat(losses(Score.of(model, tokenizer, "éaé")))
                .containsExactly(Double.POSITIVE_INFINITY, Math.log(27), Double.POSITIVE_INFINITY, Math.log(27));
    }

    @ParameterizedTest
    @CsvSource({"zoé, 2", "🙂, 0", "an🙂na, 2", "éa🙂, 0", "abcdefghijklmnopqé, 17"})
    void says_where_the_first_unknown_character_is(String text, int index) {
        assertThat(Score.of(model, tokenizer, text).unknownAt()).hasValue(index);
    }

    @Test
    void half_a_surrogate_pair_is_unknown_where_the_pair_is_known() {
        Tokenizer emoji = Tokenizer.of(List.of("🙂an"));
        Gpt untrained = Gpt.initial(Preset.STAGE5, emoji.vocabSize(), new PythonRandom(1));

        assertThat(Score.of(untrained, emoji, "an\ud83d").unknownAt()).hasValue(2);
        assertThat(Score.of(untrained, emoji, "an🙂").unknownAt()).isEmpty();
    }

    @Test
    void unknown_and_cut_are_two_things() {
        String tooLong = "abcdefghijklmnop";

        Score unknown = Score.of(model, tokenizer, "zoé");
        Score cut = Score.of(model, tokenizer, tooLong);
        Score both = Score.of(model, tokenizer, "é" + tooLong);

        assertThat(unknown.cutAt()).isEmpty();
        assertThat(cut.cutAt()).isPresent();
        assertThat(cut.unknownAt()).isEmpty();
        assertThat(both.cutAt()).isPresent();
        assertThat(both.unknownAt()).hasValue(0);
    }

    @Test
    void an_unknown_character_is_infinitely_surprising_wherever_it_is() {
        String tooLong = "abcdefghijklmnop";

        Score score = Score.of(model, tokenizer, tooLong + "qé");

        assertThat(score.predictions().subList(0, 17))
                .isEqualTo(
                        Score.of(model, tokenizer, tooLong + "q").predictions().subList(0, 17));
        assertThat(score.predictions().get(17).loss()).isInfinite();
        assertThat(score.loss()).isInfinite();
        assertThat(score.mostSurprising()).isEqualTo(17);
    }

    @Test
    void many_strings_have_the_scores_of_each() {
        List<String> texts = new ArrayList<>(Documents.givenNames().asList().subList(0, 500));
        texts.addAll(List.of("", "zoé", "abcdefghijklmnopqrstu", "éabcdefghijklmnopqrstu"));

        List<Score> scores = Score.of(model, tokenizer, texts);

        assertThat(scores).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            Score one = Score.of(model, tokenizer, texts.get(i));
            Score score = scores.get(i);
            assertThat(score.text()).isEqualTo(one.text());
            assertThat(score.unknownAt()).isEqualTo(one.unknownAt());
            assertThat(score.cutAt()).isEqualTo(one.cutAt());
            assertThat(score.predictions()).hasSameSizeAs(one.predictions());
            for (int t = 0; t < score.predictions().size(); t++) {
                Prediction expected = one.predictions().get(t);
                assertThat(score.predictions().get(t).character()).isEqualTo(expected.character());
                assertThat(score.predictions().get(t).loss()).isCloseTo(expected.loss(), within(1e-12));
            }
        }
        assertThat(Score.of(model, tokenizer, List.of())).isEmpty();
    }

    /** A long string with one wrong letter has a small mean, and is surprising. */
    @Test
    void one_wrong_letter_surprises_more_than_its_share_of_the_mean() {
        List<Prediction> even = Collections.nCopies(10, Prediction.ofLoss("a", 2));
        List<Prediction> wrong = new ArrayList<>(Collections.nCopies(10, Prediction.ofLoss("a", 1)));
        wrong.set(3, Prediction.ofLoss("x", 10));

        Score usual = new Score("aaaaaaaaa", even, OptionalInt.empty(), OptionalInt.empty());
        Score typo = new Score("aaaxaaaaa", wrong, OptionalInt.empty(), OptionalInt.empty());

        assertThat(usual.surprise()).isEqualTo(2 + 1);
        assertThat(typo.surprise()).isEqualTo(1.9 + 5);
        assertThat(typo.loss()).isLessThan(usual.loss());
    }

    @Test
    void counts_code_points() {
        Tokenizer emoji = Tokenizer.of(List.of("🙂🙃e\u0301"));
        Gpt untrained = Gpt.initial(Preset.STAGE5, emoji.vocabSize(), new PythonRandom(1));

        Score score = Score.of(untrained, emoji, "🙂e\u0301🙃");

        assertThat(score.predictions())
                .extracting(Prediction::character)
                .containsExactly("🙂", "e", "\u0301", "🙃", "");
        assertThat(score.cutAt()).isEmpty();
    }

    @Test
    void cannot_be_changed_from_outside() {
        List<Prediction> predictions = new ArrayList<>(List.of(Prediction.ofLoss("", 1)));
        Score score = new Score("", predictions, OptionalInt.empty(), OptionalInt.empty());

        predictions.clear();

        assertThat(score.predictions()).hasSize(1).isUnmodifiable();
    }

    @Test
    void scores_are_equal_if_all_that_they_say_is() {
        List<Prediction> end = List.of(Prediction.ofLoss("", 1));
        Score score = new Score("", end, OptionalInt.empty(), OptionalInt.empty());

        assertThat(Score.of(model, tokenizer, "zoé"))
                .isEqualTo(Score.of(model, tokenizer, "zoé"))
                .hasSameHashCodeAs(Score.of(model, tokenizer, "zoé"))
                .isNotEqualTo(Score.of(model, tokenizer, "zoe"));
        assertThat(score)
                .isEqualTo(new Score("", end, OptionalInt.empty(), OptionalInt.empty()))
                .isNotEqualTo(new Score("a", end, OptionalInt.empty(), OptionalInt.empty()))
                .isNotEqualTo(
                        new Score("", List.of(Prediction.ofLoss("", 2)), OptionalInt.empty(), OptionalInt.empty()))
                .isNotEqualTo(new Score("", end, OptionalInt.of(1), OptionalInt.empty()))
                .isNotEqualTo(new Score("", end, OptionalInt.empty(), OptionalInt.of(0)))
                .isNotEqualTo("");
    }

    @Test
    void prints_string_and_loss() {
        assertThat(Score.of(model, tokenizer, "emma")).hasToString("Score[emma: 2.7549 nats per token]");
        assertThat(Score.of(model, tokenizer, "zoé"))
                .hasToString("Score[zoé: Infinity nats per token, unknown character at 2]");
        assertThat(Score.of(model, tokenizer, "abcdefghijklmnopq").toString()).endsWith(" nats per token, cut at 16]");
    }

    // ---- a single prediction

    @Test
    void a_prediction_has_loss_and_probability() {
        Prediction half = Prediction.of("a", 0.5);

        assertThat(half.character()).isEqualTo("a");
        assertThat(half.probability()).isEqualTo(0.5);
        assertThat(half.loss()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(Prediction.of("", 0).loss()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Prediction.of("", 1))
                .isEqualTo(Prediction.ofLoss("", 0))
                .hasSameHashCodeAs(Prediction.ofLoss("", 0));
        assertThat(half).isNotEqualTo(Prediction.of("b", 0.5)).isNotEqualTo(Prediction.of("a", 0.4));
        assertThat(half).hasToString("a 0.5000");
        assertThat(Prediction.of("", 0.25)).hasToString("(end) 0.2500");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void a_probability_is_in_0_to_1(double probability) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prediction.of("a", probability))
                .withMessage("probability " + probability + " is not in [0, 1]");
    }

    private static Score score(Prediction... predictions) {
        String text = Stream.of(predictions).map(Prediction::character).collect(Collectors.joining());
        return new Score(text, List.of(predictions), OptionalInt.empty(), OptionalInt.empty());
    }

    private static double[] losses(Score score) {
        return score.predictions().stream().mapToDouble(Prediction::loss).toArray();
    }

    private static String randomText(SplittableRandom random, int longest) {
        return random.ints(random.nextInt(longest + 1), 'a', 'z' + 1)
                .mapToObj(Character::toString)
                .reduce("", String::concat);
    }
}
