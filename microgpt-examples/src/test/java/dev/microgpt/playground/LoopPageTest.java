package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole loop: its lines stand in the source, and its numbers are those of the original programs on the embedded names. */
class LoopPageTest {
    private static final String[] PROGRAMS = {"0", "1", "2", "3", "4", "5", "early"};
    private static final String[] WITH_WEIGHTS = {"1", "2", "3", "4", "5", "early"};
    private static final Classroom CLASSROOM = new Classroom(Documents.givenNames());

    @AutoClose
    private static Visitor visitor = new Visitor();

    private static Golden golden(String program) {
        return Golden.read(program.equals("early") ? "given-early" : "given-stage" + program);
    }

    /** As docs/decisions say: the early program squares, so that it is further off. */
    private static Offset<Double> exact(String program) {
        return within(program.equals("early") ? 1e-8 : 1e-9);
    }

    private static Map<String, Object> run(String program) {
        return visitor.askMap("loop/run", "{\"stage\":\"" + program + "\"}");
    }

    private static Map<String, Object> step(String program, int step, String word, String weight) {
        return visitor.askMap(
                "loop/step",
                "{\"stage\":\"" + program + "\",\"step\":" + step + ",\"word\":\"" + word + "\"," + weight + "}");
    }

    private static Map<String, Object> step(String program, int step, String word) {
        return step(program, step, word, "\"tensor\":\"\"");
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void the_run_is_that_of_the_original(String program) {
        Map<String, Object> run = run(program);

        double[] losses = doubles(run.get("losses"));
        assertThat(losses).containsExactly(golden(program).doubles("losses"), exact(program));
        assertThat(doubles(run.get("means"))[99])
                .isCloseTo(Arrays.stream(losses, 50, 100).average().orElseThrow(), within(1e-12));
        assertThat((double) run.get("chance")).isCloseTo(Math.log(27), within(1e-15));
    }

    @ParameterizedTest
    @FieldSource("WITH_WEIGHTS")
    void the_last_update_ends_at_the_weight_of_the_original(String program) {
        Golden golden = golden(program);
        int last = golden.doubles("losses").length - 1;

        Map<String, Object> step = step(program, last, CLASSROOM.documents().atStep(last));
        Map<String, Object> update = map(step.get("update"));
        Map<String, Object> weight = map(update.get("weight"));

        String tensor = (String) weight.get("tensor");
        int columns = list(update.get("tensors")).stream()
                .map(Visitor::map)
                .filter(t -> t.get("name").equals(tensor))
                .mapToInt(t -> (int) t.get("columns"))
                .findFirst()
                .orElseThrow();
        int index = (int) weight.get("row") * columns + (int) weight.get("column");
        assertThat((double) update.get("after"))
                .isCloseTo(golden.tensor("final_params", tensor)[index], exact(program));
        assertThat((double) update.get("after")).isNotEqualTo(update.get("before"));
        assertThat((double) step.get("loss")).isCloseTo(golden.doubles("losses")[last], exact(program));
        assertThat(step.get("document")).isEqualTo(CLASSROOM.documents().atStep(last));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 49, 50, 51, 137, 450})
    void every_step_of_the_run_can_be_looked_at(int step) {
        String document = CLASSROOM.documents().atStep(step);
        for (String program : PROGRAMS) {
            assertThat((double) step(program, step, document).get("loss"))
                    .as(program)
                    .isCloseTo(golden(program).doubles("losses")[step], exact(program));
        }
    }

    @Test
    void counting_ends_at_the_table_of_the_original() {
        Golden golden = golden("0");
        double[] counts = golden.tensor("final_params", "counts");

        Map<String, Object> step = step("0", 999, CLASSROOM.documents().atStep(999));

        List<Object> increments = list(step.get("increments"));
        assertThat(increments).hasSize(list(step.get("losses")).size());
        List<String> symbols = CLASSROOM.symbols();
        for (Object increment : increments) {
            Map<String, Object> pair = map(increment);
            int after = (int) pair.get("after");
            double end = counts[symbols.indexOf(pair.get("previous")) * 27 + symbols.indexOf(pair.get("next"))];
            assertThat(after).isEqualTo((int) pair.get("before") + 1).isLessThanOrEqualTo((int) end);
        }
        Map<String, Object> lastPair = map(increments.get(increments.size() - 1));
        assertThat((int) lastPair.get("after"))
                .isEqualTo((int) counts[symbols.indexOf(lastPair.get("previous")) * 27 + 26]);
        assertThat(step).doesNotContainKey("update");
    }

    @Test
    void the_first_step_of_adam_is_the_learning_rate() {
        Map<String, Object> step = step("5", 0, "emma");
        Map<String, Object> update = map(step.get("update"));
        Map<String, Object> adam = map(update.get("adam"));

        assertThat(list(step.get("tokens"))).containsExactly("BOS", "e", "m", "m", "a", "BOS");
        double g = (double) update.get("gradient");
        assertThat((double) adam.get("m")).isCloseTo(0.15 * g, within(1e-15));
        assertThat((double) adam.get("v")).isCloseTo(0.01 * g * g, within(1e-15));
        assertThat((double) adam.get("mHat")).isCloseTo(g, within(1e-15));
        assertThat((double) adam.get("vHat")).isCloseTo(g * g, within(1e-15));
        assertThat((double) update.get("after") - (double) update.get("before"))
                .isCloseTo(-0.01 * Math.signum(g), within(1e-8));
        assertThat((double) step.get("lossAfter")).isLessThan((double) step.get("loss"));
    }

    @Test
    void the_formula_with_its_numbers_gives_the_result_at_any_step() {
        Map<String, Object> update = map(step("5", 412, "olivia").get("update"));
        Map<String, Object> adam = map(update.get("adam"));

        double g = (double) update.get("gradient");
        double m = 0.85 * (double) adam.get("mBefore") + 0.15 * g;
        double v = 0.99 * (double) adam.get("vBefore") + 0.01 * g * g;
        double mHat = m / (1 - Math.pow(0.85, 413));
        double vHat = v / (1 - Math.pow(0.99, 413));
        double rate = 0.01 * (1 - 412 / 1000.0);
        assertThat((double) adam.get("m")).isCloseTo(m, within(1e-15)).isNotZero();
        assertThat((double) adam.get("v")).isCloseTo(v, within(1e-15));
        assertThat((double) adam.get("mHat")).isCloseTo(mHat, within(1e-15));
        assertThat((double) adam.get("vHat")).isCloseTo(vHat, within(1e-15));
        assertThat((double) update.get("learningRate")).isCloseTo(rate, within(1e-15));
        assertThat((double) update.get("after"))
                .isCloseTo((double) update.get("before") - rate * mHat / (Math.sqrt(vHat) + 1e-8), within(1e-14));
    }

    @Test
    void by_hand_and_by_autograd_are_the_same_step() {
        Map<String, Object> byHand = map(step("1", 300, "emma").get("update"));
        Map<String, Object> byAutograd = map(step("2", 300, "emma").get("update"));

        assertThat((double) byAutograd.get("gradient"))
                .isCloseTo((double) byHand.get("gradient"), within(1e-12))
                .isNotZero();
        assertThat((double) byAutograd.get("after")).isCloseTo((double) byHand.get("after"), within(1e-12));
        assertThat(byHand).doesNotContainKey("adam").containsEntry("decay", "linear");
    }

    @Test
    void the_map_has_a_shade_for_each_weight() {
        Map<String, Object> update = map(step("5", 0, "emma", "\"tensor\":\"wte\",\"row\":1,\"column\":2")
                .get("update"));

        double[] map = doubles(update.get("map"));
        assertThat(map).hasSize(4192);
        assertThat(Arrays.stream(map).map(Math::abs).max()).hasValue(100);
        assertThat((double) update.get("gradient")).isZero(); // there is no b in emma
        List<Integer> learning = new ArrayList<>();
        for (int token = 0; token < 27; token++) {
            if (Arrays.stream(map, 16 * token, 16 * token + 16).anyMatch(shade -> shade != 0)) {
                learning.add(token);
            }
        }
        assertThat(learning).containsExactly(0, 4, 12, 26); // a, e, m, BOS
    }

    @Test
    void what_does_not_fit_into_the_block_is_cut() {
        Map<String, Object> step = step("early", 0, "maximilianus");

        assertThat(step).containsEntry("cut", 5);
        assertThat(doubles(step.get("losses"))).hasSize(8);
        assertThat((String) step.get("printed")).startsWith("step    1 /  500 | loss ");
        assertThat(map(step.get("update"))).containsEntry("decay", "cosine");
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void the_lines_of_each_part_stand_in_the_source(String program) {
        for (LoopLines.Part part : LoopLines.of(program)) {
            assertThat(part.lines().isEmpty())
                    .as(program + " " + part.name())
                    .isEqualTo(program.equals("0") && part.name().equals("Backward"));
            assertThat(part.lines()).as(program + " " + part.name()).hasSizeLessThanOrEqualTo(16);
            for (LoopLines.Line line : part.lines()) {
                List<String> file = visitor.get("/source/dev/microgpt/" + line.file())
                        .body()
                        .lines()
                        .toList();
                assertThat(file.get(line.number() - 1)).endsWith(line.text()).doesNotContain("/**");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void each_number_has_its_line(String program) {
        for (LoopLines.Source source : LoopLines.sources(program)) {
            LoopLines.Part part = LoopLines.of(program).stream()
                    .filter(p -> p.name().equals(source.name()))
                    .findFirst()
                    .orElseThrow();
            Collection<String> marks = new ArrayList<>();
            part.lines().stream()
                    .map(LoopLines.Line::mark)
                    .filter(m -> !m.isEmpty())
                    .forEach(marks::add);
            assertThat(marks)
                    .as(source.name())
                    .containsExactlyInAnyOrderElementsOf(
                            new TreeSet<>(source.marks().keySet()));
        }
    }

    @Test
    void what_a_stage_has_that_the_stage_before_has_not_is_marked() {
        assertThat(fresh("0")).isEmpty();
        assertThat(fresh("1")).anyMatch(line -> line.contains("sgd.update("));
        assertThat(fresh("2")).contains("loss.backward();").noneMatch(line -> line.contains("sgd.update("));
        assertThat(fresh("5"))
                .anyMatch(line -> line.contains("Math.sqrt(vHat)"))
                .noneMatch(line -> line.contains("backward()"));
        assertThat(fresh("early"))
                .anyMatch(line -> line.contains("cosine"))
                .anyMatch(line -> line.contains("pow(2)"))
                .noneMatch(line -> line.contains("backward()"));
    }

    private static List<String> fresh(String program) {
        return LoopLines.of(program).stream()
                .flatMap(part -> part.lines().stream())
                .filter(LoopLines.Line::fresh)
                .map(line -> line.text().strip())
                .toList();
    }
}
