package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the page on which parts are taken away, and the figures that texts quote from it. */
class AblationPageTest {
    private static final Map<String, double[]> MEASURED = MeasuredSeeds.givenNames();

    @AutoClose
    private static Visitor visitor = new Visitor();

    /** The figures that pages and docs/stages quote: mean difference from the whole model, its standard error, and verdict. */
    @ParameterizedTest
    @CsvSource({
        "'attention',                   0.0054, 0.0003, 'Worse, not luck'",
        "'position',                    0.0046, 0.0007, 'Worse, not luck'",
        "'attention position',          0.1275, 0.0007, 'Worse, not luck'",
        "'perceptron',                  0.0001, 0.0004, 'Cannot tell'",
        "'one-head',                    0.0019, 0.0002, 'Worse by a hair, not luck'",
        "'descent',                     0.0124, 0.0005, 'Worse, not luck'",
        "'norm',                        0.0188, 0.0008, 'Worse, not luck'",
        "'residual',                    0.0580, 0.0013, 'Worse, not luck'",
        "'mask',                       -2.4518, 0.0023, 'A cheat: it reads the answer'",
        "'zeros',                       0.8058, 0.0015, 'It never learns'",
    })
    void each_part_is_worth_what_the_texts_say(String key, double difference, double error, String verdict) {
        Luck luck = Luck.of(Variant.of(key), MEASURED.get(key), MEASURED.get("whole"), Math.log(27));

        assertThat(luck.difference()).isCloseTo(difference, within(5e-5));
        assertThat(luck.differenceError()).isCloseTo(error, within(5e-5));
        assertThat(luck.verdict()).isEqualTo(verdict);
    }

    private static Luck luck(String key, String beside) {
        return Luck.of(Variant.of(key), MEASURED.get(key), MEASURED.get(beside), Math.log(27));
    }

    private static String quoted(String key, String beside) {
        Luck luck = luck(key, beside);
        return String.format(Locale.ROOT, "%+.4f ± %.4f", luck.difference(), luck.differenceError());
    }

    private static String quoted(String key) {
        return String.format(Locale.ROOT, "%.4f", luck(key, "whole").difference());
    }

    @Test
    void the_page_of_stage_3_has_the_measured_figures() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "stages", "3.md"));

        for (String[] row : new String[][] {
            {"without attention", "attention"}, {"without position", "position"}, {"without both", "attention position"}
        }) {
            assertThat(page)
                    .contains("| " + row[0] + " | " + quoted(row[1] + " descent", "descent") + " | "
                            + quoted(row[1], "whole") + " |");
        }
    }

    @Test
    void the_pages_of_the_stages_have_the_measured_figures() throws IOException {
        assertThat(resource("attention.html"))
                .contains(
                        quoted("attention") + " nats per token higher without attention",
                        quoted("position") + " without position vectors",
                        quoted("attention position") + " without both");
        assertThat(resource("heads.html"))
                .contains(
                        quoted("one-head") + " nats per token higher with one head and Adam",
                        quoted("one-head descent", "descent").substring(1, 7)
                                + " higher with one head and plain descent");
        assertThat(resource("adam.html"))
                .contains(quoted("descent", "whole").substring(1) + " nats per token higher with plain descent");
    }

    private static String resource(String page) throws IOException {
        return new String(Resources.open("/" + page).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void the_measured_losses_are_those_of_the_lesson_model() {
        Documents names = Documents.givenNames();
        Tokenizer tokenizer = Tokenizer.of(names);
        int[] index = {0};
        MEASURED.forEach((key, losses) -> {
            assertThat(losses).as(key).hasSize(MeasuredSeeds.COUNT);
            int i = 3 * index[0]++ % MeasuredSeeds.COUNT; // another seed for each, always the same
            LessonRun run = new LessonRun(Variant.of(key), names, tokenizer, MeasuredSeeds.FIRST + i, Run.STEPS);
            for (int step = 0; step < Run.STEPS; step++) {
                run.step();
            }
            assertThat(run.unseenLoss()).as(key).isCloseTo(losses[i], within(1e-6));
        });
    }

    @Test
    void the_rows_are_there_before_anybody_trains() {
        Map<String, Object> answer = visitor.askMap("ablation/rows", "{}");

        assertThat(answer)
                .containsEntry("firstSeed", 42)
                .containsEntry("learned", 1000)
                .containsEntry("unseen", 1000);
        List<Map<String, Object>> rows =
                list(answer.get("rows")).stream().map(Visitor::map).toList();
        assertThat(rows).extracting(row -> row.get("key")).contains("whole", "attention position", "zeros");
        assertThat(rows).extracting(row -> row.get("unused")).startsWith(0, 2048, 0, 256, 1024);
        for (Map<String, Object> row : rows) {
            assertThat(doubles(row.get("losses"))).isEqualTo(MEASURED.get((String) row.get("key")));
        }
        assertThat(map(rows.get(0).get("luck"))).containsEntry("verdict", "the measure of all others");
    }

    @Test
    void a_list_that_nobody_measured_has_rows_without_losses() {
        List<String> names = Documents.givenNames().asList().subList(0, 50);
        try (Visitor other = new Visitor(Documents.of(names))) {
            Map<String, Object> answer = other.askMap("ablation/rows", "{}");

            assertThat(answer).containsEntry("learned", 45).containsEntry("unseen", 5);
            assertThat(list(answer.get("rows")))
                    .hasSize(11)
                    .allSatisfy(row -> assertThat(map(row).get("losses")).isNull());
        }
    }

    @Test
    void one_run_is_watched_beside_the_whole_model() {
        List<Map<String, Object>> events =
                visitor.listen("ablation/train", "{\"variant\":\"attention position\",\"stepsPerSecond\":100000}");

        Map<String, Object> end = events.get(events.size() - 1);
        Map<String, Object> last = events.get(events.size() - 2);
        double[] whole = doubles(last.get("whole"));
        double[] golden = Golden.read("given-stage5").doubles("losses");
        assertThat(whole[whole.length - 1])
                .isCloseTo(Arrays.stream(golden, 900, 1000).average().orElseThrow(), within(1e-9));
        assertThat((double) end.get("whole")).isCloseTo(MEASURED.get("whole")[0], within(1e-6));
        assertThat((double) end.get("variant")).isCloseTo(MEASURED.get("attention position")[0], within(1e-6));
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void seeds_come_one_by_one_until_the_visitor_goes() throws IOException, InterruptedException {
        String body = "{\"variant\":\"position\"}";
        String request = "POST /api/ablation/seeds HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        List<Map<String, Object>> seeds;
        try (Socket socket = visitor.open(request);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            seeds = lines.lines()
                    .filter(line -> line.startsWith("data: "))
                    .limit(2)
                    .map(line -> map(Visitor.parse(line.substring("data: ".length()))))
                    .collect(Collectors.toList());
        }

        for (int i = 0; i < 2; i++) {
            assertThat(seeds.get(i)).containsEntry("seed", 42 + i).containsEntry("unused", 256);
            assertThat((double) seeds.get(i).get("loss")).isCloseTo(MEASURED.get("position")[i], within(1e-6));
            assertThat((double) seeds.get(i).get("whole")).isEqualTo(MEASURED.get("whole")[i]);
        }
        assertThat(map(seeds.get(1).get("luck"))).containsEntry("seeds", 2);
        visitor.awaitEndOfTrainings(); // it stops at a seed, not after 50
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "attention", "attention position", "mask one-head", "norm zeros descent"})
    void a_variant_is_called_by_its_key(String key) {
        assertThat(Variant.of(key).key()).isEqualTo(key);
    }

    @Test
    void what_is_no_part_is_refused() {
        assertThatThrownBy(() -> Variant.of("attention soul"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "variant attention soul has the part \"soul\", not one of attention, position, residual, norm,"
                                + " mask, perceptron, one-head, zeros, descent");
        assertThat(Variant.of("zeros mask zeros").key()).isEqualTo("mask zeros");
        assertThat(visitor.post("ablation/train", "{\"variant\":\"\",\"stepsPerSecond\":100}")
                        .body())
                .contains("variant  has the part \\\"\\\", not one of attention, ");
    }
}
