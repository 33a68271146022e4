package dev.microgpt.playground;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The questions that the pages ask: {@code POST /api/<page>/<question>} with a JSON object, answered by a JSON value, by
 * the bytes of a file, or by server-sent events, each of which carries a JSON value. Nothing is remembered from one question
 * to the next, but for the models that visitors train on lists of their own.
 */
final class Api {
    static final String PATH = "/api/";

    /** A question that is answered while the visitor looks on; when the visitor has gone, {@code events} says so. */
    interface Stream {
        void run(Question question, Events events) throws IOException;
    }

    private final Map<String, Function<Question, Object>> answers = new LinkedHashMap<>();
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Semaphore answering = new Semaphore(Limits.ANSWERS);
    private final Semaphore trainings = new Semaphore(Limits.TRAININGS);

    void answer(String question, Function<Question, Object> answer) {
        answers.put(question, answer);
    }

    void stream(String question, Stream stream) {
        streams.put(question, stream);
    }

    /** How many trainings run now. */
    int trainings() {
        return Limits.TRAININGS - trainings.availablePermits();
    }

    void handle(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getRawPath().substring(PATH.length());
        Function<Question, Object> answer = answers.get(name);
        Stream stream = streams.get(name);
        if (answer == null && stream == null) {
            throw new Rejection(404, "there is no question " + name);
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Rejection(405, "method " + exchange.getRequestMethod() + " is not POST");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw new Rejection(415, "content type " + type + " is not application/json");
        }
        Question question = Question.parse(body(exchange.getRequestBody()));
        if (answer != null) {
            answer(exchange, answerInTurn(answer, question));
        } else {
            stream(exchange, question, stream);
        }
    }

    /** Only so many at once: the threads are more, since most of them may wait for slow visitors. */
    private Object answerInTurn(Function<Question, Object> answer, Question question) {
        answering.acquireUninterruptibly();
        try {
            return answer.apply(question);
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

    private void stream(HttpExchange exchange, Question question, Stream stream) throws IOException {
        if (!trainings.tryAcquire()) {
            throw new Rejection(429, Limits.TRAININGS + " trainings run already; stop one, or wait for its end");
        }
        try {
            stream.run(question, new Events(exchange));
        } finally {
            trainings.release();
        }
    }

    private static byte[] body(InputStream in) throws IOException {
        byte[] body = in.readNBytes(Limits.BODY);
        if (in.read() < 0) {
            return body;
        }
        in.readNBytes(Limits.DISCARDED); // not skip, which here waits for bytes beyond the body's end
        throw new Rejection(413, "the body has more than " + Limits.BODY + " bytes");
    }

    static void send(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] json = JSON.std.asString(answer).getBytes(StandardCharsets.UTF_8);
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
