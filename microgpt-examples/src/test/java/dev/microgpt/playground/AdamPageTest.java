package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the page on stage 5, against the figures of the original program on the embedded names. */
class AdamPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Golden TRAINED = Golden.read("given-trained-model");

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void the_first_update_of_adam_is_the_learning_rate() {
        for (String gradients : List.of("steady", "alternating", "noisy", "spike", "real")) {
            Map<String, Object> averages = visitor.askMap(
                    "adam/averages", "{\"beta1\":0.85,\"beta2\":0.99,\"gradients\":\"" + gradients + "\"}");

            double gradient = doubles(averages.get("gradient"))[0];
            assertThat(doubles(averages.get("mHat"))[0]).isCloseTo(gradient, within(1e-12));
            assertThat(doubles(averages.get("rootVHat"))[0]).isCloseTo(Math.abs(gradient), within(1e-12));
            assertThat(doubles(averages.get("adam"))[0]).isCloseTo(-Math.signum(gradient) * 0.01, within(1e-6));
            assertThat(doubles(averages.get("sgd"))[0]).isCloseTo(-gradient * 0.01, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"emma", "anna", "noah", "xqzzv"})
    void one_real_update_is_that_of_the_original(String word) {
        Map<String, Object> update =
                visitor.askMap("adam/update", "{\"steps\":1000,\"word\":\"" + word + "\",\"tensor\":\"\"}");

        String section = "one_adam_update." + word + ".";
        assertThat(update.get("tensor") + "[" + update.get("row") + "][" + update.get("column") + "]")
                .isEqualTo(TRAINED.string(section + "parameter"));
        for (String name : List.of("before", "gradient", "m", "v", "mHat", "vHat", "learningRate", "delta", "after")) {
            assertThat((double) update.get(name)).as(name).isCloseTo(TRAINED.number(section + name), EXACT);
        }
        assertThat((double) update.get("loss")).isCloseTo(TRAINED.number("losses." + word + ".mean"), EXACT);
    }

    @Test
    void an_update_leaves_no_trace() {
        String question = "{\"steps\":1000,\"word\":\"emma\",\"tensor\":\"layer0.attn_wq\",\"row\":3,\"column\":5}";
        Classroom classroom = new Classroom(Documents.givenNames());
        double[] before = classroom.gpt(5, 1000).parameters().values().clone();
        Api api = new Api();
        new AdamPage(classroom).register(api);

        Object first = visitor.ask("adam/update", question);
        visitor.ask("adam/update", question.replace("emma", "xqzzv"));
        Object again = visitor.ask("adam/update", question);
        new AdamPage(classroom).update(Question.parse(question));

        assertThat(again).isEqualTo(first);
        assertThat(classroom.gpt(5, 1000).parameters().values()).containsExactly(before);
    }

    @Test
    void temperature_reshapes_the_bars_but_never_their_order() {
        Object order = null;
        for (String t : List.of("0.1", "0.5", "1", "1.2")) {
            Map<String, Object> next =
                    visitor.askMap("adam/next", "{\"steps\":1000,\"prefix\":\"\",\"temperature\":" + t + "}");

            double[] probabilities = doubles(next.get("probabilities"));
            double[] golden = TRAINED.doubles("first_character_probabilities." + (t.equals("1") ? "1.0" : t));
            assertThat(probabilities).containsExactly(golden, EXACT);
            int[] ids = Arrays.stream(doubles(next.get("order")))
                    .mapToInt(id -> (int) id)
                    .toArray();
            for (int i = 1; i < ids.length; i++) {
                assertThat(probabilities[ids[i]]).isLessThanOrEqualTo(probabilities[ids[i - 1]]);
            }
            order = order == null ? next.get("order") : order;
            assertThat(next.get("order")).isEqualTo(order);
        }
    }

    @Test
    void a_name_is_drawn_letter_by_letter() {
        Map<String, Object> generated =
                visitor.askMap("adam/generate", "{\"steps\":1000,\"temperature\":0.5,\"seed\":7}");

        List<Object> draws = list(generated.get("draws"));
        StringBuilder text = new StringBuilder();
        String read = "BOS";
        for (Object draw : draws) {
            assertThat(map(draw)).containsEntry("read", read);
            read = (String) map(draw).get("drawn");
            if (!read.equals("BOS")) {
                text.append(read);
            }
            for (Object head : list(map(draw).get("attention"))) {
                assertThat(Arrays.stream(doubles(head)).sum()).isCloseTo(1, within(1e-12));
            }
        }
        assertThat(generated).containsEntry("text", text.toString());
        assertThat(read).isEqualTo("BOS");
        assertThat(list(generated.get("more"))).hasSize(12);
    }
}
