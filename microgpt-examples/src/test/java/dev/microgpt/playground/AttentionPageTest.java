package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the pages on stages 3 and 4, against the figures of the original programs on the embedded names. */
class AttentionPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Golden TRAINED = Golden.read("given-trained-model");

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void attention_of_emma_is_that_of_the_lesson() {
        Map<String, Object> trace = trace(3, 1000, "emma");

        List<Object> positions = list(trace.get("positions"));
        double[] shares = doubles(head(positions.get(4), 0).get("weights"));
        assertThat(shares).containsExactly(new double[] {0.186, 0.212, 0.207, 0.194, 0.201}, within(5e-4));
        assertThat((double) trace.get("loss")).isCloseTo(2.7563182720952497, EXACT);
        assertThat(map(positions.get(4))).containsEntry("token", "a").containsEntry("target", "BOS");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void what_the_page_adds_to_the_trace_fits_it(int stage) {
        Map<String, Object> trace = trace(stage, 1000, "olivia");

        int headDim = (int) trace.get("headDim");
        for (Object position : list(trace.get("positions"))) {
            Map<String, Object> layer = layer(position);
            for (int h = 0; h < (int) trace.get("headCount"); h++) {
                Map<String, Object> added = map(list(map(position).get("heads")).get(h));
                double[] scores = doubles(head(position, h).get("scores"));
                double[] outputs = new double[headDim];
                for (int t = 0; t < scores.length; t++) {
                    double sum = Arrays.stream(
                                    doubles(list(added.get("products")).get(t)))
                            .sum();
                    assertThat(sum / Math.sqrt(headDim)).isCloseTo(scores[t], within(1e-12));
                    double[] weighted = doubles(list(added.get("weighted")).get(t));
                    Arrays.setAll(outputs, i -> outputs[i] + weighted[i]);
                }
                double[] expected =
                        Arrays.copyOfRange(doubles(layer.get("headOutputs")), h * headDim, (h + 1) * headDim);
                assertThat(outputs).satisfies(closeTo(expected, 1e-12));
            }
            double probability = (double) map(position).get("probability");
            assertThat(-Math.log(probability)).isCloseTo((double) map(position).get("loss"), within(1e-12));
        }
    }

    @Test
    void emma_costs_what_it_should_in_the_trained_gpt() {
        Map<String, Object> trace = trace(5, 1000, "emma");

        assertThat((double) trace.get("loss")).isCloseTo(TRAINED.number("losses.emma.mean"), EXACT);
        double[] losses = list(trace.get("positions")).stream()
                .mapToDouble(position -> (double) map(position).get("loss"))
                .toArray();
        assertThat(losses).containsExactly(TRAINED.doubles("losses.emma.per_position"), EXACT);
    }

    @Test
    void a_long_name_is_cut() {
        Map<String, Object> trace = trace(3, 0, "wolfeschlegelsteinhausen");

        assertThat(trace).containsEntry("cut", 9);
        assertThat(list(trace.get("positions"))).hasSize(16);
    }

    private static Map<String, Object> trace(int stage, int steps, String word) {
        return visitor.askMap(
                "attention/trace", "{\"stage\":" + stage + ",\"steps\":" + steps + ",\"word\":\"" + word + "\"}");
    }

    private static Map<String, Object> layer(Object position) {
        return map(list(map(map(position).get("trace")).get("layers")).get(0));
    }

    private static Map<String, Object> head(Object position, int head) {
        return map(list(layer(position).get("heads")).get(head));
    }

    @Test
    void weights_are_counted() {
        Map<String, Object> sizes = visitor.askMap(
                "heads/parameters",
                "{\"vocabSize\":27,\"blockSize\":16,\"embedDim\":16,\"headCount\":4,\"layerCount\":2}");

        assertThat(sizes)
                .containsEntry("total", 7264)
                .containsEntry("headDim", 4)
                .containsEntry("hiddenDim", 64);
        assertThat(map(list(sizes.get("tensors")).get(0)))
                .isEqualTo(Map.of("name", "wte", "rows", 27, "columns", 16, "size", 432));
    }
}
