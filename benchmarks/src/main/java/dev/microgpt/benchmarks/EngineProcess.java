package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An engine in a JVM of its own, so that what HotSpot learns from one engine does not shape the code of another. It trains
 * when it is asked to and sleeps in between.
 */
final class EngineProcess implements AutoCloseable {
    private static final double TURN = 0.25e9; // nanoseconds; a run that has begun is finished

    private final Process process;
    private final BufferedReader answers;

    /** A kind of engine in a precision that it has. */
    record Engines(Engine.Kind kind, Engine.Precision precision) {
        /** From the slowest to the fastest; that of values first. */
        static List<Engines> all() {
            List<Engines> all = new ArrayList<>();
            for (Engine.Kind kind : Engine.Kind.values()) {
                all.add(new Engines(kind, Engine.Precision.DOUBLE));
            }
            all.add(new Engines(Engine.Kind.VECTOR, Engine.Precision.FLOAT));
            return all;
        }

        @Override
        public String toString() {
            String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return precision == Engine.Precision.FLOAT ? name + " in float" : name;
        }
    }

    EngineProcess(Engines engine) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments()); // -Dmicrogpt.data, a heap size
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName(),
                engine.kind.name(),
                engine.precision.name()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Lets the engine train for one turn. Returns the mean time of a step in microseconds. */
    double turn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the process of the engine has ended, see above");
        }
        return Double.parseDouble(answer);
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** The other side: for each line that is read, trains and answers with a line. */
    public static void main(String... args) throws IOException {
        Workload workload = new Workload();
        Engine.Kind kind = Engine.Kind.valueOf(args[0]);
        Engine.Precision precision = Engine.Precision.valueOf(args[1]);
        while (System.in.read() >= 0) {
            long time = 0;
            int steps = 0;
            while (time < TURN) {
                Engine engine = workload.engine(kind, precision);
                long start = System.nanoTime();
                workload.train(engine);
                time += System.nanoTime() - start;
                steps += Workload.STEPS;
            }
            System.out.println(time / 1e3 / steps);
        }
    }
}
