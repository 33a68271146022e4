package dev.microgpt.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs all benchmarks with the parameters that say something, about twenty minutes, and writes one file of JSON, which grows from run to run: what
 * {@link GoalTable} asks for in three JVMs each, the rest in one.
 *
 * <p>Run with: {@code java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.AllBenchmarks results.json}; on
 * another list of strings with {@code -Dmicrogpt.data=FILE} before {@code -cp}.
 */
public final class AllBenchmarks {
    private static final String[] HAND_DERIVED = {"ARRAY", "VECTOR", "VECTOR_FLOAT"};
    private static final String FLOAT = "VECTOR_FLOAT";

    private AllBenchmarks() {}

    /**
     * Measures and writes.
     *
     * @param args the file to write
     * @throws IOException if it cannot be written
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String... args) throws IOException, RunnerException {
        if (args.length != 1) {
            System.err.println("usage: AllBenchmarks RESULTS.json");
            System.exit(2);
        }
        List<RunResult> results = new ArrayList<>();
        for (Options run : runs()) {
            write(results, args[0]); // first of all, to see whether that can be done
            results.addAll(new Runner(run).run());
        }
        write(results, args[0]);
    }

    private static void write(List<RunResult> results, String file) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(file)), false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
    }

    static List<Options> runs() {
        return List.of(
                run("Peak", 1).build(),
                run("TrainingStep", 3, "-Xmx512m", "-XX:+UseSerialGC")
                        .param("engine", "VALUE")
                        .build(),
                run("TrainingStep", 3, "-Xmx512m", "-XX:+UseG1GC")
                        .param("engine", "VALUE")
                        .build(),
                run("TrainingStep", 3, "-Xmx512m")
                        .param("engine", "TAPE", "ARRAY", "VECTOR", FLOAT)
                        .build(),
                run("BackwardPass", 3, "-Xmx512m").param("products", "25600").build(),
                run("Batch", 3)
                        .param("engine", FLOAT)
                        .param("batch", "16")
                        .param("threads", "1")
                        .build(),
                run("Batch", 3)
                        .param("engine", FLOAT)
                        .param("batch", "32")
                        .param("threads", "2")
                        .build(),
                run("Batch", 1)
                        .param("engine", HAND_DERIVED)
                        .param("batch", "1", "8", "32", "64")
                        .param("threads", "1")
                        .build(),
                run("Batch", 1)
                        .param("engine", FLOAT)
                        .param("batch", "16", "64")
                        .param("threads", "2")
                        .build(),
                run("Attention.*Backward", 3, "-Xmx512m")
                        .warmupTime(TimeValue.milliseconds(600))
                        .measurementIterations(3)
                        .param("headDim", "4")
                        .build(),
                run("Attention.*forward$", 1, "-Xmx512m")
                        .param("headDim", "4")
                        .param("context", "16")
                        .build(),
                run("Attention.*Backward", 1, "-Xmx512m")
                        .param("engine", HAND_DERIVED)
                        .param("headDim", "16")
                        .param("context", "64")
                        .build(),
                run("ModelSize", 3)
                        .param("engine", FLOAT)
                        .param("size", "64x1x16")
                        .param("batch", "16")
                        .param("documents", "NAMES")
                        .build(),
                run("ModelSize", 3)
                        .param("engine", FLOAT)
                        .param("size", "64x4x64")
                        .param("batch", "16")
                        .build(),
                run("ModelSize", 3)
                        .param("engine", FLOAT)
                        .param("size", "128x4x64x65")
                        .param("batch", "8")
                        .build(),
                run("ModelSize", 1).param("engine", "ARRAY", FLOAT).build(),
                run("Generation", 3, "--add-modules=jdk.incubator.vector")
                        .param("blockSize", "16")
                        .param("precision", "FLOAT")
                        .param("temperature", "none", "0.5")
                        .build(),
                run("FrontDoor", 1, "-Xmx512m").warmupIterations(8).build(),
                run("Optimizer", 1).build(),
                options("Startup").build());
    }

    private static ChainedOptionsBuilder run(String benchmark, int forks, String... flags) {
        return options(benchmark, flags)
                .forks(forks)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(400));
    }

    /** With the benchmark's own number of everything. The JVMs are told what the chart wants to know of them. */
    private static ChainedOptionsBuilder options(String benchmark, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("-D" + Machine.CPU + "=" + Machine.cpu());
        all.add("-D" + Machine.DATE + "=" + LocalDate.now());
        return new OptionsBuilder()
                .include("\\." + benchmark)
                .jvmArgsPrepend(all.toArray(String[]::new))
                .shouldFailOnError(true);
    }
}
