package dev.microgpt.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast can one core multiply and add? The yardstick for everything else, in GFLOP/s.
 *
 * <p>Nine multiply-adds are made of each number of an array. HotSpot turns the loop into vector instructions; the
 * reference, {@code scalars}, makes as many in registers without them.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Peak}
 *
 * <p>You should see floats about twice as fast as doubles ("ops/ns" are GFLOP/s), and scalars an eighth of doubles where
 * a vector has eight.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Peak.OPERATIONS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class PeakBenchmark {
    private final Peak peak = new Peak();

    /**
     * Vectors of doubles.
     *
     * @return the results, so that none can be left out
     */
    @Benchmark
    public double[] doubles() {
        return peak.doubles();
    }

    /**
     * Vectors of floats.
     *
     * @return the results
     */
    @Benchmark
    public float[] floats() {
        return peak.floats();
    }

    /**
     * The reference: one double at a time.
     *
     * @return the sum of the results
     */
    @Benchmark
    public double scalars() {
        return peak.scalars();
    }
}
