package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.text.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server: what it hands out, and to whom. */
class PlaygroundTest {
    @AutoClose
    private static Visitor visitor = new Visitor();

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
}
