package dev.microgpt.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * What the engines are to reach, and how far they got: two tables in Markdown, filled from what {@link AllBenchmarks} wrote.
 *
 * <p>Run with: {@code java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.GoalTable jdk25.json jdk17.json}.
 *
 * <p>You should see medians with their spread and the multiples of the limit that README.md keeps, in two columns for each file.
 */
public final class GoalTable {
    private static final String NOT_YET = "not measured yet";
    private static final DoubleUnaryOperator PLAIN = x -> x;
    private static final DoubleUnaryOperator INVERSE = x -> 1 / x;

    private static final List<Goal> GOALS = List.of(
            goal("value, Serial", "4,600 (Java), 13,984 (Go)", "–", "≤ 320 µs", step("VALUE", "-XX:+UseSerialGC")),
            goal("value, G1", "4,600 (Java), 13,984 (Go)", "–", "≤ 550 µs", step("VALUE", "-XX:+UseG1GC")),
            goal("tape, dot nodes", "100.7 (C++, float), 127 (Rust, float)", "–", "≤ 60 µs", step("TAPE", "")),
            goal(
                    "a node's backward pass, tape",
                    "3.5–4.4, forward and backward (C++, Rust)",
                    "–",
                    "≤ 1.7 ns",
                    node("MULTIPLY_ADDS")),
            goal("a node's backward pass, value", "3.5–4.4, forward and backward (C++, Rust)", "–", "–", node("VALUE")),
            goal("array", "110 (NumPy), 13.7 (C, truncated gradient)", "2.6", "≤ 13.5 µs", step("ARRAY", "")),
            goal("vector", "110 (NumPy), 13.7 (C, truncated gradient)", "2.6", "≤ 6 µs", step("VECTOR", "")),
            goal("vector, float", "7.4 (C)", "1.03", "≤ 3.3 µs", step("VECTOR_FLOAT", "")),
            goal("vector, float, batch 16", "5.17 (C)", "0.60", "≤ 2.4 µs a document", batch("16", "1")),
            goal("vector, float, batch 32, two threads", "–", "0.30", "≤ 1.4 µs a document", batch("32", "2")),
            goal(
                    "embedDim 64, 1 layer, float, batch 16",
                    "39.1 (C)",
                    "8.0",
                    "≤ 22 µs a document",
                    microsecondsADocument("64x1x16", "16", "NAMES")),
            goal(
                    "embedDim 64, 4 layers, blockSize 64, full documents, float, batch 16",
                    "1,355 (PyTorch and OpenBLAS)",
                    "302",
                    "≤ 700 µs a document",
                    microsecondsADocument("64x4x64", "16", "FULL")),
            goal(
                    "embedDim 128, 4 layers, blockSize 64, vocab 65, float, batch 8",
                    "–",
                    "100",
                    "≥ 45 % of measured peak",
                    size("128x4x64x65", "8", "FULL", "peak", share -> 100 * share)),
            goal(
                    "generation, one sequence, KV cache, float, temperature 0.5",
                    "3.16 (C)",
                    "37",
                    "≥ 3.5 million tokens/s",
                    generation("withCache", "0.5")),
            goal("reading, one sequence, KV cache, float", "–", "37", "–", generation("withCache", "none")),
            goal(
                    "generation, many sequences at once, float, temperature 0.5",
                    "–",
                    "–",
                    "≥ 10 million tokens/s",
                    generation("manyAtOnce", "0.5")),
            goal("reading, many sequences at once, float", "–", "37", "–", generation("manyAtOnce", "none")),
            goal(
                    "cold: whole process, 1,000 steps and 20 names",
                    "190,000 (CPython), 190 (NumPy), 110 (C++), 12–86 (C)",
                    "–",
                    "≤ 220 ms",
                    cold("train")),
            goal(
                    "cold, with a class-data archive",
                    "190,000 (CPython), 190 (NumPy), 110 (C++), 12–86 (C)",
                    "–",
                    "≤ 140 ms",
                    cold("trainWithArchive")));

    private GoalTable() {}

    /** A row, in the unit of its goal. */
    private record Goal(String work, String peer, String limit, String reach, Query query) {}

    /**
     * Where a number stands in the results.
     *
     * @param name class and method
     * @param params those that matter
     * @param flag of the JVM, any if empty
     * @param counter what is counted besides, the result itself if empty
     * @param unit from the unit of the result to that of the goal
     * @param multiple from the counter "limit" to the multiple of the limit
     */
    private record Query(
            String name,
            Map<String, String> params,
            String flag,
            String counter,
            DoubleUnaryOperator unit,
            DoubleUnaryOperator multiple) {
        Optional<JmhResult> in(List<JmhResult> results) {
            return results.stream()
                    .filter(result -> result.name().equals(name))
                    .filter(result -> result.params().entrySet().containsAll(params.entrySet()))
                    .filter(result -> flag.isEmpty() || result.jvmArgs().contains(flag))
                    .findFirst();
        }
    }

    private static Goal goal(String work, String peer, String limit, String reach, Query query) {
        return new Goal(work, peer, limit, reach, query);
    }

    private static Query step(String engine, String flag) {
        return new Query("TrainingStepBenchmark.step", Map.of("engine", engine), flag, "", PLAIN, PLAIN);
    }

    private static Query node(String graph) {
        Map<String, String> params = Map.of("graph", graph, "products", "25600");
        return new Query("BackwardPassBenchmark.backward", params, "", "node", PLAIN, PLAIN);
    }

    private static Query batch(String size, String threads) {
        Map<String, String> params = Map.of("engine", "VECTOR_FLOAT", "batch", size, "threads", threads);
        return new Query("BatchBenchmark.update", params, "", "document", PLAIN, PLAIN);
    }

    private static Query microsecondsADocument(String size, String batch, String documents) {
        return size(size, batch, documents, "documents", perSecond -> 1e6 / perSecond);
    }

    private static Query size(String size, String batch, String documents, String counter, DoubleUnaryOperator unit) {
        Map<String, String> params =
                Map.of("engine", "VECTOR_FLOAT", "size", size, "batch", batch, "documents", documents);
        return new Query("ModelSizeBenchmark.update", params, "", counter, unit, INVERSE);
    }

    private static Query generation(String method, String temperature) {
        Map<String, String> params = Map.of("blockSize", "16", "precision", "FLOAT", "temperature", temperature);
        return new Query("GenerationBenchmark." + method, params, "", "", perSecond -> perSecond / 1e6, INVERSE);
    }

    private static Query cold(String method) {
        return new Query("StartupBenchmark." + method, Map.of("flags", ""), "", "", PLAIN, PLAIN);
    }

    /**
     * Prints the tables.
     *
     * @param args files of results, of one JDK each
     * @throws IOException if one cannot be read
     */
    public static void main(String... args) throws IOException {
        List<List<JmhResult>> files = new ArrayList<>();
        for (String file : args) {
            files.add(JmhResult.read(Path.of(file)));
        }
        System.out.print(goals(files) + "\n" + attention(files));
    }

    /** One row for each goal; without results, those of two JDKs that nobody has measured. */
    static String goals(List<List<JmhResult>> files) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(List.of("work", "best peer", "limit", "reach"), jdks(files)));
        for (Goal goal : GOALS) {
            List<String> measured = new ArrayList<>();
            for (List<JmhResult> results : orNothing(files)) {
                Optional<JmhResult> found = goal.query.in(results);
                measured.add(found.map(result -> spread(result, goal.query)).orElse(NOT_YET));
                measured.add(found.map(result -> multiple(result, goal.query)).orElse(""));
            }
            rows.add(row(List.of(goal.work, goal.peer, goal.limit, goal.reach), measured));
        }
        return markdown(rows);
    }

    /** Forward and backward of a document in heads of 4, in nanoseconds: an engine in each row. */
    static String attention(List<List<JmhResult>> files) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(List.of("attention", "positions"), jdks(files)));
        for (EngineVariant engine : EngineVariant.values()) {
            for (String context : List.of("1", "4", "16", "64")) {
                Map<String, String> params = Map.of("engine", engine.name(), "context", context, "headDim", "4");
                Query query = new Query("AttentionBenchmark.forwardAndBackward", params, "", "", PLAIN, PLAIN);
                List<String> measured = new ArrayList<>();
                for (List<JmhResult> results : orNothing(files)) {
                    Optional<JmhResult> found = query.in(results);
                    measured.add(found.map(result -> spread(result, query)).orElse(NOT_YET));
                    measured.add(found.map(result -> multiple(result, query)).orElse(""));
                }
                rows.add(row(List.of(engine.name(), context), measured));
            }
        }
        return markdown(rows);
    }

    private static List<List<JmhResult>> orNothing(List<List<JmhResult>> files) {
        return files.isEmpty() ? List.of(List.of(), List.of()) : files;
    }

    private static List<String> jdks(List<List<JmhResult>> files) {
        List<String> headings = new ArrayList<>();
        for (String jdk : files.isEmpty()
                ? List.of("25", "17")
                : files.stream().map(results -> results.get(0).jdk()).toList()) {
            headings.add("JDK " + jdk + ": median (middle half), forks");
            headings.add("× limit");
        }
        return headings;
    }

    private static String spread(JmhResult result, Query query) {
        Spread spread = result.metric(query.counter).spread().in(query.unit);
        return "%s (%s–%s), %d"
                .formatted(number(spread.median()), number(spread.low()), number(spread.high()), result.forks());
    }

    private static String multiple(JmhResult result, Query query) {
        return result.counters().containsKey("limit")
                ? number(result.metric("limit").spread().in(query.multiple).median())
                : "–";
    }

    /** Three digits, more in front of the point if there are more. */
    static String number(double value) {
        int digits = (int) Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(value))));
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static List<String> row(List<String> first, List<String> then) {
        List<String> row = new ArrayList<>(first);
        row.addAll(then);
        return row;
    }

    private static String markdown(List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            table.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                table.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
        return table.toString();
    }
}
