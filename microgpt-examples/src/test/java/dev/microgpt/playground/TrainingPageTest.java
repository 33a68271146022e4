package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.series;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Trainings of several stages side by side, against the figures of the original programs on the embedded names. */
class TrainingPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Golden TRAINED = Golden.read("given-trained-model");

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void all_stages_learn_as_the_originals_do() {
        List<Map<String, Object>> events = visitor.listen(
                "training/run", "{\"stages\":[0,1,2,3,4,5,\"early\"],\"steps\":1000,\"stepsPerSecond\":100000}");

        Map<String, Object> end = events.get(events.size() - 1);
        for (int stage = 0; stage <= 5; stage++) {
            int at = stage;
            double[] losses = events.stream()
                    .filter(event -> event.containsKey("losses"))
                    .flatMapToDouble(event ->
                            Arrays.stream(doubles(list(event.get("losses")).get(at))))
                    .toArray();
            double[] golden = Golden.read("given-stage" + stage).doubles("losses");
            assertThat(losses).as("stage " + stage).satisfies(closeTo(golden, 1e-9));
            assertThat(doubles(end.get("meanOfLast"))[stage])
                    .isCloseTo(Arrays.stream(golden, 900, 1000).average().orElseThrow(), EXACT);
        }
        List<double[]> measured =
                new ArrayList<>(MeasuredSeeds.read("given-names-stages.csv").values());
        assertThat(measured).hasSize(7);
        for (int i = 0; i < 7; i++) { // what the page of comparisons shows at once
            assertThat(measured.get(i)[0]).isCloseTo(doubles(end.get("meanOfLast"))[i], within(5.1e-7));
            assertThat(measured.get(i)[1]).isCloseTo(doubles(end.get("unseen"))[i], within(5.1e-7));
        }
        assertThat(end).containsEntry("done", true).containsEntry("unseenDocuments", 1000);
        assertThat(doubles(end.get("unseen"))[5]).isCloseTo(TRAINED.number("loss_on_docs_1000_to_2000.mean"), EXACT);
        assertThat(doubles(end.get("unseen"))[0])
                .isCloseTo(TRAINED.number("loss_on_docs_1000_to_2000.bigram_of_first_1000_documents"), EXACT);
    }

    @Test
    void the_means_of_a_training_are_those_of_its_last_hundred_losses() {
        List<Map<String, Object>> events =
                visitor.listen("training/run", "{\"stages\":[0],\"steps\":300,\"stepsPerSecond\":100000}");

        double[] losses = series(events, "losses");
        double[] means = series(events, "means");
        assertThat(means).hasSize(300);
        assertThat(means[0]).isEqualTo(losses[0]);
        assertThat(means[49]).isCloseTo(Arrays.stream(losses, 0, 50).average().orElseThrow(), EXACT);
        assertThat(means[299])
                .isCloseTo(Arrays.stream(losses, 200, 300).average().orElseThrow(), EXACT);
    }
}
