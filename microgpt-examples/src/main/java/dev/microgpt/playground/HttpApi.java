package dev.microgpt.playground;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * The way by which questions come to the playground: {@code POST /api/<page>/<question>} with a JSON object or the bytes of a file, answered
 * by a JSON value, by the bytes of a file, or by server-sent events, each of which carries a JSON value.
 */
final class HttpApi {
    static final String PATH = "/api/";

    private final Api api;
    private final Semaphore answering = new Semaphore(Limits.ANSWERS);
    private final Semaphore uploads = new Semaphore(Limits.UPLOADS);
    private final Semaphore trainings = new Semaphore(Limits.TRAININGS);

    HttpApi(Api api) {
        this.api = api;
    }

    /** How many trainings run now. */
    int trainings() {
        return Limits.TRAININGS - trainings.availablePermits();
    }

    void handle(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getRawPath().substring(PATH.length());
        boolean stream = api.isStream(name);
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Rejection(405, "method " + exchange.getRequestMethod() + " is not POST");
        }
        Question question = question(exchange);
        if (stream) {
            stream(exchange, name, question);
        } else {
            answer(exchange, answerInTurn(name, question));
        }
    }

    private Question question(HttpExchange exchange) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Content-Type");
        String type = given == null ? "" : given.split(";")[0].strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "application/json" ->
                Question.parse(new String(body(exchange.getRequestBody(), Limits.BODY), StandardCharsets.UTF_8));
            case "application/octet-stream" -> Question.of(upload(exchange.getRequestBody()));
            default ->
                throw new Rejection(
                        415, "content type " + given + " is not application/json or application/octet-stream");
        };
    }

    private byte[] upload(InputStream in) throws IOException {
        if (!uploads.tryAcquire()) {
            throw new Rejection(429, Limits.UPLOADS + " model files are being received already; try again");
        }
        try {
            return body(in, Limits.MODEL_FILE);
        } finally {
            uploads.release();
        }
    }

    /** Only so many at once: the threads are more, since most of them may wait for slow visitors. */
    private Object answerInTurn(String name, Question question) throws IOException {
        answering.acquireUninterruptibly();
        try {
            return api.handle(name, question, event -> {}).orElseThrow();
        } finally {
            answering.release();
        }
    }

    private static void answer(HttpExchange exchange, Object answer) throws IOException {
        if (answer instanceof byte[] file) {
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            write(exchange, 200, file);
        } else {
            send(exchange, 200, answer);
        }
    }

    private void stream(HttpExchange exchange, String name, Question question) throws IOException {
        if (!trainings.tryAcquire()) {
            throw new Rejection(429, Limits.TRAININGS + " trainings run already; stop one, or wait for its end");
        }
        try {
            api.handle(name, question, new HttpEvents(exchange));
        } finally {
            trainings.release();
        }
    }

    private static byte[] body(InputStream in, int most) throws IOException {
        byte[] body = in.readNBytes(most);
        if (in.read() < 0) {
            return body;
        }
        in.readNBytes(Limits.DISCARDED); // not skip, which here waits for bytes beyond the body's end
        throw new Rejection(413, "the body has more than " + most + " bytes");
    }

    static void send(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] json = Json.write(answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        write(exchange, status, json);
    }

    /** Sends a body, or for HEAD only what stands in front of it. */
    static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        WriteDeadline.run(() -> {
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
    }
}
