package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackwardTest {
    private static final int MILLION = 1_000_000;

    @Test
    void the_gradient_of_the_root_is_one() {
        Value root = new Value(2).mul(3);

        root.backward();
        root.backward();

        assertThat(root.grad()).isEqualTo(1);
    }

    @Test
    void a_leaf_is_a_root_too_and_adds_up() {
        Value leaf = new Value(2);

        leaf.backward();
        leaf.backward();

        assertThat(leaf.grad()).isEqualTo(2);
    }

    @Test
    void two_calls_give_the_leaves_the_sum_and_intermediates_the_last_gradient() {
        Value a = new Value(2);
        Value square = a.mul(a);
        Value root = square.mul(5);

        root.backward();
        root.backward();

        assertThat(a.grad()).isEqualTo(2 * 20);
        assertThat(square.grad()).isEqualTo(5);
    }

    @Test
    void roots_that_share_leaves_add_up() {
        Value a = new Value(2);
        Value b = new Value(3);

        a.mul(b).backward();
        a.add(b).backward();

        assertThat(a.grad()).isEqualTo(3 + 1);
        assertThat(b.grad()).isEqualTo(2 + 1);
    }

    @Test
    void roots_that_share_intermediates_do_not_disturb_each_other() {
        Value a = new Value(2);
        Value shared = a.mul(3); // 6
        Value root1 = shared.mul(shared);
        root1.backward();
        Value root2 = shared.mul(10);

        root2.backward();

        assertThat(shared.grad()).isEqualTo(10);
        assertThat(a.grad()).isEqualTo(2 * 6 * 3 + 10 * 3);

        root1.backward();

        assertThat(shared.grad()).isEqualTo(12);
        assertThat(root2.grad()).as("of the other root").isEqualTo(1);
        assertThat(a.grad()).isEqualTo(36 + 30 + 36);
    }

    @Test
    void a_root_inside_a_larger_graph_leaves_the_rest_alone() {
        Value a = new Value(2);
        Value middle = a.mul(3);
        Value top = middle.mul(middle).add(middle);

        middle.backward();

        assertThat(middle.grad()).isEqualTo(1);
        assertThat(a.grad()).isEqualTo(3);
        assertThat(top.grad()).isZero();
    }

    @Test
    void a_logarithm_of_zero_that_the_root_does_not_depend_on_harms_nothing() {
        Value a = new Value(0);
        Value sum = a.add(1);
        Value dead = a.log().add(sum);

        sum.mul(7).backward();

        assertThat(a.grad()).isEqualTo(7);
        assertThat(sum.grad()).isEqualTo(7);
        assertThat(dead.data()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(dead.grad()).isZero();
    }

    @Test
    void a_value_of_which_one_result_is_dead_still_gets_its_gradient() {
        Value a = new Value(2);
        Value twice = a.mul(2);
        twice.exp();
        twice.exp();
        Value root = twice.mul(3);

        root.backward();

        assertThat(a.grad()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agrees_with_a_depth_first_sort_on_random_graphs_with_several_roots(long seed) {
        Random random = new Random(seed);
        List<Value> values = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            Value a = n < 5 ? null : values.get(random.nextInt(n));
            Value b = n < 5 ? null : values.get(random.nextInt(Math.max(0, n - 20), n));
            values.add(
                    n < 5
                            ? new Value(random.nextGaussian())
                            : random.nextBoolean() ? a.add(b).tanh() : a.mul(b));
        }

        Map<Value, Double> expectedInLeaves = new HashMap<>();
        for (Value root : List.of(values.get(199), values.get(150), values.get(198), values.get(199))) {
            Map<Value, Double> expected = gradientsByDepthFirstSort(root);
            expected.forEach((value, grad) -> {
                if (value.left == null) {
                    expectedInLeaves.merge(value, grad, Double::sum);
                }
            });

            root.backward();

            expected.forEach((value, grad) -> {
                double total = value.left == null ? expectedInLeaves.get(value) : grad;
                assertThat(Math.abs(value.grad() - total)).isLessThanOrEqualTo(1e-12 * Math.max(1, Math.abs(total)));
                assertThat(value.next).as("a link that remains").isNull();
            });
        }
    }

    /** The textbook pass: sort topologically, then apply the chain rule in that order. */
    private static Map<Value, Double> gradientsByDepthFirstSort(Value root) {
        List<Value> sorted = new ArrayList<>();
        sort(root, sorted, Collections.newSetFromMap(new IdentityHashMap<>()));
        Collections.reverse(sorted);
        Map<Value, Double> grads = new IdentityHashMap<>(Map.of(root, 1.0));
        for (Value value : sorted) {
            if (value.left != null) {
                grads.merge(value.left, value.leftGrad() * grads.get(value), Double::sum);
            }
            if (value.right != null) {
                grads.merge(value.right, value.rightGrad() * grads.get(value), Double::sum);
            }
        }
        return grads;
    }

    private static void sort(Value value, List<Value> sorted, Set<Value> visited) {
        if (value != null && visited.add(value)) {
            sort(value.left, sorted, visited);
            sort(value.right, sorted, visited);
            sorted.add(value);
        }
    }

    @Test
    void walks_a_chain_of_a_million_values_on_the_default_stack() {
        Value a = new Value(1);
        Value root = a;
        for (int i = 0; i < MILLION; i++) {
            root = root.add(1);
        }

        root.backward();

        assertThat(root.data()).isEqualTo(MILLION + 1);
        assertThat(a.grad()).isEqualTo(1);
    }

    @Test
    void walks_a_million_levels_of_values_that_are_used_twice() {
        Value a = new Value(1);
        Value root = a;
        for (int i = 0; i < MILLION / 2; i++) {
            root = root.add(root).mul(0.5);
        }

        root.backward();

        assertThat(a.grad()).isEqualTo(1);
    }

    @Test
    void sums_up_a_million_uses_of_one_value() {
        Value a = new Value(1);
        Value wide = a.mul(1);
        Value root = wide;
        for (int i = 1; i < MILLION; i++) {
            root = root.add(wide);
        }

        root.backward();

        assertThat(a.grad()).isEqualTo(MILLION);
    }

    @Test
    void keeps_nothing_alive_through_links() {
        Value kept = new Value(2).mul(3);
        Value root = kept.mul(kept).add(kept.exp());

        root.backward();

        Deque<Value> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Value value = open.pop();
            assertThat(value.next).isNull();
            if (value.left != null) {
                open.push(value.left);
            }
            if (value.right != null) {
                open.push(value.right);
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void runs_ten_million_operations_in_a_heap_of_64_megabytes() throws Exception {
        String classPath = classesOf(Value.class) + File.pathSeparator + classesOf(TenMillionOperations.class);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        Process child = new ProcessBuilder(java, "-Xmx64m", "-cp", classPath, TenMillionOperations.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes());

        assertThat(output).isEqualTo("1.0E7 operations" + System.lineSeparator());
        assertThat(child.waitFor()).isZero();
    }

    private static Path classesOf(Class<?> type) throws Exception {
        String file = type.getName().replace('.', '/') + ".class";
        String uri = type.getClassLoader().getResource(file).toString();
        return Path.of(URI.create(uri.substring(0, uri.length() - file.length())));
    }

    /** Forward passes without end, on top of a value that stays alive; then as many with backward passes. */
    static final class TenMillionOperations {
        private TenMillionOperations() {}

        public static void main(String[] arguments) {
            Value alive = new Value(2).mul(3);
            double operations = 0;
            while (operations < 5_000_000) {
                alive.mul(operations).add(1).tanh();
                operations += 5; // a number is a leaf, a value as well
            }
            while (operations < 10_000_000) {
                alive.mul(operations).add(alive).tanh().backward();
                operations += 4;
            }
            System.out.println(operations + " operations");
        }
    }

    @Test
    void threads_with_graphs_of_their_own_do_not_disturb_each_other() throws Exception {
        Callable<double[]> training = () -> {
            Value a = new Value(0.5);
            Value b = new Value(-0.25);
            for (int step = 0; step < 2_000; step++) {
                Value root = a;
                for (int i = 0; i < 20; i++) {
                    root = root.mul(b).add(root.tanh()).add(a);
                }
                a.clearGrad();
                b.clearGrad();
                root.backward();
                a.set(a.data() - 1e-4 * a.grad());
                b.set(b.data() - 1e-4 * b.grad());
            }
            return new double[] {a.data(), b.data(), a.grad(), b.grad()};
        };
        double[] alone = training.call();

        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<double[]>> together = threads.invokeAll(List.of(training, training));
        threads.shutdown();

        assertThat(together.get(0).get()).containsExactly(alone);
        assertThat(together.get(1).get()).containsExactly(alone);
    }
}
