package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of all pages, against the figures of the original programs on the embedded names. */
class StagePagesTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Golden TRAINED = Golden.read("given-trained-model");

    private static Visitor visitor;

    @BeforeAll
    static void open() {
        visitor = new Visitor();
    }

    @AfterAll
    static void close() {
        visitor.close();
    }

    // ---- data and tokens

    @Test
    void the_list_is_described() {
        Map<String, Object> overview = visitor.askMap("data/overview", "{}");

        assertThat(overview)
                .containsEntry("documents", 3037)
                .containsEntry("bos", 26)
                .containsEntry("blockSize", 16);
        assertThat(list(overview.get("symbols")))
                .hasSize(27)
                .startsWith("a", "b")
                .endsWith("z", "BOS");
        assertThat(Arrays.stream(doubles(overview.get("lengths"))).sum()).isEqualTo(3037);
        assertThat(overview).containsEntry("cut", 0);
    }

    @Test
    void names_that_lose_predictions_are_counted() {
        String fits = "a".repeat(15); // and 16 predictions, as many as there are positions
        try (Visitor visitor = new Visitor(Documents.of(fits, fits + "a", fits + "aa"))) {
            assertThat(visitor.askMap("data/overview", "{}")).containsEntry("cut", 2);
        }
    }

    @Test
    void a_list_of_other_characters_begins_with_a_word_of_its_own() {
        String first = "x \u200d\u0301🙂".repeat(4); // 20 characters
        try (Visitor visitor = new Visitor(Documents.of(first))) {
            Map<String, Object> overview = visitor.askMap("data/overview", "{}");

            assertThat(overview).containsEntry("example", first.substring(0, first.offsetByCodePoints(0, 12)));
            assertThat(list(overview.get("symbols"))).containsExactly("␣", "x", "U+0301", "U+200D", "🙂", "BOS");
        }
        assertThat(visitor.askMap("data/overview", "{}")).containsEntry("example", "emma");
    }

    @Test
    void words_become_a_vocabulary() {
        Map<String, Object> vocabulary = visitor.askMap("data/vocabulary", "{\"words\":\"otto\\n\\nzo é\\n\"}");

        assertThat(vocabulary).containsEntry("documents", 2).containsEntry("bos", 5);
        assertThat(list(vocabulary.get("symbols"))).containsExactly("␣", "o", "t", "z", "é");
        assertThat(map(list(vocabulary.get("first")).get(1))).containsEntry("tokens", List.of(5, 3, 1, 0, 4, 5));
    }

    @Test
    void a_name_becomes_tokens_and_is_cut_at_block_size() {
        Map<String, Object> tokens = visitor.askMap("data/tokens", "{\"word\":\"emma\",\"blockSize\":3}");

        assertThat(tokens)
                .containsEntry("tokens", List.of(26, 4, 12, 12, 0, 26))
                .containsEntry("predictions", 3);
        assertThat(tokens).containsEntry("symbols", List.of("BOS", "e", "m", "m", "a", "BOS"));
    }

    @Test
    void a_training_begins_the_list_again() {
        Map<String, Object> steps = visitor.askMap("data/steps", "{\"steps\":3038}");

        assertThat(steps).containsEntry("seen", 3037).containsEntry("share", 1.0);
        List<Object> shown = list(steps.get("shown"));
        assertThat(shown.get(0)).isEqualTo(Map.of("step", 0, "index", 0, "document", "julie"));
        assertThat(shown.get(shown.size() - 1)).isEqualTo(Map.of("step", 3037, "index", 0, "document", "julie"));
        assertThat(shown).hasSize(12);
        assertThat(list(visitor.askMap("data/steps", "{\"steps\":12}").get("shown")))
                .hasSize(12);
    }

    // ---- 0

    @Test
    void counting_has_the_losses_of_the_original() {
        Map<String, Object> run = visitor.askMap("counting/run", "{}");

        assertThat(doubles(run.get("losses")))
                .containsExactly(Golden.read("given-stage0").doubles("losses"), EXACT);
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

    // ---- 1

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

    @Test
    void all_stages_learn_as_the_originals_do() {
        List<Map<String, Object>> events =
                visitor.listen("training/run", "{\"stages\":[0,1,2,3,4,5],\"steps\":1000,\"stepsPerSecond\":100000}");

        Map<String, Object> end = events.get(events.size() - 1);
        for (int stage = 0; stage <= 5; stage++) {
            int at = stage;
            double[] losses = events.stream()
                    .filter(event -> event.containsKey("losses"))
                    .flatMapToDouble(event ->
                            Arrays.stream(doubles(list(event.get("losses")).get(at))))
                    .toArray();
            double[] golden = Golden.read("given-stage" + stage).doubles("losses");
            assertThat(losses).as("stage " + stage).containsExactly(golden, EXACT);
            assertThat(doubles(end.get("meanOfLast"))[stage])
                    .isCloseTo(Arrays.stream(golden, 900, 1000).average().orElseThrow(), EXACT);
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

    private static double[] series(List<Map<String, Object>> events, String name) {
        return events.stream()
                .filter(event -> event.containsKey(name))
                .flatMapToDouble(
                        event -> Arrays.stream(doubles(list(event.get(name)).get(0))))
                .toArray();
    }

    // ---- 2

    @Test
    void a_formula_becomes_a_graph() {
        Map<String, Object> graph = visitor.askMap(
                "autograd/graph", "{\"expression\":\"(a*b + a)**2\",\"variables\":{\"a\":2,\"b\":-3,\"unused\":1}}");

        assertThat(graph).containsEntry("variables", Map.of("a", 2.0, "b", -3.0));
        assertThat(node(graph, "a")).containsEntry("data", 2.0).containsEntry("gradient", 16.0);
        assertThat(node(graph, "b")).containsEntry("gradient", -16.0);
        assertThat(node(graph, "a*b + a")).containsEntry("data", -4.0).containsEntry("gradient", -8.0);
        assertThat(map(list(node(graph, "a*b").get("edges")).get(0)))
                .containsEntry("incoming", -8.0)
                .containsEntry("local", -3.0)
                .containsEntry("contribution", 24.0);
    }

    @Test
    void contributions_add_up_to_the_gradient() {
        Map<String, Object> graph = visitor.askMap(
                "autograd/graph",
                "{\"expression\":\"a/b - b/a + tanh(a)*exp(b) - log(a)*relu(-b)\",\"variables\":{\"a\":2,\"b\":-3}}");

        List<Object> nodes = list(graph.get("nodes"));
        for (Object node : nodes.subList(0, nodes.size() - 1)) {
            Object id = map(node).get("id");
            double sum = nodes.stream()
                    .flatMap(user -> list(map(user).get("edges")).stream())
                    .filter(edge -> map(edge).get("from").equals(id))
                    .mapToDouble(edge -> (double) map(edge).get("contribution"))
                    .sum();
            assertThat((double) map(node).get("gradient")).isCloseTo(sum, within(1e-12));
        }
    }

    @Test
    void derived_operations_are_marked() {
        Map<String, Object> graph =
                visitor.askMap("autograd/graph", "{\"expression\":\"-a - b/a\",\"variables\":{\"a\":2,\"b\":-3}}");

        assertThat(node(graph, "-a")).containsEntry("made", "−a = a·(−1)").containsEntry("inner", false);
        assertThat(node(graph, "b/a")).containsEntry("made", "a / b = a·b⁻¹");
        assertThat(node(graph, "-a - b/a")).containsEntry("made", "a − b = a + b·(−1)");
        assertThat(list(graph.get("nodes")).stream()
                        .filter(node -> (boolean) map(node).get("inner")))
                .hasSize(5); // −1 and −1, b⁻¹ and its exponent, (b/a)·(−1)
    }

    @Test
    void a_graph_that_is_too_large_to_draw_is_refused() {
        String sum = "a" + "-a".repeat(49);

        assertThat(visitor.post("autograd/graph", "{\"expression\":\"" + sum + "\",\"variables\":{}}")
                        .body())
                .isEqualTo("{\"error\":\"the graph has more values than maxValues 120\"}");
    }

    private static Map<String, Object> node(Map<String, Object> graph, String name) {
        return list(graph.get("nodes")).stream()
                .map(Visitor::map)
                .filter(node -> node.get("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_neuron_is_derived_twice_with_the_same_result() {
        Map<String, Object> neuron =
                visitor.askMap("autograd/neuron", "{\"word\":\"emma\",\"unit\":35,\"position\":4}");

        assertThat((double) neuron.get("largestDifference")).isLessThan(1e-15);
        assertThat(doubles(neuron.get("autograd"))).satisfies(closeTo(doubles(neuron.get("byHand")), 1e-15));
        double[] way = doubles(
                visitor.askMap("gradient/way", "{\"token\":0,\"steps\":0}").get("hidden"));
        List<Object> graph = list(neuron.get("graph"));
        assertThat((double) map(graph.get(graph.size() - 1)).get("data")).isCloseTo(way[35], within(1e-15));
    }

    // ---- 3 and 4

    @Test
    void attention_of_emma_is_that_of_the_lesson() {
        Map<String, Object> trace = trace(3, 1000, "emma");

        List<Object> positions = list(trace.get("positions"));
        double[] shares = doubles(head(positions.get(4), 0).get("weights"));
        assertThat(shares).containsExactly(new double[] {0.186, 0.212, 0.207, 0.194, 0.201}, within(5e-4));
        assertThat((double) trace.get("loss")).isCloseTo(2.7563182720952497, EXACT);
        assertThat(map(positions.get(4))).containsEntry("token", "a").containsEntry("target", "BOS");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void what_the_page_adds_to_the_trace_fits_it(int stage) {
        Map<String, Object> trace = trace(stage, 1000, "olivia");

        int headDim = (int) trace.get("headDim");
        for (Object position : list(trace.get("positions"))) {
            Map<String, Object> layer = layer(position);
            for (int h = 0; h < (int) trace.get("headCount"); h++) {
                Map<String, Object> added = map(list(map(position).get("heads")).get(h));
                double[] scores = doubles(head(position, h).get("scores"));
                double[] outputs = new double[headDim];
                for (int t = 0; t < scores.length; t++) {
                    double sum = Arrays.stream(
                                    doubles(list(added.get("products")).get(t)))
                            .sum();
                    assertThat(sum / Math.sqrt(headDim)).isCloseTo(scores[t], within(1e-12));
                    double[] weighted = doubles(list(added.get("weighted")).get(t));
                    Arrays.setAll(outputs, i -> outputs[i] + weighted[i]);
                }
                double[] expected =
                        Arrays.copyOfRange(doubles(layer.get("headOutputs")), h * headDim, (h + 1) * headDim);
                assertThat(outputs).satisfies(closeTo(expected, 1e-12));
            }
            double probability = (double) map(position).get("probability");
            assertThat(-Math.log(probability)).isCloseTo((double) map(position).get("loss"), within(1e-12));
        }
    }

    @Test
    void emma_costs_what_it_should_in_the_trained_gpt() {
        Map<String, Object> trace = trace(5, 1000, "emma");

        assertThat((double) trace.get("loss")).isCloseTo(TRAINED.number("losses.emma.mean"), EXACT);
        double[] losses = list(trace.get("positions")).stream()
                .mapToDouble(position -> (double) map(position).get("loss"))
                .toArray();
        assertThat(losses).containsExactly(TRAINED.doubles("losses.emma.per_position"), EXACT);
    }

    @Test
    void a_long_name_is_cut() {
        Map<String, Object> trace = trace(3, 0, "wolfeschlegelsteinhausen");

        assertThat(trace).containsEntry("cut", 9);
        assertThat(list(trace.get("positions"))).hasSize(16);
    }

    private static Map<String, Object> trace(int stage, int steps, String word) {
        return visitor.askMap(
                "attention/trace", "{\"stage\":" + stage + ",\"steps\":" + steps + ",\"word\":\"" + word + "\"}");
    }

    private static Map<String, Object> layer(Object position) {
        return map(list(map(map(position).get("trace")).get("layers")).get(0));
    }

    private static Map<String, Object> head(Object position, int head) {
        return map(list(layer(position).get("heads")).get(head));
    }

    @Test
    void weights_are_counted() {
        Map<String, Object> sizes = visitor.askMap(
                "heads/parameters",
                "{\"vocabSize\":27,\"blockSize\":16,\"embedDim\":16,\"headCount\":4,\"layerCount\":2}");

        assertThat(sizes)
                .containsEntry("total", 7264)
                .containsEntry("headDim", 4)
                .containsEntry("hiddenDim", 64);
        assertThat(map(list(sizes.get("tensors")).get(0)))
                .isEqualTo(Map.of("name", "wte", "rows", 27, "columns", 16, "size", 432));
    }

    // ---- 5

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
        new AdamPage(classroom).update(Question.parse(question.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

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

    // ---- compare

    @Test
    void the_stages_are_described_by_their_configurations() {
        List<Object> stages = list(visitor.ask("compare/stages", "{}"));

        assertThat(stages.stream().map(stage -> map(stage).get("parameters")))
                .containsExactly(729, 3184, 3184, 4192, 4192, 4192);
        assertThat(stages.stream().map(stage -> map(stage).get("heads"))).containsExactly(0, 0, 0, 1, 4, 4);
        assertThat(stages.stream().map(stage -> map(stage).get("remembered"))).containsExactly(0, 0, 0, 0, 0, 8384);
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
                .containsExactly(Golden.read("given-stage5").doubles("losses"), EXACT);
        assertThat(series(sgd, "losses"))
                .containsExactly(Golden.read("given-stage4").doubles("losses"), EXACT);
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

    // ---- the list of the original

    @Test
    void the_pages_know_the_list_of_the_original_too() {
        Golden trained = Golden.read("trained-model");
        try (Visitor visitor =
                new Visitor(Documents.read(NamesFile.orAbort("the numbers of the playground's pages on names.txt")))) {
            assertThat((double) visitor.askMap("counting/word", "{\"names\":100,\"word\":\"ava\"}")
                            .get("loss"))
                    .isCloseTo(trained.number("bigram_after_100_documents_ava.mean"), EXACT);
            Map<String, Object> update =
                    visitor.askMap("adam/update", "{\"steps\":1000,\"word\":\"emma\",\"tensor\":\"\"}");
            assertThat((double) update.get("loss")).isCloseTo(trained.number("losses.emma.mean"), EXACT);
            assertThat(update).containsEntry("row", 26).containsEntry("column", 5);
            assertThat((double) update.get("gradient"))
                    .isCloseTo(trained.number("one_adam_update.emma.gradient"), EXACT);
        }
    }
}
