package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.evaluation.Report;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The pages in Chromium: each panel is operated once, and its numbers are those that the library answers. After each test
 * no script has complained and nothing was asked of another machine. Aborted where there is no Chromium.
 */
@Tag("proof")
class BrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final String[] STAGES = {
        "data", "counting", "gradient", "autograd", "attention", "heads", "adam", "own", "compare"
    };
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static Visitor visitor;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no page was looked at: Chromium and its driver (Debian: chromium, chromium-driver) are not installed");
        visitor = new Visitor();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
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
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
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
        assertThat(requests())
                .isNotEmpty()
                .allMatch(url -> url.startsWith(visitor.address("/").toString()));
    }

    private static List<String> requests() {
        List<String> urls = new ArrayList<>();
        browser.manage().logs().get(LogType.PERFORMANCE).forEach(entry -> {
            Map<String, Object> message =
                    map(map(Visitor.parse(entry.getMessage())).get("message"));
            if (message.get("method").equals("Network.requestWillBeSent")) {
                String url =
                        (String) map(map(message.get("params")).get("request")).get("url");
                if (!url.startsWith("data:")) {
                    urls.add(url);
                }
            }
        });
        return urls;
    }

    // ---- every page

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index",
                "data",
                "counting",
                "gradient",
                "autograd",
                "attention",
                "heads",
                "adam",
                "own",
                "compare",
                "glossary"
            })
    void a_page_is_drawn_in_both_themes_and_on_a_phone(String page) throws IOException {
        for (int width : new int[] {1280, 390}) {
            resize(width, 900);
            visit(page);
            Set<String> themes = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                String theme = theme();
                themes.add(theme);
                assertThat(number("document.documentElement.scrollWidth"))
                        .as("nothing is wider than the screen of " + width)
                        .isLessThanOrEqualTo(width);
                screenshot(page + "-" + theme + (width < 500 ? "-phone" : ""), width);
                click(".theme");
            }
            assertThat(themes).containsExactlyInAnyOrder("light", "dark");
        }
    }

    private static void resize(int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    private static String theme() {
        return browser.findElement(By.tagName("html")).getAttribute("data-theme");
    }

    private static void screenshot(String name, int width) throws IOException {
        resize(width, (int) number("Math.ceil(document.body.scrollHeight)"));
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    @ParameterizedTest
    @FieldSource("STAGES")
    void a_page_can_be_used_by_keyboard_and_read_aloud(String page) {
        visit(page);

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
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("to the content");
    }

    @ParameterizedTest
    @FieldSource("STAGES")
    void the_answers_of_the_exercises_are_right(String page) {
        visit(page);
        List<WebElement> exercises = browser.findElements(By.cssSelector(".exercises li"));
        assertThat(exercises).hasSize(3);
        for (WebElement exercise : exercises) {
            click(exercise.findElement(By.tagName("summary")));
            WebElement output = exercise.findElement(By.tagName("output"));
            await(() -> !output.getText().isEmpty());
            WebElement input = exercise.findElement(By.tagName("input"));
            WebElement status = exercise.findElement(By.cssSelector("[role=status]"));

            input.sendKeys("123456", Keys.ENTER);
            await(() -> status.getText().equals("Not yet."));
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
        click("#start button");
        await(() -> browser.getCurrentUrl().contains("attention.html"));
        settle();

        double loss = (double) map(visitor.ask("attention/trace", "{\"stage\":3,\"steps\":1000,\"word\":\"olivia\"}"))
                .get("loss");
        assertThat(text("#loss")).isEqualTo(shown(loss, 4));
    }

    // ---- data and tokens

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
    void a_character_that_is_not_in_the_vocabulary_is_explained_on_the_page() {
        visit("data");

        type("#word", "zoé");
        await(() -> !text("#tokens .problem").isEmpty());

        assertThat(text("#tokens .problem"))
                .isEqualTo("character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
        type("#word", "zoe");
        settle();
        assertThat(text("#tokens .problem")).isEmpty();
    }

    // ---- 0

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
        click("#play");
        await(() -> !text("#table-reading").startsWith("0 names"));
        click("#play");
        settle();
    }

    private static int frames(String colour) {
        return browser.findElements(By.cssSelector("#counts rect[fill=none][style*=" + colour + "]"))
                .size();
    }

    // ---- 1

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
        slide("#pace", 100);
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

    // ---- 2

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

    // ---- 3 and 4

    @Test
    void where_a_name_looks() {
        visit("attention");

        assertThat(text("#loss")).isEqualTo("2.7563");
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

    @Test
    void heads_parts_and_sizes() {
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
        click(browser.findElements(By.cssSelector(".part")).get(5));
        settle();
        assertThat(text("#part-weights")).isEqualTo("2,048");
        slide("#layerCount", 3);
        settle();
        assertThat(text("#total")).isEqualTo("10,336");
        slide("#headCount", 5);
        await(() -> !text("#size .problem").isEmpty());
        assertThat(text("#size .problem")).isEqualTo("embedDim 16 is not a multiple of headCount 5");
    }

    private static Map<String, Object> trace(int stage, int steps) {
        return visitor.askMap("attention/trace", "{\"stage\":" + stage + ",\"steps\":" + steps + ",\"word\":\"emma\"}");
    }

    private static Map<String, Object> layer(Map<String, Object> trace, int position) {
        return map(list(map(map(list(trace.get("positions")).get(position)).get("trace"))
                        .get("layers"))
                .get(0));
    }

    // ---- 5

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
        assertThat(means).containsExactly("2.6368", "2.6397", "2.6397", "2.4890", "2.4966", "2.4875");
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

    // ---- one's own

    @Test
    void a_list_of_ones_own_is_learned_and_its_model_taken_home(@TempDir Path folder) throws IOException {
        browser.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        List<String> names = Documents.givenNames().asList().subList(0, 400);
        MicroGpt model = MicroGpt.train(names);
        Report report = model.report();
        visit("own");

        assertThat(text("#list-reading"))
                .startsWith("3,037 texts, 3,037 of them different, of 26 characters. 303 are held");
        paste("#words", String.join("\n", names));
        String weights =
                String.format(Locale.ROOT, "%,d", model.gpt().parameters().size());
        await(() -> text("#list-reading").startsWith("400 texts")
                && text("#weights").equals(weights));
        settle();
        click("#start");
        await(() -> browser.findElement(By.id("report")).isDisplayed());
        settle();

        assertThat(text("#end-step")).isEqualTo("" + model.provenance().steps());
        assertThat(text("#loss-gpt"))
                .isEqualTo(shown(report.heldOutLoss().orElseThrow().gpt(), 4));
        assertThat(text("#loss-bigram"))
                .isEqualTo(shown(report.heldOutLoss().orElseThrow().bigram(), 4));
        assertThat(text("#learn-key"))
                .contains(shown(report.heldOutLoss().orElseThrow().bigram(), 4));
        assertThat(text("#gain"))
                .isEqualTo(shown(report.heldOutLoss().orElseThrow().gain(), 3));
        assertThat(browser.findElement(By.cssSelector("#novelty svg")).getAttribute("aria-label"))
                .contains("new " + report.novelty().freshCount() + ",");
        assertThat(browser.findElement(By.id("report-text")).getAttribute("textContent"))
                .isEqualTo(report.toString());
        assertThat(browser.findElements(By.cssSelector("#moments tbody tr")))
                .hasSize(
                        1 + model.provenance().steps() / model.trainingOptions().evaluateEvery());
        for (String theme : List.of("light", "dark")) {
            browser.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);
            screenshot("own-trained-" + theme, 1280);
        }

        type("#word", "emma");
        click("#score");
        settle();
        assertThat(text("#score-loss")).isEqualTo(shown(model.loss("emma"), 4));
        type("#prefix", "an");
        click("#novel");
        click("#generate");
        settle();
        assertThat(strings("return [...document.querySelectorAll('#samples li')].map(e => e.textContent)"))
                .isEqualTo(model.generate(
                        20,
                        new GenerationOptions()
                                .withPrefix("an")
                                .withNovelOnly(true)
                                .withSeed(1)));
        click("#save");
        Path file = folder.resolve("model.safetensors");
        await(() -> Files.exists(file));
        assertThat(MicroGpt.load(file).loss("emma")).isEqualTo(model.loss("emma"));
    }

    @Test
    void a_training_of_ones_own_is_stopped_and_its_model_kept() {
        visit("own");
        click("#elements");
        settle();
        assertThat(text("#list-reading")).startsWith("118 texts, 118 of them different");
        slide("#steps", 10_000);
        settle();
        click("#start");
        await(() -> text("#now-step").endsWith(" of 10,000"));

        click("#stop");
        await(() -> text("#learn-reading").contains("you stopped it"));

        assertThat(text("#verdict")).isNotEmpty();
        click("#generate");
        settle();
        assertThat(browser.findElements(By.cssSelector("#samples li"))).hasSize(20);
        await(() -> visitor.playground().trainings() == 0);
        paste("#words", " ");
        await(() -> text("#list .problem").equals("lines contains no document: there is no line that is not blank"));
    }

    /** Puts a text into a field at once. */
    private static void paste(String selector, String text) {
        browser.executeScript(
                "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                        + "field.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                text);
        pause();
    }

    // ---- compare

    @Test
    void stages_and_configurations_are_compared() throws IOException {
        visit("compare");

        browser.executeScript("document.querySelector('#measure').click();"
                + "setTimeout(() => document.querySelector('#measure-stop').click(), 50)"); // long before its end
        await(() -> browser.findElement(By.id("measure")).isEnabled());
        assertThat(text(".unseen5")).isEqualTo("–");
        click("#measure");
        await(() -> text(".unseen5").equals("2.4836"));
        assertThat(text(".mean5")).isEqualTo("2.4875");
        assertThat(text(".unseen0")).isEqualTo("2.6090");
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

    // ---- the list of the original

    @Test
    void the_pages_show_the_list_of_the_original_too() {
        Visitor names = visitor;
        try (Visitor other = new Visitor(Documents.read(NamesFile.orAbort("the playground's pages with names.txt")))) {
            visitor = other;
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
            visitor = names;
            visit("index");
        }
    }

    @Test
    void a_list_without_a_letter_is_shown_on_every_page() {
        Visitor names = visitor;
        Stream<String> list = IntStream.range(0, 60).mapToObj(i -> i * i + " 🙂\u200d" + i);
        try (Visitor other = new Visitor(Documents.of(list))) {
            visitor = other;
            for (String page : STAGES) {
                visit(page);
                assertThat(strings("return [...document.querySelectorAll('.problem')].map(p => p.textContent)"))
                        .as(page)
                        .allMatch(String::isEmpty);
            }
            visit("counting");
            click(browser.findElements(By.cssSelector(".exercises button")).get(2));
            await(() -> text(".exercises li:last-child [role=status]")
                    .equals("character 'x' (U+0078) at index 0 of \"xq\" is not in the vocabulary"));
            nothing_went_wrong_unseen();
        } finally {
            visitor = names;
            visit("index");
        }
    }

    // ---- how to operate a page

    private static void visit(String page) {
        browser.get(visitor.address(page + ".html").toString());
        settle();
    }

    /** Waits until every panel has its answer. */
    private static void settle() {
        await(() -> (boolean) browser.executeScript("const panels = [...document.querySelectorAll('.panel')];"
                + "return document.readyState === 'complete'"
                + " && panels.every(p => p.id === 'train' || p.dataset.state === 'ready' || p.dataset.state === 'refused')"
                + " && [...document.querySelectorAll('figure.java')].every(f => f.children.length)"));
    }

    private static void type(String selector, String text) {
        WebElement field = browser.findElement(By.cssSelector(selector));
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
        pause();
    }

    private static void slide(String selector, double value) {
        browser.executeScript(
                "const input = document.querySelector(arguments[0]); input.value = arguments[1];"
                        + "input.dispatchEvent(new Event('input', {bubbles: true}))",
                selector,
                String.valueOf(value));
        pause();
    }

    /** Types the beginning of an option's text. */
    private static void choose(String selector, String text) {
        browser.findElement(By.cssSelector(selector)).sendKeys(text);
        pause();
    }

    private static void click(String selector) {
        click(browser.findElement(By.cssSelector(selector)));
    }

    private static void click(WebElement element) {
        browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", element); // not under the bar
        element.click();
    }

    /** Longer than the pages wait for more input. */
    private static void pause() {
        sleep(250);
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(String selector) {
        String[] text = new String[1];
        await(
                () -> { // again, if it is redrawn in this moment
                    text[0] = browser.findElement(By.cssSelector(selector)).getText();
                    return true;
                });
        return text[0];
    }

    private static double number(String expression) {
        return ((Number) browser.executeScript("return " + expression)).doubleValue();
    }

    private static List<String> strings(String script) {
        return ((List<?>) browser.executeScript(script))
                .stream().map(String::valueOf).toList();
    }

    private static double loss(String question, String json) {
        return (double) visitor.askMap(question, json).get("loss");
    }

    /** A number as the pages show it. */
    private static String shown(double value, int digits) {
        String text = value != 0 && Math.abs(value) < 0.5 * Math.pow(10, -digits)
                ? String.format(Locale.ROOT, "%.2e", value).replaceAll("e([-+])0", "e$1")
                : String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.replace('-', '−');
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (StaleElementReferenceException e) { // redrawn in this moment
            return false;
        }
    }

    private static void await(Condition condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                String states = Stream.of(
                                browser.executeScript(
                                        "return [...document.querySelectorAll('.panel')]"
                                                + ".map(p => p.id + ' ' + p.dataset.state + ' ' + p.querySelector('.problem')?.textContent).join(', ')"))
                        .map(String::valueOf)
                        .findFirst()
                        .orElse("");
                throw new AssertionError("waited in vain at " + browser.getCurrentUrl() + ": " + states);
            }
            sleep(25);
        }
    }
}
