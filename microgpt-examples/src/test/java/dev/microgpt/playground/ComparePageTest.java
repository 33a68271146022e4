package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.playground.Visitor.series;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.NGram;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The answers of the page that compares stages and configurations. */
class ComparePageTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void the_stages_are_described_by_their_configurations() {
        List<Object> stages = list(visitor.ask("compare/stages", "{}"));

        assertThat(stages.stream().map(stage -> map(stage).get("parameters")))
                .containsExactly(729, 3184, 3184, 4192, 4192, 4192, 4064);
        assertThat(stages.stream().map(stage -> map(stage).get("heads"))).containsExactly(0, 0, 0, 1, 4, 4, 4);
        assertThat(stages.stream().map(stage -> map(stage).get("remembered")))
                .containsExactly(0, 0, 0, 0, 0, 8384, 8128);
        assertThat(stages.stream().map(stage -> map(stage).get("peak")))
                .containsExactly(0.0, 1.0, 1.0, 0.1, 0.1, 0.01, 0.01);
        assertThat(map(stages.get(6))).containsEntry("decay", "cosine");
        try (Visitor digits = new Visitor(Documents.of(List.of("12", "21")))) {
            assertThat(list(digits.ask("compare/stages", "{}")))
                    .as("figures of another list")
                    .allSatisfy(stage -> assertThat(map(stage)).containsEntry("unseen", -1.0));
        }
    }

    /** The n-grams of the first 1,000 names; on the next 1,000 they are better than the pairs, which have 2.6090. */
    @Test
    void beside_the_stages_stands_counting_done_well() {
        Map<String, Object> ngram = visitor.askMap("compare/ngram", "{}");

        List<String> first =
                Documents.givenNames().shuffled(new PythonRandom(42)).asList().subList(0, 1000);
        assertThat(NGram.train(first))
                .hasToString(
                        "NGram[vocabSize=27, order=" + ngram.get("order") + ", ngrams=" + ngram.get("ngrams") + "]");
        assertThat((double) ngram.get("unseen")).isBetween(2.4, 2.6);
    }

    @Test
    void a_configuration_like_that_of_stage_5_learns_like_it() {
        String shape = "{\"blockSize\":16,\"embedDim\":16,\"headCount\":4,\"layerCount\":1,\"optimizer\":\"%s\","
                + "\"learningRate\":%s,\"steps\":1000,\"stepsPerSecond\":100000}";

        List<Map<String, Object>> adam =
                visitor.listen("compare/configuration", String.format(Locale.ROOT, shape, "adam", "0.01"));
        List<Map<String, Object>> sgd =
                visitor.listen("compare/configuration", String.format(Locale.ROOT, shape, "sgd", "0.1"));

        assertThat(series(adam, "losses"))
                .satisfies(closeTo(Golden.read("given-stage5").doubles("losses"), 1e-9));
        assertThat(series(sgd, "losses"))
                .satisfies(closeTo(Golden.read("given-stage4").doubles("losses"), 1e-9));
    }

    @Test
    void the_arc_of_training_goes_from_noise_to_names() {
        List<Map<String, Object>> moments = visitor.listen("compare/arc", "{}");

        assertThat(moments.stream().map(moment -> moment.get("step")))
                .containsExactly(-1, 1, 50, 100, 200, 300, 500, 1000);
        double[] losses = Golden.read("given-stage5").doubles("losses");
        for (Map<String, Object> moment : moments.subList(1, moments.size())) {
            assertThat((double) moment.get("loss")).isCloseTo(losses[(int) moment.get("step") - 1], EXACT);
            assertThat(list(moment.get("samples"))).hasSize(6);
        }
        assertThat(moments.get(0)).containsEntry("pairs", List.of("an", "ar", "in"));
        assertThat((double) moments.get(1).get("ended")).isLessThan(0.7); // stage 5 after one step: mostly too long
        assertThat((double) moments.get(7).get("ended")).isGreaterThan(0.95);
        assertThat((double) moments.get(7).get("inList"))
                .isGreaterThan((double) moments.get(1).get("inList"));
        assertThat(doubles(moments.get(7).get("shares"))[0])
                .isGreaterThan(doubles(moments.get(1).get("shares"))[0]);
    }
}
