package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The drawing of the network in a browser: its numbers are those that the library answers, and every station can be reached. */
class NetworkBrowserTest extends InBrowser {
    private static Map<String, Object> letter(int stage, int position) {
        return visitor.askMap(
                "network/letter",
                "{\"stage\":" + stage + ",\"steps\":1000,\"word\":\"emma\",\"position\":" + position + "}");
    }

    private static String share(double p) {
        return String.format(Locale.ROOT, "%.2f", p).replaceFirst("^0", "");
    }

    private static String target(Map<String, Object> letter) {
        return share(doubles(letter.get("probabilities"))[(int) letter.get("target")]);
    }

    private static List<String> shares(Map<String, Object> letter) {
        return list(map(letter.get("forward")).get("shares")).stream()
                .flatMap(head -> Arrays.stream(doubles(head)).boxed())
                .map(NetworkBrowserTest::share)
                .toList();
    }

    private static List<String> cells() {
        return strings("return [...document.querySelectorAll('.network .heads text')].map(t => t.textContent)");
    }

    private static int unlit() {
        return browser.findElements(By.cssSelector(".network .ribbon.unlit")).size();
    }

    @Test
    void every_stage_shows_its_network() {
        visit("heads");

        for (int stage : new int[] {4, 5, 2, 1, 3}) {
            click(".network [data-value='" + stage + "']");
            await(() -> text(".network > .network-facts").startsWith("Stage " + stage + " "));
            settle();
            Map<String, Object> letter = letter(stage, 3);
            assertThat(text("#network-share")).isEqualTo(target(letter));
            assertThat(text("#network-loss")).isEqualTo(shown((double) letter.get("loss"), 3));
            assertThat(cells()).isEqualTo(stage < 3 ? List.of() : shares(letter));
            assertThat(text(".network-where")).contains(stage < 3 ? " of 6" : " of 19");
            assertThat(text(".network > .network-facts"))
                    .contains(stage < 3 ? "3,184 weights" : "4,192 weights", "a gets " + target(letter));
        }
        assertThat(browser.findElement(By.cssSelector(".network-above")).isDisplayed())
                .isFalse();
        click(".network-compare"); // the stage before, above this one
        await(() -> text(".network-above .network-facts")
                .startsWith("Stage 2 · 3,184 weights · a gets " + target(letter(2, 3))));
        assertThat(browser.findElements(By.cssSelector(".network-above .fresh")))
                .isEmpty();
        assertThat(browser.findElements(By.cssSelector(".network > .network-drawing .fresh")))
                .isNotEmpty();
        assertThat(browser.getCurrentUrl()).contains("network=3", "above=yes");
    }

    @Test
    void another_letter_another_word_and_less_training() {
        visit("heads");

        click(browser.findElements(By.cssSelector(".network .token")).get(1));
        settle();
        assertThat(text("#network-share")).isEqualTo(target(letter(4, 1)));
        assertThat(cells()).isEqualTo(shares(letter(4, 1)));
        type("#word", "olivia"); // of the page: the drawing follows
        await(() -> browser.findElements(By.cssSelector(".network .token")).size() == 7);
        settle();
        type(".network-word", "ava");
        await(() -> browser.findElements(By.cssSelector(".network .token")).size() == 4);
        settle();
        assertThat(browser.findElement(By.id("word")).getAttribute("value")).isEqualTo("ava");
        browser.executeScript("const r = document.querySelector('.network input[type=range]'); r.value = 0;"
                + "r.dispatchEvent(new Event('input', {bubbles: true}))");
        settle();
        Map<String, Object> untrained =
                visitor.askMap("network/letter", "{\"stage\":4,\"steps\":0,\"word\":\"ava\",\"position\":2}");
        assertThat(text("#network-loss")).isEqualTo(shown((double) untrained.get("loss"), 3));
        type(".network-word", "7");
        await(() -> !text(".network .problem").isEmpty());
        assertThat(browser.findElement(By.cssSelector(".network > .network-drawing"))
                        .isDisplayed())
                .isFalse(); // nothing old stays
        type(".network-word", "ava");
        settle();
        assertThat(text("#network-loss")).isEqualTo(shown((double) untrained.get("loss"), 3));
    }

    @Test
    void a_walk_forward_and_backward_by_keyboard() {
        visit("heads");

        assertThat(unlit()).isZero();
        browser.executeScript("document.querySelector('.network > .network-drawing').focus()");
        browser.switchTo().activeElement().sendKeys(Keys.HOME);
        assertThat(text(".network-where")).isEqualTo("Station 1 of 19\ntoken");
        int most = unlit();
        assertThat(most).isPositive();
        for (int i = 0; i < 18; i++) {
            browser.switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
            assertThat(text(".network-open .says")).isNotEmpty().doesNotContain("undefined", "NaN");
            assertThat(text(".network-open pre")).isNotEmpty();
        }
        assertThat(text(".network-where")).isEqualTo("Station 19 of 19\nloss");
        assertThat(unlit()).isZero();
        click(".network [data-value='backward']");
        browser.executeScript("document.querySelector('.network > .network-drawing').focus()");
        for (int i = 0; i < 18; i++) {
            browser.switchTo().activeElement().sendKeys(Keys.ARROW_LEFT);
            assertThat(text(".network-open .says")).isNotEmpty().doesNotContain("undefined", "NaN");
        }
        assertThat(text(".network-where")).isEqualTo("Station 1 of 19\ntoken");
        assertThat(unlit()).isZero();
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        double[] gradient = doubles(map(letter(4, 3).get("backward")).get("token"));
        assertThat(text(".network-reading")).isEqualTo("token[1] = " + shown(gradient[1], 4));
        browser.switchTo().activeElement().sendKeys(Keys.ESCAPE, Keys.ESCAPE);
        assertThat(text(".network-reading")).isEmpty();
    }

    @Test
    void it_plays_to_the_end() {
        visit("heads");

        click(".network [data-do=play]");
        await(() -> text(".network-where").startsWith("Station 2 "));
        assertThat(unlit()).isPositive();
        await(() -> text(".network-where").startsWith("Station 19 "));
        await(() -> unlit() == 0);
        settle();
        assertThat(browser.findElement(By.cssSelector(".network [data-do=play]"))
                        .getAttribute("aria-label"))
                .isEqualTo("play");
        click(browser.findElements(By.cssSelector(".network [data-station=relu]"))
                .get(0));
        assertThat(text(".network-where")).isEqualTo("Station 14 of 19\nrelu");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1280, 1920})
    void it_fits_on_the_screen(int width) throws IOException {
        resize(width, 900);
        visit("heads");

        assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
        assertThat(number("document.querySelectorAll('.network-drawing svg.turned').length"))
                .isEqualTo(width < 760 ? 1 : 0);
        for (String theme : List.of("light", "dark")) {
            browser.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);
            screenshot("network-" + width + "-" + theme, width);
        }
    }
}
