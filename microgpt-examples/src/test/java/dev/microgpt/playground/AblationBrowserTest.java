package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page on which parts are taken away, in a browser: its numbers are those that the library answers. */
class AblationBrowserTest extends InBrowser {
    private static String row(String key) {
        return ".ab-rows li[data-key='" + key + "']";
    }

    @Test
    void the_rows_say_what_was_measured_and_seeds_can_be_read() throws IOException {
        for (int width : new int[] {390, 1280, 1920}) {
            resize(width, 900);
            visit("ablation");
            for (int i = 0; i < 2; i++) {
                String theme = browser.findElement(By.tagName("html")).getAttribute("data-theme");
                screenshot("ablation-rows-" + theme + "-" + width, width);
                click(".theme");
            }
        }
        resize(1280, 900);
        Map<String, Object> answer = visitor.askMap("ablation/rows", "{}");

        for (Object value : list(answer.get("rows"))) {
            Map<String, Object> luck = map(map(value).get("luck"));
            assertThat(text(row((String) map(value).get("key")) + " .ab-verdict"))
                    .startsWith((String) luck.get("verdict"));
        }
        assertThat(browser.findElements(By.cssSelector(row("position") + " .dot")))
                .hasSize(100);
        assertThat(text(row("perceptron") + " .ab-name")).contains("2,048 weights fewer");
        assertThat(text("#says")).contains("either one gives nearly the whole gain");

        WebElement strip = browser.findElement(By.cssSelector(row("position") + " .ab-strip"));
        strip.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        double[] position = MeasuredSeeds.givenNames().get("position");
        assertThat(text("#rows-reading"))
                .startsWith("without position, seed 43: " + shown(position[1], 4) + " nats per token, +");
        click("#clear");
        assertThat(browser.findElements(By.cssSelector(".ab-rows li[data-key]")))
                .hasSize(1);
    }

    @Test
    void a_part_is_switched_off_and_what_is_left_is_trained() throws IOException {
        visit("ablation");

        click("[data-part='mask']");
        click("#heads [data-value='1']");
        assertThat(browser.getCurrentUrl()).endsWith("?variant=mask+one-head");
        assertThat(browser.findElement(By.cssSelector("[data-part='mask']")).getAttribute("aria-checked"))
                .isEqualTo("false");
        click("#train");
        await(() -> text("#live-reading").startsWith("On unseen names"));
        settle();
        List<Map<String, Object>> events =
                visitor.listen("ablation/train", "{\"variant\":\"mask one-head\",\"stepsPerSecond\":100000}");
        Map<String, Object> end = events.get(events.size() - 1);
        assertThat(text("#live-reading"))
                .isEqualTo("On unseen names: the whole model " + shown((double) end.get("whole"), 4)
                        + ", without mask, one head for four " + shown((double) end.get("variant"), 4)
                        + ", a difference of "
                        + shown((double) end.get("variant") - (double) end.get("whole"), 4) + " with this one seed.");
        screenshot("ablation-trained", 1280);

        click("#seeds");
        await(() -> text("#progress-text").startsWith("2 of 50"));
        click("#stop");
        await(() -> browser.findElement(By.id("seeds")).isEnabled());
        String row = row("mask one-head");
        assertThat(text(row + " .ab-verdict")).startsWith("A cheat: it reads the answer");
        assertThat(browser.findElement(By.cssSelector(row)).getAttribute("class"))
                .contains("chosen");

        browser.get(browser.getCurrentUrl()); // a copied link shows the same switches
        settle();
        assertThat(browser.findElement(By.cssSelector("[data-part='mask']")).getAttribute("aria-checked"))
                .isEqualTo("false");
        click(row("norm") + " .ab-name");
        assertThat(browser.getCurrentUrl()).endsWith("?variant=norm");
    }
}
