package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Which engine is how fast? A training step of stage 5, attention by itself and the backward pass of a graph by all of them, as
 * one table, in less than two minutes.
 *
 * <p>The engines take turns, each in a JVM of its own, so that whatever else the machine does disturbs all of them alike.
 * So does the yardstick, which each of them measures before its turn: the {@link Limit} in its precision.
 *
 * <p>Run with: {@code java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.Comparison}; on another list of
 * strings with {@code -Dmicrogpt.data=FILE} before {@code -cp}.
 *
 * <p>You should see one row for each {@link EngineVariant}, every one faster than the row before it.
 */
public final class Comparison {
    private static final int WARMUP = 6;
    private static final int ROUNDS = 20;
    private static final double IDLE = 0.9; // of the elapsed time, on a machine that does nothing else

    private final List<EngineVariant> engines = List.of(EngineVariant.values());
    private final EngineProcess.Turn[][] turns; // [engine][round]

    /** Of what was measured: the turns of each engine, as many for one as for another, at least one. */
    Comparison(EngineProcess.Turn[][] turns) {
        this.turns = turns;
    }

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws IOException if a process of an engine cannot be started or fails
     */
    public static void main(String... args) throws IOException {
        System.out.print(table(WARMUP, ROUNDS));
    }

    /** The table after so many rounds. */
    static String table(int warmup, int rounds) throws IOException {
        Comparison comparison = new Comparison(new EngineProcess.Turn[EngineVariant.values().length][rounds]);
        comparison.measure(warmup);
        return comparison.table();
    }

    private void measure(int warmup) throws IOException {
        EngineProcess[] processes = new EngineProcess[engines.size()];
        try {
            for (int i = 0; i < processes.length; i++) {
                processes[i] = new EngineProcess(engines.get(i));
            }
            for (int turn = -warmup; turn < turns[0].length; turn++) {
                int round = Math.max(0, turn); // what a warm-up leaves there is overwritten
                for (int i = 0; i < processes.length; i++) {
                    turns[i][round] = processes[i].turn();
                }
            }
        } finally {
            for (EngineProcess process : processes) {
                if (process != null) {
                    process.close();
                }
            }
        }
    }

    /** Heading, a row for each engine, and the limits. */
    String table() {
        StringBuilder table = new StringBuilder();
        line(
                table,
                "step: 1 document of stage 5, %.1f kFLOP and Adam; attention: 4 heads, 16 positions, with its gradient;",
                new Workload().operationsPerStep() / 1e3);
        line(
                table,
                "backward: the gradient of a graph of %,d products. Microseconds of CPU time, one thread",
                EngineProcess.PRODUCTS);
        line(
                table,
                "%s, Java %s, %d rounds, each engine in a JVM of its own",
                Machine.cpu(),
                System.getProperty("java.runtime.version"),
                turns[0].length);
        line(table, "");
        TextTable rows = new TextTable(2);
        rows.add(
                "engine",
                "precision",
                "step",
                "middle half",
                "x value",
                "x limit",
                "attention",
                "x limit",
                "backward",
                "x limit");
        for (int i = 0; i < turns.length; i++) {
            rows.add(row(i));
        }
        table.append(rows);
        line(table, "");
        for (Precision precision : Precision.values()) {
            limit(table, precision);
        }
        double share = Spread.of(Arrays.stream(turns)
                        .flatMap(Arrays::stream)
                        .mapToDouble(EngineProcess.Turn::share)
                        .toArray())
                .median();
        if (share < IDLE) {
            line(
                    table,
                    "the machine is busy: an engine had a processor for %.0f %% of its time; trust the ratios, not the times",
                    100 * share);
        }
        return table.toString();
    }

    private String[] row(int engine) {
        Spread step = spread(engine, EngineProcess.Turn::step);
        double value = spread(0, EngineProcess.Turn::step).median();
        double limits = spread(engine, turn -> turn.step() / turn.limit()).median();
        double attention = spread(engine, EngineProcess.Turn::attention).median();
        double attentionLimits =
                spread(engine, turn -> turn.attention() / turn.attentionLimit()).median();
        boolean graph = !Double.isNaN(turns[engine][0].backward());
        return new String[] {
            engines.get(engine).kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            engines.get(engine).precision().name().toLowerCase(Locale.ROOT),
            format("%.2f", step.median()),
            format("%.2f - %.2f", step.low(), step.high()),
            format("%.1f", value / step.median()),
            format("%.1f", limits),
            format("%.2f", attention),
            format("%.1f", attentionLimits),
            graph ? format("%.1f", spread(engine, EngineProcess.Turn::backward).median()) : "-",
            graph
                    ? format(
                            "%.1f",
                            spread(engine, turn -> turn.backward() / turn.backwardLimit())
                                    .median())
                    : "-"
        };
    }

    private void limit(StringBuilder table, Precision precision) {
        line(
                table,
                "limit in %-6s %5.2f us: the operations at the peak of one core, %.1f GFLOP/s, and an update by Adam, %.2f us",
                precision.name().toLowerCase(Locale.ROOT),
                all(precision, EngineProcess.Turn::limit).median(),
                all(precision, EngineProcess.Turn::gigaflops).median(),
                all(precision, EngineProcess.Turn::update).median());
    }

    private Spread spread(int engine, ToDoubleFunction<EngineProcess.Turn> number) {
        return Spread.of(Arrays.stream(turns[engine]).mapToDouble(number).toArray());
    }

    /** Over all engines of a precision. */
    private Spread all(Precision precision, ToDoubleFunction<EngineProcess.Turn> number) {
        return Spread.of(engines.stream()
                .filter(engine -> engine.precision() == precision)
                .flatMap(engine -> Arrays.stream(turns[engine.ordinal()]))
                .mapToDouble(number)
                .toArray());
    }

    private static void line(StringBuilder table, String format, Object... values) {
        table.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
