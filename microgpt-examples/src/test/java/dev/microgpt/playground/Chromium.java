package dev.microgpt.playground;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The browser: without a window, with a log of what goes wrong on its pages, and without a way to another machine. */
final class Chromium {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** Runs in every page before its own scripts: which timers of a page are still to come, those of a minute apart. */
    private static final String COUNT_TIMERS = """
            {
              const { setTimeout: start, clearTimeout: stop } = window;
              window.pendingTimers = new Set();
              window.setTimeout = (work, delay = 0, ...values) => {
                const id = start(() => { pendingTimers.delete(id); work(...values); }, delay);
                if (delay < 60_000) {
                  pendingTimers.add(id);
                }
                return id;
              };
              window.clearTimeout = (id) => { pendingTimers.delete(id); stop(id); };
            }
            """;

    private Chromium() {}

    static void requireInstalled() {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no page was looked at: Chromium and its driver (Debian: chromium, chromium-driver) are not installed");
    }

    /** Starts it; whoever does so ends it by {@code quit()}. A script on its pages finds {@code pendingTimers}, a set. */
    static ChromeDriver start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // asking others fails, and is logged
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--force-prefers-reduced-motion", // what scrolls smoothly is not where it is clicked
                "--window-size=1280,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriver browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
        browser.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", COUNT_TIMERS));
        return browser;
    }
}
