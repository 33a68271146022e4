package dev.microgpt.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one benchmark has shown with one choice of parameters, read from the JSON that JMH writes.
 *
 * @param name class and method, without the package
 * @param params by name
 * @param jvmArgs the JVM's flags
 * @param jdk version of it
 * @param forks how many JVMs were asked
 * @param primary its own result
 * @param counters what it counts besides, by name
 */
record JmhResult(
        String name,
        Map<String, String> params,
        List<String> jvmArgs,
        String jdk,
        int forks,
        Metric primary,
        Map<String, Metric> counters) {
    /**
     * A result.
     *
     * @param spread over all iterations of all forks
     * @param unit {@code us/op} for instance
     */
    record Metric(Spread spread, String unit) {}

    static List<JmhResult> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            List<JmhResult> results = new ArrayList<>();
            for (JsonElement result :
                    new Gson().fromJson(reader, JsonElement.class).getAsJsonArray()) {
                results.add(result(result.getAsJsonObject()));
            }
            return results;
        }
    }

    private static JmhResult result(JsonObject json) {
        String[] name = json.get("benchmark").getAsString().split("\\.");
        Map<String, String> params = new TreeMap<>();
        if (json.has("params")) {
            json.getAsJsonObject("params").asMap().forEach((key, value) -> params.put(key, value.getAsString()));
        }
        Map<String, Metric> counters = new TreeMap<>();
        json.getAsJsonObject("secondaryMetrics")
                .asMap()
                .forEach((key, value) -> counters.put(key, metric(value.getAsJsonObject())));
        return new JmhResult(
                name[name.length - 2] + "." + name[name.length - 1],
                params,
                json.getAsJsonArray("jvmArgs").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList(),
                json.get("jdkVersion").getAsString(),
                json.get("forks").getAsInt(),
                metric(json.getAsJsonObject("primaryMetric")),
                counters);
    }

    private static Metric metric(JsonObject json) {
        double[] iterations = json.getAsJsonArray("rawData").asList().stream()
                .flatMap(fork -> fork.getAsJsonArray().asList().stream())
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
        return new Metric(Spread.of(iterations), json.get("scoreUnit").getAsString());
    }

    /** The result itself, or what is counted besides if the name is not empty. */
    Metric metric(String counter) {
        if (counter.isEmpty()) {
            return primary;
        }
        Metric metric = counters.get(counter);
        if (metric == null) {
            throw new IllegalArgumentException(name + " counts " + counters.keySet() + ", not " + counter);
        }
        return metric;
    }

    /** The property that a JVM of the benchmark was started with, empty if it was not. */
    String property(String key) {
        String prefix = "-D" + key + "=";
        return jvmArgs.stream()
                .filter(arg -> arg.startsWith(prefix))
                .map(arg -> arg.substring(prefix.length()))
                .findFirst()
                .orElse("");
    }
}
