package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Preset;
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
 * Is a document cheaper in a batch? Adam is paid once for all documents of a batch, and some engines can do more.
 *
 * <p>The model of stage 5 at the end of its training makes updates with learning rate 0: all is computed, yet the weights
 * stay, so that every batch size meets the same model. The reference is a batch of 1.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Batch -p engine=ARRAY}
 *
 * <p>You should see microseconds a document beside "document" (and microseconds an update without it): falling by what
 * Adam costs, then flat.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class BatchBenchmark {
    /** The way of computing. */
    @Param
    public Engine.Kind engine;

    /** Documents of an update. */
    @Param({"1", "4", "16", "32"})
    public int batch;

    private int[][][] batches;
    private Engine trained;
    private int next;

    /** Counts documents, so that JMH divides the time by them. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Documents so far. */
        public long document;
    }

    /** Trains the model. */
    @Setup
    public void prepare() {
        Workload workload = new Workload();
        batches = workload.batches(batch);
        trained = Engine.of(engine, workload.trained(), Preset.STAGE5.optimizer());
    }

    /**
     * Loss, gradient and update for the next batch.
     *
     * @param per counts the documents
     * @return the loss, so that nothing can be left out
     */
    @Benchmark
    public double update(Per per) {
        double loss = trained.lossAndGradient(batches[next]);
        trained.update(0);
        next = (next + 1) % batches.length;
        per.document += batch;
        return loss;
    }
}
