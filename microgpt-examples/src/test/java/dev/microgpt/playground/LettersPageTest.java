package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Parameters;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of the letters: it is one of the model's vectors, and what the page says of the vowels is so. */
class LettersPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final String QUESTION = "{\"stage\":%d,\"steps\":%d}";

    @AutoClose
    private static Visitor visitor = new Visitor();

    private static Map<String, Object> letters(Visitor visitor, int stage, int steps) {
        return visitor.askMap("letters/map", String.format(QUESTION, stage, steps));
    }

    private static List<Map<String, Object>> each(Map<String, Object> letters) {
        return list(letters.get("letters")).stream().map(Visitor::map).toList();
    }

    @Test
    void the_map_holds_the_share_of_the_variance_that_it_says() {
        Parameters parameters =
                new Classroom(Documents.givenNames()).gpt(5, 1000).parameters();
        double all = 0;
        for (int j = 0; j < 16; j++) {
            double[] column = new double[27];
            for (int i = 0; i < 27; i++) {
                column[i] = parameters.get("wte", i, j);
            }
            all += variance(column);
        }

        Map<String, Object> letters = letters(visitor, 5, 1000);

        for (int axis = 0; axis < 2; axis++) {
            int a = axis;
            double[] places = each(letters).stream()
                    .mapToDouble(letter -> doubles(letter.get("place"))[a])
                    .toArray();
            assertThat(variance(places) / all).isCloseTo(doubles(letters.get("shares"))[axis], EXACT);
            assertThat(Arrays.stream(places).min().orElseThrow())
                    .isGreaterThanOrEqualTo(doubles(list(letters.get("extent")).get(axis))[0]);
        }
        assertThat(doubles(letters.get("shares"))[0]).isGreaterThan(doubles(letters.get("shares"))[1]);
    }

    private static double variance(double... values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }

    @Test
    void before_the_first_step_nothing_has_moved() {
        assertThat(each(letters(visitor, 5, 0))).hasSize(27).allSatisfy(letter -> {
            assertThat(letter.get("place")).isEqualTo(letter.get("start"));
            assertThat(letter).containsEntry("moved", 0.0).containsEntry("read", 0);
        });
        List<Map<String, Object>> trained = each(letters(visitor, 5, 1000));
        assertThat(trained.get(26)).containsEntry("symbol", "BOS").containsEntry("read", 1000); // once a name
        assertThat(trained)
                .allSatisfy(letter -> assertThat((double) letter.get("moved")).isPositive());
    }

    /** What the page says, of both lists. */
    @Test
    void the_nearest_of_a_vowel_is_a_vowel_after_training() {
        String claim =
                "after 1,000 steps of Adam the nearest letter of each of the five vowels is another vowel, on the"
                        + " given names and on names.txt. Before the first step that is so for 2 of the 5, on names.txt for 1.";
        assertThat(PagesTest.read("/adam.html")).contains(claim);
        assertThat(vowelsNextToVowels(letters(visitor, 5, 1000))).isEqualTo(5);
        assertThat(vowelsNextToVowels(letters(visitor, 5, 0))).isEqualTo(2);
        try (Visitor names =
                new Visitor(Documents.read(NamesFile.orAbort("what the page says of vowels, on names.txt")))) {
            assertThat(vowelsNextToVowels(letters(names, 5, 1000))).isEqualTo(5);
            assertThat(vowelsNextToVowels(letters(names, 5, 0))).isEqualTo(1);
        }
    }

    private static long vowelsNextToVowels(Map<String, Object> letters) {
        List<String> vowels = List.of("a", "e", "i", "o", "u");
        return each(letters).stream()
                .filter(letter -> vowels.contains(letter.get("symbol")))
                .peek(letter -> assertThat(letter).containsEntry("vowel", true))
                .filter(letter -> vowels.contains(letter.get("nearest")))
                .count();
    }

    @Test
    void a_list_without_vowels_has_a_map_too() {
        try (Visitor digits = new Visitor(Documents.of(List.of("121", "3", "2331")))) {
            Map<String, Object> letters = letters(digits, 4, 1000);

            assertThat(letters).containsEntry("withinVowels", -1.0).containsEntry("vowelToOther", -1.0);
            assertThat(each(letters)).hasSize(4).noneMatch(letter -> (boolean) letter.get("vowel"));
        }
    }

    @ParameterizedTest
    @CsvSource({"a, true", "É, true", "y, false", "ñ, false", "ω, true", "я, true", "7, false"})
    void accents_do_not_make_a_vowel_another_letter(String letter, boolean vowel) {
        assertThat(LettersPage.isVowel(letter)).isEqualTo(vowel);
    }
}
