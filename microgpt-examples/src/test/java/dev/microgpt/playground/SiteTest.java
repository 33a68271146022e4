package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.logging.LogType;

/** The guide without a server, in a browser: the library in the page answers as it does on the JVM. The profile {@code site} makes it. */
@Tag("site")
class SiteTest extends InBrowser {
    private static final Path SITE = Path.of("target", "site");
    private static final double MOST_MEGABYTES = 3.5; // without Javadoc
    private static final List<String> NAMES = Documents.givenNames().asList().subList(0, 200);

    /** What numbers of questions are differences of almost equal numbers, whose last digits count. */
    private static final Map<String, Double> TOLERANCES =
            Map.of("gradient/check", 1e-3, "gradient/errors", 1.0, "derivative/secants", 1e-2);

    /** Runs in every page before its own scripts: what it asks, and what it hears. */
    private static final String LISTEN = """
            window.exchanges = [];
            window.Worker = class extends Worker {
              constructor(file) {
                super(file);
                this.addEventListener("message", ({ data }) => {
                  const exchange = exchanges.find((e) => e.id === data.id);
                  if (exchange) {
                    "event" in data ? exchange.events.push(data.event) : Object.assign(exchange, { done: true }, data);
                  }
                });
              }
              postMessage(message) {
                if (message.name) {
                  exchanges.push({ ...message, events: [] });
                }
                super.postMessage(message);
              }
            };
            """;

    private static StaticServer server;

    @BeforeAll
    static void serve() throws IOException {
        assertThat(SITE.resolve("microgpt.wasm"))
                .as("mvn -Psite package makes it")
                .exists();
        server = new StaticServer(SITE, "/some/path/", "application/wasm");
        home = server.address();
        browser.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", LISTEN));
    }

    @BeforeEach
    void go_home() {
        home = server.address();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void every_question_of_every_page_has_the_answer_of_the_jvm() throws IOException {
        Set<String> asked = new TreeSet<>();
        for (String page : PagesTest.PAGES) {
            visit(page);
            await(() ->
                    (boolean) browser.executeScript("return exchanges.every(e => e.done)")); // those of exercises, too
            for (Object exchange : (List<?>) browser.executeScript("return exchanges")) {
                assertSame(map(exchange));
                asked.add((String) map(exchange).get("name"));
            }
            assertThat(strings(
                            "return [...document.querySelectorAll('.problem')].map(p => p.textContent).filter(t => t)"))
                    .as(page)
                    .isEmpty();
            screenshot("site-" + page, 1280);
        }
        assertThat(asked).hasSizeGreaterThan(30);
    }

    private static void assertSame(Map<String, Object> exchange) {
        String question = (String) exchange.get("name");
        String json = (String) exchange.get("json");
        String where = question + " " + json;
        double tolerance = TOLERANCES.getOrDefault(question, 1e-9);
        assertThat(exchange.get("error")).as(where).isNull();
        if (exchange.get("answer") instanceof String answer) {
            assertSame(where, tolerance, Visitor.parse(answer), visitor.ask(question, json));
        } else {
            List<Object> events = list(exchange.get("events"));
            List<Map<String, Object>> there = visitor.listen(question, json);
            Object last = Visitor.parse((String) events.get(events.size() - 1));
            assertSame(where, tolerance, last, there.get(there.size() - 1));
        }
    }

    /** The same structure and texts, and numbers that differ by no more than a share of them or of 1. */
    private static void assertSame(String where, double tolerance, Object here, Object there) {
        if (there instanceof Map<?, ?> fields) {
            assertThat(map(here).keySet()).as(where).isEqualTo(fields.keySet());
            fields.forEach((name, value) ->
                    assertSame(where + " ." + name, tolerance, map(here).get(name), value));
        } else if (there instanceof List<?> elements) {
            assertThat(list(here)).as(where).hasSameSizeAs(elements);
            for (int i = 0; i < elements.size(); i++) {
                assertSame(where + " [" + i + "]", tolerance, list(here).get(i), elements.get(i));
            }
        } else if (there instanceof Number number) {
            double expected = number.doubleValue();
            double most = tolerance * Math.max(1, Math.abs(expected));
            if (Math.abs(((Number) here).doubleValue() - expected) > most) {
                assertThat(((Number) here).doubleValue()).as(where).isCloseTo(expected, within(most));
            }
        } else {
            assertThat(here).as(where).isEqualTo(there);
        }
    }

    @Test
    void streams_end_as_on_the_jvm_and_stop() {
        Duration before = browserTime();
        browser.get(home.resolve("glossary.html").toString());
        Object overview = ask("data/overview", "{}");
        double first = number("performance.now()");
        Duration after = browserTime();
        assertSame("data/overview", 0, overview, visitor.ask("data/overview", "{}"));

        String run = "{\"stages\":[5],\"steps\":1000,\"stepsPerSecond\":100000}";
        for (String[] question : List.of(
                new String[] {"training/run", run},
                new String[] {"training/run", "{\"stages\":[0,1,2,3,4],\"steps\":50,\"stepsPerSecond\":100000}"},
                new String[] {"ngram/gpt", "{\"steps\":40}"},
                new String[] {"compare/arc", "{}"},
                new String[] {"ablation/train", "{\"variant\":\"attention\",\"stepsPerSecond\":100000}"},
                new String[] {"gradient/errors", "{}"})) {
            List<Object> here = listen(question[0], question[1]);
            List<Map<String, Object>> there = visitor.listen(question[0], question[1]);
            double tolerance = TOLERANCES.getOrDefault(question[0], 1e-9);
            assertSame(question[0] + " end", tolerance, here.get(here.size() - 1), there.get(there.size() - 1));
        }
        assertThat(doubles(map(ask("loop/run", "{\"stage\":\"5\"}")).get("losses")))
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(Golden.read("given-stage5").doubles("losses"));
        print(first, after.minus(before), run);

        // whoever stops one is heard, and the next is answered
        assertThat(
                        browser.executeAsyncScript(
                                "const done = arguments[0]; const stopping = new AbortController();"
                                        + "import('./shell.js').then(({ listen, ask }) => listen('ablation/seeds', { variant: 'zeros' }, () => stopping.abort(), stopping.signal)"
                                        + ".then(() => 'ended', (e) => e.name).then(async (how) => done(how + ' ' + (await ask('data/steps', { steps: 1 })).seen)))"))
                .isEqualTo("AbortError 1");
    }

    private static void print(double first, Duration browserTime, String run) {
        listen("training/run", run);
        double here = number("performance.now()");
        listen("training/run", run);
        here = number("performance.now()") - here;
        long start = System.nanoTime();
        visitor.listen("training/run", run);
        System.out.printf(
                "site: %.2f MB without Javadoc; first answer after %.0f ms, %.2f s of the browser's CPU time;"
                        + " 1,000 steps of stage 5 take %.0f ms in the page, %.0f on this JVM%n",
                megabytes(), first, browserTime.toMillis() / 1e3, here, (System.nanoTime() - start) / 1e6);
    }

    /** CPU time of the browser's processes so far. */
    private static Duration browserTime() {
        return ProcessHandle.current()
                .descendants()
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static double megabytes() {
        try (Stream<Path> files = Files.walk(SITE)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.startsWith(SITE.resolve("api")))
                            .mapToLong(file -> file.toFile().length())
                            .sum()
                    / 1e6;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_folder_is_small_and_has_what_its_pages_refer_to() throws IOException {
        visit("glossary");

        assertThat(megabytes()).isLessThanOrEqualTo(MOST_MEGABYTES);
        assertThat(SITE.resolve("api/index.html")).exists();
        assertThat(SITE.resolve("api/dev.microgpt.transformer/dev/microgpt/MicroGpt.html"))
                .exists();
        assertThat(SITE.resolve("LICENSE")).exists();
        assertThat(SITE.resolve("d3-LICENSE")).exists();
        assertThat(SITE.resolve("THIRD-PARTY.md")).exists();
        for (String page : PagesTest.PAGES) {
            assertThat(Files.readString(SITE.resolve(page + ".html")))
                    .contains(
                            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self';")
                    .doesNotContain("canonical"); // no address is set
        }
        for (Object line : list(
                        map(visitor.ask("loop/run", "{\"stage\":\"early\"}")).get("parts"))
                .stream()
                .flatMap(part -> list(map(part).get("lines")).stream())
                .toList()) {
            assertThat(SITE.resolve("source/dev/microgpt/" + map(line).get("file")))
                    .exists();
        }
    }

    @Test
    void a_model_stays_goes_home_and_comes_back(@TempDir Path folder) throws IOException {
        TrainingOptions options = TrainingOptions.forStrings(NAMES);
        MicroGpt trained = MicroGpt.train(NAMES, options);
        visit("own");
        browser.executeScript(
                "const words = document.querySelector('#words'); words.value = arguments[0];"
                        + " words.dispatchEvent(new Event('input', {bubbles: true}))",
                String.join("\n", NAMES));
        settle();
        click("#start");
        await(() -> !text("#learn-reading").isEmpty());
        settle();
        assertThat(text("#verdict")).endsWith(trained.report().conclusion());
        assertThat(text("#keeping")).startsWith("This browser keeps");
        assertGenerates(trained, 1);

        browser.navigate().refresh();
        settle();
        assertGenerates(trained, 1);
        byte[] file = Base64.getDecoder().decode((String) browser.executeAsyncScript("const done = arguments[0];"
                + "const { run } = JSON.parse(sessionStorage.getItem('own')); import('./shell.js').then(async ({ askFile }) => {"
                + "  const reader = new FileReader(); reader.onload = () => done(reader.result.split(',')[1]);"
                + "  reader.readAsDataURL(await askFile('own/file', { id: run.id })); })"));
        MicroGpt home = MicroGpt.load(new ByteArrayInputStream(file));
        assertThat(home.gpt().parameters().values())
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(trained.gpt().parameters().values());

        Path other = folder.resolve("other.safetensors");
        MicroGpt otherModel = MicroGpt.train(Documents.givenNames().asList().subList(500, 600));
        otherModel.save(other);
        browser.findElement(By.cssSelector("#load")).sendKeys(other.toString());
        await(() -> text("#learn-reading").startsWith("From the file other.safetensors"));
        settle();
        assertGenerates(otherModel, 2);
        Path broken = folder.resolve("broken.safetensors");
        byte[] bytes = Files.readAllBytes(other);
        bytes[bytes.length - 1] ^= 1;
        Files.write(broken, bytes);
        browser.findElement(By.cssSelector("#load")).sendKeys(broken.toString());
        await(() -> text("#learn .problem").startsWith("the file is not a valid model: its tensors do not match"));
        screenshot("site-own-model", 1280);
    }

    private static void assertGenerates(MicroGpt model, int seed) {
        click("#generate");
        settle();
        List<String> expected = model.generate(20, new GenerationOptions().withSeed(seed));
        await(() -> shownSamples().equals(expected));
    }

    private static List<String> shownSamples() {
        return strings("return [...document.querySelectorAll('#samples li')].map(e => e.firstChild.textContent)");
    }

    @Test
    void works_without_a_network_once_loaded_and_from_a_server_that_does_not_know_wasm() throws IOException {
        StaticServer other = new StaticServer(SITE, "/", "application/octet-stream");
        home = other.address();
        try {
            visit("data");
            browser.executeAsyncScript("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())");
            other.close();

            visit("data");
            browser.get(home.resolve("?word=anna").toString());
            settle();
            assertThat(text("h1")).startsWith("From counting letters to a GPT");
        } finally {
            other.close();
        }
    }

    @Test
    void a_browser_that_cannot_run_it_says_which_can() {
        browser.executeCdpCommand("Network.clearBrowserCache", Map.of());
        String script = (String) browser.executeCdpCommand(
                        "Page.addScriptToEvaluateOnNewDocument", Map.of("source", "WebAssembly.validate = () => false"))
                .get("identifier");
        browser.get(home.resolve("own.html").toString());

        await(() -> browser.findElements(By.cssSelector("main > p.problem")).size() == 1);
        assertThat(text("main > p.problem")).contains("Chrome and Edge have it from version 119 on");
        browser.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
        browser.manage().logs().get(LogType.BROWSER); // it has said so there, too
    }

    private static Object ask(String question, String json) {
        Object answer = browser.executeAsyncScript(
                "const done = arguments[2]; import('./shell.js').then(({ ask }) => ask(arguments[0], JSON.parse(arguments[1])))"
                        + ".then((answer) => done(JSON.stringify(answer)), (error) => done(JSON.stringify(String(error))))",
                question,
                json);
        return Visitor.parse((String) answer);
    }

    private static List<Object> listen(String question, String json) {
        Object events = browser.executeAsyncScript(
                "const done = arguments[2]; const events = []; import('./shell.js').then(({ listen }) => listen(arguments[0], JSON.parse(arguments[1]), (event) => events.push(event)))"
                        + ".then(() => done(JSON.stringify(events)), (error) => done(JSON.stringify([String(error)])))",
                question,
                json);
        return new ArrayList<>(list(Visitor.parse((String) events)));
    }
}
