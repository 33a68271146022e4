package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
    private static final double[] POINTS = {-2.5, -1, -0.3, 0.2, 1, 1.7, 3};

    private static Stream<Arguments> functionsOfOneValue() {
        return Stream.of(
                one("neg", Value::neg, a -> -a),
                one("exp", Value::exp, Math::exp),
                one("log of the absolute value", a -> a.abs().log(), a -> Math.log(Math.abs(a))),
                one("relu", Value::relu, a -> a > 0 ? a : 0),
                one("tanh", Value::tanh, Math::tanh),
                one("sigmoid", Value::sigmoid, a -> 1 / (1 + Math.exp(-a))),
                one("sqrt of the absolute value", a -> a.abs().sqrt(), a -> Math.sqrt(Math.abs(a))),
                one("abs", Value::abs, Math::abs),
                one("pow 2", a -> a.pow(2), a -> a * a),
                one("pow 3", a -> a.pow(3), a -> a * a * a),
                one("pow 1", a -> a.pow(1), a -> a),
                one("pow 0", a -> a.pow(0), a -> 1),
                one("pow -1", a -> a.pow(-1), a -> 1 / a),
                one("pow -0.5 of the absolute value", a -> a.abs().pow(-0.5), a -> 1 / Math.sqrt(Math.abs(a))),
                one("a + 2", a -> a.add(2), a -> a + 2),
                one("a - 2", a -> a.sub(2), a -> a - 2),
                one("2 - a", a -> Value.sub(2, a), a -> 2 - a),
                one("a * 2", a -> a.mul(2), a -> a * 2),
                one("a / 4", a -> a.div(4), a -> a / 4),
                one("4 / a", a -> Value.div(4, a), a -> 4 / a),
                one("max(a, 0.5)", a -> a.max(0.5), a -> Math.max(a, 0.5)),
                one("a + a", a -> a.add(a), a -> a + a),
                one("a * a", a -> a.mul(a), a -> a * a),
                one("a - a", a -> a.sub(a), a -> 0),
                one("a / a", a -> a.div(a), a -> 1));
    }

    private static Arguments one(String name, UnaryOperator<Value> onValue, DoubleUnaryOperator onNumber) {
        return arguments(name, onValue, onNumber);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functionsOfOneValue")
    void computes_a_function_of_one_value_and_its_gradient(
            String name, UnaryOperator<Value> onValue, DoubleUnaryOperator onNumber) {
        for (double a : POINTS) {
            double data = onValue.apply(new Value(a)).data();
            GradientCheck check = GradientCheck.ofGraph(x -> onValue.apply(x[0]), a);

            assertThat(data).isCloseTo(onNumber.applyAsDouble(a), within(1e-14 * Math.abs(data)));
            assertThat(check.difference()).as("at %s: %s", a, check).isLessThan(1e-8);
        }
    }

    private static Stream<Arguments> functionsOfTwoValues() {
        return Stream.of(
                two("a + b", Value::add, Double::sum),
                two("a - b", Value::sub, (a, b) -> a - b),
                two("a * b", Value::mul, (a, b) -> a * b),
                two("a / b", Value::div, (a, b) -> a / b),
                two("max(a, b)", Value::max, Math::max));
    }

    private static Arguments two(String name, BinaryOperator<Value> onValues, DoubleBinaryOperator onNumbers) {
        return arguments(name, onValues, onNumbers);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functionsOfTwoValues")
    void computes_a_function_of_two_values_and_its_gradients(
            String name, BinaryOperator<Value> onValues, DoubleBinaryOperator onNumbers) {
        for (double a : POINTS) {
            for (double b : new double[] {-1.5, 0.25, 2.25}) {
                double data = onValues.apply(new Value(a), new Value(b)).data();
                GradientCheck check = GradientCheck.ofGraph(x -> onValues.apply(x[0], x[1]), a, b);

                assertThat(data).isCloseTo(onNumbers.applyAsDouble(a, b), within(1e-14 * Math.abs(data)));
                assertThat(check.difference()).as("at %s, %s: %s", a, b, check).isLessThan(1e-8);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void computes_the_gradient_of_random_expressions(long seed) {
        Function<Value[], Value> expression = leaves -> randomExpression(leaves, new Random(seed));
        double[] at = new Random(seed).doubles(5, -1, 1).toArray();

        GradientCheck check = GradientCheck.ofGraph(expression, at);

        assertThat(check.difference()).as(check.toString()).isLessThan(1e-8);
    }

    /** Sixty random operations on random earlier values, of which many are used more than once and some never. */
    private static Value randomExpression(Value[] leaves, RandomGenerator random) {
        Value[] values = new Value[leaves.length + 60];
        System.arraycopy(leaves, 0, values, 0, leaves.length);
        for (int n = leaves.length; n < values.length; n++) {
            Value a = values[random.nextInt(n)];
            Value b = values[random.nextInt(n)];
            values[n] = switch (random.nextInt(13)) {
                case 0 -> a.add(b);
                case 1 -> a.sub(b);
                case 2 -> a.mul(b).tanh();
                case 3 -> a.div(b.mul(b).add(1));
                case 4 -> a.tanh().exp();
                case 5 -> a.mul(a).add(1).log();
                case 6 -> a.mul(a).add(b.abs()).add(0.5).sqrt();
                case 7 -> a.sigmoid();
                case 8 -> a.relu().add(b);
                case 9 -> a.max(b);
                case 10 -> a.tanh().pow(3);
                case 11 -> Value.sub(1, a);
                default -> Value.div(1, a.mul(a).add(2));
            };
        }
        int first = values.length - 10;
        return Functions.mean(IntStream.range(first, values.length)
                .mapToObj(n -> values[n].tanh())
                .toArray(Value[]::new));
    }

    @Test
    void gives_relu_and_abs_no_gradient_at_zero() {
        Value a = new Value(0);
        Value b = new Value(0);

        a.relu().backward();
        b.abs().backward();

        assertThat(a.grad()).isZero();
        assertThat(b.grad()).isZero();
    }

    @Test
    void gives_the_gradient_of_a_tied_maximum_to_the_second_value() {
        Value a = new Value(3);
        Value b = new Value(3);
        Value zero = new Value(0);

        a.max(b).backward();
        zero.max(0).backward();

        assertThat(a.grad()).isZero();
        assertThat(b.grad()).isEqualTo(1);
        assertThat(zero.grad()).as("as relu").isZero();
    }

    @Test
    void gives_pow_0_no_gradient_even_at_zero() {
        Value a = new Value(0);
        Value one = a.pow(0);

        one.backward();

        assertThat(one.data()).isEqualTo(1);
        assertThat(a.grad()).isZero();
    }

    @Test
    void keeps_the_extremes_of_sigmoid_finite() {
        assertThat(new Value(-1000).sigmoid().data()).isZero();
        assertThat(new Value(1000).sigmoid().data()).isEqualTo(1);
    }

    @Test
    void follows_the_arithmetic_of_double_where_a_function_has_no_value() {
        assertThat(new Value(0).log().data()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Value(-1).log().data()).isNaN();
        assertThat(new Value(-1).sqrt().data()).isNaN();
        assertThat(new Value(1).div(0).data()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(new Value(Double.NaN).relu().data()).isNaN();
        assertThat(new Value(Double.NaN).max(0).data()).isNaN();
    }

    @Test
    void computes_the_example_of_the_class_comment() {
        Value a = new Value(2);
        Value b = new Value(-3);

        Value loss = a.mul(b).add(10).pow(2);
        loss.backward();

        assertThat(loss.data()).isEqualTo(16);
        assertThat(a.grad()).isEqualTo(-24);
        assertThat(b.grad()).isEqualTo(16);
        assertThat(a).hasToString("Value(data=2.0, grad=-24.0)");
    }

    @Test
    void a_leaf_can_be_set_and_its_gradient_cleared() {
        Value a = new Value(2);
        a.mul(3).backward();

        a.set(5);

        assertThat(a.data()).isEqualTo(5);
        assertThat(a.grad()).isEqualTo(3);

        a.clearGrad();

        assertThat(a.grad()).isZero();
    }

    @Test
    void the_result_of_an_operation_cannot_be_set() {
        Value product = new Value(2).mul(3);

        assertThatIllegalStateException()
                .isThrownBy(() -> product.set(1))
                .withMessage("only a leaf can be set, this value is the result of *");
    }

    @Test
    void setting_a_leaf_does_not_change_the_gradients_of_an_earlier_forward_pass() {
        Value a = new Value(2);
        Value b = new Value(3);
        Value product = a.mul(b).pow(2);

        a.set(100);
        product.backward();

        assertThat(product.data()).isEqualTo(36);
        assertThat(a.grad()).isEqualTo(2 * 6 * 3);
        assertThat(b.grad()).isEqualTo(2 * 6 * 2);
    }

    /** A product remembers only the factors that may change, and which these are depends on both. */
    @Test
    void setting_leaves_does_not_change_the_gradients_of_products() {
        Value a = new Value(2);
        Value b = new Value(3);
        Value twiceA = a.mul(2); // 4
        Value twiceB = b.mul(2); // 6
        Value ofLeaves = a.mul(b); // da = 3, db = 2
        Value leafFirst = a.mul(twiceB); // da = 6, db = 2·2
        Value leafLast = twiceA.mul(b); // da = 2·3, db = 4
        Value ofResults = twiceA.mul(twiceB); // da = 2·6, db = 2·4
        Value square = a.mul(a); // da = 2·2
        Value sum = ofLeaves.add(leafFirst).add(leafLast).add(ofResults).add(square);

        a.set(100);
        b.set(-100);
        sum.backward();

        assertThat(a.grad()).isEqualTo(3 + 6 + 6 + 12 + 4);
        assertThat(b.grad()).isEqualTo(2 + 4 + 4 + 8);
    }
}
