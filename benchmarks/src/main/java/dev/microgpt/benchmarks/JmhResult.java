package dev.microgpt.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
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
        List<JmhResult> results = new ArrayList<>();
        for (Object result : JSON.std.listFrom(Files.readAllBytes(file))) {
            results.add(result((Map<?, ?>) result));
        }
        return results;
    }

    private static JmhResult result(Map<?, ?> json) {
        String[] name = text(json, "benchmark").split("\\.");
        Map<String, String> params = new TreeMap<>();
        if (json.get("params") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> params.put(key.toString(), value.toString()));
        }
        Map<String, Metric> counters = new TreeMap<>();
        ((Map<?, ?>) json.get("secondaryMetrics"))
                .forEach((key, value) -> counters.put(key.toString(), metric((Map<?, ?>) value)));
        return new JmhResult(
                name[name.length - 2] + "." + name[name.length - 1],
                params,
                ((List<?>) json.get("jvmArgs")).stream().map(Object::toString).toList(),
                text(json, "jdkVersion"),
                ((Number) json.get("forks")).intValue(),
                metric((Map<?, ?>) json.get("primaryMetric")),
                counters);
    }

    private static Metric metric(Map<?, ?> json) {
        double[] iterations = ((List<?>) json.get("rawData"))
                .stream()
                        .flatMap(fork -> ((List<?>) fork).stream())
                        .mapToDouble(score -> ((Number) score).doubleValue())
                        .toArray();
        return new Metric(Spread.of(iterations), text(json, "scoreUnit"));
    }

    private static String text(Map<?, ?> json, String key) {
        return json.get(key).toString();
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
