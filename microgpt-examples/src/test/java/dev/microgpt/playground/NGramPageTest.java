package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.NGram;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The answers of the page on n-grams. */
class NGramPageTest {
    private static final List<String> NAMES =
            Documents.givenNames().shuffled(new PythonRandom(42)).asList();

    @AutoClose
    private static Visitor visitor = new Visitor();

    /** 2.4870 at order 6 was measured with another program. */
    @Test
    void the_loss_of_counted_names_falls_and_that_of_unseen_ones_stops() {
        Map<String, Object> answer = visitor.askMap("ngram/orders", "{}");

        assertThat(answer).containsEntry("counted", 2734).containsEntry("unseen", 303);
        List<Object> orders = list(answer.get("orders"));
        double[] unseen = measured(orders, "unseen");
        double[] counted = measured(orders, "counted");
        assertThat(unseen).hasSize(7);
        assertThat(unseen[4])
                .isCloseTo(2.4870, within(0.003))
                .isEqualTo(Arrays.stream(unseen).min().orElseThrow());
        assertThat(counted[0]).isCloseTo(unseen[0], within(0.1));
        assertThat(counted[6]).isLessThan(1.8);
        assertThat(unseen[0]).isEqualTo(loss(NGram.train(NAMES.subList(0, 2734), 2, Tokenizer.of(NAMES))));
        assertThat(map(orders.get(0))).containsEntry("contexts", 27);
        assertThat(map(orders.get(1))).containsEntry("contexts", 494);
        assertThat((double) map(answer.get("lengths")).get("deviation")).isCloseTo(1.495, within(0.001));
    }

    private static double[] measured(List<Object> orders, String key) {
        return orders.stream()
                .mapToDouble(order -> (double) map(map(order).get("measured")).get(key))
                .toArray();
    }

    private static double loss(NGram model) {
        return NAMES.subList(2734, 3037).stream()
                .flatMapToDouble(
                        name -> Arrays.stream(model.losses(model.tokenizer().encodeDocument(name))))
                .average()
                .orElseThrow();
    }

    @Test
    void the_example_is_the_one_worked_by_hand() {
        Map<String, Object> example =
                visitor.askMap("ngram/example", "{\"words\":\"ab\\nac\",\"order\":2,\"context\":\"a\"}");

        assertThat(example).containsEntry("context", "a").containsEntry("shorter", "");
        assertThat(rows(example, "symbol")).containsExactly("a", "b", "c", "BOS");
        assertThat(rows(example, "count")).containsExactly(0, 1, 1, 0);
        assertThat(rows(example, "continuations")).containsExactly(1, 1, 1, 2);
        assertThat(rows(example, "probability").stream()
                        .mapToDouble(p -> (double) p)
                        .toArray())
                .satisfies(closeTo(new double[] {2 / 15.0, 0.3, 0.3, 4 / 15.0}, 1e-12));
    }

    @Test
    void the_example_counts_longer_contexts_from_the_beginning_of_a_string() {
        String list = "{\"words\":\"abb\\nbb\\nabb\",\"order\":3,\"context\":\"%s\"}";

        Map<String, Object> start = visitor.askMap("ngram/example", String.format(list, ""));
        Map<String, Object> middle = visitor.askMap("ngram/example", String.format(list, "ab"));

        assertThat(start).containsEntry("context", "BOS");
        assertThat(rows(start, "count")).containsExactly(2, 1, 0);
        assertThat(middle).containsEntry("context", "a b").containsEntry("shorter", "b");
        assertThat(rows(middle, "count")).containsExactly(0, 2, 0);
        assertThat(rows(middle, "continuations")).containsExactly(0, 2, 1);
    }

    private static List<Object> rows(Map<String, Object> example, String key) {
        return list(example.get("rows")).stream().map(row -> map(row).get(key)).toList();
    }

    @Test
    void a_word_costs_what_each_order_says_and_is_known_if_it_was_counted() {
        Map<String, Object> word = visitor.askMap("ngram/word", "{\"word\":\"xqzzv\"}");

        NGram model = NGram.train(NAMES.subList(0, 2734), 6, Tokenizer.of(NAMES));
        int[] tokens = model.tokenizer().encodeDocument("xqzzv");
        assertThat(doubles(word.get("losses"))[4]).isCloseTo(model.loss(tokens), within(1e-12));
        assertThat(doubles(list(word.get("probabilities")).get(4)))
                .satisfies(closeTo(
                        Arrays.stream(model.losses(tokens))
                                .map(loss -> Math.exp(-loss))
                                .toArray(),
                        1e-12));
        assertThat(word).containsEntry("counted", false);
        assertThat(visitor.askMap("ngram/word", "{\"word\":\"" + NAMES.get(0) + "\"}"))
                .containsEntry("counted", true);
        assertThat(visitor.askMap("ngram/word", "{\"word\":\"" + NAMES.get(3036) + "\"}"))
                .containsEntry("counted", false);
    }

    @Test
    void a_gpt_learns_the_counted_names_and_is_mixed_with_the_best_order() {
        List<Map<String, Object>> events = visitor.listen("ngram/gpt", "{\"steps\":2000}");

        Map<String, Object> end = events.get(events.size() - 1);
        double[] mixed = doubles(end.get("mixed"));
        Map<String, Object> gpt = map(end.get("gpt"));
        assertThat(events).hasSize(21);
        assertThat(events.get(0)).containsEntry("step", 0);
        assertThat((double) events.get(0).get("unseen")).isGreaterThan(3.2); // log 27 = 3.30 at chance
        assertThat((double) gpt.get("unseen")).isLessThan(2.55);
        assertThat(end).containsEntry("order", 6).containsEntry("weights", 4192);
        assertThat(mixed).hasSize(11);
        assertThat(mixed[0]).isCloseTo(2.487, within(0.003));
        assertThat(mixed[10]).isCloseTo((double) gpt.get("unseen"), within(1e-9));
        assertThat((double) end.get("error"))
                .isBetween(0.005, 0.03); // 303 names that differ by some 0.2 nats per token
        assertThat(mixed[5]).isLessThan(Math.min(mixed[0], mixed[10]));
    }

    @Test
    void one_text_alone_cannot_be_held_out() {
        try (Visitor alone = new Visitor(Documents.of("anna", "anna"))) {
            HttpResponse<String> response = alone.post("ngram/orders", "{}");

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body())
                    .contains("documents has 1 different text, at least 2 are needed to hold one out");
        }
    }

    @Test
    void two_texts_are_enough() {
        try (Visitor two = new Visitor(Documents.of("anna", "bob"))) {
            assertThat(two.askMap("ngram/orders", "{}"))
                    .containsEntry("counted", 1)
                    .containsEntry("unseen", 1);
            assertThat(two.listen("ngram/gpt", "{\"steps\":20}")).hasSize(21);
        }
    }
}
