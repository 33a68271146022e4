package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.benchmarks.BackwardPassBenchmark.Graph;
import dev.microgpt.benchmarks.BackwardPassBenchmark.Per;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, once and briefly; what it measures here means nothing. */
class BenchmarksTest {
    @BeforeAll
    static void lets_other_benchmarks_run_beside_this_test() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void every_benchmark_gives_a_result_with_every_parameter() throws RunnerException, IOException, URISyntaxException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark())
                .containsAll(benchmarks());
    }

    @Test
    void the_three_graphs_of_the_backward_pass_have_the_same_gradient() {
        List<Double> gradients =
                Arrays.stream(Graph.values()).map(BenchmarksTest::gradient).toList();

        assertThat(gradients).allSatisfy(gradient -> assertThat(gradient).isCloseTo(gradients.get(0), within(1e-12)));
        assertThat(gradients.get(0)).isNotZero();
    }

    @Test
    void a_step_of_stage_5_has_the_operations_that_its_documents_need() {
        // d = 16, V = 27, one layer: 3,504 weights are multiplied at each position and 32 numbers for each pair of them
        double mean = Arrays.stream(new Workload().batches(1))
                .mapToInt(batch -> Math.min(16, batch[0].length - 1))
                .mapToDouble(n -> 6.0 * (3504 * n + 16 * n * (n + 1)))
                .average()
                .orElseThrow();

        assertThat(new Workload().operationsPerStep()).isCloseTo(mean, within(1e-6));
    }

    private static double gradient(Graph graph) {
        BackwardPassBenchmark benchmark = new BackwardPassBenchmark();
        benchmark.graph = graph;
        benchmark.products = 2560;
        benchmark.prepare();
        benchmark.backward(new Per());
        return benchmark.backward(new Per()); // of the second pass: no gradient is left over from the first
    }

    /** The names of all methods of this module that JMH should have found. */
    private static List<String> benchmarks() throws IOException, URISyntaxException {
        Path folder =
                Path.of(Workload.class.getResource("Workload.class").toURI()).getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Benchmark.class"))
                    .map(file -> Workload.class.getPackageName() + "." + file.replace(".class", ""))
                    .flatMap(name -> Arrays.stream(methods(name))
                            .filter(method -> method.isAnnotationPresent(Benchmark.class))
                            .map(method -> name + "." + method.getName()))
                    .toList();
        }
    }

    private static Method[] methods(String className) {
        try {
            return Class.forName(className).getMethods();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
