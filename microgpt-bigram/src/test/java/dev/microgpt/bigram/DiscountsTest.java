package dev.microgpt.bigram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscountsTest {

    @Test
    void are_those_of_chen_and_goodman() {
        Discounts discounts = Discounts.of(counts(100, 40, 20, 10, 5));

        double y = 100 / (100 + 2.0 * 40);
        assertThat(discounts.of(1)).isCloseTo(1 - 2 * y * 40 / 100, within(1e-15));
        assertThat(discounts.of(2)).isCloseTo(2 - 3 * y * 20 / 40, within(1e-15));
        assertThat(discounts.of(3)).isCloseTo(3 - 4 * y * 10 / 20, within(1e-15));
        assertThat(discounts.of(5)).isEqualTo(discounts.of(3));
        assertThat(discounts.of(0)).isZero();
    }

    @Test
    void are_between_nothing_and_the_count_whatever_the_counts_of_counts() {
        int[] few = {0, 1, 5, 200};
        for (int a : few) {
            for (int b : few) {
                for (int c : few) {
                    for (int d : few) {
                        Discounts discounts = Discounts.of(counts(a, b, c, d));
                        for (int count = 1; count <= 4; count++) {
                            assertThat(discounts.of(count)).isGreaterThan(0).isLessThan(Math.min(3, count));
                        }
                    }
                }
            }
        }
    }

    @Test
    void are_one_half_where_every_string_is_there_four_times() {
        assertThat(Discounts.of(counts(0, 0, 0, 17))).isEqualTo(new Discounts(0.5, 0.5, 0.5));
        assertThat(Discounts.of(new int[0])).isEqualTo(new Discounts(0.5, 0.5, 0.5));
    }

    /** So many counts of 1, of 2, … */
    private static int[] counts(int... countOfCounts) {
        return IntStream.range(0, countOfCounts.length)
                .flatMap(i -> IntStream.generate(() -> i + 1).limit(countOfCounts[i]))
                .toArray();
    }
}
