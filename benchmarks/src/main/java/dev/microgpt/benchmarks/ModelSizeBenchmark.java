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
import org.openjdk.jmh.annotations.Level;
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
 * <p>The learning rate is 0, so that the model stays the same, one with fresh weights: half of its hidden units are off. The
 * reference is 16x1x16, the size of stage 5.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar ModelSize}; sizes whose graph fits into no heap, with
 * {@code -p engine=ARRAY,VECTOR_FLOAT -p size=64x4x64,128x4x64x65 -p batch=8}.
 *
 * <p>You should see tokens a second beside "tokens" (and updates a second without it): with ARRAY about a tenth of them for
 * four times the embedDim, a little more than a quarter for four layers, more than half for four times the blockSize.
 * "peak" is the share of the measured {@link Peak} that the {@link Operations} come to, and "limit" that of the
 * {@link Limit}, which has Adam besides.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class ModelSizeBenchmark {
    private static final int BATCHES = 16; // of full documents

    /** The way of computing. */
    @Param
    public EngineVariant engine;

    /**
     * embedDim x layerCount x blockSize, and vocabSize if it is to be more than the data need; four heads, as in stage 5.
     */
    @Param({"16x1x16", "32x1x16", "64x1x16", "16x2x16", "16x4x16", "16x1x32", "16x1x64"})
    public String size;

    /** Documents of an update. */
    @Param("1")
    public int batch;

    /** What the documents are. */
    @Param("FULL")
    public Documents documents;

    private int[][][] batches;
    private double[] operations; // of each batch
    private long[] predictions; // in each batch
    private Engine untrained;
    private Limit limit;
    private int next;

    /** The documents. */
    public enum Documents {
        /** Names one after the other, cut to fill all positions. */
        FULL,
        /** Names, which are much shorter than blockSize. */
        NAMES
    }

    /** Counts what JMH divides by the time. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Documents so far. */
        public long documents;

        /** Predicted tokens so far. */
        public long tokens;

        /** Seconds that would do. */
        public double limit;

        /** Seconds that the operations alone would take. */
        public double peak;
    }

    /** Draws the weights. */
    @Setup
    public void prepare() {
        Workload workload = new Workload();
        GptConfig config = config(workload.vocabSize());
        Gpt model = workload.untrained(config);
        batches = switch (documents) {
            case NAMES -> workload.batches(batch);
            case FULL -> inBatches(workload.fullDocuments(BATCHES * batch, config.blockSize()));
        };
        operations = Arrays.stream(batches)
                .mapToDouble(b -> Workload.operations(config, b))
                .toArray();
        predictions = Arrays.stream(batches)
                .mapToLong(b -> Arrays.stream(b)
                        .mapToLong(document -> Math.min(config.blockSize(), document.length - 1))
                        .sum())
                .toArray();
        untrained = engine.engine(model, Preset.STAGE5.optimizer());
        limit = Limit.ofTraining(engine.precision(), model, batches[0][0]);
    }

    private GptConfig config(int leastVocabSize) {
        int[] parts = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
        int vocabSize = parts.length > 3 ? Math.max(parts[3], leastVocabSize) : leastVocabSize;
        return new GptConfig(vocabSize, parts[2], parts[0], 4, parts[1], Activation.RELU);
    }

    private int[][][] inBatches(int[][] all) {
        int[][][] inBatches = new int[BATCHES][][];
        Arrays.setAll(inBatches, i -> Arrays.copyOfRange(all, i * batch, (i + 1) * batch));
        return inBatches;
    }

    /** Measures the limit. */
    @Setup(Level.Iteration)
    public void measureLimit() {
        limit.measure();
    }

    /**
     * Loss, gradient and update for the next batch.
     *
     * @param per counts the documents, their tokens, and what they need
     * @return the loss, so that nothing can be left out
     */
    @Benchmark
    public double update(Per per) {
        double loss = untrained.lossAndGradient(batches[next]);
        untrained.update(0);
        per.documents += batch;
        per.tokens += predictions[next];
        double arithmetic = limit.arithmetic(operations[next]);
        per.peak += arithmetic / 1e9;
        per.limit += (arithmetic + limit.update()) / 1e9;
        next = (next + 1) % batches.length;
        return loss;
    }
}
