package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The loss over one weight: its curve goes through the trained model, and secants become the tangent. */
class DerivativePageTest {
    private static final String WEIGHT = "\"tensor\":\"wte\",\"row\":12,\"column\":10";

    @AutoClose
    private static Visitor visitor = new Visitor();

    private static Map<String, Object> secants(double w, String epsilons) {
        return visitor.askMap(
                "derivative/secants",
                "{\"word\":\"emma\",\"steps\":1000," + WEIGHT + ",\"w\":" + w + ",\"epsilons\":" + epsilons + "}");
    }

    @Test
    void the_curve_goes_through_the_trained_weight() {
        Map<String, Object> curve =
                visitor.askMap("derivative/curve", "{\"word\":\"emma\",\"steps\":1000,\"tensor\":\"\"}");

        assertThat(map(curve.get("weight"))).containsEntry("tensor", "wte").containsEntry("row", 12);
        double trained = (double) curve.get("trained");
        assertThat(trained)
                .isCloseTo(Golden.read("given-stage1").tensor("final_params", "wte")[12 * 16 + 10], within(1e-9));
        assertThat(list(curve.get("choices"))).hasSizeGreaterThan(4).doesNotHaveDuplicates();
        double[] w = doubles(curve.get("w"));
        double[] losses = doubles(curve.get("losses"));
        int before = 0;
        while (w[before + 1] < trained) {
            before++;
        }
        double loss = (double) secants(trained, "[1]").get("loss");
        double straight = losses[before]
                + (losses[before + 1] - losses[before]) * (trained - w[before]) / (w[before + 1] - w[before]);
        assertThat(loss).isCloseTo(straight, within(1e-4)); // the curve is nearly straight between two points
    }

    @Test
    void the_smaller_epsilon_the_closer_the_secant_comes() {
        Map<String, Object> secants = secants(-1, "[2.2,1,0.1,0.01,0.001,0.0001]");

        double slope = (double) secants.get("slope");
        double[] found = doubles(secants.get("secants"));
        double[] losses = doubles(secants.get("losses"));
        assertThat(found[0]).isCloseTo((losses[0] - (double) secants.get("loss")) / 2.2, within(1e-15));
        assertThat(Math.signum(found[0])).isNotEqualTo(Math.signum(slope)); // across a valley
        for (int i = 1; i < found.length; i++) {
            assertThat(Math.abs(found[i] - slope)).isLessThan(Math.abs(found[i - 1] - slope));
        }
        assertThat(found[found.length - 1]).isCloseTo(slope, within(1e-5));
    }

    @Test
    void a_step_downhill_lowers_the_loss() {
        Map<String, Object> here = secants(-1, "[1]");

        Map<String, Object> below = secants(-1 - (double) here.get("slope"), "[1]");

        assertThat((double) below.get("loss")).isLessThan((double) here.get("loss"));
    }
}
