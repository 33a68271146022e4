package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The figures of the table that says which claims about microgpt are true: measured anew, or in the measured seeds. */
class ClaimsTest {
    private static final Map<String, double[]> GIVEN = MeasuredSeeds.givenNames();
    private static final Map<String, double[]> NAMES = MeasuredSeeds.read("names-txt-seeds.csv"); // of the tests
    private static String page;

    @BeforeAll
    static void read() throws IOException {
        String html = new String(Resources.open("/ablation.html").readAllBytes(), StandardCharsets.UTF_8);
        page = html.substring(html.indexOf("id=\"claims\""));
    }

    private static String difference(Map<String, double[]> measured, String key) {
        Luck luck = Luck.of(Variant.of(key), measured.get(key), measured.get("whole"), Math.log(27));
        return String.format(Locale.ROOT, "%+.4f ± %.4f", luck.difference(), luck.differenceError());
    }

    @Test
    void differences_are_those_of_the_seeds() {
        assertThat(page)
                .contains("Plain descent: " + difference(GIVEN, "descent") + " on the given names, "
                        + difference(NAMES, "descent") + " on names.txt; worse with each of 50 seeds")
                .contains("Without attention " + difference(GIVEN, "attention") + ", without position "
                        + difference(GIVEN, "position") + ", without both " + difference(GIVEN, "attention position")
                        + ". On names.txt " + difference(NAMES, "attention") + ", " + difference(NAMES, "position")
                        + " and " + difference(NAMES, "attention position"))
                .contains("One head: " + difference(GIVEN, "one-head") + " on the given names, "
                        + difference(NAMES, "one-head") + " on names.txt")
                .contains("Without perceptron " + difference(GIVEN, "perceptron")
                        + " on the given names: nobody can tell. " + difference(NAMES, "perceptron") + " on names.txt");
        for (Map<String, double[]> measured : List.of(GIVEN, NAMES)) {
            double[] whole = measured.get("whole");
            assertThat(IntStream.range(0, 50).filter(i -> measured.get("descent")[i] > whole[i]))
                    .hasSize(50);
        }
    }

    /** Of the long list one seed of two variants is enough to see that it is the same measurement. */
    @Test
    void the_seeds_of_the_original_list_are_those_of_the_lesson_model() {
        Documents names = Documents.read(NamesFile.orAbort("the measured losses of variants on names.txt"));
        for (String key : List.of("whole", "attention position")) {
            LessonRun run = new LessonRun(Variant.of(key), names, Tokenizer.of(names), 42, Run.STEPS);
            for (int step = 0; step < Run.STEPS; step++) {
                run.step();
            }
            assertThat(run.unseenLoss()).as(key).isCloseTo(NAMES.get(key)[0], within(1e-6));
        }
    }

    @Test
    void samples_end_early_and_pairs_swing() {
        try (Visitor visitor = new Visitor()) {
            List<Map<String, Object>> moments = visitor.listen("compare/arc", "{}");

            String ended = percent((double) moments.get(1).get("ended"));
            assertThat(page)
                    .contains("BOS ends " + ended + " of the samples after 1 step and "
                            + percent((double) moments.get(2).get("ended")) + " after 50")
                    .contains(pair(moments, 0) + " of the pairs in the list are <i>an</i>. In the samples it is "
                            + pair(moments, 2) + " after 50 steps, " + pair(moments, 4) + " after 200, "
                            + pair(moments, 5) + " after 300 and " + pair(moments, 7) + " after 1,000");
        }
    }

    private static String pair(List<Map<String, Object>> moments, int index) {
        return percent(doubles(moments.get(index).get("shares"))[0]);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    @Test
    void lengths_are_those_of_the_given_names() {
        Documents names = Documents.givenNames();
        long cut = names.stream()
                .filter(name -> name.codePointCount(0, name.length()) >= 8)
                .count();
        long read = names.shuffled(new PythonRandom(42)).stream()
                .limit(1000)
                .mapToInt(name -> Math.min(16, name.codePointCount(0, name.length()) + 1))
                .sum();

        assertThat(page)
                .contains(String.format(
                        Locale.ROOT,
                        "%d of the %,d given names have 8 or more, %d %%",
                        cut,
                        names.size(),
                        100 * cut / names.size()))
                .contains(String.format(Locale.ROOT, "%,d tokens</td><td>300 billion", read));
    }
}
