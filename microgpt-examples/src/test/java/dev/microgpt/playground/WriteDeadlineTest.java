package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WriteDeadlineTest {
    /** What a training does whose visitor reads nothing. */
    @Tag("proof")
    @Test
    @Timeout(120)
    void ends_events_to_a_visitor_who_does_not_read() throws Exception {
        CompletableFuture<Exception> end = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            Events events = new HttpEvents(exchange);
            try {
                while (true) {
                    events.send("x".repeat(100_000));
                }
            } catch (IOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
                end.complete(e);
                throw e;
            }
        });
        server.start();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(end.get(100, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(interrupted.get()).isFalse();
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void leaves_alone_what_ends_in_time() throws Exception {
        boolean[] written = new boolean[1];

        WriteDeadline.run(() -> written[0] = true);
        assertThatThrownBy(() -> WriteDeadline.run(() -> {
                    throw new IOException("gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");

        assertThat(written[0]).isTrue();
        assertThat(Thread.interrupted()).isFalse();
    }
}
