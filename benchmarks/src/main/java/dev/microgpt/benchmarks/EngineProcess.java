package dev.microgpt.benchmarks;

import dev.microgpt.benchmarks.BackwardPassBenchmark.Graph;
import dev.microgpt.transformer.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * An engine in a JVM of its own, so that what HotSpot learns from one engine does not shape the code of another. It trains
 * when it is asked to and sleeps in between.
 */
final class EngineProcess implements AutoCloseable {
    private static final double TURN = 0.25e9; // nanoseconds of training; a run that has begun is finished
    private static final int CONTEXT = 16;
    private static final int HEADS = 4;
    private static final int HEAD_DIM = 4; // as in stage 5
    private static final double SHORT_TURN = 0.05e9; // of each loop
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static final int PRODUCTS = 25_600; // about as many as a step of stage 5 has

    private final Process process;
    private final BufferedReader answers;

    /**
     * What a turn has shown, in microseconds of the thread's CPU time.
     *
     * @param step mean time of a step
     * @param limit what a step cannot fall below in the engine's precision
     * @param update the part of Adam in it
     * @param gigaflops the peak that the rest was calculated with, operations per nanosecond
     * @param attention attention of one document of 16 positions, forward and backward
     * @param attentionLimit what that cannot fall below
     * @param backward the backward pass of a graph of {@value #PRODUCTS} products, NaN for an engine without graphs
     * @param backwardLimit what that cannot fall below
     * @param share how much of the elapsed time the thread had a processor
     */
    record Turn(
            double step,
            double limit,
            double update,
            double gigaflops,
            double attention,
            double attentionLimit,
            double backward,
            double backwardLimit,
            double share) {
        private static Turn parse(String line) {
            double[] n = Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Turn(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]);
        }

        private String line() {
            return DoubleStream.of(
                            step, limit, update, gigaflops, attention, attentionLimit, backward, backwardLimit, share)
                    .mapToObj(Double::toString)
                    .collect(Collectors.joining(" "));
        }
    }

    EngineProcess(EngineVariant engine) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments()); // -Dmicrogpt.data, a heap size
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName(),
                engine.name()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Lets the engine train for one turn. */
    Turn turn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the process of the engine has ended, see above");
        }
        return Turn.parse(answer);
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** The other side: for each line that is read, trains and answers with a line. */
    public static void main(String... args) throws IOException {
        EngineVariant variant = EngineVariant.valueOf(args[0]);
        Workload workload = new Workload();
        Limit limit = workload.limit(variant.precision());
        AttentionBenchmark attention = attention(variant);
        Optional<BackwardPassBenchmark> backward = backward(variant);
        while (System.in.read() >= 0) {
            limit.measure();
            long start = System.nanoTime();
            long startOfCpu = THREADS.getCurrentThreadCpuTime();
            double step = step(workload, variant);
            double share = (THREADS.getCurrentThreadCpuTime() - startOfCpu) / (double) (System.nanoTime() - start);
            AttentionBenchmark.Per ofAttention = new AttentionBenchmark.Per();
            BackwardPassBenchmark.Per ofBackward = new BackwardPassBenchmark.Per();
            System.out.println(new Turn(
                            step,
                            (limit.arithmetic(workload.operationsPerStep()) + limit.update()) / 1e3,
                            limit.update() / 1e3,
                            limit.gigaflops(),
                            micros(() -> attention.forwardAndBackward(ofAttention)),
                            limit.arithmetic(Operations.attentionForwardAndBackward(CONTEXT, HEADS * HEAD_DIM)) / 1e3,
                            backward.map(graph -> micros(() -> graph.backward(ofBackward)))
                                    .orElse(Double.NaN),
                            limit.arithmetic(4.0 * PRODUCTS) / 1e3, // a product and a sum for each of its operands
                            Math.min(1, share))
                    .line());
        }
    }

    private static AttentionBenchmark attention(EngineVariant variant) {
        AttentionBenchmark attention = new AttentionBenchmark();
        attention.engine = variant;
        attention.context = CONTEXT;
        attention.headDim = HEAD_DIM;
        attention.prepare();
        attention.measureLimit();
        return attention;
    }

    private static Optional<BackwardPassBenchmark> backward(EngineVariant variant) {
        if (variant != EngineVariant.VALUE && variant != EngineVariant.TAPE) {
            return Optional.empty();
        }
        BackwardPassBenchmark backward = new BackwardPassBenchmark();
        backward.graph = variant == EngineVariant.VALUE ? Graph.VALUE : Graph.ONE_NODE;
        backward.products = PRODUCTS;
        backward.prepare();
        return Optional.of(backward);
    }

    private static double step(Workload workload, EngineVariant variant) {
        long time = 0;
        int steps = 0;
        while (time < TURN) {
            Engine engine = workload.engine(variant);
            long start = THREADS.getCurrentThreadCpuTime();
            workload.train(engine);
            time += THREADS.getCurrentThreadCpuTime() - start;
            steps += Workload.STEPS;
        }
        return time / 1e3 / steps;
    }

    /** Mean CPU time of a call. */
    private static double micros(Runnable work) {
        long start = THREADS.getCurrentThreadCpuTime();
        long now = start;
        int calls = 0;
        while (now - start < SHORT_TURN) {
            work.run();
            calls++;
            now = THREADS.getCurrentThreadCpuTime();
        }
        return (now - start) / 1e3 / calls;
    }
}
