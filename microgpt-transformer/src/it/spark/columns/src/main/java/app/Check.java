package app;

import dev.microgpt.MicroGpt;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs docs/spark.md on local and local-cluster, with 1, 4 and 7 partitions; fails where rows are not those of a plain loop. Or
 * measures, if told to: -Dspark.measure=true.
 */
public final class Check {
    private static final int ROWS = 2_000;
    private static final long SEED = 7;

    private Check() {}

    public static void main(String[] args) throws IOException {
        MicroGpt model = MicroGpt.load(Check.class.getResourceAsStream("/names.safetensors"));
        if (args[1].equals("true")) {
            try (SparkSession spark = session("local[2]", args[0])) {
                Columns.register(spark, model, SEED);
                measure(spark, model);
            }
            return;
        }
        List<String> names = model.stream(Columns.options(SEED)).limit(ROWS).toList();
        List<Double> surprises = names.stream().map(model::loss).toList();
        Map<String, byte[]> models = new TreeMap<>();
        byInitial()
                .forEach((initial, group) ->
                        models.put(initial, Columns.train(group).toBytes()));
        for (String master : List.of("local[2]", "local-cluster[2,1,1024]")) {
            try (SparkSession spark = session(master, args[0])) {
                Columns.register(spark, model, SEED);
                for (int partitions : new int[] {1, 4, 7}) {
                    rowsAreEqual(spark, partitions, names, surprises);
                    modelsAreEqual(spark, partitions, models);
                    System.out.println(master + ", " + partitions + " partitions: equal rows, equal models");
                }
            }
        }
    }

    private static SparkSession session(String master, String classes) {
        return SparkSession.builder()
                .master(master)
                .appName("microgpt")
                .config("spark.ui.enabled", false)
                .config("spark.executor.extraClassPath", classes) // in a jar of its own: spark.jars
                .config("spark.sql.shuffle.partitions", 3)
                .getOrCreate();
    }

    private static void rowsAreEqual(SparkSession spark, int partitions, List<String> names, List<Double> surprises) {
        List<Row> rows = spark.sql("select id, invent(id) name, surprise(invent(id)) nats from range(0, " + ROWS
                        + ", 1, " + partitions + ") order by id")
                .collectAsList();
        check(
                rows.stream().map(row -> row.getString(1)).toList().equals(names),
                "names in " + partitions + " partitions");
        check(
                rows.stream().map(row -> row.getDouble(2)).toList().equals(surprises),
                "losses in " + partitions + " partitions");
    }

    private static void modelsAreEqual(SparkSession spark, int partitions, Map<String, byte[]> models) {
        List<String> all = byInitial().values().stream().flatMap(List::stream).toList();
        Dataset<Row> rows = spark.createDataset(all, Encoders.STRING())
                .repartition(partitions)
                .selectExpr("substring(value, 1, 1) initial", "value name");
        var found = Columns.modelPerKey(rows, "initial", "name").collectAsList();
        check(found.size() == models.size(), "models in " + partitions + " partitions");
        found.forEach(pair -> check(Arrays.equals(pair._2(), models.get(pair._1())), "model of " + pair._1()));
    }

    private static Map<String, List<String>> byInitial() {
        return Documents.givenNames().asList().stream()
                .filter(name -> name.compareTo("d") < 0)
                .sorted()
                .collect(Collectors.groupingBy(name -> name.substring(0, 1)));
    }

    /** Rows in a second of CPU time of this process, after a first pass that warms up. */
    private static void measure(SparkSession spark, MicroGpt model) {
        int rows = 200_000;
        List<String> names = model.stream(Columns.options(SEED)).limit(rows).toList();
        spark.createDataset(names, Encoders.STRING()).repartition(4).cache().createOrReplaceTempView("names");
        String invent = "select sum(length(invent(id))) from range(0, " + rows + ", 1, 4)";
        String score = "select sum(surprise(value)) from names";
        Map<String, Runnable> ways = new TreeMap<>(Map.of(
                "1 generateAt, parallel stream",
                        () -> LongStream.range(0, rows)
                                .parallel()
                                .forEach(i -> model.generateAt(i, Columns.options(SEED))),
                "2 stream",
                        () -> model.stream(Columns.options(SEED)).limit(rows).forEach(name -> {}),
                "3 invent by Spark", () -> spark.sql(invent).collectAsList(),
                "4 loss, parallel stream", () -> names.parallelStream().forEach(model::loss),
                "5 scores", () -> model.scores(names),
                "6 surprise by Spark", () -> spark.sql(score).collectAsList()));
        Map<String, List<Double>> times = new TreeMap<>();
        for (int turn = 0; turn < 6; turn++) {
            int now = turn;
            ways.forEach((name, way) -> {
                double start = cpuSeconds();
                way.run();
                if (now > 0) {
                    times.computeIfAbsent(name, key -> new ArrayList<>()).add(rows / (cpuSeconds() - start));
                }
            });
        }
        times.forEach((name, rates) -> {
            rates.sort(null);
            System.out.printf(
                    "%-32s rows a CPU second: median %,.0f, %,.0f to %,.0f%n",
                    name, rates.get(2), rates.get(0), rates.get(4));
        });
    }

    private static double cpuSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + " differ");
        }
    }
}
