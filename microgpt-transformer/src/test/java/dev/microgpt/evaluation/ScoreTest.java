package dev.microgpt.evaluation;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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

            assertThat(score.loss()).isEqualTo(model.loss(tokenizer.encodeDocument(text)));
            assertThat(Collections.max(
                            score.predictions().stream().map(Prediction::loss).toList()))
                    .isEqualTo(score.predictions().get(score.mostSurprising()).loss());
            double product = 1;
            for (Prediction prediction : score.predictions()) {
                assertThat(prediction.probability()).isBetween(0.0, 1.0);
                product *= prediction.probability();
            }
            assertThat(product).isCloseTo(Math.exp(-score.loss() * counted), within(1e-12 * product));
            assertThat(score.isCut()).isEqualTo(text.length() >= model.blockSize());
            assertThat(counted).isEqualTo(Math.min(model.blockSize(), text.length() + 1));
        }
    }

    @Test
    void names_the_characters_and_the_end() {
        Score score = Score.of(model, tokenizer, "ava");

        assertThat(score.text()).isEqualTo("ava");
        assertThat(score.predictions()).extracting(Prediction::character).containsExactly("a", "v", "a", "");
        assertThat(score.isCut()).isFalse();
    }

    @Test
    void measures_the_loss_in_bits_and_as_perplexity() {
        Score score = new Score("a", List.of(new Prediction("a", Math.log(4)), new Prediction("", Math.log(16))));

        assertThat(score.loss()).isCloseTo(Math.log(8), within(1e-15));
        assertThat(score.bitsPerCharacter()).isCloseTo(3, within(1e-15));
        assertThat(score.perplexity()).isCloseTo(8, within(1e-14));
        assertThat(score.mostSurprising()).isEqualTo(1); // the end
    }

    @Test
    void finds_the_first_of_equally_surprising_characters() {
        Score score = new Score(
                "abc",
                List.of(new Prediction("a", 1), new Prediction("b", 2), new Prediction("c", 2), new Prediction("", 1)));

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
        assertThat(score.isCut()).isFalse();
    }

    @Test
    void counts_the_first_blockSize_predictions() {
        String fits = "abcdefghijklmno"; // and its end is the 16th
        String tooLong = fits + "pq";

        assertThat(Score.of(model, tokenizer, fits).isCut()).isFalse();
        Score cut = Score.of(model, tokenizer, tooLong);
        assertThat(cut.isCut()).isTrue();
        assertThat(cut.predictions()).hasSize(16);
        assertThat(cut.predictions().get(15).character()).isEqualTo("p");
    }

    @Test
    void a_string_with_an_unknown_character_has_no_score() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Score.of(model, tokenizer, "zoé"))
                .withMessage("character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
    }

    @Test
    void ranks_by_surprise() {
        List<Score> ranked = Score.rank(model, tokenizer, List.of("anna", "xqzzv", "maria", "kxena", "mariah"));

        assertThat(ranked).extracting(Score::text).startsWith("xqzzv", "kxena");
        assertThat(ranked).extracting(Score::loss).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(ranked).contains(Score.of(model, tokenizer, "anna"));
    }

    @Test
    void ranks_strings_with_an_unknown_character_first() {
        List<Score> ranked = Score.rank(model, tokenizer, List.of("xqzzv", "zoé", "anna", "🙂", "an🙂na", "an\ud83d"));

        assertThat(ranked).extracting(Score::text).containsExactly("zoé", "🙂", "an🙂na", "an\ud83d", "xqzzv", "anna");
        Score zoe = ranked.get(0);
        assertThat(zoe.loss()).isInfinite();
        assertThat(zoe.bitsPerCharacter()).isInfinite();
        assertThat(zoe.perplexity()).isInfinite();
        assertThat(zoe.mostSurprising()).isEqualTo(2);
        assertThat(zoe.predictions().get(2)).isEqualTo(new Prediction("é", Double.POSITIVE_INFINITY));
        assertThat(zoe.predictions().get(2).probability()).isZero();
        assertThat(zoe.predictions().subList(0, 2))
                .isEqualTo(Score.of(model, tokenizer, "zo").predictions().subList(0, 2));
        assertThat(zoe.isCut()).isTrue(); // its end has no prediction
        assertThat(ranked).extracting(Score::mostSurprising).startsWith(2, 0, 2, 2);
    }

    @Test
    void an_unknown_character_behind_the_counted_ones_does_not_count() {
        String tooLong = "abcdefghijklmnop";

        List<Score> ranked = Score.rank(model, tokenizer, List.of(tooLong + "é", tooLong + "q", "abcé"));

        assertThat(ranked).extracting(Score::text).containsExactly("abcé", tooLong + "é", tooLong + "q");
        assertThat(ranked.get(1).predictions()).isEqualTo(ranked.get(2).predictions());
    }

    @Test
    void equal_strings_keep_their_order() {
        Gpt chance = new Gpt(model.config(), model.config().newParameters());

        assertThat(Score.rank(chance, tokenizer, List.of("c", "a", "b")))
                .extracting(Score::text)
                .containsExactly("c", "a", "b");
    }

    @Test
    void counts_code_points() {
        Tokenizer emoji = Tokenizer.of(List.of("🙂🙃e\u0301"));
        Gpt untrained = Gpt.initial(Preset.STAGE5, emoji.vocabSize(), new PythonRandom(1));

        Score score = Score.of(untrained, emoji, "🙂e\u0301🙃");

        assertThat(score.predictions())
                .extracting(Prediction::character)
                .containsExactly("🙂", "e", "\u0301", "🙃", "");
        assertThat(score.isCut()).isFalse();
    }

    @Test
    void cannot_be_changed_from_outside() {
        List<Prediction> predictions = new ArrayList<>(List.of(new Prediction("", 1)));
        Score score = new Score("", predictions);

        predictions.clear();

        assertThat(score.predictions()).hasSize(1).isUnmodifiable();
    }

    @Test
    void names_what_is_wrong() {
        Prediction prediction = new Prediction("a", 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Score("🙂", List.of()))
                .withMessage("number of predictions 0 is not in [1, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Score("🙂", List.of(prediction, prediction, prediction)))
                .withMessage("number of predictions 3 is not in [1, 2]");
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
