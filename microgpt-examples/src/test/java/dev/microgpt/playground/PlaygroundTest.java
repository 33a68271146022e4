package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.cli.Main;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server: what it hands out, and what it refuses. */
class PlaygroundTest {
    private static Visitor visitor;

    @BeforeAll
    static void open() {
        visitor = new Visitor();
    }

    @AfterAll
    static void close() {
        visitor.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/counting.html, text/html; charset=utf-8",
        "/style.css, text/css; charset=utf-8",
        "/shell.js, text/javascript; charset=utf-8",
        "/d3.min.js, text/javascript; charset=utf-8",
        "/icon.svg, image/svg+xml",
        "/source/dev/microgpt/bigram/Bigram.java, text/plain; charset=utf-8"
    })
    void serves_its_own_files_with_their_types(String path, String type) {
        HttpResponse<String> response = visitor.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(response.body()).isNotEmpty();
    }

    @Test
    void no_page_may_load_anything_from_elsewhere_or_be_kept() {
        HttpResponse<String> response = visitor.get("/");

        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void a_head_request_has_no_body() {
        HttpResponse<String> response = visitor.send(HttpRequest.newBuilder(visitor.address("/"))
                .method("HEAD", BodyPublishers.noBody())
                .build());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../package-info.class",
                "/..%2fPlayground.class",
                "/%2e%2e/Playground.class",
                "/Playground.class",
                "/etc/passwd",
                "/source/dev/microgpt/../../../style.css",
                "/source/dev/microgpt/text/../bigram/Bigram.java",
                "/source/dev/microgpt/text/..%2f..%2fBigram.java",
                "/source/",
                "/source/dev/microgpt/text/",
                "/index.html/",
                "/index.html%00.js",
                "/META-INF/MANIFEST.MF",
                "/no-such-page.html",
                "/api",
            })
    void serves_nothing_else(String path) {
        String response =
                visitor.raw("GET " + path + " HTTP/1.1\r\nHost: " + visitor.host() + "\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 404 ").contains("{\"error\":\"there is no page " + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1", "localhost", "127.0.0.1:1", "[::1]:1"})
    void a_foreign_host_is_refused(String host) {
        String response = visitor.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(response)
                .startsWith("HTTP/1.1 403 ")
                .contains("{\"error\":\"host " + host + " is not one of 127.0.0.1:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "null", "https://localhost", "http://127.0.0.1", "http://127.0.0.1:1"})
    void a_foreign_origin_is_refused(String origin) {
        HttpResponse<String> response = visitor.send(HttpRequest.newBuilder(visitor.address("/api/counting/run"))
                .header("Content-Type", "application/json")
                .header("Origin", origin)
                .POST(BodyPublishers.ofString("{}"))
                .build());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Visitor.map(Visitor.parse(response.body())))
                .containsEntry("error", "origin " + origin + " is not http://" + visitor.host());
    }

    @Test
    void host_and_origin_must_be_clear() {
        String own = visitor.host();
        String end = "Connection: close\r\n\r\n";

        assertThat(visitor.raw("GET / HTTP/1.1\r\n" + end))
                .startsWith("HTTP/1.1 403 ")
                .contains("{\"error\":\"host null is not one of 127.0.0.1:");
        assertThat(visitor.raw("GET / HTTP/1.1\r\nHost: " + own + "\r\nHost: evil.example\r\n" + end))
                .startsWith("HTTP/1.1 403 ")
                .contains("{\"error\":\"host " + own + ", evil.example is not one of ");
        assertThat(visitor.raw("GET / HTTP/1.1\r\nHost: " + own + "\r\nOrigin: http://" + own
                        + "\r\nOrigin: http://evil.example\r\n" + end))
                .startsWith("HTTP/1.1 403 ")
                .contains("{\"error\":\"origin http://" + own + ", http://evil.example is not http://" + own);
    }

    @Test
    void the_own_origin_is_welcome_under_both_names() {
        for (String name : List.of("127.0.0.1", "localhost")) {
            String host = name + ":" + visitor.address("/").getPort();
            String response = visitor.raw(
                    "POST /api/data/steps HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host
                            + "\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"steps\":1}");

            assertThat(response).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void only_this_machine_can_connect() throws IOException {
        assertThat(InetAddress.getByName(visitor.address("/").getHost()).isLoopbackAddress())
                .isTrue();
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
        for (InetAddress other : others) {
            try (Socket socket = new Socket()) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> socket.connect(
                                new InetSocketAddress(
                                        other, visitor.address("/").getPort()),
                                1000));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the body is not one JSON object",
                "null | the body is not one JSON object",
                "[1] | the body is not one JSON object",
                "{ | the body is not JSON",
                "{a:1} | the body is not JSON",
                "{} x | the body is not JSON",
                "{} {} | the body is not one JSON object",
                "{\"steps\":1,\"steps\":2} | the body is not one JSON object",
            })
    void what_is_not_a_json_object_is_refused(String body, String error) {
        HttpResponse<String> response = visitor.post("data/steps", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Visitor.map(Visitor.parse(response.body())).get("error").toString())
                .startsWith(error);
    }

    @Test
    void json_that_is_too_deep_is_refused() {
        HttpResponse<String> response =
                visitor.post("data/steps", "{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(ints = {Limits.BODY + 1, 3_000_000})
    void a_body_that_is_too_large_is_refused(int size) {
        String body = "{\"words\":\"" + "a".repeat(size - 12) + "\"}";

        HttpResponse<String> response = visitor.post("data/vocabulary", body);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("{\"error\":\"the body has more than 1048576 bytes\"}");
    }

    @Test
    void a_body_without_a_length_is_bounded_too() {
        String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";

        String response = visitor.raw("POST /api/data/vocabulary HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + chunk.repeat(Limits.BODY / 0x10000 + 1) + "0\r\n\r\n");

        assertThat(response)
                .startsWith("HTTP/1.1 413 ")
                .endsWith("{\"error\":\"the body has more than 1048576 bytes\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data/steps | {} | parameter steps is missing",
                "data/steps | {'steps':0} | steps 0 is not a whole number in [1, 1000000]",
                "data/steps | {'steps':1.5} | steps 1.5 is not a whole number in [1, 1000000]",
                "data/steps | {'steps':12345678901} | steps 12345678901 is not a whole number in [1, 1000000]",
                "data/steps | {'steps':'7'} | steps \"7\" is not a whole number in [1, 1000000]",
                "data/tokens | {'word':7,'blockSize':16} | word 7 is not a text",
                "data/tokens | {'word':'zoé','blockSize':16} | character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary",
                "data/vocabulary | {'words':' '} | documents has no text that is not blank",
                "counting/table | {'names':-1} | names -1 is not a whole number in [0, 10000]",
                "counting/table | {'names':10001} | names 10001 is not a whole number in [0, 10000]",
                "counting/next | {'names':1,'token':27} | token 27 is not a whole number in [0, 26]",
                "gradient/linear | {'x':[1,2],'rows':2,'w':[[1,2],[3]]} | w[1] [3] is not a list of 2 elements",
                "gradient/linear | {'x':[1,null],'rows':1,'w':[[1,2]]} | x[1] null is not a number in [-1000.0, 1000.0]",
                "gradient/linear | {'x':[],'rows':1,'w':[[]]} | x [] is not a list of 1 to 6 elements",
                "gradient/softmax | {'logits':[1e400],'target':0} | logits[0] Infinity is not a number in [-1000.0, 1000.0]",
                "gradient/way | {'token':0,'steps':7} | steps 7 is not a multiple of 50 in [0, 1000]",
                "autograd/graph | {'expression':'a +','variables':{}} | expression has nothing at index 3 where a number, a variable, log, exp, relu, tanh or ( is expected",
                "autograd/graph | {'expression':'a','variables':[]} | variables [] is not an object of at most 100 numbers",
                "autograd/graph | {'expression':'a','variables':{'a':'x'}} | variables.a \"x\" is not a number in [-1000.0, 1000.0]",
                "attention/trace | {'stage':2,'steps':0,'word':'emma'} | stage 2 is not a whole number in [3, 5]",
                "heads/parameters | {'vocabSize':27,'blockSize':16,'embedDim':16,'headCount':5,'layerCount':1} | embedDim 16 is not a multiple of headCount 5",
                "adam/averages | {'beta1':0.9,'beta2':0.9,'gradients':'wild'} | gradients wild is not one of steady, alternating, noisy, spike, real",
                "adam/update | {'steps':0,'word':'emma','tensor':'lm_head','row':27,'column':0} | row 27 of lm_head is not in [0, 27)",
                "adam/next | {'steps':0,'prefix':'abcdefghijklmnop','temperature':1} | prefix has 16 characters; with BOS in front it does not fit into blockSize 16",
                "adam/next | {'steps':0,'prefix':'','temperature':0} | temperature 0 is not a number in [0.1, 1.2]",
                "compare/configuration | {'blockSize':16,'embedDim':16,'headCount':4,'layerCount':1,'optimizer':'lion','learningRate':1,'steps':1,'stepsPerSecond':1} | optimizer lion is not one of adam, sgd",
                "compare/configuration | {'blockSize':16,'embedDim':16,'headCount':5,'layerCount':1,'optimizer':'adam','learningRate':1,'steps':1,'stepsPerSecond':1} | embedDim 16 is not a multiple of headCount 5",
                "own/settings | {'list':'\\n \\n'} | documents has no text that is not blank",
                "own/settings | {'list':['a']} | list [a] is not a text",
                "own/train | {'list':'a','steps':10001} | steps 10001 is not a whole number in [1, 10000]",
                "own/train | {'list':'a','steps':1,'embedDim':65} | embedDim 65 is not a whole number in [4, 64]",
                "own/train | {'list':'a','steps':1,'embedDim':8,'headCount':3,'layerCount':1,'learningRate':1} | embedDim 8 is not a multiple of headCount 3",
                "own/train | {'list':'a','steps':1,'embedDim':8,'headCount':2,'layerCount':1,'learningRate':0} | learningRate 0 is not a number in [1.0E-6, 10.0]",
                "training/run | {'stages':[6],'steps':1,'stepsPerSecond':1} | stage 6 is not in [0, 5]",
                "training/run | {'stages':[0],'steps':10001,'stepsPerSecond':1} | steps 10001 is not a whole number in [1, 10000]",
            })
    void bad_input_is_refused_by_parameter_value_and_rule(String question, String body, String error) {
        HttpResponse<String> response =
                visitor.post(question, body.replace('\'', '"').replace("\"é\"", "'é'"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(Visitor.map(Visitor.parse(response.body()))).containsExactlyEntriesOf(Map.of("error", error));
    }

    @Test
    void a_text_that_is_too_long_is_refused() {
        HttpResponse<String> response =
                visitor.post("data/tokens", "{\"word\":\"" + "a".repeat(101) + "\",\"blockSize\":16}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"error\":\"word has 101 characters, more than 100\"}");
    }

    @Test
    void questions_are_posted_as_json() {
        assertThat(visitor.get("/api/counting/run").statusCode()).isEqualTo(405);
        assertThat(visitor.post("no/question", "{}").statusCode()).isEqualTo(404);
        HttpResponse<String> form = visitor.send(HttpRequest.newBuilder(visitor.address("/api/counting/run"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        HttpResponse<String> page = visitor.send(HttpRequest.newBuilder(visitor.address("/"))
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(page.statusCode()).isEqualTo(405);
    }

    @Test
    void two_hundred_visitors_at_once_all_get_the_same_answers() throws Exception {
        ExecutorService visitors = Executors.newFixedThreadPool(200);
        try {
            List<Callable<String>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                work.add(() -> visitor.get("/counting.html").statusCode()
                        + visitor.post("counting/word", "{\"names\":100,\"word\":\"ava\"}")
                                .body());
            }
            Set<String> answers = visitors.invokeAll(work).stream()
                    .map(PlaygroundTest::result)
                    .collect(Collectors.toSet());

            assertThat(answers).hasSize(1);
            assertThat(answers.iterator().next()).startsWith("200").contains("\"loss\":2.59340404349250");
        } finally {
            visitors.shutdownNow();
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_training_stops_when_its_visitor_goes_away() throws Exception {
        try (Socket socket = visitor.open(training(visitor, 10_000, 100))) { // 100 seconds of work
            assertThat(socket.getInputStream().readNBytes(500)).hasSize(500);
            assertThat(visitor.playground().trainings()).isEqualTo(1);
        }

        assertThat(trainingsAreOver(visitor)).isTrue();
    }

    @Test
    void a_training_that_nobody_slows_down_stops_too() throws Exception {
        try (Socket socket = visitor.open(training(visitor, 10_000, 100_000))) {
            assertThat(socket.getInputStream().read()).isPositive();
        }

        assertThat(trainingsAreOver(visitor)).isTrue();
    }

    @Test
    void only_so_many_trainings_run_at_once_and_the_pages_still_answer() throws Exception {
        try (Visitor crowded = new Visitor()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < Limits.TRAININGS; i++) {
                sockets.add(crowded.open(training(crowded, 10_000, 100)));
                sockets.get(i).getInputStream().read();
            }

            HttpResponse<String> response =
                    crowded.post("training/run", "{\"stages\":[0],\"steps\":10,\"stepsPerSecond\":100}");

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.body())
                    .isEqualTo("{\"error\":\"8 trainings run already; stop one, or wait for its end\"}");
            assertThat(crowded.get("/").statusCode()).isEqualTo(200);
            for (Socket socket : sockets) {
                socket.close();
            }
            assertThat(trainingsAreOver(crowded)).isTrue();
        }
    }

    @Test
    void closing_ends_trainings_and_frees_the_port() throws Exception {
        Visitor visitor = new Visitor();
        int port = visitor.address("/").getPort();
        try (Socket socket = visitor.open(training(visitor, 10_000, 100))) {
            socket.getInputStream().read();

            visitor.close();

            assertThat(trainingsAreOver(visitor)).isTrue();
        }
        Playground.start(Documents.givenNames(), port).close();
    }

    private static String training(Visitor visitor, int steps, int stepsPerSecond) {
        String body = "{\"stages\":[1,5],\"steps\":" + steps + ",\"stepsPerSecond\":" + stepsPerSecond + "}";
        return "POST /api/training/run HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static boolean trainingsAreOver(Visitor visitor) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (visitor.playground().trainings() > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        return visitor.playground().trainings() == 0;
    }

    @Test
    void two_trainings_side_by_side_do_not_disturb_each_other() throws Exception {
        String question = "{\"stages\":[0,1,3],\"steps\":300,\"stepsPerSecond\":100000}";
        ExecutorService visitors = Executors.newFixedThreadPool(4);
        try {
            Set<Object> ends = visitors
                    .invokeAll(IntStream.range(0, 4)
                            .<Callable<Object>>mapToObj(i -> () -> {
                                List<?> events = visitor.listen("training/run", question);
                                return events.get(events.size() - 1);
                            })
                            .toList())
                    .stream()
                    .map(PlaygroundTest::result)
                    .collect(Collectors.toSet());

            assertThat(ends).hasSize(1);
        } finally {
            visitors.shutdownNow();
        }
    }

    @Test
    void the_port_must_be_one_and_free() {
        int taken = visitor.address("/").getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Playground.start(Documents.givenNames(), 65536))
                .withMessage("port 65536 is not in [0, 65535]");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Playground.start(Documents.givenNames(), taken))
                .withMessageStartingWith("port " + taken + " cannot be used: ");
    }

    @Test
    void a_vocabulary_that_no_page_can_draw_is_refused() {
        Documents documents = Documents.of(IntStream.range(0x4e00, 0x4e00 + 128)
                .mapToObj(Character::toString)
                .collect(Collectors.joining()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Playground.start(documents, 0))
                .withMessage(
                        "the documents have 128 different characters, more than the 127 that the playground draws");
    }

    @Test
    void the_runnable_jar_opens_it_and_prints_its_address() throws Exception {
        Process process = java("playground", "--port", "0");
        try {
            String line = process.inputReader(StandardCharsets.UTF_8).readLine();
            assertThat(line).matches("the playground is at http://127\\.0\\.0\\.1:\\d+/");
            URL page = URI.create(line.substring(line.indexOf("http"))).toURL();

            assertThat(((HttpURLConnection) page.openConnection()).getResponseCode())
                    .isEqualTo(200);
        } finally {
            process.destroy();
        }
    }

    @Test
    void without_arguments_nothing_of_it_is_loaded() throws Exception {
        Process process = java();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed)
                .contains("dev.microgpt.cli.Main source:", "sample 20:")
                .doesNotContain("dev.microgpt.playground", "com.fasterxml", "com.sun.net.httpserver");
    }

    private static Process java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        if (arguments.length == 0) {
            command.add("-Xlog:class+load");
        }
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    @Test
    @Tag("proof")
    void a_request_that_never_ends_does_not_keep_a_thread() throws Exception {
        try (Socket socket = visitor.open("POST /api/counting/run HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")) {
            socket.setSoTimeout(1000 * (Limits.REQUEST_SECONDS + 30));

            assertThat(socket.getInputStream().readAllBytes()).isEmpty(); // closed without an answer
        }
    }

    @Test
    void a_request_may_be_cut_off_in_its_middle() throws Exception {
        for (int i = 0; i < 50; i++) {
            visitor.open("POST /api/counting/run HTTP/1.1\r\nHost: " + visitor.host()
                            + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                    .close();
        }

        HttpURLConnection connection =
                (HttpURLConnection) visitor.address("/").toURL().openConnection();
        assertThat(connection.getResponseCode()).isEqualTo(200);
    }
}
