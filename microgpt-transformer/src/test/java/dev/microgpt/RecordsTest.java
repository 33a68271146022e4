package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.optim.Adam;
import dev.microgpt.safetensors.Json;
import dev.microgpt.text.PythonRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
    enum Colour {
        RED,
        BLUE
    }

    record Point(int x, long y) {
        Point {
            if (x < 0) {
                throw new IllegalArgumentException("x " + x + " is below 0");
            }
        }
    }

    record All(
            String text,
            double number,
            Colour colour,
            Optional<Point> point,
            OptionalDouble maybe,
            List<Point> points,
            Set<Double> set) {}

    private static final All FULL = new All(
            "a\"b",
            0.1,
            Colour.BLUE,
            Optional.of(new Point(1, Long.MAX_VALUE)),
            OptionalDouble.of(-2.5),
            List.of(new Point(2, 3), new Point(4, 5)),
            Set.of(1.0, 2.0));
    private static final All SPARSE =
            new All("", 3, Colour.RED, Optional.empty(), OptionalDouble.empty(), List.of(), Set.of());

    @Test
    void a_record_survives_the_way_through_json() {
        for (All all : List.of(FULL, SPARSE)) {
            String json = Json.write(Records.toMap(all));

            assertThat(Records.fromMap("all", Json.parse(json), All.class)).isEqualTo(all);
        }
        PythonRandom random = new PythonRandom(1);
        random.nextGaussian();
        String json = Json.write(Records.toMap(random.state()));
        assertThat(Records.fromMap("random", Json.parse(json), PythonRandom.State.class))
                .isEqualTo(random.state());
    }

    @Test
    void what_is_empty_has_no_key() {
        assertThat(Records.toMap(SPARSE)).containsOnlyKeys("text", "number", "colour", "points", "set");
        assertThat(Records.toMap(new Adam(0.85, 0.99, 1e-8)))
                .isEqualTo(Map.of("beta1", 0.85, "beta2", 0.99, "epsilon", 1e-8));
    }

    @Test
    void names_the_component_that_is_wrong() {
        refused("{}", "all.text is missing");
        refused("[]", "all is not an object");
        refused("{'text':1}", "all.text is not a text");
        refused("{'text':'','number':'x'}", "all.number is not a number");
        refused("{'text':'','number':1,'colour':'GREEN'}", "all.colour GREEN is not one of [RED, BLUE]");
        refused("{'text':'','number':1,'colour':'RED','point':{'x':0.5}}", "all.point.x is not a whole number");
        refused(
                "{'text':'','number':1,'colour':'RED','point':{'x':3000000000,'y':1}}",
                "all.point.x 3000000000 is not a number of 32 bits");
        refused("{'text':'','number':1,'colour':'RED','points':[{'x':1,'y':2},7]}", "all.points[1] is not an object");
        refused("{'text':'','number':1,'colour':'RED','points':[{'x':-1,'y':2}]}", "all.points[0]: x -1 is below 0");
    }

    private static void refused(String json, String message) {
        Object map = Json.parse(json.replace('\'', '"'));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Records.fromMap("all", map, All.class))
                .withMessage(message);
    }
}
