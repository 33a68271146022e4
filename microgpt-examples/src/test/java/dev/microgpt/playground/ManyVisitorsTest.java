package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.text.Documents;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Visitors at the same time, and visitors who go away in the middle of something. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ManyVisitorsTest {
    @AutoClose
    private static Visitor visitor = new Visitor();

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
                    .map(ManyVisitorsTest::result)
                    .collect(Collectors.toSet());

            assertThat(answers).hasSize(1);
            assertThat(answers.iterator().next()).startsWith("200").contains("\"loss\":2.59340404349250");
        } finally {
            visitors.shutdownNow();
        }
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
                    .map(ManyVisitorsTest::result)
                    .collect(Collectors.toSet());

            assertThat(ends).hasSize(1);
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
        try (Socket socket = visitor.open(training(visitor))) {
            assertThat(socket.getInputStream().readNBytes(500)).hasSize(500);
            assertThat(visitor.playground().trainings()).isEqualTo(1);
        }

        visitor.awaitEndOfTrainings();
    }

    @Test
    void a_training_that_nobody_slows_down_stops_too() throws Exception {
        try (Socket socket = visitor.open(training(visitor, "[2,2,2,2,2,2]", 100_000))) {
            assertThat(socket.getInputStream().read()).isPositive();
        }
        Duration left = cpuTime();

        visitor.awaitEndOfTrainings();

        assertThat(cpuTime().minus(left)).isLessThan(Duration.ofSeconds(10)); // to its end it takes much more
    }

    /** Of this process so far. */
    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Test
    void only_so_many_trainings_run_at_once_and_the_pages_still_answer() throws Exception {
        try (Visitor crowded = new Visitor()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < Limits.TRAININGS; i++) {
                sockets.add(crowded.open(training(crowded)));
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
            crowded.awaitEndOfTrainings();
        }
    }

    @Test
    void slow_connections_make_no_page_wait() throws Exception {
        try (Visitor crowded = new Visitor()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                sockets.add(crowded.open("GET / HTTP/1.1\r\nHost: "));
            }

            assertThat(crowded.get("/").statusCode()).isEqualTo(200);

            assertThat(isOpen(sockets.get(0)))
                    .as("the oldest connection, which the server drops first, and for which the page did not wait")
                    .isTrue();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void closing_ends_trainings_and_frees_the_port() throws Exception {
        Visitor visitor = new Visitor();
        int port = visitor.address("/").getPort();
        try (Socket socket = visitor.open(training(visitor))) {
            socket.getInputStream().read();

            visitor.close();

            visitor.awaitEndOfTrainings();
        }
        Playground.start(Documents.givenNames(), port).close();
    }

    /** At ten steps a second it would go on for longer than a test may take. */
    private static String training(Visitor visitor) {
        return training(visitor, "[1,5]", 10);
    }

    private static String training(Visitor visitor, String stages, int stepsPerSecond) {
        String body = "{\"stages\":" + stages + ",\"steps\":10000,\"stepsPerSecond\":" + stepsPerSecond + "}";
        return "POST /api/training/run HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    @Tag("proof")
    void a_request_that_never_ends_does_not_keep_a_thread() throws Exception {
        try (Socket socket = visitor.open("POST /api/counting/run HTTP/1.1\r\nHost: " + visitor.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")) {
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

    /** Whether the server keeps the connection and waits for more. */
    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
