package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Parameters;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptTrace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers in the drawing of the network: forward those of the model, backward the slopes of its loss. */
class NetworkPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Classroom CLASSROOM = new Classroom(Documents.givenNames());

    @AutoClose
    private static Visitor visitor = new Visitor();

    private static Map<String, Object> letter(int stage, int steps, String word, int position) {
        return visitor.askMap(
                "network/letter",
                "{\"stage\":" + stage + ",\"steps\":" + steps + ",\"word\":\"" + word + "\",\"position\":" + position
                        + "}");
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 4", "3, 1000, 0", "4, 1000, 2", "5, 0, 3", "5, 550, 4", "5, 1000, 3"})
    void forward_it_is_the_model(int stage, int steps, int position) {
        int[] tokens = CLASSROOM.tokenizer().encodeDocument("emma");
        GptTrace.Position trace = CLASSROOM
                .gpt(stage, steps)
                .trace(Arrays.copyOf(tokens, position + 1))
                .positions()
                .get(position);
        GptTrace.Layer layer = trace.layers().get(0);

        Map<String, Object> forward = map(letter(stage, steps, "emma", position).get("forward"));

        assertThat(doubles(forward.get("logits"))).containsExactly(trace.logits(), EXACT);
        assertThat(doubles(forward.get("input"))).containsExactly(trace.input(), EXACT);
        assertThat(doubles(forward.get("query"))).containsExactly(layer.query(), EXACT);
        assertThat(doubles(list(forward.get("keys")).get(position))).containsExactly(layer.key(), EXACT);
        assertThat(doubles(forward.get("attention"))).containsExactly(layer.attentionOutput(), EXACT);
        assertThat(doubles(forward.get("hidden"))).containsExactly(layer.hidden(), EXACT);
        assertThat(doubles(forward.get("output"))).containsExactly(layer.output(), EXACT);
        List<Object> shares = list(forward.get("shares"));
        assertThat(shares).hasSize(layer.heads().size());
        for (int h = 0; h < shares.size(); h++) {
            assertThat(doubles(shares.get(h)))
                    .containsExactly(layer.heads().get(h).weights(), EXACT);
        }
    }

    @Test
    void the_losses_are_those_of_the_original() {
        double[] golden = Golden.read("given-trained-model").doubles("losses.emma.per_position");
        for (int position = 0; position < golden.length; position++) {
            assertThat((double) letter(5, 1000, "emma", position).get("loss")).isCloseTo(golden[position], EXACT);
        }
    }

    @Test
    void the_perceptron_sees_the_last_letter_only() {
        Map<String, Object> first = letter(2, 1000, "emma", 2);
        Map<String, Object> second = letter(2, 1000, "emma", 3);

        assertThat(map(first.get("forward")).get("logits"))
                .isEqualTo(map(second.get("forward")).get("logits"));
        assertThat(doubles(map(first.get("forward")).get("logits")))
                .containsExactly(CLASSROOM.mlp(1000).forward(12).logits(), EXACT);
        assertThat(map(first.get("forward"))).doesNotContainKeys("query", "attention", "output");
    }

    @Test
    void backward_begins_with_the_shares_less_one_for_what_came() {
        Map<String, Object> letter = letter(5, 1000, "emma", 3);

        double[] expected = doubles(letter.get("probabilities"));
        expected[(int) letter.get("target")] -= 1;
        assertThat(doubles(map(letter.get("backward")).get("logits"))).containsExactly(expected, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void backward_it_is_the_slope_of_the_loss(int position) {
        int[] tokens = CLASSROOM.tokenizer().encodeDocument("emma");
        Gpt model = CLASSROOM.gpt(5, 1000);
        double epsilon = 1e-5;

        double[] gradient =
                doubles(map(letter(5, 1000, "emma", position).get("backward")).get("place"));

        for (int j = 0; j < gradient.length; j++) { // a row of wpe is read at its own position only
            double[] nudged = new double[2];
            for (int side = 0; side < 2; side++) {
                Parameters parameters = model.parameters();
                parameters.set("wpe", position, j, parameters.get("wpe", position, j) + (2 * side - 1) * epsilon);
                nudged[side] = new Gpt(model.config(), parameters).losses(tokens)[position];
            }
            assertThat(gradient[j]).isCloseTo((nudged[1] - nudged[0]) / (2 * epsilon), within(1e-7));
        }
        assertThat(Arrays.stream(gradient).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-3);
    }

    @Test
    void what_comes_up_and_what_comes_along_make_the_gradient() {
        Map<String, Object> backward = map(letter(5, 1000, "emma", 3).get("backward"));

        double[] all = doubles(backward.get("input"));
        double[] along = doubles(backward.get("afterAttention"));
        double[] up = doubles(backward.get("fork"));
        for (int i = 0; i < all.length; i++) {
            assertThat(along[i] + up[i]).isCloseTo(all[i], within(1e-15));
        }
        assertThat(doubles(backward.get("attention")))
                .containsExactly(along, within(0.0)); // a sum hands it on unchanged
        assertThat(Arrays.stream(up).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-4);
    }

    @Test
    void the_gradient_of_stage_1_is_the_one_by_hand_and_that_of_stage_2_is_the_same() {
        Parameters byHand = MlpPreset.STAGE1.config(27).newParameters();
        CLASSROOM.mlp(550).lossAndGradient(byHand, 4, 12); // e, m
        double[] row =
                IntStream.range(0, 16).mapToDouble(j -> byHand.get("wte", 4, j)).toArray();

        for (int stage : new int[] {1, 2}) {
            Map<String, Object> letter = letter(stage, 550, "emma", 1);
            assertThat(doubles(map(letter.get("backward")).get("token"))).containsExactly(row, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void each_station_has_its_line(int stage) {
        Map<String, List<LoopLines.Line>> lines = NetworkLines.of(stage);

        assertThat(lines)
                .hasSize(stage < 3 ? 7 : 20)
                .allSatisfy((station, quoted) -> assertThat(quoted).hasSizeBetween(1, 3));
    }
}
