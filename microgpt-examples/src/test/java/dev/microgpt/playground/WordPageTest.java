package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One word through all stages: its numbers are those of the programs. */
class WordPageTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @AutoClose
    private static Visitor visitor = new Visitor();

    private static List<Map<String, Object>> stages(String word, int steps) {
        return list(visitor.askMap("word/stages", "{\"word\":\"" + word + "\",\"steps\":" + steps + "}")
                        .get("stages"))
                .stream()
                .map(Visitor::map)
                .toList();
    }

    @Test
    void each_stage_has_the_losses_of_its_program() {
        List<Map<String, Object>> stages = stages("emma", 1000);

        Golden golden = Golden.read("given-trained-model");
        assertThat(doubles(stages.get(5).get("losses")))
                .containsExactly(golden.doubles("losses.emma.per_position"), EXACT);
        assertThat(stages.stream().map(stage -> stage.get("stage")))
                .containsExactly("0", "1", "2", "3", "4", "5", "early");
        assertThat((double) stages.get(0).get("untrained")).isCloseTo(Math.log(27), EXACT);
        assertThat(doubles(stages.get(2).get("losses")))
                .containsExactly(doubles(stages.get(1).get("losses")), EXACT);
        assertThat((double) stages.get(6).get("untrained")).isCloseTo(3.276123087137244, EXACT); // stage early --trace
        assertThat(stages.get(6)).containsEntry("steps", 500);
    }

    @Test
    void what_a_letter_costs_is_in_its_probability() {
        int[] targets = {4, 12, 12, 0, 26}; // emma, BOS
        for (Map<String, Object> stage : stages("emma", 550)) {
            double[] losses = doubles(stage.get("losses"));
            for (int t = 0; t < targets.length; t++) {
                double[] p = doubles(list(stage.get("probabilities")).get(t));
                assertThat(Arrays.stream(p).sum()).isCloseTo(1, EXACT);
                assertThat(-Math.log(p[targets[t]])).isCloseTo(losses[t], EXACT);
            }
            assertThat((double) stage.get("loss"))
                    .isCloseTo(Arrays.stream(losses).average().orElseThrow(), EXACT);
        }
    }

    @Test
    void a_program_reads_what_fits() {
        assertThat(stages("alexandra", 0).stream()
                        .map(stage -> list(stage.get("losses")).size()))
                .containsExactly(10, 10, 10, 10, 10, 10, 8);
        assertThat(map(visitor.ask("word/stages", "{\"word\":\"Zo\u00eb\",\"steps\":0}")))
                .containsEntry("tokens", List.of("BOS", "z", "o", "e", "BOS"));
    }
}
