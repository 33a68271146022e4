package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An engine in a JVM of its own, so that what HotSpot learns from one engine does not shape the code of another. It trains
 * when it is asked to and sleeps in between.
 */
final class EngineProcess implements AutoCloseable {
    private static final double TURN = 0.25e9; // nanoseconds; a run that has begun is finished

    private final Process process;
    private final BufferedReader answers;

    /**
     * What a turn has shown, in microseconds.
     *
     * @param step mean time of a step
     * @param limit what a step cannot fall below in the engine's precision
     * @param update the part of Adam in it
     * @param gigaflops the peak that the rest was calculated with, operations per nanosecond
     */
    record Turn(double step, double limit, double update, double gigaflops) {
        private static Turn parse(String line) {
            double[] numbers = Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Turn(numbers[0], numbers[1], numbers[2], numbers[3]);
        }

        private String line() {
            return step + " " + limit + " " + update + " " + gigaflops;
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
        while (System.in.read() >= 0) {
            limit.measure();
            double arithmetic = limit.arithmetic(workload.operationsPerStep());
            System.out.println(new Turn(
                            step(workload, variant),
                            (arithmetic + limit.update()) / 1e3,
                            limit.update() / 1e3,
                            limit.gigaflops())
                    .line());
        }
    }

    private static double step(Workload workload, EngineVariant variant) {
        long time = 0;
        int steps = 0;
        while (time < TURN) {
            Engine engine = workload.engine(variant);
            long start = System.nanoTime();
            workload.train(engine);
            time += System.nanoTime() - start;
            steps += Workload.STEPS;
        }
        return time / 1e3 / steps;
    }
}
