package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The numbers of a picture can be read: with pointer and keys, on any colour, on paper, as a file, and in large type. */
class ReadingBrowserTest extends InBrowser {
    @Test
    void a_curve_is_read_with_the_pointer_and_with_keys() {
        visit("counting");
        List<Object> losses = Visitor.list(visitor.askMap("counting/run", "{}").get("losses"));
        WebElement curve = browser.findElement(By.cssSelector("#curve-chart svg"));

        click(curve);
        assertThat(text("#curve-chart .readout")).startsWith("names read 1");
        curve.sendKeys(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        String third = "names read 3, loss " + shown((double) losses.get(2), 4);
        await(() -> text("#curve-chart .readout").replace("\n", ", ").equals(third));
        assertThat(browser.findElement(By.cssSelector("p.spoken")).getAttribute("textContent"))
                .isEqualTo(third);
        curve.sendKeys(Keys.ESCAPE);
        assertThat(browser.findElement(By.cssSelector("#curve-chart .readout")).isDisplayed())
                .isFalse();
    }

    @Test
    void points_and_cells_are_read_too() {
        visit("gradient");
        WebElement points = browser.findElement(By.cssSelector("#scatter svg"));
        click(points);
        points.sendKeys(Keys.END);
        assertThat(text("#scatter .readout"))
                .matches("(?s)\\S+\\[\\d+]\\[\\d+]\\nby hand 0\\.\\d{6}\\nnumerical 0\\.\\d{6}");

        visit("counting");
        slide("#names", 1000);
        settle();
        WebElement counts = browser.findElement(By.cssSelector("#counts svg"));
        counts.sendKeys(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
        assertThat(text("#counts .readout")).matches("b then b: .*");
        counts.sendKeys(Keys.ENTER);
        settle();
        assertThat(text("#next-reading")).startsWith("After b, which came ");
    }

    /** What a browser makes of colours, mixed ones too, and the contrast of each text with its cell. */
    private static final String LEAST_CONTRAST = """
            const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            const luminance = (colour) => {
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
            const pairs = [...document.querySelectorAll("svg:has(.in-cells)")].flatMap((svg) => {
              const cells = svg.querySelectorAll(".cells rect");
              return [...svg.querySelectorAll(".in-cells text")].map((text, i) => [getComputedStyle(text).fill, getComputedStyle(cells[i]).fill]);
            }).concat([...document.querySelectorAll(".cells.numbered i")].map((cell) => [getComputedStyle(cell).color, getComputedStyle(cell).backgroundColor]));
            return [pairs.length, Math.min(...pairs.map(([a, b]) => contrast(a, b)))];
            """;

    @ParameterizedTest
    @ValueSource(strings = {"counting", "attention", "heads", "adam"})
    void numbers_in_cells_have_contrast_in_both_themes(String page) {
        resize(1280, 900);
        visit(page);
        for (int theme = 0; theme < 2; theme++) {
            List<String> contrast = strings(LEAST_CONTRAST);
            assertThat(Integer.parseInt(contrast.get(0))).isGreaterThan(3);
            assertThat(Double.parseDouble(contrast.get(1))).isGreaterThanOrEqualTo(4.5);
            click(".theme");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "counting",
                "gradient",
                "attention",
                "heads",
                "adam",
                "compare",
                "own",
                "ngram",
                "data",
                "autograd"
            })
    void a_page_can_be_printed(String page) {
        visit(page);
        browser.executeScript("document.documentElement.dataset.theme = 'dark'");
        resize(718, 1000); // A4 at 96 pixels an inch, less margins of a centimetre
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        try {
            browser.executeScript("dispatchEvent(new Event('beforeprint'))");
            settle();
            assertThat(browser.findElement(By.tagName("html")).getAttribute("data-theme"))
                    .isEqualTo("light");
            assertThat(
                            strings(
                                    "return [...document.querySelectorAll('main table, main svg, main pre, main .formula')]"
                                            + ".filter(e => e.checkVisibility() && e.getBoundingClientRect().right > 719).map(e => e.outerHTML.slice(0, 120))"))
                    .as("cut at the edge of the paper")
                    .isEmpty();
            assertThat(browser.executeScript(
                            "return getComputedStyle(document.querySelector('main')).printColorAdjust"))
                    .isEqualTo("exact");
            assertThat(
                            strings(
                                    "return [...document.querySelectorAll('.bar, .controls:not(.loop-head), .loop-head label, .onward')].filter(e => e.checkVisibility())"))
                    .isEmpty();
        } finally {
            browser.executeScript("dispatchEvent(new Event('afterprint'))");
            browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
        }
    }

    @Test
    void a_picture_is_saved_as_a_file(@TempDir Path folder) throws IOException {
        browser.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        visit("counting");

        browser.executeScript("document.querySelector('#counts .save').click()");

        Path file = folder.resolve("microgpt-counts.png");
        await(() -> Files.exists(file));
        assertThat(ImageIO.read(file.toFile()).getWidth())
                .isEqualTo((int) (2 * (number("document.querySelector('#counts svg').viewBox.baseVal.width") + 16)));
    }

    @Test
    void large_type_is_kept_and_fits() {
        resize(1280, 900);
        visit("attention");
        double before = number("document.querySelector('.eyebrow').getBoundingClientRect().height");

        click(".type");
        assertThat(number("document.querySelector('.eyebrow').getBoundingClientRect().height"))
                .isGreaterThan(1.2 * before);
        visit("heads");
        assertThat(browser.findElement(By.cssSelector(".type")).getAttribute("aria-pressed"))
                .isEqualTo("true");
        assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(1280);
    }
}
