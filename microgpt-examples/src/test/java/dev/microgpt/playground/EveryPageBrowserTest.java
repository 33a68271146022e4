package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What holds of every page in a browser, whatever its list. */
class EveryPageBrowserTest extends InBrowser {
    /** All of it on one visit: a page takes seconds to draw. */
    @ParameterizedTest
    @FieldSource("dev.microgpt.playground.PagesTest#PAGES")
    void a_page_fits_can_be_used_at_once_by_keyboard_read_aloud_and_worked_through(String page) throws IOException {
        resize(320, 720);
        visit(page);
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("to the content");
        it_is_drawn_in_both_themes(page + "-phone", 320);
        resize(1280, 720);
        if (PagesTest.STAGES.contains(page) || page.equals("index")) {
            the_first_thing_to_touch_stands_on_the_first_screen();
        }
        it_is_drawn(page, 1280);
        everything_has_a_name_and_an_id_of_its_own();
        assertThat(
                        number(
                                "performance.getEntriesByType('resource').filter(e => e.name.endsWith('data/overview')).length"))
                .as("what the list is, a page asks once")
                .isLessThanOrEqualTo(1);
        if (PagesTest.STAGES.contains(page)) {
            the_answers_of_the_exercises_are_right();
        }
    }

    private static void it_is_drawn_in_both_themes(String name, int width) throws IOException {
        Set<String> themes = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            themes.add(theme());
            it_is_drawn(name, width);
            click(".theme");
        }
        assertThat(themes).containsExactlyInAnyOrder("light", "dark");
    }

    private static void it_is_drawn(String name, int width) throws IOException {
        assertThat(number("document.documentElement.scrollWidth"))
                .as("nothing is wider than the screen of " + width)
                .isLessThanOrEqualTo(width);
        screenshot(name + "-" + theme(), Math.max(390, width));
        resize(width, 720);
    }

    private static void the_first_thing_to_touch_stands_on_the_first_screen() {
        assertThat(number("[...document.querySelectorAll('main input, main button, main select, main textarea')]"
                        + ".filter(e => e.checkVisibility() && !e.matches('.save'))[0].getBoundingClientRect().bottom"))
                .isBetween(50.0, 720.0);
    }

    private static String theme() {
        return browser.findElement(By.tagName("html")).getAttribute("data-theme");
    }

    private static void everything_has_a_name_and_an_id_of_its_own() {
        assertThat(strings("return [...document.querySelectorAll('input, select, textarea, button')]"
                        + ".filter(e => e.checkVisibility() && !(e.labels?.length) && !e.ariaLabel && !e.textContent.trim())"
                        + ".map(e => e.outerHTML)"))
                .as("controls without a name")
                .isEmpty();
        assertThat(strings(
                        "return [...document.querySelectorAll('svg')].filter(s => !s.ariaLabel).map(s => s.outerHTML)"))
                .as("pictures without a name")
                .isEmpty();
        assertThat(strings("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
                        + "return ids.filter((id, i) => ids.indexOf(id) !== i)"))
                .as("ids given twice")
                .isEmpty();
    }

    private static void the_answers_of_the_exercises_are_right() {
        List<WebElement> exercises = browser.findElements(By.cssSelector(".exercises li"));
        assertThat(exercises).hasSize(3);
        for (WebElement exercise : exercises) {
            click(exercise.findElement(By.tagName("summary")));
            WebElement output = exercise.findElement(By.tagName("output"));
            await(() -> !output.getText().isEmpty());
            WebElement input = exercise.findElement(By.tagName("input"));
            WebElement status = exercise.findElement(By.cssSelector("[role=status]"));

            double right = Double.parseDouble(output.getText().replace('−', '-'));
            input.sendKeys("123456", Keys.ENTER);
            await(() -> status.getText().equals(right > 123456 ? "Too low." : "Too high."));
            input.clear();
            input.sendKeys(output.getText(), Keys.ENTER);
            await(() -> status.getText().equals("Right."));
        }
    }

    @Test
    void the_theme_can_be_switched_and_is_kept() {
        visit("data");
        String before = theme();

        click(".theme");

        String after = theme();
        assertThat(List.of(before, after)).containsExactlyInAnyOrder("light", "dark");
        visit("counting");
        assertThat(theme()).isEqualTo(after);
    }

    @Test
    void from_the_first_page_it_is_one_click_to_the_attention_of_ones_own_name() {
        visit("index");
        type("#word", "olivia");
        click("#look");
        await(() -> browser.getCurrentUrl().contains("heads.html"));
        settle();

        double loss = (double) map(visitor.ask("attention/trace", "{\"stage\":5,\"steps\":1000,\"word\":\"olivia\"}"))
                .get("loss");
        assertThat(text("#loss")).isEqualTo(shown(loss, 4));
    }

    @Test
    void the_pages_show_the_list_of_the_original_too() {
        Visitor names = visitor;
        try (Visitor other = new Visitor(Documents.read(NamesFile.orAbort("the playground's pages with names.txt")))) {
            lookAt(other);
            visit("data");
            assertThat(text("#lengths-reading")).startsWith("32,033 names, 29,494 of them different, of 26");
            visit("counting");
            type("#word", "ava");
            settle();
            assertThat(text("#word-loss")).isEqualTo("2.3148");
            visit("adam");
            type("#word", "emma");
            settle();
            assertThat(text("#update-loss")).isEqualTo("2.7263");
            assertThat(text("#update-place")).isEqualTo("lm_head[26][5]");
            assertThat(text("#update-gradient")).isEqualTo("0.409137899");
            nothing_went_wrong_unseen();
        } finally {
            lookAt(names);
            visit("index");
        }
    }

    @Test
    void a_list_without_a_letter_is_shown_on_every_page() {
        Visitor names = visitor;
        List<String> list =
                IntStream.range(0, 60).mapToObj(i -> i * i + " 🙂\u200d" + i).toList();
        try (Visitor other = new Visitor(Documents.of(list))) {
            lookAt(other);
            for (String page : PagesTest.STAGES) {
                visit(page);
                assertThat(strings("return [...document.querySelectorAll('.problem')].map(p => p.textContent)"))
                        .as(page)
                        .allMatch(String::isEmpty);
            }
            visit("counting");
            click(browser.findElements(By.cssSelector(".exercises button")).get(2));
            await(() ->
                    text(".exercises li:last-child [role=status]").equals("no text of the list has \"x\" or \"q\""));
            nothing_went_wrong_unseen();
        } finally {
            lookAt(names);
            visit("index");
        }
    }
}
