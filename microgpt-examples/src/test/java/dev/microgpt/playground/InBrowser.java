package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/**
 * A browser that looks at the pages, and how to operate one. After each test no script has complained and nothing was asked of
 * another machine, which fails. Aborted where there is no Chromium.
 */
@Tag("proof")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
abstract class InBrowser {
    private static final Duration PATIENCE = Duration.ofMinutes(3); // with a page that hangs
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    static Visitor visitor;
    static URI home; // below it are the pages that are looked at
    static ChromeDriver browser;

    @BeforeAll
    static void open() {
        Chromium.requireInstalled();
        lookAt(new Visitor());
        browser = Chromium.start();
    }

    /** From here on the pages are those of this visitor. */
    static void lookAt(Visitor other) {
        visitor = other;
        home = other.address("/");
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
            visitor.close();
        }
    }

    /** What the browser has logged since the last test. */
    @AfterEach
    void nothing_went_wrong_unseen() {
        browser.executeScript("localStorage.clear(); sessionStorage.clear()");
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                        .filter(entry ->
                                !entry.getMessage().contains("status of 400")) // a refusal that a test asked for
                        .map(Object::toString))
                .isEmpty();
    }

    static void visit(String page) {
        browser.get(home.resolve(page + ".html").toString());
        settle();
    }

    /** Waits until every panel has its answer and none is about to ask. */
    static void settle() {
        await(() -> (boolean) browser.executeScript("const panels = [...document.querySelectorAll('.panel')];"
                + "return document.readyState === 'complete' && pendingTimers.size === 0"
                + " && panels.every(p => p.id === 'train' || p.dataset.state === 'ready' || p.dataset.state === 'refused')"
                + " && !document.querySelector('[data-state=busy]:not(#train)')"
                + " && [...document.querySelectorAll('figure.java')].every(f => f.children.length)"));
    }

    static void type(String selector, String text) {
        WebElement field = browser.findElement(By.cssSelector(selector));
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
    }

    static void slide(String selector, double value) {
        browser.executeScript(
                "const input = document.querySelector(arguments[0]); input.value = arguments[1];"
                        + "input.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                String.valueOf(value));
    }

    /** Takes the option whose text begins so. */
    static void choose(String selector, String text) {
        browser.executeScript(
                "const select = document.querySelector(arguments[0]);"
                        + "select.value = [...select.options].find(o => o.text.startsWith(arguments[1])).value;"
                        + "select.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                text);
    }

    static void click(String selector) {
        click(browser.findElement(By.cssSelector(selector)));
    }

    static void click(WebElement element) {
        browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", element); // not under the bar
        element.click();
    }

    static String text(String selector) {
        String[] text = new String[1];
        await(
                () -> { // again, if it is redrawn in this moment
                    text[0] = browser.findElement(By.cssSelector(selector)).getText();
                    return true;
                });
        return text[0];
    }

    static double number(String expression) {
        return ((Number) browser.executeScript("return " + expression)).doubleValue();
    }

    static List<String> strings(String script) {
        return ((List<?>) browser.executeScript(script))
                .stream().map(String::valueOf).toList();
    }

    static double loss(String question, String json) {
        return (double) visitor.askMap(question, json).get("loss");
    }

    /** A number as the pages show it. */
    static String shown(double value, int digits) {
        String text = value != 0 && Math.abs(value) < 0.5 * Math.pow(10, -digits)
                ? String.format(Locale.ROOT, "%.2e", value).replaceAll("e([-+])0", "e$1")
                : String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.replace('-', '−');
    }

    static void resize(int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    static void screenshot(String name, int width) throws IOException {
        if (!Boolean.getBoolean("microgpt.screenshots")) {
            return; // a picture of a whole page takes long to draw, and nobody looks at those of the build server
        }
        resize(width, (int) number("Math.ceil(document.body.scrollHeight)"));
        Files.createDirectories(SCREENSHOTS);
        // getScreenshotAs fails on a machine so busy that it takes ten seconds
        Map<String, Object> png = browser.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
        Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) png.get("data")));
    }

    interface Condition {
        boolean holds();
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (StaleElementReferenceException e) { // redrawn in this moment
            return false;
        }
    }

    static void await(Condition condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                Object states = browser.executeScript("return [...document.querySelectorAll('.panel')].map(p =>"
                        + " p.id + ' ' + p.dataset.state + ' ' + p.querySelector('.problem')?.textContent).join(', ')");
                throw new AssertionError("waited in vain at " + browser.getCurrentUrl() + ": " + states);
            }
            sleep(25);
        }
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
