package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.text.Documents;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path on the start page: what each stage reaches is what its own page says. */
class StartPageTest {
    @AutoClose
    private static Visitor visitor = new Visitor();

    @ParameterizedTest
    @CsvSource({"0,2.6090", "3,2.4937", "4,2.4975", "5,2.4836"})
    void a_stage_has_the_loss_of_its_chapter(int stage, double loss) {
        Map<String, Object> answer = visitor.askMap("start/stage", "{\"stage\":" + stage + "}");

        assertThat((double) answer.get("loss")).isCloseTo(loss, within(5e-5));
        assertThat(answer).containsEntry("unseen", true);
        assertThat(list(answer.get("invented"))).hasSize(3);
    }

    @Test
    void stage_2_reaches_what_stage_1_reaches() {
        double byHand = (double) visitor.askMap("start/stage", "{\"stage\":1}").get("loss");
        double byAutograd =
                (double) visitor.askMap("start/stage", "{\"stage\":2}").get("loss");

        assertThat(byAutograd).isCloseTo(byHand, within(1e-9));
    }

    @Test
    void a_list_that_is_all_read_is_measured_itself() {
        try (Visitor few = new Visitor(Documents.of(List.of("anna", "otto")))) {
            Map<String, Object> answer = few.askMap("start/stage", "{\"stage\":0}");

            assertThat(answer).containsEntry("unseen", false);
            assertThat((double) answer.get("loss")).isBetween(0.1, Math.log(4));
        }
    }

    @Test
    void the_steps_go_down_the_curve() {
        Map<String, Object> slope = visitor.askMap("start/slope", "{}");

        assertThat(slope.get("weight").toString()).matches("mlp_fc2\\[\\d+]\\[\\d+]");
        List<Object> walk = list(slope.get("walk"));
        for (int step = 1; step < walk.size(); step++) {
            assertThat(doubles(walk.get(step))[1]).isLessThan(doubles(walk.get(step - 1))[1]);
        }
        double[] first = doubles(walk.get(0));
        assertThat(list(slope.get("curve")).stream().map(Visitor::doubles).filter(p -> p[0] == first[0]))
                .as("the walk begins on the curve")
                .singleElement()
                .satisfies(p -> assertThat(p[1]).isCloseTo(first[1], within(1e-12)));
    }

    @Test
    void both_optimizers_go_down_into_the_valley() {
        Map<String, Object> bowl = visitor.askMap("start/bowl", "{}");

        for (String optimizer : List.of("sgd", "adam")) {
            List<Object> walk = list(bowl.get(optimizer));
            assertThat(height(doubles(walk.get(0)))).isGreaterThan(1);
            assertThat(height(doubles(walk.get(walk.size() - 1)))).isLessThan(0.1);
        }
        for (Object level : list(bowl.get("levels"))) {
            double[] radii = doubles(level);
            assertThat(height(new double[] {radii[0], 0})).isCloseTo(height(new double[] {0, radii[1]}), within(1e-12));
        }
    }

    private static double height(double... point) {
        return (point[0] * point[0] + 8 * point[1] * point[1]) / 2;
    }
}
