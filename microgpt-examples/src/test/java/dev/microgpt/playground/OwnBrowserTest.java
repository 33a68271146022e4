package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The page that trains on a list of one's own, in a browser. */
class OwnBrowserTest extends InBrowser {
    private static final List<String> NAMES = Documents.givenNames().asList().subList(0, 400);

    @Test
    void a_list_of_ones_own_is_learned_and_its_model_taken_home(@TempDir Path folder) throws IOException {
        browser.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        MicroGpt model = MicroGpt.train(NAMES);
        visit("own");

        assertThat(text("#list-reading"))
                .startsWith("3,037 texts, 3,037 of them different, of 26 characters. 303 are held");
        learn(NAMES, model.gpt().parameters().size());
        assertShownReportIsOf(model);
        for (String theme : List.of("light", "dark")) {
            browser.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);
            screenshot("own-trained-" + theme, 1280);
        }

        type("#word", "emma");
        click("#score");
        settle();
        assertThat(text("#score-loss")).isEqualTo(shown(model.loss("emma"), 4));
        type("#prefix", "an");
        click("#novel");
        click("#generate");
        settle();
        assertThat(strings("return [...document.querySelectorAll('#samples li')].map(e => e.textContent)"))
                .isEqualTo(model.generate(
                        20,
                        new GenerationOptions()
                                .withPrefix("an")
                                .withNovelOnly(true)
                                .withSeed(1)));
        type("#pattern", "an[a-m]+[aeiou]");
        click("#generate");
        settle();
        assertThat(strings("return [...document.querySelectorAll('#samples li')].map(e => e.textContent)"))
                .hasSize(20)
                .allMatch(text -> text.matches("an[a-m]+[aeiou]"));
        click("#save");
        Path file = folder.resolve("model.safetensors");
        await(() -> Files.exists(file));
        assertThat(MicroGpt.load(file).loss("emma")).isEqualTo(model.loss("emma"));

        browser.findElement(By.id("load")).sendKeys(file.toString());
        await(() -> text("#learn-reading").startsWith("From the file model.safetensors"));
        settle();
        assertThat(text("#verdict")).endsWith(model.report().conclusion());
        click("#score");
        settle();
        assertThat(text("#score-loss")).isEqualTo(shown(model.loss("emma"), 4));
    }

    /** Puts the list into the page and trains on it, up to the report. */
    private static void learn(List<String> list, int parameters) {
        paste("#words", String.join("\n", list));
        String weights = String.format(Locale.ROOT, "%,d", parameters);
        await(() -> text("#list-reading").startsWith(list.size() + " texts")
                && text("#weights").equals(weights));
        settle();
        click("#start");
        await(() -> browser.findElement(By.id("report")).isDisplayed());
        settle();
    }

    private static void assertShownReportIsOf(MicroGpt model) {
        Report report = model.report();
        HeldOutLoss loss = report.heldOutLoss().orElseThrow();
        assertThat(text("#end-step")).isEqualTo("" + model.provenance().steps());
        assertThat(text("#loss-gpt")).isEqualTo(shown(loss.gpt(), 4));
        assertThat(text("#loss-bigram")).isEqualTo(shown(loss.bigram(), 4));
        assertThat(text("#learn-key")).contains(shown(loss.bigram(), 4));
        assertThat(text("#loss-ngram")).isEqualTo(shown(loss.ngram().orElseThrow(), 4));
        assertThat(text("#loss-both")).isEqualTo(shown(loss.both().orElseThrow(), 4));
        assertThat(text("#verdict")).endsWith(report.conclusion());
        assertThat(browser.findElement(By.cssSelector("#novelty svg")).getAttribute("aria-label"))
                .contains("new " + report.novelty().freshCount() + ",");
        assertThat(browser.findElement(By.id("report-text")).getAttribute("textContent"))
                .isEqualTo(report.toString());
        assertThat(browser.findElements(By.cssSelector("#moments tbody tr")))
                .hasSize(
                        1 + model.provenance().steps() / model.trainingOptions().evaluateEvery());
    }

    @Test
    void a_training_of_ones_own_is_stopped_and_its_model_kept() {
        visit("own");
        click("#elements");
        settle();
        assertThat(text("#list-reading")).startsWith("118 texts, 118 of them different");
        slide("#steps", 10_000);
        slide("#embedDim", 64); // so slow that it cannot end before it is stopped
        slide("#headCount", 4);
        slide("#layerCount", 4);
        settle();
        click("#start");
        await(() -> text("#now-step").endsWith(" of 10,000"));

        click("#stop");
        await(() -> text("#learn-reading").contains("you stopped it"));

        assertThat(text("#verdict")).isNotEmpty();
        click("#generate");
        settle();
        assertThat(browser.findElements(By.cssSelector("#samples li"))).hasSize(20);
        await(() -> visitor.playground().trainings() == 0);
        paste("#words", " ");
        await(() -> text("#list .problem").equals("documents has no text that is not blank"));
    }

    /** Puts a text into a field at once. */
    private static void paste(String selector, String text) {
        browser.executeScript(
                "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                        + "field.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                text);
    }
}
