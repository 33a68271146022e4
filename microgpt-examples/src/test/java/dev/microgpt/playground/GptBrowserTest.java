package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages on stages 3 to 5 in a browser: their numbers are those that the library answers. */
class GptBrowserTest extends InBrowser {
    @Test
    void where_a_name_looks() {
        visit("attention");

        assertThat(text("#loss")).isEqualTo("2.7563");
        assertThat(
                        strings(
                                "return [...document.querySelectorAll('#heat-table tbody tr')].map(row => row.cells[2].textContent)"))
                .containsExactlyElementsOf(firstGuesses(trace(3, 1000)));
        click(browser.findElements(By.cssSelector("#positions button")).get(2));
        settle();
        double[] shares =
                doubles(map(list(layer(trace(3, 1000), 2).get("heads")).get(0)).get("weights"));
        List<String> drawn = browser.findElements(By.cssSelector("#scores .strip b")).stream()
                .map(WebElement::getText)
                .toList();
        assertThat(drawn)
                .containsExactlyElementsOf(
                        Arrays.stream(shares).mapToObj(s -> shown(s, 3)).toList());
        assertThat(text("#scores")).contains("masked: it comes later");
        assertThat(browser.switchTo().activeElement().getText()).startsWith("m"); // still the one that was clicked
        slide("#filled", 1);
        settle();
        assertThat(text("#cache-reading")).contains("2 keys and 2 values of 16 numbers: 64 numbers");
        slide("#steps", 0);
        settle();
        assertThat(text("#loss")).isEqualTo(shown((double) trace(3, 0).get("loss"), 4));
    }

    /** The most probable token at each position, with a mark that says whether it came. */
    private static List<String> firstGuesses(Map<String, Object> trace) {
        List<?> symbols = list(trace.get("symbols"));
        return list(trace.get("positions")).stream()
                .map(position -> {
                    double[] p = doubles(map(position).get("probabilities"));
                    double most = Arrays.stream(p).max().orElseThrow();
                    int guess = (int)
                            Arrays.stream(p).takeWhile(share -> share < most).count();
                    return symbols.get(guess)
                            + (symbols.get(guess).equals(map(position).get("target")) ? " ✓" : " ✗");
                })
                .toList();
    }

    @Test
    void heads_and_sizes() {
        visit("heads");

        assertThat(text("#loss")).isEqualTo("2.7549");
        assertThat(browser.findElements(By.cssSelector("#head-maps svg"))).hasSize(4);
        double[] shares =
                doubles(map(list(layer(trace(5, 1000), 4).get("heads")).get(3)).get("weights"));
        assertThat(browser.findElements(By.cssSelector("#slices figure:nth-child(4) small b")).stream()
                        .map(WebElement::getText))
                .containsExactlyElementsOf(
                        Arrays.stream(shares).mapToObj(s -> shown(s, 3)).toList());
        click("#stage [data-value='4']");
        settle();
        assertThat(text("#loss")).isEqualTo(shown((double) trace(4, 1000).get("loss"), 4));
        click("#stage [data-value='early']");
        settle();
        assertThat(browser.findElement(By.id("steps")).getAttribute("value")).isEqualTo("500"); // it has no more
        assertThat(text("#loss"))
                .isEqualTo(shown((double) trace("\"early\"", 500).get("loss"), 4));
        assertThat(text("#cut")).isEmpty();
        type("#word", "alexandra");
        settle();
        assertThat(text("#cut")).isEqualTo("2 predictions do not fit into blockSize 8.");
        slide("#layerCount", 3);
        settle();
        assertThat(text("#total")).isEqualTo("10,336");
        slide("#headCount", 5);
        await(() -> !text("#size .problem").isEmpty());
        assertThat(text("#size .problem")).isEqualTo("embedDim 16 is not a multiple of headCount 5");
    }

    private static Map<String, Object> trace(Object stage, int steps) {
        return visitor.askMap("attention/trace", "{\"stage\":" + stage + ",\"steps\":" + steps + ",\"word\":\"emma\"}");
    }

    private static Map<String, Object> layer(Map<String, Object> trace, int position) {
        return map(list(map(map(list(trace.get("positions")).get(position)).get("trace"))
                        .get("layers"))
                .get(0));
    }

    @Test
    void one_real_update_and_two_words() {
        visit("adam");

        assertThat(text("#update-loss")).isEqualTo("2.7549");
        assertThat(text("#update-place")).isEqualTo("lm_head[26][4]");
        assertThat(text("#update-gradient")).isEqualTo("0.243386606");
        assertThat(text("[data-of=before]")).isEqualTo("−0.367880387");
        assertThat(text("[data-of=after]")).isEqualTo("−0.377880386");
        assertThat(text("#one-loss")).isEqualTo("2.7549");
        assertThat(text("#other-loss")).isEqualTo("5.6000");
        type("#other", "anna");
        settle();
        assertThat(text("#other-loss")).isEqualTo("2.1016");
        slide("#beta1", 0);
        choose("#gradients", "small");
        settle();
        assertThat(text("#first-change")).isEqualTo("−0.010000");
        the_letters_are_a_map();
    }

    private static void the_letters_are_a_map() {
        Map<String, Object> letters = visitor.askMap("letters/map", "{\"stage\":5,\"steps\":1000}");
        double[] shares = doubles(letters.get("shares"));
        assertThat(text("#letters-share")).isEqualTo(shown(100 * (shares[0] + shares[1]), 0) + " %");
        assertThat(text("#letters-within")).isEqualTo(shown((double) letters.get("withinVowels"), 2));
        assertThat(text("#letters-reading")).endsWith("The nearest of 5 of 5 vowels is a vowel.");
        assertThat(browser.findElements(By.cssSelector("#letters-map .vowel"))).hasSize(5);
        browser.executeScript("document.querySelector('#letters-map svg').focus()");
        browser.switchTo().activeElement().sendKeys(Keys.END); // the letter farthest to the right
        assertThat(text("#letters-map .readout b")).isEqualTo("u");
        click("#letters-stage [data-value='4']");
        slide("#letters-steps", 0);
        settle();
        assertThat(text("#letters-reading")).endsWith("The nearest of 2 of 5 vowels is a vowel.");
        assertThat(browser.getCurrentUrl()).contains("letters=4", "letters-steps=0");
    }

    @Test
    void all_stages_race() throws IOException {
        visit("adam");

        slide("#pace", 2000);
        click("#start");
        await(() -> !browser.findElements(By.cssSelector("#train .mean5")).isEmpty());

        List<String> means = new ArrayList<>();
        for (int stage = 0; stage <= 5; stage++) {
            means.add(text("#train .mean" + stage));
        }
        means.add(text("#train .meanearly"));
        assertThat(means).containsExactly("2.6368", "2.6397", "2.6397", "2.4890", "2.4966", "2.4875", "2.5247");
        screenshot("adam-trained", 1280);
        int lines = browser.findElements(By.cssSelector("#train-chart path[stroke-linejoin]"))
                .size();
        click(browser.findElements(By.cssSelector("#train-key input")).get(0));
        assertThat(browser.findElements(By.cssSelector("#train-chart path[stroke-linejoin]")))
                .hasSize(lines - 1);
    }

    @Test
    void temperature_and_a_name_letter_by_letter() {
        visit("adam");

        slide("#heat", 0.1);
        settle();
        double best = Arrays.stream(
                        doubles(visitor.askMap("adam/next", "{\"steps\":1000,\"prefix\":\"\",\"temperature\":0.1}")
                                .get("probabilities")))
                .max()
                .orElseThrow();
        assertThat(text("#next-reading")).endsWith(shown(best, 4));
        List<String> cold = bars();
        slide("#heat", 1.2);
        settle();
        assertThat(bars()).isEqualTo(cold);

        Map<String, Object> generated =
                visitor.askMap("adam/generate", "{\"steps\":1000,\"temperature\":1.2,\"seed\":42}");
        click("#draw");
        assertThat(browser.findElements(By.cssSelector("#drawn li"))).hasSize(2);
        click("#finish");
        assertThat(browser.findElement(By.id("prefix")).getAttribute("value")).isEqualTo(generated.get("text"));
        slide("#heat", 0.5); // another name: all that is shown is of it
        settle();
        String drawn = browser.findElements(By.cssSelector("#drawn li")).stream()
                .map(letter -> letter.getText().lines().findFirst().orElseThrow())
                .filter(letter -> !letter.equals("BOS"))
                .collect(Collectors.joining());
        assertThat(browser.findElement(By.id("prefix")).getAttribute("value")).isEqualTo(drawn);
        click("#again");
        settle();
        assertThat(browser.findElements(By.cssSelector("#drawn li"))).hasSize(1);
    }

    /** The labels of the bars of the next token, from left to right. */
    private static List<String> bars() {
        return strings(
                "return [...document.querySelectorAll('#next-chart g > g > title')].map(t => t.textContent.split(':')[0])");
    }
}
