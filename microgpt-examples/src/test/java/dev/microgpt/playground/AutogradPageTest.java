package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The answers of the page on stage 2: graphs of formulas, and of a neuron. */
class AutogradPageTest {
    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void a_formula_becomes_a_graph() {
        Map<String, Object> graph = visitor.askMap(
                "autograd/graph", "{\"expression\":\"(a*b + a)**2\",\"variables\":{\"a\":2,\"b\":-3,\"unused\":1}}");

        assertThat(graph).containsEntry("variables", Map.of("a", 2.0, "b", -3.0));
        assertThat(node(graph, "a")).containsEntry("data", 2.0).containsEntry("gradient", 16.0);
        assertThat(node(graph, "b")).containsEntry("gradient", -16.0);
        assertThat(node(graph, "a*b + a")).containsEntry("data", -4.0).containsEntry("gradient", -8.0);
        assertThat(map(list(node(graph, "a*b").get("edges")).get(0)))
                .containsEntry("incoming", -8.0)
                .containsEntry("local", -3.0)
                .containsEntry("contribution", 24.0);
    }

    @Test
    void contributions_add_up_to_the_gradient() {
        Map<String, Object> graph = visitor.askMap(
                "autograd/graph",
                "{\"expression\":\"a/b - b/a + tanh(a)*exp(b) - log(a)*relu(-b)\",\"variables\":{\"a\":2,\"b\":-3}}");

        List<Object> nodes = list(graph.get("nodes"));
        for (Object node : nodes.subList(0, nodes.size() - 1)) {
            Object id = map(node).get("id");
            double sum = nodes.stream()
                    .flatMap(user -> list(map(user).get("edges")).stream())
                    .filter(edge -> map(edge).get("from").equals(id))
                    .mapToDouble(edge -> (double) map(edge).get("contribution"))
                    .sum();
            assertThat((double) map(node).get("gradient")).isCloseTo(sum, within(1e-12));
        }
    }

    @Test
    void derived_operations_are_marked() {
        Map<String, Object> graph =
                visitor.askMap("autograd/graph", "{\"expression\":\"-a - b/a\",\"variables\":{\"a\":2,\"b\":-3}}");

        assertThat(node(graph, "-a")).containsEntry("made", "−a = a·(−1)").containsEntry("inner", false);
        assertThat(node(graph, "b/a")).containsEntry("made", "a / b = a·b⁻¹");
        assertThat(node(graph, "-a - b/a")).containsEntry("made", "a − b = a + b·(−1)");
        assertThat(list(graph.get("nodes")).stream()
                        .filter(node -> (boolean) map(node).get("inner")))
                .hasSize(5); // −1 and −1, b⁻¹ and its exponent, (b/a)·(−1)
    }

    @Test
    void a_graph_that_is_too_large_to_draw_is_refused() {
        String sum = "a" + "-a".repeat(49);

        assertThat(visitor.post("autograd/graph", "{\"expression\":\"" + sum + "\",\"variables\":{}}")
                        .body())
                .isEqualTo("{\"error\":\"the graph has more values than maxValues 120\"}");
    }

    private static Map<String, Object> node(Map<String, Object> graph, String name) {
        return list(graph.get("nodes")).stream()
                .map(Visitor::map)
                .filter(node -> node.get("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_neuron_is_derived_twice_with_the_same_result() {
        Map<String, Object> neuron =
                visitor.askMap("autograd/neuron", "{\"word\":\"emma\",\"unit\":35,\"position\":4}");

        assertThat((double) neuron.get("largestDifference")).isLessThan(1e-15);
        assertThat(doubles(neuron.get("autograd"))).satisfies(closeTo(doubles(neuron.get("byHand")), 1e-15));
        double[] way = doubles(
                visitor.askMap("gradient/way", "{\"token\":0,\"steps\":0}").get("hidden"));
        List<Object> graph = list(neuron.get("graph"));
        assertThat((double) map(graph.get(graph.size() - 1)).get("data")).isCloseTo(way[35], within(1e-15));
    }
}
