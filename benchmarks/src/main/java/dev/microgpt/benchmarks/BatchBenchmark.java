package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
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
 * Is a document cheaper in a batch, and with a second thread? Adam is paid once for all documents of a batch, some engines
 * fill their vectors better, and large batches can be shared between threads.
 *
 * <p>The model of stage 5 at the end of its training makes updates with learning rate 0: all is computed, yet the weights
 * stay, so that every batch size meets the same model. The reference is a batch of 1 on one thread.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Batch -p engine=ARRAY,VECTOR_FLOAT}
 *
 * <p>You should see microseconds a document beside "document" (and microseconds an update without it): falling by what
 * Adam costs, then flat with ARRAY, falling longer with VECTOR_FLOAT. Two threads change nothing until a batch has more than
 * 128 predictions, 18 names or so. "limit" is the multiple of the {@link Limit}, which as many threads reach that many times
 * as fast.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class BatchBenchmark {
    /** The way of computing. */
    @Param
    public EngineVariant engine;

    /** Documents of an update. */
    @Param({"1", "8", "16", "32", "64"})
    public int batch;

    /** Threads that share a batch. */
    @Param({"1", "2"})
    public int threads;

    private int[][][] batches;
    private double[] operations; // of each batch
    private Engine trained;
    private Limit limit;
    private int next;

    /** Counts documents and the limit, so that JMH divides the time by them. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Documents so far. */
        public long document;

        /** Microseconds that would do. */
        public double limit;
    }

    /** Trains the model. */
    @Setup
    public void prepare() {
        Workload workload = new Workload();
        Gpt model = workload.trained();
        batches = workload.batches(batch);
        operations = new double[batches.length];
        for (int i = 0; i < batches.length; i++) {
            operations[i] = Workload.operations(model.config(), batches[i]);
        }
        trained = engine.engine(model, Preset.STAGE5.optimizer());
        trained.useThreads(threads);
        limit = Limit.ofTraining(engine.precision(), model, batches[0][0]);
    }

    /** Measures the limit. */
    @Setup(Level.Iteration)
    public void measureLimit() {
        limit.measure();
    }

    /**
     * Loss, gradient and update for the next batch.
     *
     * @param per counts documents and the limit
     * @return the loss, so that nothing can be left out
     */
    @Benchmark
    public double update(Per per) {
        double loss = trained.lossAndGradient(batches[next]);
        trained.update(0);
        per.document += batch;
        per.limit += (limit.arithmetic(operations[next]) + limit.update()) / threads / 1e3;
        next = (next + 1) % batches.length;
        return loss;
    }
}
