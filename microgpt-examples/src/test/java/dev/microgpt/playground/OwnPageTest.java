package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Score;
import dev.microgpt.text.Documents;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings on lists of one's own: they are those of the library, they can be stopped, and their models can be used. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OwnPageTest {
    private static final List<String> LIST = Documents.givenNames().asList().subList(0, 400);

    private static Visitor visitor;
    private static List<Map<String, Object>> events;
    private static MicroGpt model;

    @BeforeAll
    static void open() {
        visitor = new Visitor();
        events = visitor.listen("own/train", training(LIST));
        model = MicroGpt.train(LIST);
    }

    @AfterAll
    static void close() {
        visitor.close();
    }

    private static String json(Map<String, Object> values) {
        try {
            return JSON.std.asString(values);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The question for a training with the settings that fit, but for some. */
    private static String training(List<String> strings, Object... others) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("list", String.join("\n", strings));
        Map<String, Object> settings = visitor.askMap("own/settings", json(question));
        for (String name : List.of("steps", "embedDim", "headCount", "layerCount", "learningRate")) {
            question.put(name, settings.get(name));
        }
        for (int i = 0; i < others.length; i += 2) {
            question.put((String) others[i], others[i + 1]);
        }
        return json(question);
    }

    /** As slow as a page allows: that it ends before somebody stops it is out of the question. */
    private static String slowTraining() {
        return training(LIST, "steps", Limits.STEPS, "embedDim", 64, "headCount", 4, "layerCount", 4);
    }

    private static Map<String, Object> only(String kind, List<Map<String, Object>> events) {
        return all(kind, events).get(0);
    }

    private static List<Map<String, Object>> all(String kind, List<Map<String, Object>> events) {
        return events.stream()
                .filter(event -> event.containsKey(kind))
                .map(event -> map(event.get(kind)))
                .toList();
    }

    private static String question(Object... namesAndValues) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("id", only("begin", events).get("id"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            question.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return json(question);
    }

    private static List<String> texts(Object samples) {
        return list(samples).stream()
                .map(sample -> (String) map(sample).get("text"))
                .toList();
    }

    @Test
    void the_settings_are_those_that_fit_the_list() {
        assertThat(visitor.askMap("own/settings", json(Map.of("list", String.join("\n", LIST)))))
                .containsEntry("documents", 400)
                .containsEntry("heldOut", model.report().heldOutCount())
                .containsEntry("vocabSize", model.tokenizer().vocabSize())
                .containsEntry("blockSize", model.trainingOptions().blockSize())
                .containsEntry("embedDim", model.gpt().config().embedDim())
                .containsEntry("headCount", model.gpt().config().headCount())
                .containsEntry("layerCount", model.gpt().config().layerCount())
                .containsEntry("batchSize", model.trainingOptions().batchSize())
                .containsEntry("steps", model.trainingOptions().steps())
                .containsEntry(
                        "learningRate", model.trainingOptions().learningRate().peak());
    }

    @Test
    void the_example_is_the_list_of_the_playground() {
        assertThat((String) visitor.askMap("own/example", "{}").get("list"))
                .isEqualTo(String.join("\n", Documents.givenNames().asList()) + "\n");
    }

    @Test
    void of_a_long_list_the_example_is_what_may_be_pasted() {
        List<String> names =
                IntStream.range(0, 50_000).mapToObj("n%05d"::formatted).toList();
        try (Visitor other = new Visitor(Documents.of(names))) {
            String list = (String) other.askMap("own/example", "{}").get("list");

            assertThat(list).hasSizeBetween(Limits.OWN_LIST - 10, Limits.OWN_LIST);
            assertThat(names).startsWith(list.lines().toArray(String[]::new));
        }
    }

    @Test
    void a_training_is_that_of_the_library() {
        Report report = model.report();
        Map<String, Object> end = only("end", events);

        assertThat(end)
                .containsEntry("text", report.toString())
                .containsEntry("warnings", report.warnings())
                .containsEntry("steps", model.provenance().steps())
                .containsEntry("timeIsUp", false)
                .containsEntry("trainingLoss", model.provenance().trainingLoss().orElseThrow())
                .containsEntry("gpt", report.heldOutLoss().orElseThrow().gpt())
                .containsEntry("bigram", report.heldOutLoss().orElseThrow().bigram())
                .containsEntry("unigram", report.heldOutLoss().orElseThrow().unigram())
                .containsEntry("chance", report.chance())
                .containsEntry("verdict", report.verdict())
                .containsEntry("conclusion", report.conclusion())
                .containsEntry(
                        "ngram", report.heldOutLoss().orElseThrow().ngram().orElseThrow())
                .containsEntry(
                        "ngramOrder",
                        report.heldOutLoss().orElseThrow().ngramOrder().orElseThrow())
                .containsEntry("both", report.heldOutLoss().orElseThrow().both().orElseThrow())
                .containsEntry(
                        "gptWeight",
                        report.heldOutLoss().orElseThrow().gptWeight().orElseThrow());
        assertThat(map(end.get("novelty")))
                .containsEntry("fresh", report.novelty().freshCount())
                .containsEntry("trained", report.novelty().trainedCount());
        assertThat(map(list(end.get("nearest")).get(0)))
                .containsEntry("sample", report.nearest().get(0).sample())
                .containsEntry("edits", report.nearest().get(0).editCount());
        assertThat(texts(end.get("samples"))).isEqualTo(model.generate(20, new GenerationOptions(), model.random()));
    }

    @Test
    void every_step_is_told_and_the_held_out_loss_when_it_was_measured() {
        List<Double> losses = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        for (Map<String, Object> steps : all("steps", events)) {
            assertThat(steps).containsEntry("from", losses.size());
            for (int i = 0; i < doubles(steps.get("losses")).length; i++) {
                losses.add(doubles(steps.get("losses"))[i]);
                means.add(doubles(steps.get("means"))[i]);
            }
        }
        int meanOf = (int) only("begin", events).get("meanOf");
        int n = losses.size();

        assertThat(n).isEqualTo(model.provenance().steps());
        assertThat(means.get(n - 1))
                .isCloseTo(
                        losses.subList(n - meanOf, n).stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        List<Map<String, Object>> moments = all("moment", events);
        assertThat(moments.get(0)).containsEntry("step", 1).containsEntry("heldOutLoss", -1.0);
        assertThat(moments.stream().skip(1).mapToDouble(m -> (double) m.get("heldOutLoss")))
                .hasSize(model.provenance().steps() / model.trainingOptions().evaluateEvery())
                .contains(model.provenance().heldOutLoss().orElseThrow());
        assertThat(moments).allMatch(moment -> list(moment.get("samples")).size() == 8);
    }

    @Test
    void the_first_event_knows_what_counting_pairs_will_reach() {
        assertThat((double) only("begin", events).get("bigram"))
                .isCloseTo(model.report().heldOutLoss().orElseThrow().bigram(), within(1e-12));
        assertThat(only("begin", events))
                .containsEntry("chance", model.report().chance())
                .containsEntry("parameters", model.gpt().parameters().size());
    }

    @Test
    void counting_pairs_is_measured_on_what_the_gpt_sees_of_long_texts() {
        List<String> texts = IntStream.range(0, 60)
                .mapToObj(i -> "ab".repeat(60) + "c".repeat(20 + i))
                .toList();

        List<Map<String, Object>> events =
                visitor.listen("own/train", training(texts, "steps", 1, "embedDim", 4, "headCount", 1));

        assertThat((double) only("begin", events).get("bigram"))
                .isCloseTo((double) only("end", events).get("bigram"), within(1e-12))
                .isPositive();
    }

    @Test
    void of_a_short_list_nothing_is_held_out() {
        List<Map<String, Object>> events = visitor.listen("own/train", training(LIST.subList(0, 40)));

        assertThat(only("begin", events)).containsEntry("bigram", -1.0);
        assertThat(only("end", events))
                .containsEntry("gpt", -1.0)
                .containsEntry("ngram", -1.0)
                .containsEntry("verdict", "unknown");
    }

    @Test
    void more_is_written_as_the_options_say() {
        Map<String, Object> answer = visitor.askMap(
                "own/generate",
                question("count", 5, "prefix", "an", "pattern", "", "temperature", 0.8, "novelOnly", true, "seed", 7));

        assertThat(texts(answer.get("samples")))
                .isEqualTo(model.generate(
                        5,
                        new GenerationOptions()
                                .withPrefix("an")
                                .withTemperature(0.8)
                                .withNovelOnly(true)
                                .withSeed(7)));
        assertThat(list(answer.get("samples"))).allMatch(s -> !(boolean) map(s).get("inList"));
        assertThat(answer).containsEntry("problem", "");
    }

    @Test
    void what_was_found_is_shown_when_there_is_nothing_more() {
        GenerationOptions cold = new GenerationOptions().withTemperature(0);
        String prefix = LIST.stream()
                .filter(name -> LIST.containsAll(model.generate(1, cold.withPrefix(name))))
                .findFirst()
                .orElseThrow();

        Map<String, Object> answer = visitor.askMap(
                "own/generate",
                question("count", 5, "prefix", prefix, "pattern", "", "temperature", 0, "novelOnly", true, "seed", 7));

        assertThat((String) answer.get("problem")).startsWith("found 0 of 5: string 0 was drawn 101 times");
        assertThat(list(answer.get("samples"))).isEmpty();
    }

    @Test
    void a_word_costs_what_the_library_says() {
        Score score = model.score("emma");

        Map<String, Object> answer = visitor.askMap("own/score", question("word", "emma"));

        assertThat(answer)
                .containsEntry("loss", score.loss())
                .containsEntry("perplexity", score.perplexity())
                .containsEntry("inList", LIST.contains("emma"))
                .containsEntry("cut", false);
        assertThat(list(answer.get("predictions"))).hasSize(5);
        assertThat(map(list(answer.get("predictions")).get(4)))
                .containsEntry("character", "")
                .containsEntry("loss", score.predictions().get(4).loss());
    }

    @Test
    void the_file_is_a_model(@TempDir Path folder) throws IOException {
        byte[] file = visitor.file("own/file", question());

        MicroGpt loaded = MicroGpt.load(Files.write(folder.resolve("model.safetensors"), file));
        assertThat(loaded.loss("emma")).isEqualTo(model.loss("emma"));
        assertThat(loaded.report()).isEqualTo(model.report());
    }

    @Test
    void a_file_is_loaded_as_the_model_that_was_saved() {
        Map<String, Object> loaded =
                map(Visitor.parse(visitor.upload("own/load", model.toBytes()).body()));

        Map<String, Object> end = only("end", events);
        assertThat(map(loaded.get("end")))
                .containsEntry("text", end.get("text"))
                .containsEntry("gpt", end.get("gpt"))
                .containsEntry("steps", end.get("steps"))
                .containsEntry("samples", end.get("samples"));
        String wanted = question(
                        "count", 5, "prefix", "", "pattern", "", "temperature", 1, "novelOnly", false, "seed", 3)
                .replace((String) only("begin", events).get("id"), (String) loaded.get("id"));
        assertThat(texts(visitor.askMap("own/generate", wanted).get("samples")))
                .isEqualTo(model.generate(5, new GenerationOptions().withSeed(3)));
    }

    @Test
    void a_file_that_is_not_a_whole_model_is_refused() {
        byte[] damaged = model.toBytes();
        damaged[damaged.length - 1] ^= 1;

        assertThat(visitor.upload("own/load", damaged).body())
                .isEqualTo("{\"error\":\"the file is not a valid model: its tensors do not match their checksum:"
                        + " it is damaged, or another program changed them\"}");
        assertThat(visitor.upload("own/load", new byte[0]).statusCode()).isEqualTo(400);
        assertThat(visitor.upload("data/steps", damaged).body())
                .isEqualTo("{\"error\":\"parameter steps is missing\"}");
        assertThat(visitor.post("own/load", "{\"file\":\"x\"}").body())
                .isEqualTo("{\"error\":\"file \\\"x\\\" is not the bytes of a file\"}");
        HttpResponse<String> large = visitor.upload("own/load", new byte[Limits.MODEL_FILE + 1]);
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).isEqualTo("{\"error\":\"the body has more than 16777216 bytes\"}");
    }

    @Test
    void a_training_that_is_stopped_keeps_its_model() throws IOException {
        try (Socket socket = visitor.open(request(slowTraining()));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String id = (String) only("begin", List.of(next("begin", reader))).get("id");
            next("steps", reader);

            assertThat(visitor.askMap("own/stop", json(Map.of("id", id)))).containsEntry("stopped", true);

            Map<String, Object> end = map(next("end", reader).get("end"));
            assertThat((int) end.get("steps")).isBetween(1, Limits.STEPS / 10 - 1); // before it was measured
            assertThat(visitor.askMap("own/score", json(Map.of("id", id, "word", "emma"))))
                    .containsEntry("inList", LIST.contains("emma"));
            assertThat(visitor.askMap("own/stop", json(Map.of("id", id)))).containsEntry("stopped", false);
        }
    }

    @Test
    void a_training_whose_visitor_has_gone_ends_and_leaves_nothing() throws Exception {
        try (Visitor visitor = new Visitor()) {
            String id;
            try (Socket socket = visitor.open(request(visitor, slowTraining()));
                    BufferedReader reader = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                id = (String) map(next("begin", reader).get("begin")).get("id");
                assertThat(visitor.playground().trainings()).isEqualTo(1);
            }

            visitor.awaitEndOfTrainings();
            assertThat(visitor.post("own/score", json(Map.of("id", id, "word", "emma")))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static String request(String body) {
        return request(visitor, body);
    }

    private static String request(Visitor visitor, String body) {
        return "POST /api/own/train HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** The next event of a kind. */
    private static Map<String, Object> next(String kind, BufferedReader reader) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("data: {\"" + kind + "\"")) {
                return map(Visitor.parse(line.substring("data: ".length())));
            }
        }
        throw new AssertionError("there was no event " + kind);
    }

    @Test
    void two_tabs_do_not_disturb_each_other() {
        List<String> numbers =
                IntStream.range(0, 300).mapToObj("%03d"::formatted).toList();
        String other = training(numbers);

        CompletableFuture<List<Map<String, Object>>> one =
                CompletableFuture.supplyAsync(() -> visitor.listen("own/train", training(LIST)));
        CompletableFuture<List<Map<String, Object>>> two =
                CompletableFuture.supplyAsync(() -> visitor.listen("own/train", other));

        assertThat(only("end", one.join())).isEqualTo(only("end", events));
        assertThat(only("end", two.join()))
                .containsEntry("text", MicroGpt.train(numbers).report().toString());
        assertThat(only("begin", one.join()).get("id"))
                .isNotEqualTo(only("begin", events).get("id"));
    }

    @Test
    void a_list_that_is_too_long_or_too_varied_is_refused() {
        String varied = IntStream.range(0x4e00, 0x4e00 + 1_000)
                .mapToObj(Character::toString)
                .collect(Collectors.joining("\n"));

        assertThat(error(visitor.post("own/settings", json(Map.of("list", "a".repeat(Limits.OWN_LIST + 1)))), 400))
                .isEqualTo("list has 250001 characters, more than 250000");
        assertThat(error(visitor.post("own/train", json(Map.of("list", varied))), 400))
                .isEqualTo("list has 1000 different characters, more than 999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "score", "file"})
    void a_model_that_is_not_there_is_not_guessed(String what) {
        assertThat(error(visitor.post("own/" + what, json(Map.of("id", "0".repeat(32)))), 404))
                .isEqualTo("the model is not kept any longer: the last 16 are, for 60 minutes; train it again");
    }

    @Test
    void what_does_not_fit_the_model_is_refused() {
        assertThat(error(visitor.post("own/score", question("word", "zo-é")), 400))
                .isEqualTo("no text of the list has \"-\"; try zoe");
        assertThat(error(
                        visitor.post(
                                "own/generate", question("prefix", "", "temperature", 1, "novelOnly", 1, "count", 1)),
                        400))
                .isEqualTo("novelOnly 1 is not true or false");
        assertThat(error(visitor.post("own/generate", matching("(a")), 400))
                .isEqualTo("pattern \"(a\" has ( at index 0, which is not closed");
        assertThat(error(visitor.post("own/generate", matching("a{60}")), 400))
                .asString()
                .startsWith("pattern \"a{60}\" matches no string of 1 (minLength) to ");
    }

    @Test
    void every_text_matches_the_pattern() {
        Map<String, Object> answer = visitor.askMap("own/generate", matching("[a-m]+(n|na)"));

        assertThat(texts(answer.get("samples"))).hasSize(50).allMatch(text -> text.matches("[a-m]+(n|na)"));
        assertThat(answer).containsEntry("problem", "");
    }

    private static String matching(String pattern) {
        return question("count", 50, "prefix", "", "pattern", pattern, "temperature", 1, "novelOnly", false, "seed", 7);
    }

    private static Object error(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        return map(Visitor.parse(response.body())).get("error");
    }
}
