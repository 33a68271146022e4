package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The pictures of a derivative and of −ln in a browser: their numbers are those that the library answers. */
class DerivativeBrowserTest extends InBrowser {
    private static Map<String, Object> secants(double w, double epsilon) {
        return visitor.askMap(
                "derivative/secants",
                "{\"word\":\"emma\",\"steps\":1000,\"tensor\":\"wte\",\"row\":12,\"column\":10,\"w\":" + w
                        + ",\"epsilons\":[" + epsilon + "]}");
    }

    private static double w() {
        return number("Number(document.querySelector('#derivative-w').value)");
    }

    private static String slope(double w) {
        return shown((double) secants(w, 1).get("slope"), 4);
    }

    @Test
    void the_point_is_moved_by_keyboard_by_mouse_and_downhill() throws IOException {
        visit("gradient");

        assertThat(text("#derivative-slope")).isEqualTo(slope(-1));
        assertThat(text("#derivative-secant"))
                .endsWith("= " + shown(doubles(secants(-1, 2.2).get("secants"))[0], 4));
        assertThat(text("#derivative-verdict")).startsWith("With ε = 2.20 even the sign is wrong.");
        browser.findElement(By.id("derivative-w")).sendKeys(Keys.ARROW_RIGHT);
        settle();
        assertThat(w()).isEqualTo(-0.99);
        assertThat(text("#derivative-slope")).isEqualTo(slope(-0.99));
        browser.findElement(By.id("derivative-w")).sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_LEFT));
        settle();
        assertThat(w()).isEqualTo(-1.09);
        click("#derivative-down");
        settle();
        double below = -1.09 - (double) secants(-1.09, 1).get("slope");
        assertThat(w()).isCloseTo(below, within(1e-9));
        assertThat(text("#derivative-slope")).isEqualTo(slope(below));
        assertThat(browser.findElements(By.cssSelector("#derivative .d-trail"))).hasSize(1);
        click("#derivative-shrink");
        settle();
        assertThat(text("#derivative-epsilon-value")).isEqualTo("0.001");
        assertThat(text("#derivative-verdict")).startsWith("The smaller ε");

        WebElement handle = browser.findElement(By.cssSelector("#derivative .d-hit"));
        browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", handle);
        double before = w();
        new Actions(browser).dragAndDropBy(handle, 60, 0).perform();
        settle();
        assertThat(w()).isGreaterThan(before + 0.2);
        assertThat(text("#derivative-slope")).isEqualTo(slope(w()));
        screenshot("derivative", 1280);
    }

    @Test
    void another_weight_and_another_name() {
        visit("gradient");

        choose("#derivative-weight", "mlp_fc1");
        browser.executeScript("document.querySelector('#derivative-weight').dispatchEvent(new Event('change'))");
        settle();
        assertThat(text("#derivative-chart")).contains("the weight w = mlp_fc1[0][10]");
        type("#word", "olivia");
        settle();
        assertThat(text("#derivative-chart")).contains("loss of olivia, nats per token", "wte[l][10]");
        type("#word", "7");
        await(() -> !text("#derivative .problem").isEmpty());
    }

    @Test
    void the_letters_lie_on_the_curve_of_minus_ln() {
        visit("counting");

        type("#word", "ava");
        settle();
        Map<String, Object> step =
                visitor.askMap("loop/step", "{\"stage\":\"0\",\"step\":999,\"word\":\"ava\",\"tensor\":\"\"}");
        double[] losses = doubles(step.get("losses"));
        List<String> titles = strings(
                "return [...document.querySelectorAll('#surprise circle title')].map(t => t.textContent.split(': ')[1])");
        assertThat(titles)
                .containsExactlyElementsOf(Arrays.stream(losses)
                        .mapToObj(loss -> "p = " + shown(Math.exp(-loss), 4) + ", −ln p = " + shown(loss, 4))
                        .toList());
        assertThat(text("#surprise-sum")).isEqualTo(shown(Arrays.stream(losses).sum(), 4));
    }
}
