package dev.microgpt.benchmarks;

import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which engine is how fast? A training step of stage 5 by all of them, as one table, in less than a minute.
 *
 * <p>The engines take turns, each in a JVM of its own, so that whatever else the machine does disturbs all of them alike.
 * So does the yardstick: the arithmetic of a step at the multiply-add peak of one core, plus an update by Adam alone.
 *
 * <p>Run with: {@code java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.Comparison}; on another list of
 * strings with {@code -Dmicrogpt.data=FILE} before {@code -cp}.
 *
 * <p>You should see one row for each {@link Engine.Kind} and one for the vector engine in single precision, every one
 * faster than the row before it.
 */
public final class Comparison {
    private static final int WARMUP = 6;
    private static final int ROUNDS = 20;
    private static final double YARDSTICK_TURN = 0.03e9; // nanoseconds

    private final Workload workload = new Workload();
    private final List<EngineProcess.Engines> engines = EngineProcess.Engines.all();
    private final double[][] steps = new double[engines.size()][ROUNDS]; // µs
    private final double[] peaks = new double[ROUNDS]; // GFLOP/s, double
    private final double[] floatPeaks = new double[ROUNDS]; // GFLOP/s, float
    private final double[] adams = new double[ROUNDS]; // µs

    private Comparison() {}

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws IOException if a process of an engine cannot be started or fails
     */
    public static void main(String... args) throws IOException {
        Comparison comparison = new Comparison();
        comparison.measure();
        comparison.print();
    }

    private void measure() throws IOException {
        Peak peak = new Peak();
        Optimizer optimizer = Preset.STAGE5.optimizer();
        Parameters parameters = workload.trained().parameters();
        Parameters gradient = parameters.copy();
        Moments moments = optimizer.start(parameters);
        EngineProcess[] processes = new EngineProcess[engines.size()];
        try {
            for (int i = 0; i < processes.length; i++) {
                processes[i] = new EngineProcess(engines.get(i));
            }
            for (int turn = -WARMUP; turn < ROUNDS; turn++) {
                int round = Math.max(0, turn); // what a warm-up leaves there is overwritten
                for (int i = 0; i < processes.length; i++) {
                    steps[i][round] = processes[i].turn();
                }
                peaks[round] = Peak.OPERATIONS / nanoseconds(peak::doubles);
                floatPeaks[round] = Peak.OPERATIONS / nanoseconds(peak::floats);
                adams[round] = nanoseconds(() -> optimizer.update(parameters, gradient, moments, 0)) / 1e3;
            }
        } finally {
            for (EngineProcess process : processes) {
                if (process != null) {
                    process.close();
                }
            }
        }
    }

    /**
     * Time of one call, the mean of the fastest hundred of a turn. It is asked for three kinds of work, which keeps HotSpot
     * from inlining them here: inlined, the peak is a third lower, or less than half on JDK 17.
     */
    private static double nanoseconds(Runnable work) {
        long fastest = Long.MAX_VALUE;
        long start = System.nanoTime();
        long now = start;
        while (now - start < YARDSTICK_TURN) {
            for (int i = 0; i < 100; i++) {
                work.run();
            }
            long end = System.nanoTime();
            fastest = Math.min(fastest, end - now);
            now = end;
        }
        return fastest / 100.0;
    }

    private void print() {
        double operations = workload.operationsPerStep();
        double arithmetic = operations / quantile(0.5, peaks) / 1e3;
        double adam = quantile(0.5, adams);
        double limit = arithmetic + adam;
        line("training step of stage 5: 1 document, %.1f kFLOP and Adam, one thread", operations / 1e3);
        line("Java %s, %d rounds, each engine in a JVM of its own", System.getProperty("java.runtime.version"), ROUNDS);
        line("");
        line("%-22s %9s %19s %12s %9s %8s", "engine", "us/step", "middle half", "documents/s", "x value", "x limit");
        for (int i = 0; i < steps.length; i++) {
            double median = quantile(0.5, steps[i]);
            line(
                    "%-22s %9.2f %9.2f -%8.2f %12.0f %9.1f %8.1f",
                    engines.get(i),
                    median,
                    quantile(0.25, steps[i]),
                    quantile(0.75, steps[i]),
                    1e6 / median,
                    quantile(0.5, steps[0]) / median,
                    median / limit);
        }
        line("");
        line(
                "limit %.2f us, in double: the operations at the peak of one core %.2f us, an update by Adam alone %.2f us",
                limit, arithmetic, adam);
        line(
                "peak %.1f GFLOP/s (middle half %.1f - %.1f; float %.1f), measured between the turns in plain Java",
                quantile(0.5, peaks), quantile(0.25, peaks), quantile(0.75, peaks), quantile(0.5, floatPeaks));
    }

    private static double quantile(double part, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    private static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
