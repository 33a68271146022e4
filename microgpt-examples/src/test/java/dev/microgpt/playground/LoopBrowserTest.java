package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The whole loop in a browser: what it shows is what the library answers, at any step, by mouse and by keyboard. */
class LoopBrowserTest extends InBrowser {
    private static final List<String> PARTS = List.of("Sample", "Forward and loss", "Backward");

    private static Map<String, Object> step(String program, int step, String word) {
        return visitor.askMap(
                "loop/step",
                "{\"stage\":\"" + program + "\",\"step\":" + step + ",\"word\":\"" + word + "\",\"tensor\":\"\"}");
    }

    private static String part() {
        return strings("return [document.querySelector('#loop .loop-part.now .loop-name > :nth-child(2)').textContent]")
                .get(0);
    }

    private static String mean(Map<String, Object> step) {
        return shown((double) step.get("loss"), 4);
    }

    private static double result(String mark) {
        String text = text("#loop .sum[data-mark='" + mark + "'] b");
        return Double.parseDouble(
                text.replace("= ", "").replaceAll(" .*", "").replace('−', '-').strip());
    }

    @ParameterizedTest
    @CsvSource({"counting, 0", "gradient, 1", "autograd, 2", "attention, 3", "heads, 4", "adam, 5"})
    void every_stage_has_the_screen(String page, String program) {
        visit(page);

        if (!program.equals("0")) {
            the_network_of_the_stage_is_drawn(program);
        }
        assertThat(text("#loop-mean")).isEqualTo(mean(step(program, 0, "emma")));
        assertThat(strings(
                        "return [...document.querySelectorAll('.loop-name > :nth-child(2)')].map(e => e.textContent)"))
                .hasSize(5)
                .startsWith(PARTS.toArray(String[]::new))
                .endsWith("Log");
        assertThat(strings("return [...document.querySelectorAll('#loop .line.fresh')].map(e => e.textContent)"))
                .containsExactlyElementsOf(LoopLines.of(program).stream()
                        .flatMap(part -> part.lines().stream())
                        .filter(LoopLines.Line::fresh)
                        .map(line -> line.text().strip())
                        .toList());
        assertThat(strings("return [...document.querySelectorAll('#loop .line')].map(e => e.textContent)"))
                .hasSameSizeAs(LoopLines.of(program).stream()
                        .flatMap(part -> part.lines().stream())
                        .toList());
    }

    private static void the_network_of_the_stage_is_drawn(String stage) {
        Map<String, Object> letter = visitor.askMap(
                "network/letter", "{\"stage\":" + stage + ",\"steps\":1000,\"word\":\"emma\",\"position\":3}");
        double p = doubles(letter.get("probabilities"))[(int) letter.get("target")];
        assertThat(text(".network > .network-facts"))
                .startsWith("Stage " + stage + " · ")
                .contains(" · a gets " + shown(p, 2).substring(1) + " · ");
        assertThat(browser.findElement(By.cssSelector(".network-above")).isDisplayed())
                .isEqualTo(stage.equals("3"));
    }

    @Test
    void part_by_part_and_step_by_step() {
        visit("adam");

        Map<String, Object> first = step("5", 0, "emma");
        assertThat(part()).isEqualTo("Sample");
        assertThat(text("#loop-gradient"))
                .isEqualTo(shown((double) map(first.get("update")).get("gradient"), 6));
        for (int i = 0; i < 3; i++) {
            click("#loop [data-do=on]");
        }
        assertThat(part()).isEqualTo("Adam");
        Map<String, Object> update = map(first.get("update"));
        Map<String, Object> adam = map(update.get("adam"));
        assertThat(result("lr")).isEqualTo(0.01);
        for (String name : List.of("m", "v", "mHat", "vHat")) {
            assertThat(result(name)).as(name).isCloseTo((double) adam.get(name), within(5.1e-7));
        }
        assertThat(result("w")).isCloseTo((double) update.get("after"), within(5.1e-7));
        assertThat(strings("return [...document.querySelectorAll('#loop .on')].map(e => e.dataset.mark)"))
                .containsExactly("w", "w"); // the line and its number
        click("#loop [data-do=on]");
        assertThat(text("#loop-printed")).isEqualTo(first.get("printed"));
        assertThat(text("#loop-after")).isEqualTo(shown((double) first.get("lossAfter"), 4));

        click("#loop [data-do=on]");
        await(() -> text(".loop-where").startsWith("step 2 of 1,000"));
        settle();
        assertThat(part()).isEqualTo("Sample");
        assertThat(text("#loop-mean")).isEqualTo(mean(step("5", 1, "emma")));
        click("#loop [data-do=last]");
        settle();
        assertThat(text("#loop-mean")).isEqualTo(mean(step("5", 999, "emma")));
        slide("#loop input[type=range]", 413);
        await(() -> text(".loop-where").startsWith("step 413 of 1,000"));
        settle();
        assertThat(text("#loop-mean")).isEqualTo(mean(step("5", 412, "emma")));
    }

    @Test
    void another_word_another_program_another_weight() {
        visit("adam");

        type(".loop-word", "olivia");
        settle();
        assertThat(text("#loop-mean")).isEqualTo(mean(step("5", 0, "olivia")));
        click("#loop [data-value=early]");
        settle();
        assertThat(text("#loop-mean")).isEqualTo(mean(step("early", 0, "olivia")));
        assertThat(text(".loop-where")).startsWith("step 1 of 500");

        browser.executeScript("document.querySelector('.gradient-map').focus()");
        String before = text("#loop-weight");
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_UP);
        settle();
        assertThat(text("#loop-weight")).isNotEqualTo(before);
        browser.switchTo().activeElement().sendKeys(Keys.PAGE_DOWN);
        settle();
        assertThat(text("#loop-weight")).startsWith("attn_wq[");
        assertThat(browser.switchTo().activeElement().getAttribute("aria-label"))
                .contains(text("#loop-weight"));
        String[] place = text("#loop-weight").split("[\\[\\]]+");
        Map<String, Object> update = map(visitor.askMap(
                        "loop/step",
                        "{\"stage\":\"early\",\"step\":0,\"word\":\"olivia\",\"tensor\":\"layer0.attn_wq\",\"row\":"
                                + place[1] + ",\"column\":" + place[2] + "}")
                .get("update"));
        assertThat((double) update.get("gradient")).isZero(); // attn_wo is zero at first: nothing comes back through it
        assertThat(text("#loop-gradient")).isEqualTo("0");

        type(".loop-word", "7");
        await(() -> !text("#loop .problem").isEmpty());
        type(".loop-word", "ava");
        settle();
        assertThat(text("#loop .problem")).isEmpty();
        assertThat(text("#loop-mean")).isEqualTo(mean(step("early", 0, "ava")));
    }

    @Test
    void it_plays_and_pauses() {
        visit("heads");

        click("#loop [data-do=play]");
        await(() -> part().equals("Forward and loss"));
        await(() -> text(".loop-where").startsWith("step 2 "));
        await(() -> text(".loop-where").startsWith("step 4 "));
        click("#loop [data-do=play]");
        settle();
        String where = text(".loop-where");
        int step = Integer.parseInt(where.split(" ")[1]);
        assertThat(step).isGreaterThanOrEqualTo(4);
        assertThat(text("#loop-mean")).isEqualTo(mean(step("4", step - 1, "emma")));
        assertThat(browser.findElement(By.cssSelector("#loop [data-do=play]")).getAttribute("aria-label"))
                .isEqualTo("play");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1280, 1920})
    void it_fits_on_the_screen(int width) throws IOException {
        resize(width, 900);
        visit("adam");
        for (int i = 0; i < 3; i++) {
            click("#loop [data-do=on]");
        }

        assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
        if (width >= 1280) {
            assertThat(number("document.querySelector('#loop').getBoundingClientRect().height"))
                    .isLessThanOrEqualTo(860);
        } else {
            assertThat(number("document.querySelectorAll('#loop .loop-sheet').values()"
                            + ".filter(s => s.checkVisibility()).toArray().length"))
                    .isEqualTo(1);
        }
        for (String theme : List.of("light", "dark")) {
            browser.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);
            screenshot("loop-" + width + "-" + theme, width);
        }
    }
}
