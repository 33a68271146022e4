package dev.microgpt.playground;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A response that grows, in the format of server-sent events: {@code data: <json>}, one after the other. */
final class HttpEvents implements Events {
    private final HttpExchange exchange;
    private OutputStream out; // null before the first event: until then the question can still be rejected

    HttpEvents(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void send(Object event) throws IOException {
        if (out == null) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            out = exchange.getResponseBody();
        }
        byte[] bytes = ("data: " + Json.write(event) + "\n\n").getBytes(StandardCharsets.UTF_8);
        WriteDeadline.run(() -> {
            out.write(bytes);
            out.flush();
        });
    }
}
