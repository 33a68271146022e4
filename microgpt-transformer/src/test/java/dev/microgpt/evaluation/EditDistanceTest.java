package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "anna, hanna, 1",
        "anna, ann, 1",
        "anna, enna, 1",
        "abcd, dcba, 4",
        "ab, ba, 2",
        "a, '', 1",
        "'', ab, 2",
        "'', '', 0",
        "emma, emma, 0",
        "🙂a, 🙁a, 1",
        "🙂, '', 1"
    })
    void counts_characters_to_insert_delete_or_replace(String a, String b, int expected) {
        assertThat(EditDistance.between(points(a), points(b), 100)).isEqualTo(expected);
        assertThat(EditDistance.between(points(b), points(a), 100)).isEqualTo(expected);
    }

    @Test
    void gives_up_one_above_the_limit() {
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            int[] a = random.ints(random.nextInt(9), 'a', 'd').toArray();
            int[] b = random.ints(random.nextInt(9), 'a', 'd').toArray();
            int distance = EditDistance.between(a, b, 8);

            for (int limit = 0; limit < 9; limit++) {
                assertThat(EditDistance.between(a, b, limit)).isEqualTo(Math.min(distance, limit + 1));
            }
        }
    }

    private static int[] points(String text) {
        return text.codePoints().toArray();
    }
}
