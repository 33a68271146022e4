package app;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Starts the application and asks it from 100 sides at once; fails where an answer is not the one that the model gives alone. */
public final class Check {
    private Check() {}

    /** Tells what a request runs on. */
    @RestController
    static final class ThreadController {
        @GetMapping("/thread")
        String thread() {
            return Thread.currentThread().toString();
        }
    }

    public static void main(String[] args) {
        try (ConfigurableApplicationContext context =
                SpringApplication.run(NamesApplication.class, "--server.port=0", "--spring.main.banner-mode=off")) {
            MicroGpt model = context.getBean(MicroGpt.class);
            String address = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
            HttpClient client = HttpClient.newHttpClient();

            List<CompletableFuture<String>> answers = IntStream.range(0, 100)
                    .mapToObj(seed -> ask(client, address + "/names?count=50&seed=" + seed))
                    .toList();
            String thread = ask(client, address + "/thread").join();

            System.out.println(thread);
            for (int seed = 0; seed < answers.size(); seed++) {
                List<String> names = model.generate(
                        50, new GenerationOptions().withNovelOnly(true).withSeed(seed));
                check(answers.get(seed).join().equals("[\"" + String.join("\",\"", names) + "\"]"), "answer " + seed);
            }
            check(thread.startsWith("VirtualThread[") == Runtime.version().feature() >= 21, thread);
        }
    }

    private static CompletableFuture<String> ask(HttpClient client, String address) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
