package dev.microgpt.autograd;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionsTest {
    private static final Value[] NONE = {};

    private static Value[] values(double... data) {
        return DoubleStream.of(data).mapToObj(Value::new).toArray(Value[]::new);
    }

    private static double[] data(Value[] values) {
        return Arrays.stream(values).mapToDouble(Value::data).toArray();
    }

    private static double[] random(long seed, int n) {
        return new Random(seed).doubles(n, -2, 2).toArray();
    }

    @Test
    void adds_rectifies_and_averages() {
        Value[] x = values(1, -2, 3);
        Value[] y = values(10, 20, 30);

        assertThat(data(Functions.add(x, y))).containsExactly(11, 18, 33);
        assertThat(data(Functions.relu(x))).containsExactly(1, 0, 3);
        assertThat(Functions.mean(y).data()).isEqualTo(20);
        assertThat(Functions.dot(x, y).data()).isEqualTo(10 - 40 + 90);
    }

    @Test
    void linear_multiplies_every_row_of_the_weights() {
        Value[][] w = {values(1, 2, 3), values(0, -1, 0)}; // [nout = 2][nin = 3]

        Value[] y = Functions.linear(values(1, 10, 100), w);

        assertThat(data(y)).containsExactly(321, -10);
    }

    @Test
    void linear_without_rows_has_no_outputs() {
        assertThat(Functions.linear(values(1), new Value[0][])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void softmax_is_positive_and_adds_up_to_one(long seed) {
        double[] probs = data(Functions.softmax(values(random(seed, 10))));

        assertThat(DoubleStream.of(probs)).allSatisfy(p -> assertThat(p).isPositive());
        assertThat(DoubleStream.of(probs).sum()).isCloseTo(1, within(10 * Math.ulp(1.0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-700, 3, 1e6})
    void softmax_does_not_change_when_all_logits_are_shifted(double shift) {
        double[] logits = random(7, 6);
        double[] shifted = DoubleStream.of(logits).map(x -> x + shift).toArray();

        double[] probs = data(Functions.softmax(values(shifted)));

        assertThat(probs).satisfies(closeTo(data(Functions.softmax(values(logits))), 1e-9));
    }

    @Test
    void softmax_survives_large_logits() {
        assertThat(data(Functions.softmax(values(1000, 0, -1000)))).containsExactly(1, 0, 0);
    }

    @Test
    void softmax_of_one_logit_is_one() {
        assertThat(data(Functions.softmax(values(-5)))).containsExactly(1);
    }

    @Test
    void the_gradient_of_the_sum_of_softmax_is_zero() {
        Value[] x = values(random(3, 5));

        Functions.mean(Functions.softmax(x)).backward();

        assertThat(x).allSatisfy(xi -> assertThat(xi.grad()).isCloseTo(0, within(1e-16)));
    }

    @Test
    void rms_norm_makes_the_mean_square_one() {
        double[] y = data(Functions.rmsNorm(values(random(4, 16))));

        assertThat(DoubleStream.of(y).map(v -> v * v).average().orElseThrow()).isCloseTo(1, within(1e-5));
    }

    @Test
    void rms_norm_follows_its_formula() {
        double[] y = data(Functions.rmsNorm(values(3, 4)));

        double root = Math.sqrt((9 + 16) / 2.0 + 1e-5);
        assertThat(y).containsExactly(new double[] {3 / root, 4 / root}, within(1e-15));
    }

    @Test
    void rms_norm_does_not_depend_on_the_scale() {
        double[] x = random(5, 8);
        double[] scaled = DoubleStream.of(x).map(v -> 1e4 * v).toArray();
        double[] negative = DoubleStream.of(x).map(v -> -v).toArray();
        double[] y = data(Functions.rmsNorm(values(x)));

        assertThat(data(Functions.rmsNorm(values(scaled)))).satisfies(closeTo(y, 1e-4));
        assertThat(data(Functions.rmsNorm(values(negative))))
                .containsExactly(DoubleStream.of(y).map(v -> -v).toArray());
    }

    @Test
    void rms_norm_of_zeros_is_zero() {
        assertThat(data(Functions.rmsNorm(values(0, 0)))).containsExactly(0, 0);
    }

    @Test
    void cross_entropy_is_minus_the_logarithm_of_the_probability() {
        double[] logits = random(6, 27);

        for (int target = 0; target < logits.length; target++) {
            double p = Functions.softmax(values(logits))[target].data();

            assertThat(Functions.crossEntropy(values(logits), target).data()).isCloseTo(-Math.log(p), within(1e-14));
        }
    }

    @Test
    void cross_entropy_of_equal_logits_is_the_logarithm_of_their_number() {
        assertThat(Functions.crossEntropy(values(new double[27]), 26).data()).isCloseTo(Math.log(27), within(1e-15));
    }

    @Test
    void cross_entropy_stays_finite_when_the_probability_underflows() {
        Value[] logits = values(0, 5000);

        Value loss = Functions.crossEntropy(logits, 0);
        loss.backward();

        assertThat(loss.data()).isEqualTo(5000);
        assertThat(logits[0].grad()).isEqualTo(-1);
        assertThat(logits[1].grad()).isEqualTo(1);
    }

    @Test
    void the_gradient_of_cross_entropy_is_the_probability_minus_one_for_the_target() {
        Value[] logits = values(random(8, 5));
        int target = 3;
        double[] expected = data(Functions.softmax(logits));
        expected[target] -= 1;

        Functions.crossEntropy(logits, target).backward();

        double[] gradient = Arrays.stream(logits).mapToDouble(Value::grad).toArray();
        assertThat(gradient).satisfies(closeTo(expected, 1e-15));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void every_function_has_the_gradient_of_central_differences(long seed) {
        int nin = 4;
        int nout = 3;
        Function<Value[], Value> network = p -> {
            Value[] x = Arrays.copyOfRange(p, 0, nin);
            Value[] bias = Arrays.copyOfRange(p, nin, nin + nout);
            Value[][] w = new Value[nout][];
            for (int o = 0; o < nout; o++) {
                w[o] = Arrays.copyOfRange(p, nin + nout + o * nin, nin + nout + (o + 1) * nin);
            }
            Value[] hidden = Functions.add(Functions.linear(Functions.rmsNorm(x), w), bias);
            Value[] probs = Functions.softmax(hidden);
            return Functions.mean(Functions.relu(probs))
                    .add(Functions.dot(probs, hidden))
                    .add(Functions.crossEntropy(hidden, 1));
        };

        GradientCheck check = GradientCheck.ofGraph(network, random(seed, nin + nout + nout * nin));

        assertThat(check.difference()).as(check.toString()).isLessThan(1e-8);
    }

    @Test
    void leaves_its_arguments_as_they_are() {
        Value[] x = values(1, 2);
        Value[] before = x.clone();

        Functions.softmax(x);
        Functions.rmsNorm(x);
        Functions.relu(x);
        Functions.add(x, x);

        assertThat(x).containsExactly(before);
        assertThat(data(x)).containsExactly(1, 2);
    }

    @Test
    void rejects_vectors_of_the_wrong_length() {
        Value[] two = values(1, 2);
        Value[] three = values(1, 2, 3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.add(two, three))
                .withMessage("y has 3 elements, x has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.dot(three, two))
                .withMessage("y has 2 elements, x has 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.linear(two, new Value[][] {two, three}))
                .withMessage("w[1] has 3 elements, x has 2");
    }

    @Test
    void rejects_empty_vectors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.mean(NONE))
                .withMessage("x is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.dot(NONE, NONE))
                .withMessage("x is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.linear(NONE, new Value[][] {NONE}))
                .withMessage("x is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.softmax(NONE))
                .withMessage("x is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.rmsNorm(NONE))
                .withMessage("x is empty");
    }

    @Test
    void rejects_a_target_that_is_no_index() {
        Value[] logits = values(1, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.crossEntropy(logits, 2))
                .withMessage("target 2 is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.crossEntropy(logits, -1))
                .withMessage("target -1 is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.crossEntropy(NONE, 0))
                .withMessage("target 0 is not in [0, 0)");
    }
}
