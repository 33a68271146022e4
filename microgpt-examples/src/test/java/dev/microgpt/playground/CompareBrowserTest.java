package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The page that compares stages and configurations, in a browser. */
class CompareBrowserTest extends InBrowser {
    @Test
    void stages_and_configurations_are_compared() throws IOException {
        visit("compare");

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
        double ngram = (double) visitor.askMap("compare/ngram", "{}").get("unseen");
        assertThat(text(".unseen-ngram")).isEqualTo(shown(ngram, 4));
        type("#layerCount1", "2");
        settle();
        assertThat(text("#weights1")).isEqualTo("7,264 weights");
        type("#layerCount1", "1");
        settle();
        click("#start");
        await(() -> !browser.findElements(By.cssSelector(".end1")).isEmpty());
        screenshot("compare-trained", 1280);
        assertThat(text(".end0")).isEqualTo("2.4875");
        assertThat(text(".end1")).isEqualTo("2.4966");
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
