package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.playground.Variant.Part;
import org.junit.jupiter.api.Test;

/** What is said of the losses of some seeds. */
class LuckTest {
    private static final double CHANCE = Math.log(27);
    private static final double[] WHOLE = {2.4, 2.5, 2.6, 2.5};
    private static final Variant VARIANT = Variant.without(Part.NORM);

    private static Luck plus(double... differences) {
        double[] losses = new double[differences.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = WHOLE[i] + differences[i];
        }
        return Luck.of(VARIANT, losses, WHOLE, CHANCE);
    }

    @Test
    void mean_and_standard_error_are_those_of_the_differences() {
        Luck luck = plus(0.01, 0.03, 0.01, 0.03);

        assertThat(luck.seeds()).isEqualTo(4);
        assertThat(luck.mean()).isCloseTo(2.52, within(1e-12));
        assertThat(luck.difference()).isCloseTo(0.02, within(1e-12));
        assertThat(luck.differenceError()).isCloseTo(0.01 / Math.sqrt(3), within(1e-12)); // √(4 · 0.01² / 3) / √4
        assertThat(luck.worse()).isEqualTo(4);
    }

    @Test
    void what_is_below_two_standard_errors_may_be_luck() {
        assertThat(plus(0.01, 0.03, -0.01, -0.01).verdict()).isEqualTo("Cannot tell");
        assertThat(plus(0, 0, 0, 0).verdict()).isEqualTo("Cannot tell");
        assertThat(plus(0.01).verdict()).isEqualTo("One seed cannot tell");
    }

    @Test
    void what_is_above_is_better_or_worse_and_a_little_is_a_hair() {
        assertThat(plus(0.01, 0.03, 0.01, 0.03).verdict()).isEqualTo("Worse, not luck");
        assertThat(plus(-0.01, -0.03, -0.01, -0.03).verdict()).isEqualTo("Better, not luck");
        assertThat(plus(0.001, 0.003, 0.001, 0.003).verdict()).isEqualTo("Worse by a hair, not luck");
    }

    @Test
    void a_model_that_stays_at_chance_never_learns() {
        double[] chance = {CHANCE, CHANCE, CHANCE, CHANCE};

        assertThat(Luck.of(new Variant(java.util.Set.of(), 4, true, false), chance, WHOLE, CHANCE)
                        .verdict())
                .isEqualTo("It never learns");
    }

    @Test
    void a_model_that_sees_what_comes_cheats_if_it_looks() {
        double[] little = {0.1, 0.1, 0.2, 0.1};

        assertThat(Luck.of(Variant.without(Part.MASK), little, WHOLE, CHANCE).verdict())
                .isEqualTo("A cheat: it reads the answer");
        assertThat(Luck.of(Variant.without(Part.MASK, Part.ATTENTION), little, WHOLE, CHANCE)
                        .verdict())
                .isEqualTo("Better, not luck");
    }

    @Test
    void the_whole_model_is_what_others_are_compared_with() {
        assertThat(Luck.of(Variant.WHOLE, WHOLE, WHOLE, CHANCE).verdict()).isEqualTo("the measure of all others");
    }
}
