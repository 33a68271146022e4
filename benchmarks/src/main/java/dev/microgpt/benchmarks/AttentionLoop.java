package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.graph.TapeGpt;
import dev.microgpt.transformer.graph.TapeGpt.Matrix;
import dev.microgpt.transformer.graph.ValueGpt;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.FloatKernels;
import dev.microgpt.transformer.vector.Simd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The attention of one document as an engine computes it, cut out of the engine: in each head p_t = softmax_s(q_t·k_s /
 * √headDim), mixed_t = Σ_{s ≤ t} p_ts·v_s, and its gradient. The engine's own methods do it.
 */
public abstract sealed class AttentionLoop {
    final int positions;
    final int heads;
    final int dim;
    final int n; // heads * dim

    private AttentionLoop(Input input) {
        positions = input.qkv.length;
        heads = input.heads;
        n = input.dMixed[0].length;
        dim = n / heads;
    }

    /**
     * What attention works on.
     *
     * @param heads number of heads
     * @param qkv rows [q | k | v], each [heads][headDim], one row for each position
     * @param dMixed gradient of the output, [positions][heads·headDim]
     */
    public record Input(int heads, double[][] qkv, double[][] dMixed) {}

    /**
     * Cuts the attention out of an engine.
     *
     * @param kind the way of computing
     * @param precision a precision that it has
     * @param input what to work on
     * @return a new loop, which belongs to one thread
     */
    public static AttentionLoop of(Engine.Kind kind, Precision precision, Input input) {
        int positions = input.qkv.length;
        Layout layout = new Layout(2, positions, input.dMixed[0].length, input.heads, 1, false);
        if (precision == Precision.FLOAT) {
            return new OnFloats(Simd.floatKernels(layout), input);
        }
        return switch (kind) {
            case VALUE -> new OnValues(input);
            case TAPE -> new OnTape(layout, input);
            case ARRAY ->
                new OnDoubles(
                        new DoubleKernels(layout.embedDim(), layout.hiddenDim(), layout.headCount(), positions), input);
            case VECTOR -> new OnDoubles(Simd.doubleKernels(layout), input);
        };
    }

    /**
     * Computes the output.
     *
     * @return one of its numbers, that of the last position and head
     */
    public abstract double forward();

    /**
     * Computes the gradient of Σ dMixed·mixed, after {@link #forward}.
     *
     * @return one of its numbers, that of the first query
     */
    public abstract double backward();

    /**
     * The gradient.
     *
     * @return a copy, [positions][3·heads·headDim]
     */
    public abstract double[][] gradient();

    private static final class OnValues extends AttentionLoop {
        private final Value[][] qkv; // [positions][3n]
        private final Value[][] q; // the same values, each [positions][n]
        private final Value[][] k;
        private final Value[][] v;
        private final Value[][] mixed; // [positions][n]
        private final double[][] dMixed; // [positions][n]

        OnValues(Input input) {
            super(input);
            qkv = Arrays.stream(input.qkv)
                    .map(row -> Arrays.stream(row).mapToObj(Value::new).toArray(Value[]::new))
                    .toArray(Value[][]::new);
            q = columns(0);
            k = columns(n);
            v = columns(2 * n);
            mixed = new Value[positions][n];
            dMixed = input.dMixed;
        }

        private Value[][] columns(int from) {
            return Arrays.stream(qkv)
                    .map(row -> Arrays.copyOfRange(row, from, from + n))
                    .toArray(Value[][]::new);
        }

        @Override
        public double forward() {
            List<Value[]> keys = new ArrayList<>();
            List<Value[]> values = new ArrayList<>();
            for (int t = 0; t < positions; t++) {
                keys.add(k[t]);
                values.add(v[t]);
                ValueGpt.heads(dim, q[t], keys, values, mixed[t], DotProducts.AS_ONE_NODE);
            }
            return mixed[positions - 1][n - 1].data();
        }

        @Override
        public double backward() {
            Value sum = new Value(0);
            for (int t = 0; t < positions; t++) {
                for (Value leaf : qkv[t]) {
                    leaf.clearGrad();
                }
                for (int i = 0; i < n; i++) {
                    sum = sum.add(mixed[t][i].mul(dMixed[t][i]));
                }
            }
            sum.backward();
            return qkv[0][0].grad();
        }

        @Override
        public double[][] gradient() {
            return Arrays.stream(qkv)
                    .map(row -> Arrays.stream(row).mapToDouble(Value::grad).toArray())
                    .toArray(double[][]::new);
        }
    }

    private static final class OnTape extends AttentionLoop {
        private final Tape tape;
        private final TapeGpt gpt; // its weights are the rows [q | k | v]
        private final Matrix q;
        private final Matrix k;
        private final Matrix v;
        private final int dMixed; // handle of the first of [positions][n]
        private final int leaves; // how many rows stay
        private Matrix mixed; // [positions][n]

        OnTape(Layout layout, Input input) {
            super(input);
            Parameters qkv =
                    Parameters.builder().tensor("qkv", positions, 3 * n).build();
            for (int t = 0; t < positions; t++) {
                System.arraycopy(input.qkv[t], 0, qkv.values(), t * 3 * n, 3 * n);
            }
            tape = new Tape(DotProducts.AS_ONE_NODE);
            gpt = new TapeGpt(layout, qkv, tape);
            q = columns(0);
            k = columns(n);
            v = columns(2 * n);
            dMixed = tape.leaves(
                    Arrays.stream(input.dMixed).flatMapToDouble(Arrays::stream).toArray());
            leaves = tape.size();
        }

        private Matrix columns(int from) {
            return new Matrix(
                    IntStream.range(0, positions).map(t -> t * 3 * n + from).toArray(), 1);
        }

        @Override
        public double forward() {
            tape.truncate(leaves);
            mixed = gpt.heads(q, k, v);
            return tape.data(mixed.at(positions - 1, n - 1));
        }

        @Override
        public double backward() {
            int sum = tape.leaf(0);
            for (int t = 0; t < positions; t++) {
                sum = tape.add(sum, tape.dot(mixed.at(t, 0), 1, dMixed + t * n, 1, n));
            }
            tape.backward(sum);
            return tape.grad(0);
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                tape.gradients(t * 3 * n, gradient[t]);
            }
            return gradient;
        }
    }

    private static final class OnDoubles extends AttentionLoop {
        private final DoubleKernels kernels;
        private final double[] qkv;
        private final double[] p;
        private final double[] mixed;
        private final double[] dMixed;
        private final double[] dQkv;

        OnDoubles(DoubleKernels kernels, Input input) {
            super(input);
            this.kernels = kernels;
            qkv = kernels.matrix(positions, 3 * n);
            p = kernels.matrix(positions, kernels.weightsPerPosition());
            mixed = kernels.matrix(positions, n);
            dMixed = kernels.matrix(positions, n);
            dQkv = kernels.matrix(positions, 3 * n);
            for (int t = 0; t < positions; t++) { // x = w + 0, in the layout of the kernels
                kernels.embed(Arrays.copyOf(input.qkv[t], 6 * n), 0, 3 * n, qkv, t, 3 * n);
                kernels.embed(Arrays.copyOf(input.dMixed[t], 2 * n), 0, n, dMixed, t, n);
            }
        }

        @Override
        public double forward() {
            kernels.attention(qkv, p, mixed, 0, positions);
            return mixed[positions * n - 1];
        }

        @Override
        public double backward() {
            kernels.attentionBackward(dMixed, qkv, p, mixed, dQkv, 0, positions);
            return dQkv[0];
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                double[] both = new double[6 * n]; // the row of the token, then that of the position
                kernels.embedBackward(dQkv, t, both, 0, 3 * n, 3 * n);
                gradient[t] = Arrays.copyOf(both, 3 * n);
            }
            return gradient;
        }
    }

    private static final class OnFloats extends AttentionLoop {
        private final FloatKernels kernels;
        private final float[] qkv;
        private final float[] p;
        private final float[] mixed;
        private final float[] dMixed;
        private final float[] dQkv;

        OnFloats(FloatKernels kernels, Input input) {
            super(input);
            this.kernels = kernels;
            qkv = kernels.matrix(positions, 3 * n);
            p = kernels.matrix(positions, kernels.weightsPerPosition());
            mixed = kernels.matrix(positions, n);
            dMixed = kernels.matrix(positions, n);
            dQkv = kernels.matrix(positions, 3 * n);
            for (int t = 0; t < positions; t++) {
                kernels.embed(narrowed(input.qkv[t], 6 * n), 0, 3 * n, qkv, t, 3 * n);
                kernels.embed(narrowed(input.dMixed[t], 2 * n), 0, n, dMixed, t, n);
            }
        }

        private static float[] narrowed(double[] x, int length) {
            float[] narrowed = new float[length];
            for (int i = 0; i < x.length; i++) {
                narrowed[i] = (float) x[i];
            }
            return narrowed;
        }

        @Override
        public double forward() {
            kernels.attention(qkv, p, mixed, 0, positions);
            return mixed[positions * n - 1];
        }

        @Override
        public double backward() {
            kernels.attentionBackward(dMixed, qkv, p, mixed, dQkv, 0, positions);
            return dQkv[0];
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                float[] both = new float[6 * n];
                kernels.embedBackward(dQkv, t, both, 0, 3 * n, 3 * n);
                for (int i = 0; i < 3 * n; i++) {
                    gradient[t][i] = both[i];
                }
            }
            return gradient;
        }
    }
}
