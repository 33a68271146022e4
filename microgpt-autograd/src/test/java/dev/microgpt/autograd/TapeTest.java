package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.Tape.DotProducts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapeTest {
    private final Tape tape = new Tape(DotProducts.AS_ONE_NODE);

    @Test
    void computes_what_its_documentation_says() {
        int a = tape.leaf(2);
        int b = tape.leaf(-3);
        int loss = tape.pow(tape.mulAdd(a, b, tape.leaf(10)), 2);

        tape.backward(loss);

        assertThat(tape.data(loss)).isEqualTo(16);
        assertThat(tape.grad(a)).isEqualTo(-24);
        assertThat(tape.grad(b)).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agrees_with_values_on_random_expressions(long seed) {
        Random random = new Random(seed);
        List<Integer> handles = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            double number = 0.5 + random.nextDouble();
            handles.add(tape.leaf(number));
            values.add(new Value(number));
        }
        for (int i = 0; i < 60; i++) {
            int x = random.nextInt(handles.size());
            int y = random.nextInt(handles.size());
            append(random.nextInt(14), handles, values, x, y);
        }
        Value root = values.get(values.size() - 1);
        int handle = handles.get(handles.size() - 1);

        tape.backward(handle);
        root.backward();

        assertThat(tape.data(handle)).isCloseTo(root.data(), within(1e-12));
        for (int i = 0; i < values.size(); i++) {
            assertThat(tape.grad(handles.get(i))).isCloseTo(values.get(i).grad(), within(1e-9));
        }
    }

    /** Each result is squashed, so that sixty operations in a row stay within numbers of moderate size. */
    private void append(int operation, List<Integer> handles, List<Value> values, int x, int y) {
        int a = handles.get(x);
        int b = handles.get(y);
        Value u = values.get(x);
        Value v = values.get(y);
        int half = tape.leaf(0.5);
        int handle = switch (operation) {
            case 0 -> tape.add(a, b);
            case 1 -> tape.sub(a, b);
            case 2 -> tape.mul(a, b);
            case 3 -> tape.div(a, tape.add(tape.abs(b), half));
            case 4 -> tape.mulAdd(a, b, half);
            case 5 -> tape.max(a, b);
            case 6 -> tape.pow(tape.add(tape.abs(a), half), -0.5);
            case 7 -> tape.log(tape.add(tape.abs(a), half));
            case 8 -> tape.exp(a);
            case 9 -> tape.relu(a);
            case 10 -> tape.tanh(a);
            case 11 -> tape.sqrt(tape.add(tape.abs(a), half));
            case 12 -> tape.dot(a, 1, b, 1, 1);
            default -> tape.abs(a);
        };
        Value value = switch (operation) {
            case 0 -> u.add(v);
            case 1 -> u.sub(v);
            case 2, 12 -> u.mul(v);
            case 3 -> u.div(v.abs().add(0.5));
            case 4 -> u.mul(v).add(0.5);
            case 5 -> u.max(v);
            case 6 -> u.abs().add(0.5).pow(-0.5);
            case 7 -> u.abs().add(0.5).log();
            case 8 -> u.exp();
            case 9 -> u.relu();
            case 10 -> u.tanh();
            case 11 -> u.abs().add(0.5).sqrt();
            default -> u.abs();
        };
        handles.add(tape.sigmoid(handle));
        values.add(value.sigmoid());
    }

    @ParameterizedTest
    @EnumSource
    void dot_products_take_runs_at_any_distance(DotProducts dotProducts) {
        Tape recorded = new Tape(dotProducts);
        int x = recorded.leaves(1, 2, 3, 4, 5, 6, 7, 8, 9);

        int dense = recorded.dot(x, 1, x + 3, 1, 6); // 1·4 + 2·5 + … + 6·9
        int spread = recorded.dot(x, 4, x + 1, 2, 3); // 1·2 + 5·4 + 9·6
        int size = recorded.size();
        int square = recorded.dot(x + 8, 1, x + 8, 1, 1);
        int root = recorded.add(recorded.add(dense, spread), square);
        recorded.backward(root);

        assertThat(recorded.data(dense)).isEqualTo(154);
        assertThat(recorded.data(spread)).isEqualTo(76);
        assertThat(spread).isEqualTo(size - 1);
        assertThat(size).isEqualTo(dotProducts == DotProducts.AS_ONE_NODE ? 9 + 1 + 1 : 9 + 6 + 3);
        double[] gradients = new double[9];
        recorded.gradients(x, gradients);
        assertThat(gradients).containsExactly(4 + 2, 5 + 1, 6, 7 + 1 + 5, 8 + 2 + 4, 9 + 3 + 9, 4, 5, 6 + 6 + 2 * 9);
    }

    @Test
    void a_chain_of_multiply_adds_reports_the_gradients_within_it() {
        int a = tape.leaf(3);
        int first = tape.mul(a, a);
        int second = tape.mulAdd(a, a, first);
        int third = tape.mulAdd(a, a, second);

        tape.backward(third);

        assertThat(tape.grad(first)).isEqualTo(1);
        assertThat(tape.grad(second)).isEqualTo(1);
        assertThat(tape.grad(a)).isEqualTo(18);
    }

    @Test
    void what_the_root_does_not_depend_on_harms_nothing() {
        int zero = tape.leaf(0);
        int a = tape.leaf(2);
        tape.log(zero);
        int root = tape.mul(a, a);
        int afterRoot = tape.log(zero);

        tape.backward(root);

        assertThat(tape.grad(a)).isEqualTo(4);
        assertThat(tape.grad(zero)).isZero();
        assertThat(tape.data(afterRoot)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void a_number_to_the_power_of_zero_has_no_gradient_even_at_zero() {
        int a = tape.leaf(0);

        tape.backward(tape.pow(a, 0));

        assertThat(tape.grad(a)).isZero();
    }

    @Test
    void every_backward_pass_starts_anew() {
        int a = tape.leaf(2);
        int square = tape.mul(a, a);
        int cube = tape.mul(square, a);

        tape.backward(square);
        tape.backward(cube);

        assertThat(tape.grad(a)).isEqualTo(12);
    }

    @Test
    void what_the_last_pass_did_not_reach_has_gradient_zero() {
        int a = tape.leaf(2);
        int square = tape.mul(a, a);
        int cube = tape.mul(square, a);
        double[] before = {7, 7, 7};
        tape.gradients(a, before);
        tape.backward(cube);
        tape.backward(square);
        double[] after = new double[3];
        tape.gradients(a, after);
        double[] ofCube = {7};
        tape.gradients(cube, ofCube);

        assertThat(before).containsExactly(0, 0, 0);
        assertThat(after).containsExactly(4, 1, 0);
        assertThat(tape.grad(cube)).isZero();
        assertThat(ofCube).containsExactly(0);
    }

    @Test
    void rows_that_are_used_again_have_gradient_zero_until_the_next_pass() {
        int a = tape.leaf(2);
        int square = tape.mul(a, a);
        tape.backward(tape.mul(square, a));
        tape.truncate(square);
        int b = tape.leaf(5);
        double[] gradients = new double[2];
        tape.gradients(a, gradients);

        assertThat(tape.grad(b)).isZero();
        assertThat(gradients).containsExactly(12, 0);
    }

    @Test
    void forgets_the_rows_from_a_place_on_and_uses_them_again() {
        int a = tape.leaf(2);
        int kept = tape.size();
        for (int step = 0; step < 1000; step++) {
            tape.truncate(kept);
            tape.set(a, step);
            int result = a;
            for (int i = 0; i < 3000; i++) {
                result = tape.add(result, a);
            }
            tape.backward(result);
            assertThat(tape.data(result)).isEqualTo(3001.0 * step);
            assertThat(tape.grad(a)).isEqualTo(3001);
        }

        assertThat(tape.size()).isEqualTo(3001);
    }

    @Test
    void prints_its_sizes() {
        tape.leaves(new double[1025]);

        assertThat(tape).hasToString("Tape[dotProducts=AS_ONE_NODE, size=1025, capacity=2048]");
    }

    @Test
    void names_what_is_wrong() {
        int a = tape.leaf(2);
        int square = tape.mul(a, a);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.mul(a, 99))
                .withMessage("handle 99 is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.backward(-1))
                .withMessage("handle -1 is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.set(square, 1))
                .withMessage("handle 1 is not a leaf but a result");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.dot(a, 1, a, 1, 3))
                .withMessage("run a of 3 handles from 0 at distance 1 is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.dot(a, 1, a, 0, 1))
                .withMessage("run b has 1 handles at distance 0, both must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.truncate(3))
                .withMessage("newSize 3 is not in [0, 2]");
        int many = tape.leaves(new double[5000]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tape.dot(many, 4096, many, 1, 2))
                .withMessage("stride 4096 does not fit into one row, it is above 4095");
    }
}
