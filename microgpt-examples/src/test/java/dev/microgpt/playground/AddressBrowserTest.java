package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** What a reader has set stands in the address, and what was computed stays while other pages are read. */
class AddressBrowserTest extends InBrowser {
    @Test
    void a_copied_link_shows_the_same() {
        visit("heads");
        type("#word", "Olivia");
        settle();
        slide("#steps", 500);
        click("#stage [data-value='4']");
        settle();
        click(browser.findElements(By.cssSelector("#positions button")).get(2));
        settle();
        String loss = text("#loss");
        String link = browser.getCurrentUrl();

        browser.executeScript("sessionStorage.clear()");
        browser.get(visitor.address("/data.html").toString());
        settle();
        browser.get(link);
        settle();

        assertThat(text("#loss")).isEqualTo(loss);
        assertThat(browser.findElement(By.id("word")).getAttribute("value")).isEqualTo("Olivia");
        assertThat(browser.findElement(By.id("steps")).getAttribute("value")).isEqualTo("500");
        assertThat(browser.findElement(By.cssSelector("#stage [aria-pressed=true]"))
                        .getText())
                .contains("stage 4");
        assertThat(browser.findElement(By.cssSelector("#positions [aria-pressed=true] small"))
                        .getText())
                .isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heads.html?stage=9&at=x&step=-3&part=8&steps=many&headCount=400&network=7&letter=99&way=up",
                "heads.html?stage=&at=1.5&step=1e9&part=&weight=wte[99][99]&letter=-1&station=none"
            })
    void what_a_link_cannot_mean_is_as_if_it_were_not_there(String link) {
        browser.get(visitor.address("/" + link).toString());
        settle();

        assertThat(strings("return [...document.querySelectorAll('.problem')].map(p => p.textContent)"))
                .allMatch(String::isEmpty);
        assertThat(text("#loss")).isEqualTo("2.7549"); // stage 5 after 1,000 steps
        assertThat(text("#positions [aria-pressed=true] small")).isEqualTo("4");
        assertThat(text(".loop-where"))
                .contains("part 1 of 5")
                .startsWith(link.contains("1e9") ? "step 1,000" : "step 1 ");
        assertThat(text(".network > .network-facts")).startsWith("Stage 4 ");
        assertThat(text(".network .token[aria-pressed=true] small")).isEqualTo("3");
    }

    @Test
    void back_finds_what_was_left() {
        visit("autograd");
        type("#expression", "a*b + a");
        settle();
        slide("#variable-a", 3);
        settle();

        visit("adam");
        slide("#heat", 0.9);
        type("#seed", "7");
        settle();
        String name = text("#more");
        visit("data");
        browser.navigate().back();
        settle();
        assertThat(text("#more")).isEqualTo(name);
        browser.navigate().back();
        settle();
        click("#first");
        assertThat(text("#walk-reading")).startsWith("Forward: a*b + a = −6.0000");
    }

    @Test
    void the_last_race_stays() {
        visit("gradient");
        slide("#train-steps", 200);
        slide("#pace", 2000);
        click("#start");
        await(() -> !browser.findElements(By.cssSelector("#train .mean1")).isEmpty());
        String result = text("#train-reading");

        visit("data");
        visit("gradient");

        assertThat(text("#train-reading")).isEqualTo(result);
        assertThat(browser.findElements(By.cssSelector("#train-chart path[stroke-linejoin]")))
                .hasSize(4);
    }

    @Test
    void the_last_model_of_ones_own_stays() {
        visit("own");
        click("#elements");
        settle();
        click("#start");
        await(() -> browser.findElement(By.id("report")).isDisplayed());
        settle();
        String verdict = text("#verdict");
        String losses = text("#losses");

        visit("data");
        browser.navigate().back();
        settle();

        assertThat(text("#verdict")).isEqualTo(verdict);
        assertThat(text("#losses")).isEqualTo(losses);
        assertThat(text("#list-reading")).startsWith("118 texts");
        click("#generate");
        settle();
        assertThat(browser.findElements(By.cssSelector("#samples li"))).hasSize(20);
    }

    @Test
    void answers_are_read_as_people_write_them() {
        visit("gradient");
        String[][] answers = {
            {"3,184", "Right."},
            {"3184", "Right."},
            {"432 + 1024 + 1728", "Right."},
            {"3,2", "Too low."},
            {"1e6", "Too high."},
            {"ln", "That is no number. Write 0.25, 1/4, ln 27 or 10^-5.5."}
        };
        for (String[] answer : answers) {
            answer("weights", answer[0], answer[1]);
        }
        answer("equal", "-2/3", "Right.");
        answer("equal", "−0,6667", "Right.");
        answer("equal", "1/3", "Too high.");
        visit("own");
        answer("chance", "ln 3", "Right.");
        answer("chance", "1,0986", "Right.");
        answer("chance", "-ln(1/3)", "Right.");
        answer("chance", "10^0.04", "Right.");
    }

    private static void answer(String exercise, String text, String verdict) {
        String item = "[data-exercise=" + exercise + "] ";
        type(item + "input", text);
        click(item + "button");
        await(() -> text(item + "[role=status]").equals(verdict));
    }
}
