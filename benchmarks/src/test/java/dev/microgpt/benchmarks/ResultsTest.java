package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is made of the JSON of JMH: spreads, the table of the goals, a picture. */
class ResultsTest {
    private static final String STEP = """
            {"benchmark": "dev.microgpt.benchmarks.TrainingStepBenchmark.step", "forks": 3, "jdkVersion": "25.0.3",
             "jvmArgs": ["-Dbenchmarks.cpu=A <fast> one, 2 cores", "-Dbenchmarks.date=2026-11-21"%s],
             "params": {"engine": "%s"},
             "primaryMetric": {"score": 0, "scoreUnit": "us/op", "rawData": %s},
             "secondaryMetrics": {"limit": {"score": 0, "scoreUnit": "us/op", "rawData": [[2, 2], [2, 2.5]]}}}""";

    @TempDir
    private Path folder;

    @Test
    void a_spread_is_the_median_and_the_middle_half() {
        assertThat(Spread.of(9, 1, 5, 3, 7)).isEqualTo(new Spread(3, 5, 7));
        assertThat(new Spread(2, 4, 5).in(x -> 20 / x)).isEqualTo(new Spread(4, 5, 10));
        assertThatIllegalArgumentException().isThrownBy(Spread::of).withMessage("nothing was measured");
    }

    @Test
    void a_result_is_spread_over_all_iterations_of_all_forks() throws IOException {
        JmhResult result = read(step("ARRAY", "[[14, 10], [12, 11], [13, 99]]")).get(0);

        assertThat(result.name()).isEqualTo("TrainingStepBenchmark.step");
        assertThat(result.params()).containsOnlyKeys("engine").containsEntry("engine", "ARRAY");
        assertThat(result.primary()).isEqualTo(new JmhResult.Metric(new Spread(11, 13, 14), "us/op"));
        assertThat(result.metric("limit").spread().median()).isEqualTo(2);
        assertThat(result.property("benchmarks.date")).isEqualTo("2026-11-21");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> result.metric("document"))
                .withMessage("TrainingStepBenchmark.step counts [limit], not document");
    }

    @Test
    void the_table_has_the_results_of_each_file_in_the_unit_of_the_goal() throws IOException {
        List<JmhResult> jdk25 = read(
                step("ARRAY", "[[14, 10, 13, 15, 12]]"),
                step("VALUE", "[[500]]", ", \"-XX:+UseG1GC\""),
                step("VALUE", "[[300]]", ", \"-XX:+UseSerialGC\""),
                """
                {"benchmark": "dev.microgpt.benchmarks.ModelSizeBenchmark.update", "forks": 3, "jdkVersion": "25.0.3",
                 "jvmArgs": [],
                 "params": {"engine": "VECTOR_FLOAT", "size": "64x4x64", "batch": "16", "documents": "FULL"},
                 "primaryMetric": {"score": 0, "scoreUnit": "ops/s", "rawData": [[1]]},
                 "secondaryMetrics": {"limit": {"score": 0, "scoreUnit": "ops/s", "rawData": [[0.4]]},
                                      "documents": {"score": 0, "scoreUnit": "ops/s", "rawData": [[1600, 1600, 1250, 2000, 1000]]}}}""");

        String table = GoalTable.goals(List.of(jdk25, read(step("ARRAY", "[[16]]"))));

        assertThat(table.lines())
                .anyMatch(
                        row -> row.endsWith("| ≤ 13.5 µs | 13.0 (12.0–14.0), 3 | 2.00 | 16.0 (16.0–16.0), 3 | 2.00 |"))
                .anyMatch(row -> row.endsWith("| ≤ 320 µs | 300 (300–300), 3 | 2.00 | not measured yet |  |"))
                .anyMatch(row -> row.endsWith("| ≤ 550 µs | 500 (500–500), 3 | 2.00 | not measured yet |  |"))
                .anyMatch(
                        row -> row.endsWith("| ≤ 700 µs a document | 625 (625–800), 3 | 2.50 | not measured yet |  |"));
    }

    @Test
    void the_readme_has_a_row_for_each_goal() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        for (String row : GoalTable.goals(List.of()).lines().skip(2).toList()) {
            String goal = row.substring(0, row.indexOf(" | not measured yet"));
            assertThat(readme).contains(goal);
        }
    }

    @Test
    void a_bar_is_as_long_as_its_median_on_a_logarithmic_scale_with_whisker_and_limit() throws Exception {
        Element svg = svg(Chart.svg(
                read(step("ARRAY", "[[10, 10, 10]]"), step("VALUE", "[[1000, 900], [900, 1000, 1000]]")),
                "TrainingStep"));

        List<Element> bars = elements(svg, "rect", "bar");
        double perPower = (800 - 330) / 3.0; // from 1 to 1,000
        assertThat(number(bars.get(0), "width")).isCloseTo(perPower, within(0.1));
        assertThat(number(bars.get(1), "width")).isCloseTo(3 * perPower, within(0.1));
        Element whisker = elements(svg, "line", "whisker").get(3);
        assertThat(number(whisker, "x1")).isCloseTo(330 + perPower * Math.log10(900), within(0.1));
        assertThat(number(whisker, "x2")).isCloseTo(800, within(0.1));
        assertThat(number(elements(svg, "line", "limit").get(0), "x1"))
                .isCloseTo(330 + perPower * Math.log10(5), within(0.1)); // 10 µs are twice the limit
        assertThat(elements(svg, "text", "title"))
                .extracting(Element::getTextContent)
                .containsExactly("Java 25.0.3 · A <fast> one, 2 cores · 2026-11-21", "TrainingStep.step, µs");
        assertThat(elements(svg, "text", "label"))
                .extracting(Element::getTextContent)
                .containsExactly("ARRAY", "VALUE");
        assertThat(elements(svg, "text", "value"))
                .extracting(Element::getTextContent)
                .containsExactly("10", "1,000");
    }

    @Test
    void a_picture_of_nothing_is_refused() throws IOException {
        List<JmhResult> results = read(step("ARRAY", "[[1]]"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chart.svg(results, "Batch"))
                .withMessage("there is no result of Batch");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chart.svg(List.of(), "Batch"))
                .withMessage("there are no results to show");
    }

    private static String step(String engine, String rawData) {
        return step(engine, rawData, "");
    }

    private static String step(String engine, String rawData, String flag) {
        return STEP.formatted(flag, engine, rawData);
    }

    private List<JmhResult> read(String... json) throws IOException {
        Path file = Files.createTempFile(folder, "results", ".json");
        Files.writeString(file, "[" + String.join(",", json) + "]");
        return JmhResult.read(file);
    }

    private static Element svg(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static List<Element> elements(Element svg, String tag, String style) {
        NodeList nodes = svg.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            Element element = (Element) nodes.item(i);
            if (element.getAttribute("class").equals(style)) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
