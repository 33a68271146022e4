package dev.microgpt.playground;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A response that grows, in the format of server-sent events: {@code data: <json>}, one after the other. */
final class Events {
    private final HttpExchange exchange;
    private OutputStream out; // null before the first event: until then the question can still be rejected

    Events(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Sends one event.
     *
     * @throws IOException if the visitor has gone: there is nothing left to work for
     */
    void send(Object event) throws IOException {
        if (out == null) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            out = exchange.getResponseBody();
        }
        byte[] bytes = ("data: " + JSON.std.asString(event) + "\n\n").getBytes(StandardCharsets.UTF_8);
        WriteDeadline.run(() -> {
            out.write(bytes);
            out.flush();
        });
    }
}
