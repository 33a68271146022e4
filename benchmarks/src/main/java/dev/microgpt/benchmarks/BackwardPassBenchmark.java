package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.autograd.Value;
import dev.microgpt.text.PythonRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
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
 * What does one node of a graph cost on the way back?
 *
 * <p>The graph is Σ tanh(W·x) over several x, with W [16][16]: built once, passed again and again. {@code VALUE}, the
 * reference, has an object for each multiplication and each addition; {@code MULTIPLY_ADDS} one row of a
 * {@link Tape} for both together; {@code ONE_NODE} one row for a whole dot product of 16. The gradient is the same.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar BackwardPass}
 *
 * <p>You should see nanoseconds beside "node" (results of operations, leaves not counted) and beside "product" (of W and
 * x, of which all three have the same number). A row with three operands and an object with two cost about the same while
 * the graph is small; the object costs several times as much when the graph has left the caches. A row with 32 operands
 * costs more than either and replaces 31 objects, so that it is the cheapest for each product.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class BackwardPassBenchmark {
    private static final int WIDTH = 16;

    /** What the graph is made of. */
    @Param
    public Graph graph;

    /** Products of a weight and an input; 25,600 are about as many as a training step of stage 5 has. */
    @Param({"2560", "25600", "256000"})
    public int products;

    private final PythonRandom random = new PythonRandom(42);
    private long nodes;
    private DoubleSupplier pass; // backward; returns the gradient of W[0][0]

    /** The graphs. */
    public enum Graph {
        /** Objects with two operands. */
        VALUE,
        /** Rows with three operands. */
        MULTIPLY_ADDS,
        /** Rows with as many operands as a dot product has. */
        ONE_NODE
    }

    /** Counts nodes and products, so that JMH divides the time by them. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Nodes so far. */
        public long node;

        /** Products so far. */
        public long product;
    }

    /** The forward pass. */
    @Setup
    public void prepare() {
        switch (graph) {
            case VALUE -> onValues();
            case MULTIPLY_ADDS -> onTape(new Tape(DotProducts.AS_MULTIPLY_ADDS));
            case ONE_NODE -> onTape(new Tape(DotProducts.AS_ONE_NODE));
        }
    }

    /**
     * The backward pass.
     *
     * @param per counts what was passed
     * @return the gradient of one weight, so that nothing can be left out
     */
    @Benchmark
    public double backward(Per per) {
        double gradient = pass.getAsDouble();
        per.node += nodes;
        per.product += products;
        return gradient;
    }

    private int inputs() {
        return products / (WIDTH * WIDTH);
    }

    private double draw() {
        return random.nextGaussian(0, 0.25);
    }

    private void onValues() {
        Value[][] w = new Value[WIDTH][];
        for (int row = 0; row < WIDTH; row++) {
            w[row] = leaves();
        }
        Value sum = new Value(0);
        for (int input = 0; input < inputs(); input++) {
            for (Value y : Functions.linear(leaves(), w)) {
                sum = sum.add(y.tanh());
            }
        }
        Value loss = sum;
        nodes = (long) inputs() * WIDTH * (2 * WIDTH - 1 + 2); // W products, W - 1 sums, tanh, sum
        pass = () -> {
            w[0][0].clearGrad();
            loss.backward();
            return w[0][0].grad();
        };
    }

    private Value[] leaves() {
        Value[] leaves = new Value[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            leaves[i] = new Value(draw());
        }
        return leaves;
    }

    private void onTape(Tape tape) {
        int w = leaves(tape, WIDTH * WIDTH);
        int loss = tape.leaf(0);
        for (int input = 0; input < inputs(); input++) {
            int x = leaves(tape, WIDTH);
            for (int row = 0; row < WIDTH; row++) {
                int y = tape.tanh(tape.dot(w + row * WIDTH, 1, x, 1, WIDTH));
                loss = tape.add(loss, y);
            }
        }
        int root = loss;
        nodes = tape.size() - (WIDTH * WIDTH + 1 + (long) inputs() * WIDTH);
        pass = () -> {
            tape.backward(root);
            return tape.grad(w);
        };
    }

    private int leaves(Tape tape, int count) {
        int first = tape.size();
        for (int i = 0; i < count; i++) {
            tape.leaf(draw());
        }
        return first;
    }
}
