package dev.microgpt.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one training step of stage 5 cost: 4,192 weights, one document, forward, backward and Adam?
 *
 * <p>One call is a whole run: 1,000 updates with the schedule of stage 5 from its initial weights, on the documents that
 * follow those of the last run. A constant learning rate would drive the weights to where few hidden units are active,
 * and measure another model. The reference is {@code VALUE}, the definition of the model.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar TrainingStep}; on another list of strings with
 * {@code -Dmicrogpt.data=FILE} before {@code -jar}.
 *
 * <p>You should see microseconds a step ("us/op"), each engine of {@link EngineVariant} faster than the one before it, and
 * beside "limit" how many times as long that is as the {@link Limit} in the engine's precision.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Workload.STEPS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class TrainingStepBenchmark {
    /** The way of computing. */
    @Param
    public EngineVariant engine;

    private final Workload workload = new Workload();
    private Limit limit;

    /** Counts the limit, so that JMH divides the time by it. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Microseconds that would do. */
        public double limit;
    }

    /** Measures the limit. */
    @Setup(Level.Iteration)
    public void measureLimit() {
        if (limit == null) {
            limit = workload.limit(engine.precision());
        }
        limit.measure();
    }

    /**
     * 1,000 times loss, gradient and update.
     *
     * @param per counts the limit
     * @return the last loss, so that nothing can be left out
     */
    @Benchmark
    public double step(Per per) {
        double loss = workload.train(workload.engine(engine));
        per.limit += Workload.STEPS * (limit.arithmetic(workload.operationsPerStep()) + limit.update()) / 1e3;
        return loss;
    }
}
