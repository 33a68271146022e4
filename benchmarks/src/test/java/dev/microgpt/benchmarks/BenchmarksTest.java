package dev.microgpt.benchmarks;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.benchmarks.BackwardPassBenchmark.Graph;
import dev.microgpt.benchmarks.BackwardPassBenchmark.Per;
import dev.microgpt.transformer.Precision;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, once and briefly; what it measures here means nothing. */
class BenchmarksTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void lets_other_benchmarks_run_beside_this_test() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Tag("proof")
    @Test
    void every_benchmark_gives_a_result_with_every_engine() throws RunnerException, IOException, URISyntaxException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .forks(0)
                        .param("count", "20")
                        .param("batch", "2") // where there are many sizes, those that differ in kind
                        .param("context", "1", "64")
                        .param("headDim", "4")
                        .param("blockSize", "16")
                        .param("temperature", "none", "0.5")
                        .param("products", "2560")
                        .param("size", "16x1x16", "16x2x32x65")
                        .param("weights", "4192")
                        .param("flags", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
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
        assertThat(readBack(results))
                .hasSameSizeAs(results)
                .allSatisfy(result -> assertThat(Chart.svg(List.of(result), result.name()))
                        .contains(result.name().replace("Benchmark", "")));
    }

    private List<JmhResult> readBack(Collection<RunResult> results) throws IOException {
        Path file = folder.resolve("results.json");
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
        return JmhResult.read(file);
    }

    @Test
    void the_three_graphs_of_the_backward_pass_have_the_same_gradient() {
        List<Double> gradients =
                Arrays.stream(Graph.values()).map(BenchmarksTest::gradient).toList();

        assertThat(gradients).allSatisfy(gradient -> assertThat(gradient).isCloseTo(gradients.get(0), within(1e-12)));
        assertThat(gradients.get(0)).isNotZero();
    }

    @ParameterizedTest
    @EnumSource
    void every_engine_has_the_same_gradient_of_attention(EngineVariant engine) {
        for (int headDim : new int[] {4, 16}) {
            double[][] expected = attentionGradient(EngineVariant.VALUE, headDim);
            double tolerance = engine.precision() == Precision.FLOAT ? 1e-5 : 1e-12;

            assertThat(attentionGradient(engine, headDim)).hasDimensions(expected.length, 12 * headDim);
            assertThat(flat(attentionGradient(engine, headDim))).satisfies(closeTo(flat(expected), tolerance));
        }
    }

    private static double[][] attentionGradient(EngineVariant engine, int headDim) {
        AttentionBenchmark benchmark = new AttentionBenchmark();
        benchmark.engine = engine;
        benchmark.headDim = headDim;
        benchmark.context = 11;
        benchmark.prepare();
        benchmark.measureLimit();
        benchmark.forwardAndBackward(new AttentionBenchmark.Per());
        benchmark.forwardAndBackward(new AttentionBenchmark.Per()); // nothing is left over from the first
        return benchmark.gradient();
    }

    private static double[] flat(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
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
    static List<String> benchmarks() throws IOException, URISyntaxException {
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
