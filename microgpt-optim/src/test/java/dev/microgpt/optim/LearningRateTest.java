package dev.microgpt.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void constant_stays() {
        LearningRate rate = LearningRate.constant(0.3);

        assertThat(rate.at(0)).isEqualTo(0.3);
        assertThat(rate.at(Long.MAX_VALUE)).isEqualTo(0.3);
    }

    @Test
    void linear_falls_to_zero_in_a_straight_line() {
        LearningRate rate = LearningRate.linear(0.01, 1000);

        for (int step = 0; step < 1000; step++) {
            assertThat(rate.at(step)).isEqualTo(0.01 * (1 - step / 1000.0));
        }
        assertThat(rate.at(1000)).isZero();
        assertThat(rate.at(5000)).isZero();
    }

    @Test
    void cosine_falls_slowly_then_fast_then_slowly() {
        LearningRate rate = LearningRate.cosine(0.01, 500);

        for (int step = 0; step < 500; step++) {
            assertThat(rate.at(step)).isEqualTo(0.01 * 0.5 * (1 + Math.cos(Math.PI * (step / 500.0))));
        }
        assertThat(rate.at(250)).isCloseTo(0.005, within(1e-17));
        assertThat(rate.at(0) - rate.at(1)).isLessThan(rate.at(250) - rate.at(251));
    }

    @Test
    void a_warm_up_rises_to_the_peak_and_the_decay_takes_the_remaining_steps() {
        LearningRate rate = LearningRate.linear(1, 110).withWarmup(10);

        assertThat(rate.at(0)).isEqualTo(0.1);
        assertThat(rate.at(9)).isEqualTo(1);
        assertThat(rate.at(10)).isEqualTo(1);
        assertThat(rate.at(60)).isEqualTo(0.5);
        assertThat(rate.at(110)).isZero();
    }

    @Test
    void rejects_settings_outside_their_range() {
        LearningRate linear = LearningRate.linear(1, 10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRate.linear(-1, 10))
                .withMessage("learning rate -1.0 is not a finite number of at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRate.cosine(1, 0))
                .withMessage("steps 0 is below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> linear.withWarmup(10))
                .withMessage("warmupSteps 10 is not in [0, 10)");
        assertThatIllegalArgumentException().isThrownBy(() -> linear.at(-1)).withMessage("step -1 is negative");
    }
}
