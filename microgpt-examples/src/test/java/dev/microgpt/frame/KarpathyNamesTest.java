package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.microgpt.testing.NamesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KarpathyNamesTest {
    private static final byte[] NAMES = "emma\nolivia\nava\n".getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofMinutes(2); // with a server that answers
    private static final Duration IMPATIENCE = Duration.ofMillis(300);
    private static final String ADVICE =
            "; without it use --data given-names, or fetch it by other means and use --data FILE";

    @TempDir
    private Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch testEnded = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private HttpHandler answer = exchange -> send(exchange, 200, NAMES);
    private Path cache;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache/microgpt/names.txt");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                answer.handle(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        testEnded.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void is_downloaded_once() throws Exception {
        assertThat(names().documents()).containsExactly("emma", "olivia", "ava");
        assertThat(names().documents()).containsExactly("emma", "olivia", "ava");

        assertThat(requests).hasValue(1);
        assertThat(cache).hasBinaryContent(NAMES);
        assertThat(cache.getParent().toFile().list()).containsExactly("names.txt");
    }

    @Test
    void is_downloaded_again_when_the_cache_is_damaged() throws Exception {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "emma\noliv");

        assertThat(names().documents()).containsExactly("emma", "olivia", "ava");
        assertThat(cache).hasBinaryContent(NAMES);
    }

    @Test
    void can_do_without_a_cache() throws Exception {
        Files.writeString(folder.resolve("cache"), "a file where the directory should be");

        assertThat(names().documents()).containsExactly("emma", "olivia", "ava");
    }

    @Test
    void refuses_another_file() throws Exception {
        byte[] other = "emma\nolivia\neve\n".getBytes(StandardCharsets.UTF_8);
        answer = exchange -> send(exchange, 200, other);

        fails("what came has the SHA-256 " + sha256(other) + " instead of " + sha256(NAMES));
    }

    @Test
    void says_what_the_server_answers() throws Exception {
        answer = exchange -> send(exchange, 404, NAMES);

        fails("the server answers 404");
    }

    @Test
    void does_not_wait_for_ever_for_an_answer() throws Exception {
        answer = exchange -> await();

        fails(IMPATIENCE, "java.net.SocketTimeoutException: Read timed out");
    }

    @Test
    void does_not_wait_for_ever_for_the_rest() throws Exception {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, NAMES.length);
            exchange.getResponseBody().write(NAMES, 0, 5);
            exchange.getResponseBody().flush();
            await();
        };

        fails(IMPATIENCE, "java.net.SocketTimeoutException: Read timed out");
    }

    @Test
    void notices_that_the_connection_breaks() throws Exception {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, NAMES.length);
            exchange.getResponseBody().write(NAMES, 0, 5);
            exchange.getResponseBody().flush();
        };

        assertThatThrownBy(names()::documents) // newer JDKs notice it themselves
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageMatching("names\\.txt cannot be downloaded from \\S+: "
                        + "(the connection broke after 5 of 16 bytes|Premature EOF); .*");
        assertThat(cache).doesNotExist();
    }

    @Test
    void says_that_there_is_no_connection() throws Exception {
        server.stop(0);

        fails("java.net.ConnectException: Connection refused");
    }

    @Test
    void the_names_of_the_original_are_the_ones_with_the_checksum() throws Exception {
        byte[] names = Files.readAllBytes(NamesFile.orAbort("the checksum of names.txt"));

        assertThat(KarpathyNames.ofThisUser().sha256()).isEqualTo(sha256(names));
    }

    @Test
    void is_kept_where_the_platform_keeps_such_files() {
        Path home = folder.resolve("home");
        Path elsewhere = folder.resolve("elsewhere");

        assertThat(KarpathyNames.cacheDirectory("Linux", Map.of(), home)).isEqualTo(home.resolve(".cache"));
        assertThat(KarpathyNames.cacheDirectory("Linux", Map.of("XDG_CACHE_HOME", elsewhere.toString()), home))
                .isEqualTo(elsewhere);
        assertThat(KarpathyNames.cacheDirectory("Linux", Map.of("XDG_CACHE_HOME", "relative"), home))
                .isEqualTo(home.resolve(".cache"));
        assertThat(KarpathyNames.cacheDirectory("Mac OS X", Map.of(), home)).isEqualTo(home.resolve("Library/Caches"));
        assertThat(KarpathyNames.cacheDirectory("Windows 11", Map.of("LOCALAPPDATA", elsewhere.toString()), home))
                .isEqualTo(elsewhere);
    }

    private void fails(String reason) throws Exception {
        fails(PATIENCE, reason);
    }

    private void fails(Duration timeout, String reason) throws Exception {
        assertThatThrownBy(names(timeout)::documents)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("names.txt cannot be downloaded from " + address() + ": " + reason + ADVICE);
        assertThat(cache).doesNotExist();
    }

    private KarpathyNames names() throws Exception {
        return names(PATIENCE);
    }

    private KarpathyNames names(Duration timeout) throws Exception {
        return new KarpathyNames(address(), sha256(NAMES), cache, timeout);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/names.txt");
    }

    private void await() {
        try {
            testEnded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte... body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String sha256(byte... bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
