package dev.microgpt.benchmarks;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.PythonRandom;
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
 * What does an update cost by itself? Adam divides and takes a square root for each weight and streams four arrays, plain
 * gradient descent multiplies and adds and streams two.
 *
 * <p>The numbers of weights are those of stage 5, of one that leaves the first caches, and of one that leaves most. The
 * reference is {@code SGD}.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Optimizer}
 *
 * <p>You should see microseconds an update, and Adam several times as slow as plain gradient descent while all arrays fit
 * into a cache.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class OptimizerBenchmark {
    /** The rule of the update. */
    @Param
    public Rule rule;

    /** How many there are to update. */
    @Param({"4192", "65536", "1048576"})
    public int weights;

    private Optimizer optimizer;
    private Parameters parameters;
    private Parameters gradient;
    private Moments moments;

    /** The rules, with the settings of the stages. */
    public enum Rule {
        /** Plain gradient descent: stages 0 to 4. */
        SGD,
        /** Adam: stage 5. */
        ADAM
    }

    /** Draws a gradient, which stays the same. */
    @Setup
    public void prepare() {
        optimizer = rule == Rule.SGD ? new Sgd() : new Adam(0.85, 0.99, 1e-8);
        parameters = Parameters.builder().tensor("weights", 1, weights).build();
        gradient = parameters.zeros();
        PythonRandom random = new PythonRandom(42);
        for (int i = 0; i < weights; i++) {
            gradient.values()[i] = random.nextGaussian();
        }
        moments = optimizer.start(parameters);
    }

    /**
     * One update.
     *
     * @return the weights, so that none can be left out
     */
    @Benchmark
    public double[] update() {
        optimizer.update(parameters, gradient, moments, 0.001);
        return parameters.values();
    }
}
