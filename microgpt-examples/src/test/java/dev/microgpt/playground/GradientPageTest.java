package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The answers of the page on stage 1, against the figures of the original program on the embedded names. */
class GradientPageTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void linear_and_softmax() {
        assertThat(visitor.ask("gradient/linear", "{\"x\":[1,2],\"rows\":2,\"w\":[[1,2],[3,4]]}"))
                .isEqualTo(List.of(5.0, 11.0));

        Map<String, Object> softmax = visitor.askMap("gradient/softmax", "{\"logits\":[0,0,0,0],\"target\":2}");
        assertThat(doubles(softmax.get("probabilities"))).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat((double) softmax.get("loss")).isCloseTo(Math.log(4), within(1e-15));
        assertThat(doubles(softmax.get("gradient"))).containsExactly(0.25, 0.25, -0.75, 0.25);
    }

    @Test
    void a_token_goes_its_way() {
        Map<String, Object> way = visitor.askMap("gradient/way", "{\"token\":0,\"steps\":1000}");

        assertThat(doubles(way.get("embedding")))
                .containsExactly(Arrays.copyOf(Golden.read("given-stage1").tensor("final_params", "wte"), 16), EXACT);
        assertThat(Arrays.stream(doubles(way.get("hidden")))).hasSize(64).allMatch(h -> h >= 0);
        assertThat(Arrays.stream(doubles(way.get("probabilities"))).sum()).isCloseTo(1, within(1e-12));
    }

    @Test
    void the_gradient_check_of_the_original_holds() {
        Map<String, Object> check = visitor.askMap("gradient/check", "{\"exponent\":-5}");

        assertThat((double) check.get("loss"))
                .isCloseTo(Golden.read("given-stage1").doubles("losses")[0], EXACT);
        assertThat(doubles(check.get("byHand"))).hasSize(3184);
        assertThat(doubles(check.get("numerical"))).hasSize(3184);
        assertThat((double) check.get("largest")).isBetween(1e-10, 1e-8);
        assertThat(check).containsEntry("offsets", List.of(0, 432, 1456));
    }

    @Test
    void a_nudge_can_be_too_large_and_too_small() {
        List<Map<String, Object>> errors = visitor.listen("gradient/errors", "{}");

        double[] largest =
                errors.stream().mapToDouble(e -> (double) e.get("largest")).toArray();
        int best = IntStream.range(0, largest.length)
                .boxed()
                .min((i, j) -> Double.compare(largest[i], largest[j]))
                .orElseThrow();
        assertThat(errors).hasSize(31);
        assertThat((double) errors.get(best).get("exponent")).isBetween(-7.0, -4.0);
        assertThat(largest[0]).isGreaterThan(1e-3);
        assertThat(largest[largest.length - 1]).isGreaterThan(1e-3);
        assertThat(largest[10])
                .isCloseTo(
                        (double) visitor.askMap("gradient/check", "{\"exponent\":-5}")
                                .get("largest"),
                        within(0.0));
    }
}
