package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A list in which strings are repeated tells no more than one in which they are not. */
class RepeatedStringsTest {
    private static final List<String> SHUFFLED =
            Documents.givenNames().shuffled(new PythonRandom(1)).asList();
    private static final List<String> NAMES = SHUFFLED.subList(0, 150);
    private static final List<String> OTHERS = SHUFFLED.subList(150, 650);

    @Test
    void a_list_without_duplicates_holds_out_its_end() {
        TrainingOptions options = TrainingOptions.forStrings(NAMES).withHeldOutFraction(0.3);

        TrainingData data = TrainingData.of(Documents.of(NAMES), options, List.of());

        PythonRandom random = new PythonRandom(42);
        List<String> shuffled = Documents.of(NAMES).shuffled(random).asList();
        assertThat(data.trained()).isEqualTo(shuffled.subList(0, 105));
        assertThat(data.heldOut()).isEqualTo(shuffled.subList(105, 150));
        assertThat(data.random()).isEqualTo(random.state());
    }

    @Test
    void the_same_strings_are_held_out_however_often_they_are_repeated() {
        TrainingData once = data(NAMES);

        for (int copies : new int[] {2, 4, 8}) {
            TrainingData repeated = data(repeated(copies));

            assertThat(repeated.heldOut()).isEqualTo(once.heldOut()).hasSize(15);
            assertThat(repeated.trained())
                    .hasSize(135 * copies)
                    .doesNotContainAnyElementsOf(once.heldOut())
                    .containsAll(once.trained());
            assertThat(repeated.all()).hasSize(150 * copies);
        }
    }

    @Test
    void all_copies_stand_on_one_side_where_some_strings_have_more_than_others() {
        List<String> list = new ArrayList<>(SHUFFLED.subList(0, 100));
        for (int i = 0; i < 100; i++) {
            list.addAll(Collections.nCopies(i % 7, SHUFFLED.get(i)));
        }

        TrainingData data = data(list);

        assertThat(data.heldOut()).hasSize(10).doesNotHaveDuplicates().doesNotContainAnyElementsOf(data.trained());
        for (String string : data.trained()) {
            assertThat(Collections.frequency(data.trained(), string)).isEqualTo(Collections.frequency(list, string));
        }
    }

    @Test
    void the_settings_count_different_strings() {
        TrainingOptions options = TrainingOptions.forStrings(NAMES);

        assertThat(TrainingOptions.forStrings(repeated(8))).isEqualTo(options);
        assertThat(options.steps()).isEqualTo(85); // ten times 135 strings, 16 a step
    }

    /** By more than two standard errors. */
    private static boolean isBetterThanPairs(Report report) {
        HeldOutLoss loss = report.heldOutLoss().orElseThrow();
        Matcher error = Pattern.compile("\"gainError\":([^,}]+)").matcher(report.toJson());
        assertThat(error.find()).isTrue();
        return Math.min(loss.bigram(), loss.unigram()) - loss.gpt() > 2 * Double.parseDouble(error.group(1));
    }

    @Test
    void verdict_and_loss_are_those_of_the_list_without_copies() {
        MicroGpt once = MicroGpt.train(NAMES);
        HeldOutLoss loss = once.report().heldOutLoss().orElseThrow();
        assertThat(loss.ngramOrder()).isPresent();

        for (int copies : new int[] {2, 4, 8}) {
            MicroGpt model = MicroGpt.train(repeated(copies));

            HeldOutLoss other = model.report().heldOutLoss().orElseThrow();
            assertThat(isBetterThanPairs(model.report())).isEqualTo(isBetterThanPairs(once.report()));
            assertThat(other.ngramOrder()).isEqualTo(loss.ngramOrder());
            assertThat(other.ngram()).isEqualTo(loss.ngram());
            assertThat(other.gpt()).as("%d copies", copies).isCloseTo(loss.gpt(), within(0.1));
            assertThat(meanLoss(model)).as("%d copies", copies).isCloseTo(meanLoss(once), within(0.1));
            assertThat(model.report().readCount()).isLessThanOrEqualTo(1_360); // as without copies
            assertThat(model.report().toString())
                    .contains(String.format(
                            Locale.ROOT,
                            "Training read %,d strings, each different one about %.1f times",
                            model.report().readCount(),
                            model.report().readCount() / 135.0));
        }
    }

    @Test
    void nothing_is_known_where_nothing_is_left_to_hold_out() {
        List<String> list = Collections.nCopies(300, "anna");

        MicroGpt model = MicroGpt.train(list, TrainingOptions.forStrings(list).withHeldOutFraction(0.5));

        assertThat(model.report().heldOutLoss()).isEmpty();
        assertThat(model.report().trainedCount()).isEqualTo(300);
        assertThat(model.report().toString()).contains("Not known: no strings were held out to tell by.");
    }

    private static TrainingData data(List<String> list) {
        return TrainingData.of(Documents.of(list), TrainingOptions.forStrings(list), List.of());
    }

    private static List<String> repeated(int copies) {
        List<String> list = new ArrayList<>();
        Collections.nCopies(copies, NAMES).forEach(list::addAll);
        return list;
    }

    private static double meanLoss(MicroGpt model) {
        return OTHERS.stream().mapToDouble(model::loss).average().orElseThrow(); // the 150 have every letter
    }
}
