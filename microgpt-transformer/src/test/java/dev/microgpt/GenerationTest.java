package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Score;
import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Preset;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Generating and scoring with a model; details are tested with Generator, Completer and Score. */
class GenerationTest {
    private static final List<String> NAMES = Documents.givenNames().asList();
    private static final MicroGpt MODEL =
            MicroGpt.train(NAMES, TrainingOptions.of(Preset.STAGE5).withSteps(200));
    private static final GenerationOptions DEFAULTS = new GenerationOptions();
    private static final GenerationOptions SEEDED = DEFAULTS.withSeed(1);

    @Test
    void generates_in_any_number_of_threads_what_it_generates_in_one() throws InterruptedException {
        GenerationOptions options =
                new GenerationOptions().withSeed(9).withUnique(true).withMaxAttempts(5_000);
        List<String> expected = MODEL.generate(200, options);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Callable<List<String>> task = () -> MODEL.generate(200, options);

        List<Future<List<String>>> results = threads.invokeAll(Collections.nCopies(16, task));

        assertThat(results).allSatisfy(result -> assertThat(get(result)).isEqualTo(expected));
        assertThat(MODEL.stream(options).parallel().limit(200)).containsExactlyElementsOf(expected);
        threads.shutdown();
    }

    private static List<String> get(Future<List<String>> result) throws InterruptedException, ExecutionException {
        return result.get();
    }

    @Test
    void without_a_seed_each_call_gives_other_strings() {
        List<String> strings = MODEL.generate(50);

        assertThat(MODEL.generate(50)).isNotEqualTo(strings);
        assertThat(MODEL.generate(50, DEFAULTS)).isNotEqualTo(strings);
        assertThat(MODEL.stream(DEFAULTS).limit(50)).isNotEqualTo(strings);
    }

    @Test
    void a_seed_repeats_the_strings() {
        List<String> strings = MODEL.generate(50, SEEDED);

        assertThat(MODEL.generate(50, SEEDED)).isEqualTo(strings);
        assertThat(MODEL.stream(SEEDED).limit(50)).isEqualTo(strings);
        assertThat(IntStream.range(0, 50).mapToObj(i -> MODEL.generateAt(i, SEEDED)))
                .isEqualTo(strings);
        assertThat(MODEL.generate(50, DEFAULTS.withSeed(2))).isNotEqualTo(strings);
    }

    @Test
    void the_numbers_after_the_training_begin_anew_with_each_call() {
        List<String> strings = MODEL.generate(20, DEFAULTS, MODEL.random());
        PythonRandom random = MODEL.random();

        assertThat(MODEL.generate(20, DEFAULTS, MODEL.random())).isEqualTo(strings);
        assertThat(MODEL.generate(7, DEFAULTS, random)).isEqualTo(strings.subList(0, 7));
        assertThat(MODEL.generate(13, DEFAULTS, random)).isEqualTo(strings.subList(7, 20));
    }

    @Test
    void strings_are_neither_empty_nor_cut_except_where_the_original_is_repeated() {
        GenerationOptions wild = DEFAULTS.withTemperature(1.5);

        assertThat(MODEL.generate(1000, wild.withSeed(1)))
                .allMatch(string -> !string.isEmpty() && string.length() < 16);
        assertThat(MODEL.generate(1000, wild, MODEL.random())).contains("").anyMatch(string -> string.length() == 16);
        assertThat(MODEL.candidates("")).anyMatch(end -> end.character().isEmpty() && end.probability() > 0);
    }

    @Test
    void a_string_has_at_most_four_times_as_many_characters_as_the_longest_of_the_list() {
        List<String> list = List.of("abcdefghijklmnopq", "abab", "ba");
        TrainingOptions options = TrainingOptions.of(Preset.STAGE5).withSteps(1).withBlockSize(100);
        MicroGpt model = MicroGpt.train(list, options);

        assertThat(model.provenance().longest()).hasValue(17);
        assertThat(Trainer.furtherTraining(model, List.of("a"), options)
                        .train()
                        .provenance()
                        .longest())
                .hasValue(17);
        assertThat(Trainer.furtherTraining(model, List.of("aaaaaaaaaaaaaaaaaaa"), options)
                        .train()
                        .provenance()
                        .longest())
                .hasValue(19);
        assertThat(MicroGpt.load(new ByteArrayInputStream(model.toBytes()))
                        .provenance()
                        .longest())
                .hasValue(17);
        assertThat(model.generate(200, SEEDED.withTemperature(2)))
                .allMatch(string -> string.length() < 68)
                .anyMatch(string -> string.length() > 50);
    }

    @Test
    void the_report_of_a_model_that_comes_to_no_end_has_fewer_samples() {
        List<String> list = Collections.nCopies(3, "ab".repeat(8));

        MicroGpt model = MicroGpt.train(
                list, TrainingOptions.forStrings(list).withBlockSize(8).withSteps(100));

        assertThat(model.report().novelty().sampleCount()).isZero();
        assertThatExceptionOfType(ExhaustedException.class)
                .isThrownBy(() -> model.generate(1))
                .withMessageContaining("101 times because it had no end within 8 characters");
    }

    @Test
    void unset_means_the_temperature_of_the_model() {
        assertThat(MODEL.generate(50, SEEDED))
                .isEqualTo(MODEL.generate(50, SEEDED.withTemperature(0.5)))
                .isNotEqualTo(MODEL.generate(50, SEEDED.withTemperature(0.6)));
        assertThat(MODEL.candidates(DEFAULTS.withPrefix("ann")))
                .isEqualTo(MODEL.candidates(DEFAULTS.withPrefix("ann").withTemperature(0.5)));

        List<String> list = NAMES.subList(0, 200);
        MicroGpt fitted = MicroGpt.train(list, TrainingOptions.forStrings(list).withSteps(20));
        assertThat(fitted.generate(50, SEEDED))
                .isEqualTo(fitted.generate(50, SEEDED.withTemperature(1)))
                .isNotEqualTo(fitted.generate(50, SEEDED.withTemperature(0.9)));
    }

    @Test
    void the_report_looks_at_the_samples_of_the_training() {
        TrainingOptions options =
                TrainingOptions.forStrings(NAMES.subList(0, 200)).withSteps(20).withSeed(5);
        MicroGpt fitted = MicroGpt.train(NAMES.subList(0, 200), options);

        for (MicroGpt model : List.of(fitted, MODEL)) {
            List<String> samples = model == MODEL
                    ? model.generate(1000, DEFAULTS, model.random())
                    : model.generate(1000, DEFAULTS.withSeed(5));
            assertThat(model.report().nearest())
                    .isNotEmpty()
                    .extracting(Report.Nearest::sample)
                    .isEqualTo(samples.stream()
                            .filter(sample -> !sample.isEmpty() && !model.isKnown(sample))
                            .distinct()
                            .limit(5)
                            .toList());
        }
    }

    @Test
    void blanks_around_a_string_do_not_count() {
        assertThat(MODEL.loss(" anna\n")).isEqualTo(MODEL.loss("anna"));
        assertThat(MODEL.loss("\u00A0anna\u2007")).isEqualTo(MODEL.loss("anna"));
        assertThat(MODEL.isKnown("\u202Faaron\u0085")).isTrue();
        assertThat(MODEL.rank(List.of("anna\n")).get(0).loss()).isEqualTo(MODEL.loss("anna"));
    }

    @Test
    void novel_strings_are_not_in_the_list() {
        GenerationOptions novel = new GenerationOptions().withNovelOnly(true).withSeed(3);

        assertThat(MODEL.generate(500, novel)).doesNotContainAnyElementsOf(NAMES);
    }

    @Test
    void scores_completes_and_ranks() {
        assertThat(MODEL.loss("anna")).isEqualTo(MODEL.score("anna").loss());
        assertThat(MODEL.loss("anna"))
                .isCloseTo(MODEL.gpt().loss(MODEL.tokenizer().encodeDocument("anna")), within(1e-12));
        assertThat(MODEL.candidates("ann")).hasSize(27);
        assertThat(MODEL.candidates("ann").stream()
                        .mapToDouble(Prediction::probability)
                        .sum())
                .isCloseTo(1, within(1e-12));
        double likely = MODEL.candidates("ann").get(0).probability();
        assertThat(MODEL.candidates(DEFAULTS.withPrefix("ann").withTemperature(0.5))
                        .get(0)
                        .probability())
                .isGreaterThan(likely);
    }

    @Test
    void scores_in_the_order_given_and_ranks_by_surprise() {
        List<String> strings = List.of("anna", "xqzzv", "maria", "kxena", "mariah", "anna");

        List<Score> scores = MODEL.scores(strings);
        List<Score> ranked = MODEL.rank(strings);

        assertThat(scores).extracting(Score::text).isEqualTo(strings);
        assertThat(scores).allMatch(score -> score.equals(MODEL.score(score.text())));
        assertThat(ranked).extracting(Score::text).startsWith("xqzzv", "kxena");
        assertThat(ranked).extracting(Score::surprise).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(ranked).containsExactlyInAnyOrderElementsOf(scores);
        assertThat(MODEL.scores(List.of())).isEmpty();
    }

    @Test
    void a_character_that_is_not_known_is_infinitely_surprising() {
        assertThat(MODEL.loss("zoé")).isInfinite();
        assertThat(MODEL.score(" zoé").unknownAt()).hasValue(2);
        assertThat(MODEL.rank(List.of("xqzzv", "zoé", "anna", "🙂")))
                .extracting(Score::text)
                .containsExactly("zoé", "🙂", "xqzzv", "anna"); // equal ones in the order given
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MODEL.candidates("zoé"))
                .withMessage("character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MODEL.generate(1, DEFAULTS.withPrefix("zoé")))
                .withMessage("character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
    }
}
