package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.Trainer;
import dev.microgpt.TrainingOptions;
import dev.microgpt.cli.RunRecord.Point;
import dev.microgpt.evaluation.Report;
import dev.microgpt.text.Documents;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class HtmlReportTest {
    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    private static RunRecord run;
    private static String html;
    private static Document page;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws Exception {
        List<String> names = Documents.givenNames().asList();
        run = run(names.subList(0, 600), 300);
        html = write(run);
        page = parse(html);
    }

    private static RunRecord run(List<String> strings, int steps) {
        Documents documents = Documents.of(strings);
        Trainer trainer = new Trainer(
                documents.asList(),
                TrainingOptions.forStrings(documents.asList()).withSteps(steps));
        RunLog log = new RunLog(true);
        return log.record(trainer.onProgress(log::add).train());
    }

    private static String write(RunRecord run) throws Exception {
        Path file = folder.resolve("run.html");
        HtmlReport.write(file, run, new GenerationOptions());
        return Files.readString(file);
    }

    /** The page is XML, too, but for what HTML calls its type. */
    private static Document parse(String html) throws Exception {
        String xml = html.replaceFirst("<!doctype html>", "");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document page, String path) {
        try {
            NodeList nodes = (NodeList) XPATH.evaluate(path, page, XPathConstants.NODESET);
            return IntStream.range(0, nodes.getLength())
                    .mapToObj(i -> nodes.item(i).getTextContent())
                    .toList();
        } catch (XPathExpressionException e) {
            throw new AssertionError(path, e);
        }
    }

    private static double value(String id) {
        return Double.parseDouble(texts(page, "//data[@id='" + id + "']/@value").get(0));
    }

    @Test
    void the_numbers_are_those_of_the_model() {
        MicroGpt model = run.model();
        Report report = model.report();
        Report.HeldOutLoss loss = report.heldOutLoss().orElseThrow();

        assertThat(value("gpt")).isEqualTo(loss.gpt());
        assertThat(value("bigram")).isEqualTo(loss.bigram());
        assertThat(value("unigram")).isEqualTo(loss.unigram());
        assertThat(value("chance")).isEqualTo(Math.log(model.tokenizer().vocabSize()));
        assertThat(value("ngram")).isEqualTo(loss.ngram().orElseThrow());
        assertThat(value("both")).isEqualTo(loss.both().orElseThrow());
        assertThat(texts(page, "//span[@id='verdict' and @class='" + report.verdict() + "']"))
                .containsExactly(report.conclusion());
        assertThat(value("parameters")).isEqualTo(model.gpt().parameters().size());
        assertThat(value("fresh")).isEqualTo(report.novelty().freshCount());
        assertThat(value("trained")).isEqualTo(report.novelty().trainedCount());
        assertThat(value("heldOut")).isEqualTo(report.novelty().heldOutCount());
        assertThat(value("repeated")).isEqualTo(report.novelty().repeatedCount());
        assertThat(value("empty")).isEqualTo(report.novelty().emptyCount());
        assertThat(value("trainingLoss"))
                .isEqualTo(model.provenance().trainingLoss().orElseThrow());
        assertThat(value("heldOutLoss"))
                .isEqualTo(model.provenance().heldOutLoss().orElseThrow());
        assertThat(texts(page, "//td[@class='hash']"))
                .containsExactly(model.provenance().dataSha256());
        assertThat(texts(page, "//tr[th='seed']/td")).containsExactly("42");
    }

    @Test
    void samples_are_marked_if_they_are_in_the_list() {
        List<String> list = Documents.givenNames().asList().subList(0, 600);
        List<String> samples =
                run.model().generate(40, new GenerationOptions(), run.model().random());

        assertThat(texts(page, "//li/bdi")).isEqualTo(samples);
        assertThat(texts(page, "//li[mark='in list']/bdi"))
                .isNotEmpty()
                .isEqualTo(samples.stream().filter(list::contains).toList());
    }

    @Test
    void needs_nothing_but_itself() {
        assertThat(html)
                .doesNotContain("http", "//", "url(", "@import", "<script", "<link", "<img", " src=", " href=")
                .startsWith("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'/>")
                .contains("prefers-color-scheme: dark", "@media print");
    }

    @Test
    void every_line_of_the_chart_has_its_name() {
        assertThat(
                        texts(
                                page,
                                "//svg/path[@class='raw' or @class='mean' or @class='held' or @class='bigram' or @class='chance']"))
                .hasSize(5);
        assertThat(texts(page, "//svg/text[@class]"))
                .hasSize(4)
                .contains(String.format("held out, counting pairs: %.3f", value("bigram")))
                .contains(String.format("chance, ln 27: %.3f", value("chance")));
        assertThat(texts(page, "//svg/circle")).hasSameSizeAs(run.heldOutLosses());
        assertThat(texts(page, "//svg/text")).contains("loss, nats per token", "steps made");
    }

    @Test
    void the_names_of_the_lines_do_not_overlap() {
        List<Double> heights = texts(page, "//svg/text[@class]/@y").stream()
                .map(Double::valueOf)
                .sorted()
                .toList();

        for (int i = 1; i < heights.size(); i++) {
            assertThat(heights.get(i) - heights.get(i - 1)).isGreaterThanOrEqualTo(16.9);
        }
    }

    @Test
    void strings_are_text_whatever_is_in_them() throws Exception {
        List<String> nasty = Stream.of("<script>alert(1)</script>", "a&b", "\"'><img src=x>", "x\u0001\u001by", "אבג")
                .flatMap(text -> Stream.of(text, text + "s"))
                .toList();

        Document page = parse(write(run(nasty, 400)));

        assertThat(texts(page, "//script | //img")).isEmpty();
        assertThat(texts(page, "//bdi")).anyMatch(text -> text.contains("<"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<b>&\"' | &lt;b&gt;&amp;&quot;&#39;",
                "zoé 東京 😀 | zoé 東京 😀",
            })
    void escapes_what_would_not_be_text(String text, String escaped) {
        assertThat(HtmlReport.escape(text)).isEqualTo(escaped);
    }

    @Test
    void what_no_page_can_show_is_replaced() {
        assertThat(HtmlReport.escape("a\u0000\u001b\u009f\uD800\uFFFE\uFFFFb"))
                .isEqualTo("a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb");
    }

    @Test
    void a_run_without_a_held_out_string_and_without_an_update_is_a_page() throws Exception {
        RunRecord few = run(List.of("anna", "otto"), 10);

        assertThat(write(few))
                .contains("no strings were held out to tell by", "<svg")
                .doesNotContain("counting pairs:");
        assertThat(write(new RunRecord(few.model(), List.of(), List.of(), 0)))
                .contains("No update was made.")
                .doesNotContain("<svg");
        parse(write(new RunRecord(few.model(), few.losses().subList(0, 1), List.of(), 75)));
    }

    @Test
    void a_long_run_makes_a_short_page() throws Exception {
        List<Point> losses = IntStream.range(0, 1_000_000)
                .mapToObj(i -> new Point(i + 1, 2.5 + 0.5 * Math.sin(i)))
                .toList();

        String html = write(new RunRecord(run.model(), losses, List.of(), 3_700));

        assertThat(html).hasSizeLessThan(60_000).contains("61 min 40 s");
    }

    @Test
    void a_page_that_cannot_be_written_harms_nothing() throws Exception {
        Path file = Files.createDirectory(folder.resolve("taken")).resolve("run.html");
        Files.createDirectories(file.resolve("full"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> HtmlReport.write(file, run, new GenerationOptions()))
                .withMessageStartingWith("html file " + file + " cannot be written: ");
        assertThat(file.resolve("full")).isDirectory();
        assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
    }

    @Test
    void means_are_those_of_the_last_few() {
        List<Point> losses = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            losses.add(new Point(i + 1, 1 + i * i));
        }

        List<Point> means = LossChart.means(losses, 3);

        assertThat(means).hasSize(50);
        assertThat(means.get(0).loss()).isEqualTo(1);
        assertThat(means.get(1).loss()).isCloseTo(1.5, within(1e-12));
        assertThat(means.get(49).loss()).isCloseTo((47 * 47 + 48 * 48 + 49 * 49) / 3.0 + 1, within(1e-9));
    }

    @Test
    void ticks_are_round() {
        assertThat(LossChart.ticks(1.93, 3.41, 6).stream().map(t -> String.format("%.2f", t)))
                .containsExactly("2.00", "2.50", "3.00");
        assertThat(LossChart.ticks(0, 855, 8)).containsExactly(0.0, 200.0, 400.0, 600.0, 800.0);
    }
}
