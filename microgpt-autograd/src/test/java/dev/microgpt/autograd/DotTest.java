package dev.microgpt.autograd;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.autograd.Tape.DotProducts;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dot product as one value is the one of single multiplications and additions. */
class DotTest {
    private static final int N = 4;

    private static Value[] values(double... data) {
        return DoubleStream.of(data).mapToObj(Value::new).toArray(Value[]::new);
    }

    private static double[] gradients(Value... values) {
        return Arrays.stream(values).mapToDouble(Value::grad).toArray();
    }

    private static double[] random(long seed, int n) {
        return new Random(seed).doubles(n, -2, 2).toArray();
    }

    private static Value dot(Value[] x, Value... y) {
        return Functions.dot(x, y, DotProducts.AS_ONE_NODE);
    }

    private static Value[][] matrix(Value... p) {
        Value[][] w = new Value[N][];
        for (int o = 0; o < N; o++) {
            w[o] = Arrays.copyOfRange(p, N + o * N, N + (o + 1) * N);
        }
        return w;
    }

    /**
     * Dot products of leaves, of results that are used once, more than once, twice in the same product, and of dot products;
     * between them, single operations.
     */
    private static Value network(DotProducts dotProducts, Value... p) {
        Value[] x = Arrays.copyOf(p, N);
        Value[][] w = matrix(p);
        Value[] normal = Functions.rmsNorm(Functions.linear(x, w, dotProducts), dotProducts);
        Value[] hidden = Functions.relu(Functions.linear(normal, w, dotProducts));
        Value once = Functions.dot(
                new Value[] {x[0].exp(), x[1].tanh(), w[0][0].mul(x[2]), x[3].sigmoid()},
                new Value[] {w[1][0].exp(), w[1][1].tanh(), w[1][2].sub(x[0]), w[1][3].mul(3)},
                dotProducts);
        Value more = normal[0].mul(normal[1]);
        Value[] repeated = {more, more, hidden[0], once};
        Value[] probs = Functions.softmax(new Value[] {once, more, hidden[1], x[0]});
        return Functions.dot(repeated, repeated, dotProducts)
                .add(Functions.dot(probs, repeated, dotProducts).mul(more))
                .add(Functions.crossEntropy(Functions.linear(probs, w, dotProducts), 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void has_the_number_and_the_gradient_of_single_operations(long seed) {
        double[] at = random(seed, N + N * N);
        Value[] p = values(at);
        Value[] single = values(at);

        Value root = network(DotProducts.AS_ONE_NODE, p);
        Value expected = network(DotProducts.AS_MULTIPLY_ADDS, single);
        root.backward();
        expected.backward();

        assertThat(root.data()).isEqualTo(expected.data());
        assertThat(gradients(p)).satisfies(closeTo(gradients(single), 1e-13));
        assertThat(gradients(p)).doesNotContain(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8})
    void has_the_gradient_of_central_differences(long seed) {
        Function<Value[], Value> network = p -> network(DotProducts.AS_ONE_NODE, p);

        GradientCheck check = GradientCheck.ofGraph(network, random(seed, N + N * N));

        assertThat(check.difference()).as(check.toString()).isLessThan(1e-7);
    }

    @Test
    void a_leaf_that_is_set_after_the_forward_pass_changes_nothing() {
        Value[] x = values(2, 3);
        Value[] w = values(5, 7);
        Value[] y = Functions.linear(x, new Value[][] {w, w}, DotProducts.AS_ONE_NODE);
        Value root = y[0].mul(y[1]);

        x[0].set(100);
        w[1].set(-100);
        root.backward();

        assertThat(root.data()).isEqualTo(31 * 31);
        assertThat(gradients(x)).containsExactly(2 * 31 * 5, 2 * 31 * 7);
        assertThat(gradients(w)).containsExactly(2 * 31 * 2, 2 * 31 * 3);
    }

    @Test
    void an_array_that_is_changed_after_the_forward_pass_changes_nothing() {
        Value[] x = values(2, 3);
        Value[] w = values(5, 7);
        Value first = x[0];
        Value root = dot(x, w);

        x[0] = new Value(100);
        root.backward();

        assertThat(first.grad()).isEqualTo(5);
        assertThat(x[0].grad()).isZero();
    }

    @Test
    void two_calls_give_the_leaves_the_sum_and_intermediates_the_last_gradient() {
        Value[] x = values(2, 3);
        Value[] y = {x[0].mul(x[1]), x[1].exp()};
        Value inner = dot(y, y);
        Value root = dot(new Value[] {inner, inner}, values(1, 4));

        root.backward();
        double[] once = gradients(x);
        double[] intermediate = gradients(y[0], y[1], inner);
        root.backward();

        assertThat(gradients(x)).containsExactly(2 * once[0], 2 * once[1]);
        assertThat(gradients(y[0], y[1], inner)).containsExactly(intermediate);
        assertThat(inner.grad()).isEqualTo(5);
    }

    @Test
    void is_a_result_and_cannot_be_set() {
        Value dot = dot(values(1), values(2));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> dot.set(1))
                .withMessage("only a leaf can be set, this value is the result of dot");
    }

    @Test
    void rejects_vectors_of_the_wrong_length() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dot(values(1, 2), values(1)))
                .withMessage("y has 1 elements, x has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dot(values(), values()))
                .withMessage("x is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Functions.linear(values(1), new Value[][] {values(1, 2)}, DotProducts.AS_ONE_NODE))
                .withMessage("w[0] has 2 elements, x has 1");
    }

    @Test
    void walks_a_hundred_thousand_dot_products_of_dot_products_on_the_default_stack() {
        Value leaf = new Value(1);
        Value value = leaf;
        for (int i = 0; i < 100_000; i++) {
            value = dot(new Value[] {value, leaf}, values(1, 0));
        }

        value.backward();

        assertThat(leaf.grad()).isEqualTo(1);
    }

    @Test
    void is_one_line_of_a_printed_graph_with_its_pairs_in_turn() {
        Value a = new Value(2);
        Value b = new Value(-3);
        Value root = dot(new Value[] {a, b}, new Value(5), a);

        root.backward();

        GraphExport graph = new GraphExport(root, Map.of(a, "a", b, "b", root, "root"), 10);
        assertThat(graph.table()).isEqualTo("""
                        value  operation          data      gradient  operands (local gradient)
                        a      leaf            2.00000       2.00000
                        v2     leaf            5.00000       2.00000
                        b      leaf           -3.00000       2.00000
                        root   dot             4.00000       1.00000  a (5.00000)  v2 (2.00000)  b (2.00000)  a (-3.00000)
                        """);
        assertThat(graph.dot()).contains("v4 [label=\"root: dot\\n", "  v1 -> v4 [label=\"5.00000\"];\n  v2 -> v4");
    }

    @Test
    void single_operations_are_what_a_graph_shows_unless_asked() {
        Value[] x = values(1, 2);
        int single = new GraphExport(Functions.dot(x, values(3, 4))).nodes().size();
        int asked = new GraphExport(Functions.dot(x, values(3, 4), DotProducts.AS_MULTIPLY_ADDS))
                .nodes()
                .size();

        assertThat(single).isEqualTo(4 + 3);
        assertThat(asked).isEqualTo(4 + 3);
        assertThat(new GraphExport(dot(x, values(3, 4))).nodes()).hasSize(4 + 1);
    }
}
