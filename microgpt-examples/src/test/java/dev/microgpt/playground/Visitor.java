package dev.microgpt.playground;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Somebody who asks a playground of the embedded names, without a browser. */
final class Visitor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2); // with a playground that does not answer

    private final HttpClient client = HttpClient.newHttpClient();
    private final Playground playground;

    Visitor() {
        this(Documents.givenNames());
    }

    Visitor(Documents documents) {
        playground = Playground.start(documents, 0);
    }

    Playground playground() {
        return playground;
    }

    URI address(String path) {
        return playground.address().resolve(path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(address(path)).build());
    }

    HttpResponse<String> post(String question, String json) {
        return send(HttpRequest.newBuilder(address("/api/" + question))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** Hands over a file. */
    HttpResponse<String> upload(String question, byte[] file) {
        return send(HttpRequest.newBuilder(address("/api/" + question))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(file))
                .build());
    }

    /** The answer, which is a file. */
    byte[] file(String question, String json) {
        HttpRequest request = HttpRequest.newBuilder(address("/api/" + question))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(request.toString(), e);
        }
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(request.toString(), e);
        }
    }

    /** The answer as a map, a list or a number. */
    Object ask(String question, String json) {
        HttpResponse<String> response = post(question, json);
        if (response.statusCode() != 200) {
            throw new AssertionError(question + " " + json + ": " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    /** The answer, which is an object. */
    @SuppressWarnings("unchecked")
    Map<String, Object> askMap(String question, String json) {
        return (Map<String, Object>) ask(question, json);
    }

    /** The events of a training, to its end. */
    List<Map<String, Object>> listen(String question, String json) {
        return post(question, json)
                .body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> map(parse(line.substring("data: ".length()))))
                .toList();
    }

    /** Sends bytes as they are and returns what comes back, up to the end of the connection. */
    String raw(String request) {
        try (Socket socket = open(request)) {
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(request, e);
        }
    }

    /** A connection on which a request has been sent and nothing read. */
    Socket open(String request) throws IOException {
        Socket socket = new Socket(address("/").getHost(), address("/").getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return socket;
    }

    /** Waits until no training runs any more; what waits for ever is ended by the timeout of its test. */
    void awaitEndOfTrainings() throws InterruptedException {
        while (playground.trainings() > 0) {
            Thread.sleep(10);
        }
    }

    String host() {
        return address("/").getAuthority();
    }

    static Object parse(String json) {
        try {
            return JSON.std.anyFrom(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    static double[] doubles(Object value) {
        return list(value).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }

    /** The numbers of one name in all events of a training, of its first stage. */
    static double[] series(List<Map<String, Object>> events, String name) {
        return events.stream()
                .filter(event -> event.containsKey(name))
                .flatMapToDouble(
                        event -> Arrays.stream(doubles(list(event.get(name)).get(0))))
                .toArray();
    }

    @Override
    public void close() {
        playground.close();
    }
}
