package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page that compares stages and configurations, in a browser. */
class CompareBrowserTest extends InBrowser {
    @Test
    void stages_and_configurations_are_compared() throws IOException {
        visit("compare");

        assertThat(text(".mean5")).as("what is known at once").isEqualTo("2.4875");
        assertThat(text(".unseenearly")).isEqualTo("2.5378");
        assertThat(text("#stages-table")).contains("x += attention(x)", "0.01, half a cosine to 0");
        one_word_goes_through_all_stages();
        browser.executeScript("new MutationObserver((changes, observer) => {"
                + "  observer.disconnect();"
                + "  document.querySelector('#measure-stop').click();" // at the first losses
                + "}).observe(document.querySelector('#stages-table'), {childList: true});"
                + "document.querySelector('#measure').click()");
        await(() -> browser.findElement(By.id("measure")).isEnabled());
        assertThat(text(".unseen5")).isEqualTo("–");
        click("#measure");
        await(() -> text(".unseen5").equals("2.4836"));
        assertThat(text(".mean5")).isEqualTo("2.4875");
        assertThat(text(".unseen0")).isEqualTo("2.6090");
        assertThat(text(".meanearly")).isEqualTo("2.5247");
        assertThat(text("#stages-source")).startsWith("Measured just now");
        double ngram = (double) visitor.askMap("compare/ngram", "{}").get("unseen");
        assertThat(text(".unseen-ngram")).isEqualTo(shown(ngram, 4));
        type("#layerCount1", "2");
        settle();
        assertThat(text("#weights1")).isEqualTo("7,264 weights");
        type("#layerCount1", "1");
        type("#learningRate0", "11");
        settle();
        assertThat(text("#two .problem")).isEqualTo("A: learningRate 11 is not a number in [0.0, 10.0]");
        assertThat(browser.findElement(By.id("start")).isEnabled()).isFalse();
        type("#learningRate0", "0.01");
        settle();
        click("#start");
        await(() -> !browser.findElements(By.cssSelector(".end1")).isEmpty());
        screenshot("compare-trained", 1280);
        assertThat(text(".end0")).isEqualTo("2.4875");
        assertThat(text(".end1")).isEqualTo("2.4966");
    }

    private static void one_word_goes_through_all_stages() {
        List<Object> stages = list(visitor.askMap("word/stages", "{\"word\":\"emma\",\"steps\":1000}")
                .get("stages"));
        for (Object stage : stages) {
            Map<String, Object> s = map(stage);
            assertThat(text(".word-mean" + s.get("stage"))).isEqualTo(shown((double) s.get("loss"), 4));
        }
        assertThat(text("#word-title")).isEqualTo("What comes after “emm”? It was a");
        click("#word-table [data-letter='1']");
        assertThat(text("#word-title")).isEqualTo("What comes after “e”? It was m");
        browser.executeScript("document.querySelector('#word-map svg').focus()");
        browser.switchTo().activeElement().sendKeys(Keys.HOME);
        double a = doubles(list(map(stages.get(0)).get("probabilities")).get(1))[0];
        assertThat(text("#word-map .readout b")).isEqualTo("stage 0: a " + shown(a, 4));
        assertThat(text("#word-reading")).startsWith("The largest gain is that of stage 3 over stage 2: ");
        slide("#word-steps", 0);
        settle();
        assertThat(text(".word-mean0")).isEqualTo(shown(Math.log(27), 4));
        assertThat(text(".word-mean5"))
                .isEqualTo(shown((double) map(stages.get(5)).get("untrained"), 4));
        assertThat(browser.getCurrentUrl()).contains("letter=1", "word-steps=0");
    }

    @Test
    void the_arc_of_training_is_drawn() throws IOException {
        visit("compare");

        click("#watch");
        await(() -> browser.findElements(By.cssSelector("#arc-table tbody tr")).size() == 8);

        screenshot("compare-arc", 1280);
        List<Map<String, Object>> moments = visitor.listen("compare/arc", "{}");
        double share = 100 * doubles(moments.get(7).get("shares"))[0];
        assertThat(text("#arc-table tbody tr:last-child"))
                .startsWith("1,000 " + shown(share, 1) + " %")
                .contains(list(moments.get(7).get("samples")).get(0).toString());
    }
}
