package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.testing.CloseTo.closeTo;
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

/** The answers of the page on stage 0, against the figures of the original program on the embedded names. */
class CountingPageTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Golden TRAINED = Golden.read("given-trained-model");

    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void counting_has_the_losses_of_the_original() {
        Map<String, Object> run = visitor.askMap("counting/run", "{}");

        assertThat(doubles(run.get("losses")))
                .satisfies(closeTo(Golden.read("given-stage0").doubles("losses"), 1e-9));
        assertThat(run.get("chance")).isEqualTo(Math.log(27));
    }

    @Test
    void the_table_after_a_thousand_names_is_that_of_the_original() {
        Map<String, Object> table = visitor.askMap("counting/table", "{\"names\":1000}");

        double[] counts = list(table.get("counts")).stream()
                .flatMapToDouble(row -> Arrays.stream(doubles(row)))
                .toArray();
        assertThat(counts).containsExactly(Golden.read("given-stage0").doubles("final_params"));
    }

    @Test
    void the_name_that_was_read_last_is_told_with_what_it_cost() {
        Map<String, Object> table = visitor.askMap("counting/table", "{\"names\":2}");

        Map<String, Object> last = map(list(table.get("last")).get(0));
        assertThat(last).containsEntry("text", "friedrich");
        assertThat((double) last.get("loss"))
                .isCloseTo(Golden.read("given-stage0").doubles("losses")[1], EXACT);
        assertThat(map(list(last.get("pairs")).get(0)))
                .containsEntry("from", "BOS")
                .containsEntry("count", 0);
        assertThat(table).containsEntry("next", "tawanda");
        assertThat(visitor.askMap("counting/table", "{\"names\":0}"))
                .containsEntry("last", List.of())
                .containsEntry("next", "julie");
    }

    @Test
    void a_name_that_nobody_could_type_is_counted_like_any_other() {
        try (Visitor visitor = new Visitor(Documents.of("ab".repeat(200)))) {
            Map<String, Object> table = visitor.askMap("counting/table", "{\"names\":1}");

            assertThat(list(map(list(table.get("last")).get(0)).get("pairs"))).hasSize(401);
        }
    }

    @Test
    void ava_costs_what_it_should_after_a_hundred_names() {
        Map<String, Object> word = visitor.askMap("counting/word", "{\"names\":100,\"word\":\"ava\"}");

        assertThat((double) word.get("loss")).isCloseTo(TRAINED.number("bigram_after_100_documents_ava.mean"), EXACT);
        double[] probabilities = list(word.get("pairs")).stream()
                .mapToDouble(pair -> (double) map(pair).get("probability"))
                .toArray();
        assertThat(probabilities)
                .containsExactly(TRAINED.doubles("bigram_after_100_documents_ava.probabilities"), EXACT);
        assertThat(map(list(word.get("pairs")).get(0)))
                .containsEntry("count", 11)
                .containsEntry("total", 100);
    }

    @Test
    void the_next_tokens_add_up_and_samples_repeat_with_their_seed() {
        Map<String, Object> next = visitor.askMap("counting/next", "{\"names\":100,\"token\":26}");
        assertThat(Arrays.stream(doubles(next.get("probabilities"))).sum()).isCloseTo(1, within(1e-12));
        assertThat(doubles(next.get("counts"))[0]).isEqualTo(11);

        Object samples = visitor.ask("counting/samples", "{\"names\":1000,\"seed\":1}");
        assertThat(list(samples)).hasSize(20).isEqualTo(visitor.ask("counting/samples", "{\"names\":1000,\"seed\":1}"));
        assertThat(map(list(samples).get(0)))
                .containsEntry("text", "coyerisuda")
                .containsEntry("inList", false);
    }

    @Test
    void a_block_says_what_each_name_changes() {
        List<Object> names =
                list(visitor.askMap("counting/block", "{\"from\":10,\"to\":13,\"word\":\"Emma\",\"token\":4}")
                        .get("names"));

        assertThat(names).hasSize(3);
        for (int i = 0; i < 3; i++) {
            Map<String, Object> read = map(names.get(i));
            int after = 11 + i;
            Map<String, Object> table = visitor.askMap("counting/table", "{\"names\":" + after + "}");
            assertThat(read.get("last")).isEqualTo(list(table.get("last")).get(0));
            assertThat(read.get("next")).isEqualTo(table.get("next"));
            assertThat(read.get("word"))
                    .isEqualTo(visitor.askMap("counting/word", "{\"names\":" + after + ",\"word\":\"emma\"}"));
            assertThat(read.get("after"))
                    .isEqualTo(visitor.askMap("counting/next", "{\"names\":" + after + ",\"token\":4}"));
        }
    }
}
