package dev.microgpt.benchmarks;

import dev.microgpt.text.PythonRandom;
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
 * What does the hot loop of a transformer cost, attention itself, without the weights on both sides of it? It is the only
 * part of a step that grows with the square of the context.
 *
 * <p>One document, four heads; each position looks back at itself and all before it. {@code forward} mixes the values,
 * {@code forwardAndBackward} adds the gradient of queries, keys and values. The reference is {@code VALUE}, with an object
 * for each operation.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Attention -p headDim=4 -p context=16}
 *
 * <p>You should see nanoseconds a document ("ns/op"), nanoseconds for each pair of positions and each head beside "pair",
 * and beside "limit" how many times as long that is as the products would take at the measured {@link Peak}: the
 * exponentials are not counted, and they are what a short head leaves most of the time to.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class AttentionBenchmark {
    private static final int HEADS = 4;

    /** The way of computing. */
    @Param
    public EngineVariant engine;

    /** Positions of the document. */
    @Param({"1", "4", "16", "64"})
    public int context;

    /** Length of a query, a key and a value in each head; 4 is that of stage 5. */
    @Param({"4", "16"})
    public int headDim;

    private AttentionLoop loop;
    private Limit limit;

    /** Counts pairs and the limit, so that JMH divides the time by them. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Pairs of positions so far, in each head. */
        public long pair;

        /** Nanoseconds that would do. */
        public double limit;

        private void count(int context, double nanoseconds) {
            pair += (long) HEADS * context * (context + 1) / 2;
            limit += nanoseconds;
        }
    }

    /** Draws queries, keys and values. */
    @Setup
    public void prepare() {
        int n = HEADS * headDim;
        PythonRandom random = new PythonRandom(42);
        double[][] qkv = drawn(random, context, 3 * n);
        loop = AttentionLoop.of(
                engine.kind(), engine.precision(), new AttentionLoop.Input(HEADS, qkv, drawn(random, context, n)));
        limit = Limit.ofOperations(engine.precision());
    }

    private static double[][] drawn(PythonRandom random, int rows, int columns) {
        double[][] drawn = new double[rows][columns];
        for (double[] row : drawn) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return drawn;
    }

    /** Measures the limit. */
    @Setup(Level.Iteration)
    public void measureLimit() {
        limit.measure();
    }

    /**
     * The output.
     *
     * @param per counts pairs and the limit
     * @return one of its numbers, so that nothing can be left out
     */
    @Benchmark
    public double forward(Per per) {
        double output = loop.forward();
        per.count(context, limit.arithmetic(Operations.attentionForward(context, HEADS * headDim)));
        return output;
    }

    /**
     * The output and the gradient.
     *
     * @param per counts pairs and the limit
     * @return one number of the gradient
     */
    @Benchmark
    public double forwardAndBackward(Per per) {
        loop.forward();
        double gradient = loop.backward();
        per.count(context, limit.arithmetic(Operations.attentionForwardAndBackward(context, HEADS * headDim)));
        return gradient;
    }

    /** The gradient that was computed last, [context][3·HEADS·headDim]. */
    double[][] gradient() {
        return loop.gradient();
    }
}
