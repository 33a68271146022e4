package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The page on n-grams in a browser: its numbers are those that the library answers. */
class NGramBrowserTest extends InBrowser {
    @Test
    void a_small_list_is_counted_by_hand() {
        visit("ngram");

        assertThat(text("#example-table tbody tr:nth-child(2)")).isEqualTo("b 1 1 0.3000");
        assertThat(text("#example-table tfoot")).isEqualTo("sum 2 5 1.0000");
        type("#example-context", "x");
        await(() -> !text("#example .problem").isEmpty());
        assertThat(text("#example .problem")).isEqualTo("no text of the list has \"x\"; its characters are abc");
        type("#example-context", "ab");
        settle();
        assertThat(text("#example-reading")).startsWith("Most likely after b: BOS, 0.6000");
    }

    @Test
    void the_orders_are_compared_and_a_gpt_is_trained_beside_them() throws IOException {
        visit("ngram");
        Map<String, Object> answer = visitor.askMap("ngram/orders", "{}");
        double best = (double)
                map(map(list(answer.get("orders")).get(4)).get("measured")).get("unseen");

        assertThat(text("#orders-reading")).startsWith("Lowest on unseen texts: order 6, " + shown(best, 4));
        assertThat(browser.findElements(By.cssSelector("#orders-chart circle"))).hasSize(14);
        assertThat(browser.findElements(By.cssSelector("#writers > div"))).hasSize(5);
        type("#word", "emma");
        settle();
        assertThat(browser.findElements(By.cssSelector("#word-table tbody tr"))).hasSize(7);

        slide("#steps", 2000);
        click("#train");
        await(() -> text("#mixed-reading").startsWith("Order 6 alone"));
        screenshot("ngram-trained", 1280);
        List<Map<String, Object>> events = visitor.listen("ngram/gpt", "{\"steps\":2000}");
        Map<String, Object> gpt = map(events.get(20).get("gpt"));
        assertThat(text("#orders-table tbody tr:last-child"))
                .startsWith("GPT 4,192 " + shown((double) gpt.get("counted"), 4) + " "
                        + shown((double) gpt.get("unseen"), 4));
        assertThat(browser.findElements(By.cssSelector("#writers > div"))).hasSize(6);
        assertThat(browser.findElements(By.cssSelector("#mixed-chart circle"))).hasSize(11);
    }
}
