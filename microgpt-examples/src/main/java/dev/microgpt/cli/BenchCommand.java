package dev.microgpt.cli;

import dev.microgpt.frame.Output;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the engines, briefly. */
@Command(
        name = "bench",
        description = {
            "Compares how fast the engines train the microgpt in this JVM, on one thread: repeats the 1,000 steps on the"
                    + " embedded names until the JVM makes them no faster, and takes the fastest time.",
            "A first impression; the project's JMH benchmarks measure with care."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar bench"})
final class BenchCommand implements Runnable {
    private static final int LEAST_RUNS = 2; // the first one is interpreted

    @Option(
            names = "--seconds",
            paramLabel = "X",
            defaultValue = "2",
            description = "ends an engine when it has got no faster for so long (2)")
    private double seconds;

    @Override
    public void run() {
        if (!(seconds > 0 && seconds <= 3600)) {
            throw new IllegalArgumentException("option --seconds " + seconds + " is not in (0, 3600]");
        }
        VectorModule.load();
        Output out = new Output();
        out.line(
                "Java %s, %s %s, %d processors; one step: loss, gradient and Adam for one name",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
        out.line("engine         µs a step  steps a second  times VALUE  runs");
        Workload workload = new Workload();
        double slowest = 0;
        for (Kind kind : List.of(Kind.VALUE, Kind.TAPE, Kind.ARRAY, Kind.VECTOR)) {
            for (Precision precision : kind == Kind.VECTOR ? Precision.values() : new Precision[] {Precision.DOUBLE}) {
                String name = precision == Precision.FLOAT ? kind + ", float" : kind.toString();
                if (!kind.isAvailable()) {
                    out.line("%-13s  needs java --add-modules jdk.incubator.vector -jar microgpt.jar bench", name);
                    continue;
                }
                List<Double> runs = workload.runs(kind, precision, seconds);
                double micros =
                        runs.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
                slowest = kind == Kind.VALUE ? micros : slowest;
                out.line(
                        "%-13s  %9.1f  %,14.0f  %11.1f  %4d",
                        name, micros, 1e6 / micros, slowest / micros, runs.size());
            }
        }
    }

    /** The training of stage 5 on the embedded names. */
    private static final class Workload {
        private final Gpt untrained;
        private final LearningRate rate = Preset.STAGE5.learningRate(Preset.STAGE5.steps());
        private final int[][] documents = new int[Preset.STAGE5.steps()][];

        Workload() {
            PythonRandom random = new PythonRandom(42);
            Documents names = Documents.givenNames().shuffled(random);
            Tokenizer tokenizer = Tokenizer.of(names);
            untrained = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random);
            for (int step = 0; step < documents.length; step++) {
                documents[step] = tokenizer.encodeDocument(names.atStep(step));
            }
        }

        /** Microseconds a step of each run, until for that many seconds none was a tenth faster than the best before. */
        List<Double> runs(Kind kind, Precision precision, double seconds) {
            List<Double> runs = new ArrayList<>();
            double best = Double.POSITIVE_INFINITY;
            double sinceBest = 0;
            while (runs.size() < LEAST_RUNS || sinceBest < seconds) {
                double run = run(Engine.of(kind, precision, untrained, Preset.STAGE5.optimizer()));
                sinceBest = run < 0.9 * best ? 0 : sinceBest + run;
                best = Math.min(best, run);
                runs.add(run * 1e6 / documents.length);
            }
            return runs;
        }

        private double run(Engine engine) {
            long start = System.nanoTime();
            for (int step = 0; step < documents.length; step++) {
                engine.lossAndGradient(documents[step]);
                engine.update(rate.at(step));
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
