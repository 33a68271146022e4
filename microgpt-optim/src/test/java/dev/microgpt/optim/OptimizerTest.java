package dev.microgpt.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private final Parameters parameters = Parameters.builder().tensor("w", 2, 3).build();
    private final Parameters gradient = parameters.zeros();
    private final Random random = new Random(1);

    @Test
    void sgd_walks_against_the_gradient() {
        fill(parameters);
        fill(gradient);
        double[] before = parameters.values().clone();
        Sgd sgd = new Sgd();
        Moments moments = sgd.start(parameters);

        sgd.update(parameters, gradient, moments, 0.5);

        for (int i = 0; i < before.length; i++) {
            assertThat(parameters.values()[i]).isEqualTo(before[i] - 0.5 * gradient.values()[i]);
        }
        assertThat(moments.updates()).isEqualTo(1);
        assertThat(moments.first()).isEmpty();
    }

    /** The moving averages written out as sums: m_t = (1 − β1)·Σ β1^(t−s)·g_s, and v_t in the same way. */
    @Test
    void adam_agrees_with_the_sums_that_its_averages_stand_for() {
        double beta1 = 0.85;
        double beta2 = 0.99;
        Adam adam = new Adam(beta1, beta2, 1e-8);
        Moments moments = adam.start(parameters);
        fill(parameters);
        double expected = parameters.values()[4];
        double[] history = new double[20];

        for (int t = 1; t <= history.length; t++) {
            fill(gradient);
            history[t - 1] = gradient.values()[4];
            adam.update(parameters, gradient, moments, 0.01 * t);
            double m = 0;
            double v = 0;
            double mWeights = 0;
            double vWeights = 0;
            for (int s = 1; s <= t; s++) {
                m += Math.pow(beta1, t - s) * history[s - 1];
                v += Math.pow(beta2, t - s) * history[s - 1] * history[s - 1];
                mWeights += Math.pow(beta1, t - s);
                vWeights += Math.pow(beta2, t - s);
            }
            // the bias corrections turn both sums into weighted means
            expected -= 0.01 * t * (m / mWeights) / (Math.sqrt(v / vWeights) + 1e-8);

            assertThat(parameters.values()[4]).isCloseTo(expected, within(1e-14));
            assertThat(moments.first().orElseThrow().values()[4]).isCloseTo((1 - beta1) * m, within(1e-15));
            assertThat(moments.second().orElseThrow().values()[4]).isCloseTo((1 - beta2) * v, within(1e-15));
        }
        assertThat(moments.updates()).isEqualTo(20);
    }

    @Test
    void the_first_update_of_adam_has_the_size_of_the_learning_rate_whatever_the_gradient() {
        Adam adam = new Adam(0.85, 0.99, 1e-8);
        double[] sizes = {1e-3, -0.02, 0.4, -5, 60, -700};
        System.arraycopy(sizes, 0, gradient.values(), 0, 6);

        adam.update(parameters, gradient, adam.start(parameters), 0.01);

        for (int i = 0; i < sizes.length; i++) {
            assertThat(parameters.values()[i]).isCloseTo(-0.01 * Math.signum(sizes[i]), within(1e-6));
        }
    }

    @Test
    void no_weight_stands_still_unseen_after_a_derivative_whose_square_overflows() {
        Adam adam = new Adam(0.85, 0.99, 1e-8);
        double[] sizes = {1e200, -1e155, 1e150, 1, -1e-200, 0};
        System.arraycopy(sizes, 0, gradient.values(), 0, 6);

        adam.update(parameters, gradient, adam.start(parameters), 0.01);

        assertThat(parameters.values()[0]).isNaN();
        assertThat(parameters.values()[1]).isNaN();
        assertThat(Arrays.copyOfRange(parameters.values(), 2, 6))
                .containsExactly(new double[] {-0.01, -0.01, 0, 0}, within(1e-9));
    }

    @Test
    void both_find_the_minimum_of_a_parabola() {
        for (Optimizer optimizer : new Optimizer[] {new Sgd(), new Adam(0.9, 0.95, 1e-8)}) {
            fill(parameters);
            Moments moments = optimizer.start(parameters);
            LearningRate rate = LearningRate.linear(0.1, 500);

            for (int step = 0; step < 500; step++) {
                for (int i = 0; i < parameters.size(); i++) {
                    gradient.values()[i] = 2 * (parameters.values()[i] - i); // of Σ (p_i − i)²
                }
                optimizer.update(parameters, gradient, moments, rate.at(step));
            }

            assertThat(parameters.values()).containsExactly(new double[] {0, 1, 2, 3, 4, 5}, within(1e-3));
        }
    }

    @Test
    void moments_print_what_they_hold() {
        assertThat(new Adam(0.9, 0.95, 1e-8).start(parameters)).hasToString("Moments[updates=0, averages=6]");
        assertThat(Moments.of(3)).hasToString("Moments[updates=3, averages=0]");
    }

    @Test
    void rejects_what_does_not_fit_and_changes_nothing() {
        Adam adam = new Adam(0.85, 0.99, 1e-8);
        Sgd sgd = new Sgd();
        Moments ofAdam = adam.start(parameters);
        Moments ofSgd = sgd.start(parameters);
        Parameters transposed = Parameters.builder().tensor("w", 3, 2).build();
        fill(parameters);
        fill(gradient);
        double[] before = parameters.values().clone();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.update(parameters, transposed, ofAdam, 0.1))
                .withMessage("the layout of the gradient differs: it has Tensor[name=w, rows=3, columns=2, offset=0]"
                        + " where the parameters have Tensor[name=w, rows=2, columns=3, offset=0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.update(parameters, transposed, ofSgd, 0.1))
                .withMessageStartingWith("the layout of the gradient differs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.update(parameters, gradient, adam.start(transposed), 0.1))
                .withMessageStartingWith("the layout of the moments differs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.update(parameters, gradient, ofSgd, 0.1))
                .withMessage("the moments were started by Sgd, not by Adam");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.update(parameters, gradient, ofAdam, 0.1))
                .withMessage("the moments were started by Adam, not by Sgd");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.update(parameters, gradient, ofSgd, Double.NaN))
                .withMessage("learning rate NaN is not a finite number of at least 0");
        assertThat(parameters.values()).isEqualTo(before);
        assertThat(ofAdam.updates()).isZero();
        assertThat(ofSgd.updates()).isZero();
    }

    @Test
    void rejects_settings_outside_their_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adam(1, 0.99, 1e-8))
                .withMessage("beta1 1.0 is not in [0, 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adam(0.85, -0.1, 1e-8))
                .withMessage("beta2 -0.1 is not in [0, 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adam(0.85, 0.99, 0))
                .withMessage("epsilon 0.0 is not a positive finite number");
    }

    private void fill(Parameters target) {
        for (int i = 0; i < target.size(); i++) {
            target.values()[i] = random.nextGaussian();
        }
    }
}
