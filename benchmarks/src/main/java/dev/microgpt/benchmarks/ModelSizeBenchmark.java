package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * How does the cost of training grow with the model? Twice the embedDim is four times the weights of a layer, twice the
 * layers twice, and twice the blockSize twice the pairs that a token looks at.
 *
 * <p>Every update has one document that fills all positions; the learning rate is 0, so that the model stays the same. The
 * reference is 16x1x16, the size of stage 5.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar ModelSize}; sizes whose graph fits into no heap, with
 * {@code -p engine=ARRAY -p size=64x4x64,128x4x64}.
 *
 * <p>You should see tokens a second beside "tokens" (and updates a second without it): about a tenth of them for four
 * times the embedDim, a little more than a quarter for four layers, more than half for four times the blockSize.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class ModelSizeBenchmark {
    private static final int DOCUMENTS = 16;

    /** The way of computing. */
    @Param
    public Engine.Kind engine;

    /** embedDim x layerCount x blockSize; heads have 4 dimensions, as in stage 5. */
    @Param({"16x1x16", "32x1x16", "64x1x16", "16x2x16", "16x4x16", "16x1x32", "16x1x64"})
    public String size;

    private int[][] documents;
    private Engine trained;
    private int next;

    /** Counts tokens, so that JMH divides them by the time. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Predicted tokens so far. */
        public long tokens;
    }

    /** Draws the weights. */
    @Setup
    public void prepare() {
        int[] parts = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
        int embedDim = parts[0];
        int blockSize = parts[2];
        Workload workload = new Workload();
        GptConfig config =
                new GptConfig(workload.vocabSize(), blockSize, embedDim, embedDim / 4, parts[1], Activation.RELU);
        Gpt untrained = workload.untrained(config);
        documents = workload.fullDocuments(DOCUMENTS, blockSize);
        trained = Engine.of(engine, untrained, Preset.STAGE5.optimizer());
    }

    /**
     * Loss, gradient and update for the next document.
     *
     * @param per counts the tokens
     * @return the loss, so that nothing can be left out
     */
    @Benchmark
    public double update(Per per) {
        double loss = trained.lossAndGradient(documents[next]);
        trained.update(0);
        per.tokens += documents[next].length - 1;
        next = (next + 1) % DOCUMENTS;
        return loss;
    }
}
