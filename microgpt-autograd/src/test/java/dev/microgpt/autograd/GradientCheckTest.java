package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckTest {
    private static double squares(double[] x) {
        return x[0] * x[0] + 3 * x[1] * x[1];
    }

    @Test
    void finds_the_gradient_by_central_differences() {
        double[] at = {2, -1};

        double[] gradient = GradientCheck.centralDifferences(GradientCheckTest::squares, at);

        assertThat(gradient).containsExactly(new double[] {4, -6}, within(1e-9));
        assertThat(at).containsExactly(2, -1);
    }

    @Test
    void accepts_a_gradient_that_is_right() {
        GradientCheck check = GradientCheck.of(GradientCheckTest::squares, new double[] {2, -1}, new double[] {4, -6});

        assertThat(check.difference()).isLessThan(1e-9);
    }

    @Test
    void says_where_a_gradient_is_most_wrong() {
        GradientCheck check =
                GradientCheck.of(GradientCheckTest::squares, new double[] {2, -1}, new double[] {4.25, -6.5});

        assertThat(check.index()).isEqualTo(1);
        assertThat(check.analytic()).isEqualTo(-6.5);
        assertThat(check.numeric()).isCloseTo(-6, within(1e-9));
        assertThat(check.difference()).isCloseTo(0.5 / 6.5, within(1e-9));
    }

    @Test
    void counts_small_differences_as_they_are_and_large_ones_by_proportion() {
        assertThat(new GradientCheck(0, 0.25, 0.5, 0).difference()).isEqualTo(0.25);
        assertThat(new GradientCheck(0, -1000, 3000, 0).difference()).isEqualTo(4000.0 / 3000);
    }

    @Test
    void works_on_large_arguments() {
        double at = 1e8;

        GradientCheck check = GradientCheck.of(x -> x[0] * x[0], new double[] {at}, new double[] {2 * at});

        assertThat(check.difference()).isLessThan(1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1e-1, 1e-3, 1e-6, 1e-12, 1e-100, 1e-300, 3, 1e6})
    void works_where_a_function_bends_close_to_zero(double at) {
        GradientCheck log = GradientCheck.ofGraph(x -> x[0].log(), at);
        GradientCheck root =
                GradientCheck.of(x -> Math.sqrt(x[0]), new double[] {at}, new double[] {1 / (2 * Math.sqrt(at))});

        assertThat(log.difference()).isLessThan(1e-8);
        assertThat(root.difference()).isLessThan(1e-8);
    }

    @Test
    void keeps_the_wide_step_for_a_small_number_in_a_large_sum() {
        double[] at = {1e-8, -1e-13, 1e-300};

        GradientCheck check = GradientCheck.of(x -> 3 + x[0] + 2 * x[1] - x[2], at, new double[] {1, 2, -1});

        assertThat(check.difference()).isLessThan(1e-9);
    }

    @Test
    void says_what_rounding_cannot_tell() {
        double[] at = {1, 1};

        GradientCheck lost = GradientCheck.of(x -> x[0] + 1e12, new double[] {1}, new double[] {1});
        GradientCheck wrong = GradientCheck.of(x -> x[0] + 1e6 * x[1], at, new double[] {1, 1e6 + 1});

        assertThat(lost.difference()).isEqualTo(1);
        assertThat(lost.rounding()).isGreaterThan(lost.difference());
        assertThat(wrong.index()).isEqualTo(1);
        assertThat(wrong.rounding()).isLessThan(1e-4);
    }

    @Test
    void an_element_that_rounding_hides_does_not_hide_another() {
        GradientCheck check =
                GradientCheck.of(x -> x[0] * 1e-9 + (x[1] - 1e12), new double[] {1e12, 1}, new double[] {2e-9, 1});

        assertThat(check.index()).isZero();
    }

    @Test
    void takes_not_a_number_for_the_largest_difference() {
        double[] gradient = {100, Double.NaN, 200};

        GradientCheck check = GradientCheck.of(x -> 0, new double[3], gradient);

        assertThat(check.index()).isEqualTo(1);
        assertThat(check.difference()).isNaN();
    }

    @Test
    void checks_graphs_of_values() {
        GradientCheck check = GradientCheck.ofGraph(x -> x[0].mul(x[1]).tanh(), 0.5, -2);

        assertThat(check.difference()).isLessThan(1e-9);
    }

    @Test
    void finds_the_kink_of_relu() {
        GradientCheck check = GradientCheck.ofGraph(x -> x[0].relu(), 0);

        assertThat(check.analytic()).isZero();
        assertThat(check.numeric()).isEqualTo(0.5);
    }

    @Test
    void rejects_arrays_that_do_not_fit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientCheck.of(x -> 0, new double[2], new double[3]))
                .withMessage("gradient has 3 elements, at has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientCheck.of(x -> 0, new double[0], new double[0]))
                .withMessage("at is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientCheck.ofGraph(x -> new Value(0)))
                .withMessage("at is empty");
    }
}
