package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.NGram;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Report#of} measures. */
class EvaluatorTest {
    private static final Tokenizer AB = Tokenizer.ofVocabulary("ab");

    /** A model at chance. */
    private record Chance(int vocabSize, int blockSize) implements LanguageModel {
        @Override
        public Context newContext() {
            return tokenId -> new double[vocabSize];
        }
    }

    @Test
    void measures_every_model_on_the_same_predictions() {
        List<String> trained = List.of("ab", "ab", "b"); // pairs: $a 2, $b 1, ab 2, b$ 3

        HeldOutLoss loss = Report.of(new Chance(3, 3), AB, trained, List.of("ba", "b"), 3, List.of())
                .heldOutLoss()
                .orElseThrow();

        assertThat(loss.gpt()).isCloseTo(Math.log(3), within(1e-15));
        assertThat(loss.bigram()).isCloseTo(Math.log(3 * 6 * 5 * 3 * 1.5) / 5, within(1e-15)); // $b ba a$, $b b$
        assertThat(loss.unigram()) // p(a) = 3/11, p(b) = p($) = 4/11
                .isCloseTo((Math.log(11.0 / 3) + 4 * Math.log(11.0 / 4)) / 5, within(1e-15));
        double gain = loss.unigram() - Math.log(3); // here the unigram counts better
        double deviation =
                Math.log(11.0 / 3) + 2 * Math.log(11.0 / 4) - 3 * Math.log(3) - 3 * gain; // of "ba"; "b" has −
        assertThat(loss.gain()).isCloseTo(gain, within(1e-15));
        assertThat(loss.gainError()).isCloseTo(Math.sqrt(2 * deviation * deviation * 2 / 1) / 5, within(1e-15));
    }

    @Test
    void leaves_out_what_the_model_cannot_see() {
        Report report = Report.of(new Chance(3, 2), AB, List.of("ab", "ab", "b"), List.of("ba", "b"), 3, List.of());

        assertThat(report.heldOutLoss().orElseThrow().bigram())
                .isCloseTo(Math.log(3 * 6 * 3 * 1.5) / 4, within(1e-15)); // $b ba, $b b$
        assertThat(report.cutCount()).isEqualTo(3); // ab, ab, ba
    }

    @Test
    void one_held_out_string_proves_nothing() {
        Report report = Report.of(new Chance(3, 8), AB, List.of("ab", "ab", "a"), List.of("ba"), 1, List.of());
        HeldOutLoss loss = report.heldOutLoss().orElseThrow();

        assertThat(loss.gain()).isPositive();
        assertThat(loss.gainError()).isEqualTo(loss.gain());
        assertThat(report.verdict()).isEqualTo("unknown");
        Counted counted = loss.counted().orElseThrow();
        assertThat(counted.ngramError()).isCloseTo(Math.abs(loss.gpt() - counted.ngram()), within(1e-15));
    }

    @Test
    void measures_no_loss_without_held_out_strings() {
        Report report = Report.of(new Chance(3, 8), AB, List.of("ab"), List.of(), 1, List.of());

        assertThat(report.heldOutLoss()).isEmpty();
        assertThat(report.chance()).isEqualTo(Math.log(3));
    }

    @Test
    void counts_each_different_training_string_once_in_the_ngrams() {
        List<String> trained = Documents.givenNames().asList().subList(0, 60);
        List<String> repeated = new ArrayList<>(trained);
        Collections.nCopies(3, trained.subList(0, 20)).forEach(repeated::addAll);
        List<String> heldOut = Documents.givenNames().asList().subList(60, 160);
        Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());
        NGram chosen = NGram.train(trained.stream().sorted().toList());
        NGram expected = NGram.train(trained, chosen.order(), tokenizer); // which knows letters that 60 names lack
        LanguageModel chance = new Chance(27, 16);

        HeldOutLoss loss = Report.of(chance, tokenizer, repeated, heldOut, 1, List.of())
                .heldOutLoss()
                .orElseThrow();

        assertThat(chosen.vocabSize()).isLessThan(tokenizer.vocabSize());
        assertThat(loss.ngramOrder()).hasValue(chosen.order());
        assertThat(loss.ngram().orElseThrow()).isCloseTo(mean(expected, tokenizer, heldOut), within(1e-12));
        double weight = loss.gptWeight().orElseThrow();
        double mixed = mean(LanguageModel.mix(chance, expected, weight), tokenizer, heldOut);
        for (double other : new double[] {weight - 0.05, weight + 0.05}) {
            assertThat(mean(LanguageModel.mix(chance, expected, other), tokenizer, heldOut))
                    .isGreaterThan(mixed);
        }
        assertThat(loss.both().orElseThrow()).isGreaterThan(mixed - 1e-12); // no string chose its own weight
    }

    private static double mean(LanguageModel model, Tokenizer tokenizer, List<String> strings) {
        return strings.stream()
                .map(tokenizer::encodeDocument)
                .flatMapToDouble(tokens -> Arrays.stream(model.losses(tokens)))
                .average()
                .orElseThrow();
    }

    @Test
    void knows_no_ngrams_where_nothing_was_counted() {
        Report report = Report.of(new Chance(3, 8), AB, List.of(), List.of("ab", "b"), 0, List.of());

        assertThat(report.heldOutLoss().orElseThrow().ngram()).isEmpty();
        assertThat(report.verdict()).isEqualTo("unknown");
    }

    @Test
    void names_what_it_cannot_judge() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.of(new Chance(4, 3), AB, List.of("a"), List.of(), 1, List.of()))
                .withMessage("vocabSize 3 of the tokenizer is not that of the model, 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.of(new Chance(3, 3), AB, List.of("a"), List.of(), -1, List.of()))
                .withMessage("readCount -1 is below 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.of(new Chance(3, 3), AB, List.of("a"), List.of("c"), 1, List.of()))
                .withMessage("character 'c' (U+0063) at index 0 of \"c\" is not in the vocabulary");
    }

    @Test
    void counts_duplicates_in_the_whole_list() {
        Report report =
                Report.of(new Chance(3, 8), AB, List.of("ab", "b", "ab", "ab"), List.of("b", "ba", "ba"), 4, List.of());

        assertThat(report.trainedCount()).isEqualTo(4);
        assertThat(report.heldOutCount()).isEqualTo(3);
        assertThat(report.stringCount()).isEqualTo(7);
        assertThat(report.duplicateCount()).isEqualTo(4); // ab, b, ba are different
        assertThat(report.cutCount()).isZero();
    }

    @Test
    void counts_what_looks_wrong_about_the_strings() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("\t,;abe\u00E9\u0301\u200B");
        List<String> trained = List.of("ab", "a\u200Bb", "b\u00E9", "be\u0301", "a\tb", "b\u00E9");

        Report report = Report.of(new Chance(10, 8), tokenizer, trained, List.of("a\u200B"), 1, List.of());

        assertThat(report.oddities()).isEqualTo(new Oddities(3, 1, 0));
        assertThat(report.duplicateCount()).isEqualTo(3);
        assertThat(report.warnings())
                .contains(
                        "3 strings have invisible characters, or letters in two characters where one would do; the model learns"
                                + " them.",
                        "1 string has control characters, such as tabs.");
    }

    @Test
    void sees_the_columns_of_a_table() {
        List<String> table = Collections.nCopies(18, "a,b,ab");
        List<String> mostly = new ArrayList<>(table);
        mostly.addAll(List.of("ab", "a,b"));
        List<String> hardly = new ArrayList<>(mostly);
        hardly.add("ba");

        assertThat(columns(table)).isEqualTo(18);
        assertThat(columns(mostly)).isEqualTo(18);
        assertThat(columns(hardly)).isZero();
        assertThat(columns(table.subList(0, 9))).isZero(); // too few to tell
        assertThat(columns(Collections.nCopies(20, "ab"))).isZero();
        assertThat(columns(Collections.nCopies(20, "a\tb"))).isEqualTo(20);
        assertThat(Report.of(new Chance(4, 8), Tokenizer.ofVocabulary(",ab"), table, List.of(), 1, List.of())
                        .warnings())
                .contains("18 strings look like the columns of a table: train on one column.");
    }

    private static int columns(List<String> strings) {
        return Oddities.of(strings, List.of()).columns();
    }

    @Test
    void says_where_each_sample_comes_from() {
        List<String> trained = List.of("anna", "emma", "lea");
        List<String> heldOut = List.of("emma", "mia");
        List<String> samples = List.of("anna", "", "mia", "lena", "emma", "lena", "anna", "lena", "mia", "ma");

        Report report = Report.of(new Chance(7, 8), Tokenizer.ofVocabulary("aeilmn"), trained, heldOut, 3, samples);

        assertThat(report.novelty()).isEqualTo(new Novelty(10, 1, 3, 2, 2, 2));
        assertThat(report.nearest()).containsExactly(new Nearest("lena", "lea", 1), new Nearest("ma", "emma", 2));
    }

    @Test
    void looks_for_neighbours_of_the_first_five_new_samples() {
        List<String> samples = List.of("aa", "b", "aaa", "bb", "aab", "aba", "bba", "bab");

        Report report = Report.of(new Chance(3, 8), AB, List.of("ab", "b", "bbb"), List.of(), 3, samples);

        assertThat(report.nearest())
                .containsExactly(
                        new Nearest("aa", "ab", 1),
                        new Nearest("aaa", "ab", 2),
                        new Nearest("bb", "ab", 1), // the first of equals
                        new Nearest("aab", "ab", 1),
                        new Nearest("aba", "ab", 1));
    }

    @ParameterizedTest(name = "on the given names: {0}")
    @ValueSource(booleans = {true, false})
    void agrees_with_the_original(boolean onGivenNames) {
        GoldenGptRun run = GoldenGptRun.of(Preset.STAGE5, onGivenNames, Engine.Kind.ARRAY);
        Golden golden = Golden.read(onGivenNames ? "given-trained-model" : "trained-model");
        List<String> names = run.documents().asList();

        Report report = Report.of(
                run.model(), run.tokenizer(), names.subList(0, 1000), names.subList(1000, 2000), 1000, run.samples());

        HeldOutLoss loss = report.heldOutLoss().orElseThrow();
        assertThat(loss.gpt()).isCloseTo(golden.number("loss_on_docs_1000_to_2000.mean"), within(1e-9));
        assertThat(loss.bigram())
                .isCloseTo(golden.number("loss_on_docs_1000_to_2000.bigram_of_first_1000_documents"), within(1e-9));
        assertThat(loss.gpt()).isCloseTo(onGivenNames ? 2.48361 : 2.38471, within(1e-5));
        assertThat(loss.bigram()).isCloseTo(onGivenNames ? 2.60896 : 2.51845, within(1e-5));
        assertThat(loss.gain()).isGreaterThan(2 * loss.gainError());
        if (onGivenNames) {
            assertThat(report).hasToString("""
                            2,000 strings: 1,000 to train on, 1,000 held out to test; duplicates: 0, longer than the model's 15 characters: 0.
                            Training read 1,000 strings, each about 1.0 times.
                            Loss on the held-out strings, in nats per character (less is better):
                              both (weight of the GPT 0.65)   2.432   as unsure as among 11.4 characters
                              the GPT                         2.484   as unsure as among 12.0 characters
                              counting n-grams (order 5)      2.543   as unsure as among 12.7 characters
                              counting pairs (bigram)         2.609   as unsure as among 13.6 characters
                              counting characters (unigram)   2.892   as unsure as among 18.0 characters
                              chance                          3.296   as unsure as among 27.0 characters
                            Is the GPT worth it for this list? Yes, with n-grams beside it: both are better than the GPT alone by 0.051 ± 0.010 nats per character, and the GPT than n-grams by 0.060 ± 0.021 nats per character. LanguageModel.mix(model.gpt(), NGram.train(list, 5, model.tokenizer()), 0.65) is both.
                            It is better than counting pairs by 0.125 ± 0.012 nats per character.
                            Of 20 samples: 20 new (100 %), 0 training strings, 0 held-out strings, 0 repeats of a new one, 0 empty.
                            New ~ its nearest training string (characters to change): tina ~ ida (2), avita ~ kavita (1), serari ~ sergei (2), rika ~ rinka (1), mita ~ eita (1).""");
        }
    }
}
