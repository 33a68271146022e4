package dev.microgpt.benchmarks;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step of stage 5 (4,192 weights, one document): forward, backward and Adam, in microseconds.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar TrainingStep}; on another list of strings with
 * {@code -jvmArgsAppend -Dmicrogpt.data=FILE}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class TrainingStepBenchmark {
    /** The way of computing. */
    @Param
    public Engine.Kind engine;

    private int[][][] documents; // each a batch of one
    private Engine trained;
    private int step;

    /** Shuffles and encodes the documents and draws the first weights, as the program of stage 5 does. */
    @Setup
    public void prepare() {
        String file = System.getProperty("microgpt.data");
        PythonRandom random = new PythonRandom(42);
        Documents shuffled = (file == null ? Documents.givenNames() : Documents.read(Path.of(file))).shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(shuffled);
        documents = shuffled.asList().stream()
                .map(document -> new int[][] {tokenizer.encodeDocument(document)})
                .toArray(int[][][]::new);
        trained =
                Engine.of(engine, Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random), Preset.STAGE5.optimizer());
    }

    /**
     * Loss, gradient and update for the next document.
     *
     * @return the loss, so that nothing can be left out
     */
    @Benchmark
    public double step() {
        double loss = trained.lossAndGradient(documents[step]);
        trained.update(0.001);
        step = (step + 1) % documents.length;
        return loss;
    }
}
