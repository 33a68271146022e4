package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The pages on data and on stages 0 to 2 in a browser: their numbers are those that the library answers. */
class FirstStagesBrowserTest extends InBrowser {
    @Test
    void the_start_page_shows_the_path_at_its_true_height() {
        visit("index");

        for (int stage = 0; stage <= 5; stage++) {
            assertThat(browser.findElement(By.cssSelector("#line svg")).getAttribute("aria-label"))
                    .contains("stage " + stage + " " + shown(loss("start/stage", "{\"stage\":" + stage + "}"), 3));
            assertThat(browser.findElements(By.cssSelector("#picture" + stage + " svg[aria-label]")))
                    .hasSize(1);
        }
        assertThat(number("document.querySelector('#line path').getBoundingClientRect().top"))
                .isLessThan(340);
        double nat = number(
                "(() => { const c = [...document.querySelectorAll('#line circle')].map(e => Number(e.getAttribute('cy')));"
                        + " return (c[1] - c[0]) / (c[4] - c[0]); })()"); // guessing, stage 0, stage 3
        double guessing = Math.log(27);
        assertThat(nat)
                .isCloseTo(
                        (guessing - loss("start/stage", "{\"stage\":0}"))
                                / (guessing - loss("start/stage", "{\"stage\":3}")),
                        within(1e-6));
        assertThat(strings("return [...document.querySelectorAll('#line .gain')].map(e => e.textContent)"))
                .contains("no gain yet", "a little better");

        the_path_leads_over_its_cards_in_large_type_too();
        type("#word", "Anne-Marie");
        await(() -> text("#start .read-as").startsWith("no text of the list has \"-\"; try annemarie"));
        click("#start .read-as button");
        click("#start button.primary");
        await(() -> browser.getCurrentUrl().contains("counting.html"));
        settle();
        assertThat(browser.findElement(By.id("word")).getAttribute("value")).isEqualTo("annemarie");
    }

    private static void the_path_leads_over_its_cards_in_large_type_too() {
        String off =
                "(() => { const middle = (e) => { const r = e.getBoundingClientRect(); return r.left + r.width / 2; };"
                        + " const circles = [...document.querySelectorAll('#line circle')].slice(1); // the first is guessing\n"
                        + " return Math.max(...[...document.querySelectorAll('#stages li')]"
                        + ".map((card, i) => Math.abs(middle(card) - middle(circles[i])))); })()";
        assertThat(number(off)).isLessThan(2);
        click(".type");
        await(() -> number(off) < 2);
        click(".type");
        await(() -> number(off) < 2);
    }

    @Test
    void words_names_and_steps() {
        visit("data");

        type("#words", "otto\nzoé");
        settle();
        assertThat(text("#characters")).isEqualTo("4");
        type("#word", "olivia");
        slide("#block-size", 4);
        settle();
        assertThat(text("#name-reading")).startsWith("4 of 7 predictions");
        assertThat(browser.findElements(By.cssSelector("#name-tokens .cut"))).hasSize(3);
        slide("#step-count", 3038);
        settle();
        assertThat(text("#steps-reading")).startsWith("3,037 of 3,037 names are seen, 100.0 %, the list 1.00 times.");
        assertThat(text("#lengths-reading")).startsWith("3,037 names, 3,037 of them different, of 26");
    }

    @Test
    void a_name_is_read_as_people_type_it_and_the_page_says_how() {
        visit("data");

        type("#word", "Zoë");
        settle();
        await(() -> text("#tokens .read-as").equals("read as zoe"));
        assertThat(text("#tokens .problem")).isEmpty();
        assertThat(strings("return [...document.querySelectorAll('#name-tokens li')].map(e => e.firstChild.data)"))
                .containsExactly("BOS", "z", "o", "e", "BOS");

        type("#word", "Anne-Marie");
        await(() -> !text("#tokens .problem").isEmpty());
        assertThat(text("#tokens .problem")).isEqualTo("no text of the list has \"-\"; try annemarie");
        assertThat(browser.findElement(By.id("name-tokens")).isDisplayed())
                .as("the tokens of the name before")
                .isFalse();
        await(() -> text("#tokens .read-as").equals("use annemarie"));
        click("#tokens .read-as button");
        settle();
        assertThat(text("#tokens .problem")).isEmpty();
        assertThat(browser.findElements(By.cssSelector("#name-tokens li"))).hasSize(11);
    }

    @Test
    void after_an_error_nothing_old_stays() {
        visit("counting");

        type("#word", "zo7");
        await(() -> !text("#word-panel .problem").isEmpty());
        assertThat(browser.findElement(By.id("word-table")).isDisplayed()).isFalse();
        assertThat(browser.findElement(By.cssSelector("#word-panel .reading")).isDisplayed())
                .as("a sentence without its number")
                .isFalse();
        assertThat(frames("green")).as("the pairs of the word before").isZero();

        visit("attention");
        for (String id : List.of("heat-map", "loss", "residual", "keys")) {
            assertThat(browser.findElement(By.id(id)).isDisplayed()).as(id).isFalse();
        }
        type("#word", "zo");
        settle();
        assertThat(browser.findElement(By.id("keys")).isDisplayed()).isTrue();
    }

    @Test
    void counting_step_by_step() {
        visit("counting");

        type("#word", "ava");
        settle();
        assertThat(text("#word-loss")).isEqualTo("2.5934"); // after 100 names
        assertThat(frames("green")).isEqualTo(4); // the pairs of ava
        click("#step");
        settle();
        assertThat(text("#table-reading")).startsWith("101 names read");
        assertThat(text("#last-pairs tfoot")).startsWith("dieter mean ");
        assertThat(frames("rust")).isEqualTo(7);
        click("#jump");
        settle();
        assertThat(text("#word-loss")).isEqualTo(shown(loss("counting/word", "{\"names\":1000,\"word\":\"ava\"}"), 4));
        assertThat(strings("return [...document.querySelectorAll('#sample-list li')].map(e => e.firstChild.data)"))
                .containsExactlyElementsOf(
                        list(visitor.ask("counting/samples", "{\"names\":1000,\"seed\":42}")).stream()
                                .map(sample -> (String) map(sample).get("text"))
                                .toList());
        assertThat(
                        number(
                                "document.querySelector('#curve-chart path[stroke-linejoin]').getAttribute('d').split('L').length"))
                .isEqualTo(1000);
        click(browser.findElements(By.cssSelector("#pick button")).get(0));
        settle();
        double p = Arrays.stream(doubles(visitor.askMap("counting/next", "{\"names\":1000,\"token\":0}")
                        .get("probabilities")))
                .max()
                .orElseThrow();
        assertThat(text("#next-reading")).contains("= " + shown(p, 4));
        click("#reset");
        settle();
        assertThat(text("#word-loss")).isEqualTo(shown(Math.log(27), 4));
        click("#step");
        settle();
        assertThat(text("#table-reading")).startsWith("1 name read, 6 pairs counted.");
    }

    private static int frames(String colour) {
        return browser.findElements(By.cssSelector("#counts rect[fill=none][style*=" + colour + "]"))
                .size();
    }

    @Test
    void the_gradient_by_hand() {
        visit("gradient");

        assertThat(text("#linear-reading")).endsWith("= −2.000");
        type("[aria-label='x 0']", "4");
        settle();
        assertThat(text("#linear-reading")).endsWith("= −1.000");
        slide("#logit0", 2);
        settle();
        assertThat(text("#softmax-loss"))
                .isEqualTo(shown(loss("gradient/softmax", "{\"logits\":[2,2,0.5],\"target\":0}"), 4));
        slide("#exponent", -10);
        settle();
        double largest =
                (double) visitor.askMap("gradient/check", "{\"exponent\":-10}").get("largest");
        assertThat(text("#largest")).isEqualTo(shown(largest, 6));
        assertThat(text("#weights")).isEqualTo("3,184");
        assertThat(browser.findElements(By.cssSelector("#scatter circle"))).hasSize(3184);
        choose("#way-token", "q");
        settle();
        double[] logits = doubles(
                visitor.askMap("gradient/way", "{\"token\":16,\"steps\":1000}").get("logits"));
        assertThat(strings("return [...document.querySelectorAll('#way-strips .cells')].map(e => e.ariaLabel)"))
                .endsWith("logits: 27 numbers from "
                        + shown(Arrays.stream(logits).min().orElseThrow(), 3) + " to "
                        + shown(Arrays.stream(logits).max().orElseThrow(), 3));
        assertThat(browser.findElement(By.cssSelector("#way-chart svg")).getAttribute("aria-label"))
                .isEqualTo("probability of each token after q");
    }

    @Test
    void training_streams_and_stops() throws IOException {
        visit("gradient");

        await(() -> visitor.playground().trainings() == 0); // the error of each ε is computed in a stream, too
        browser.executeScript("document.querySelector('#pace').min = 1"); // a step a second: a thousand seconds
        slide("#pace", 1);
        click("#start");
        await(() -> text("#train-reading").startsWith("step "));
        assertThat(visitor.playground().trainings()).isEqualTo(1);
        click("#stop");
        await(() -> text("#train-reading").startsWith("stopped after step "));
        await(() -> visitor.playground().trainings() == 0);

        slide("#pace", 2000);
        click("#start");
        await(() -> !browser.findElements(By.cssSelector("#train .mean1")).isEmpty());
        screenshot("gradient-trained", 1280);
        assertThat(text("#train .mean0")).isEqualTo("2.6368");
        assertThat(text("#train .mean1")).isEqualTo("2.6397");
    }

    @Test
    void a_formula_and_a_neuron() {
        visit("autograd");

        type("#expression", "a*b + a");
        settle();
        slide("#variable-a", 3);
        settle();
        click("#first");
        assertThat(text("#walk-reading")).startsWith("Forward: a*b + a = −6.0000");
        click("#back");
        assertThat(text("#walk-reading")).contains("to a*b 1.0000 × 1.0000 = 1.0000; to a 1.0000 × 1.0000 = 1.0000");
        click("#all");
        click("#graph summary");
        assertThat(text("[data-gradient='a']")).isEqualTo("−2.0000");
        assertThat(text("[data-gradient='b']")).isEqualTo("3.0000");
        slide("#unit", 7);
        settle();
        assertThat(text("#neuron-loss"))
                .isEqualTo(shown(loss("autograd/neuron", "{\"word\":\"emma\",\"unit\":7,\"position\":4}"), 4));
        assertThat(text("#difference")).matches("\\d\\.\\d\\de−1\\d");
    }
}
