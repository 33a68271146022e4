package dev.microgpt.transformer;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tape.DotProducts;
import dev.microgpt.autograd.Value;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Arrays;

/**
 * The attention of one document as an engine computes it, cut out of the engine: in each head p_t = softmax_s(q_t·k_s /
 * √headDim), mixed_t = Σ_{s ≤ t} p_ts·v_s, and its gradient. It stands in the package of the engines because their kernels
 * are visible nowhere else; on values and on the tape it is written as in the engine.
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
    public static AttentionLoop of(Engine.Kind kind, Engine.Precision precision, Input input) {
        int positions = input.qkv.length;
        GptConfig config = new GptConfig(2, positions, input.dMixed[0].length, input.heads, 1, Activation.RELU);
        if (precision == Engine.Precision.FLOAT) {
            return new OnFloats(Simd.floatKernels(config, positions), config, input);
        }
        return switch (kind) {
            case VALUE -> new OnValues(input);
            case TAPE_OF_MULTIPLY_ADDS -> new OnTape(DotProducts.AS_MULTIPLY_ADDS, input);
            case TAPE -> new OnTape(DotProducts.AS_ONE_NODE, input);
            case ARRAY -> new OnDoubles(new DoubleKernels(), config, input);
            case VECTOR -> new OnDoubles(Simd.doubleKernels(config, positions), config, input);
        };
    }

    /**
     * Computes the output.
     *
     * @return one of its numbers, that of the last position and head
     */
    public abstract double forward();

    /**
     * Computes the gradient of Σ dMixed·mixed, behind {@link #forward}.
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
        private final Value[][] mixed; // [positions][n]
        private final double[][] dMixed; // [positions][n]

        OnValues(Input input) {
            super(input);
            qkv = Arrays.stream(input.qkv)
                    .map(row -> Arrays.stream(row).mapToObj(Value::new).toArray(Value[]::new))
                    .toArray(Value[][]::new);
            mixed = new Value[positions][n];
            dMixed = input.dMixed;
        }

        @Override
        public double forward() {
            for (int t = 0; t < positions; t++) {
                for (int from = 0; from < n; from += dim) {
                    head(t, from);
                }
            }
            return mixed[positions - 1][n - 1].data();
        }

        private void head(int t, int from) {
            Value[] q = Arrays.copyOfRange(qkv[t], from, from + dim);
            Value[] scores = new Value[t + 1];
            for (int s = 0; s <= t; s++) {
                scores[s] = Functions.dot(q, Arrays.copyOfRange(qkv[s], n + from, n + from + dim))
                        .div(Math.sqrt(dim));
            }
            Value[] weights = Functions.softmax(scores);
            for (int i = from; i < from + dim; i++) {
                Value sum = weights[0].mul(qkv[0][2 * n + i]);
                for (int s = 1; s <= t; s++) {
                    sum = sum.add(weights[s].mul(qkv[s][2 * n + i]));
                }
                mixed[t][i] = sum;
            }
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
        private final DotProducts dotProducts;
        private final int qkv; // handle of the first of [positions][3n]
        private final int dMixed; // handle of the first of [positions][n]
        private final int one; // handles of constants
        private final int scale;
        private final int leaves; // how many rows stay
        private final int[] mixed; // handle of the first of each position
        private final int[] weights; // handle of the first of each head

        OnTape(DotProducts dotProducts, Input input) {
            super(input);
            tape = new Tape(dotProducts);
            this.dotProducts = dotProducts;
            qkv = tape.leaves(
                    Arrays.stream(input.qkv).flatMapToDouble(Arrays::stream).toArray());
            dMixed = tape.leaves(
                    Arrays.stream(input.dMixed).flatMapToDouble(Arrays::stream).toArray());
            one = tape.leaf(1);
            scale = tape.leaf(1 / Math.sqrt(dim));
            leaves = tape.size();
            mixed = new int[positions];
            weights = new int[heads];
        }

        @Override
        public double forward() {
            tape.truncate(leaves);
            for (int t = 0; t < positions; t++) {
                for (int head = 0; head < heads; head++) {
                    weights[head] = softmax(scores(t, head * dim), t + 1);
                }
                int stride = rowsOfDot(t + 1);
                int sums = tape.size() + stride - 1; // a dot product's result is the last of its rows
                for (int i = 0; i < n; i++) {
                    tape.dot(weights[i / dim], 1, qkv + 2 * n + i, 3 * n, t + 1);
                }
                mixed[t] = tape.size();
                for (int i = 0; i < n; i++) {
                    tape.mul(sums + i * stride, one); // side by side, for the product behind attention
                }
            }
            return tape.data(mixed[positions - 1] + n - 1);
        }

        private int rowsOfDot(int n) {
            return dotProducts == DotProducts.AS_ONE_NODE ? 1 : n;
        }

        private int scores(int t, int from) {
            int stride = rowsOfDot(dim);
            int dots = tape.size() + stride - 1;
            for (int s = 0; s <= t; s++) {
                tape.dot(qkv + t * 3 * n + from, 1, qkv + s * 3 * n + n + from, 1, dim);
            }
            int first = tape.size();
            for (int s = 0; s <= t; s++) {
                tape.mul(dots + s * stride, scale);
            }
            return first;
        }

        private int softmax(int x, int count) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                largest = Math.max(largest, tape.data(x + i));
            }
            int max = tape.leaf(largest);
            int differences = tape.size();
            for (int i = 0; i < count; i++) {
                tape.sub(x + i, max);
            }
            int exps = tape.size();
            for (int i = 0; i < count; i++) {
                tape.exp(differences + i);
            }
            int total = exps;
            for (int i = 1; i < count; i++) {
                total = tape.add(total, exps + i);
            }
            int first = tape.size();
            for (int i = 0; i < count; i++) {
                tape.div(exps + i, total);
            }
            return first;
        }

        @Override
        public double backward() {
            int sum = tape.leaf(0);
            for (int t = 0; t < positions; t++) {
                sum = tape.add(sum, tape.dot(mixed[t], 1, dMixed + t * n, 1, n));
            }
            tape.backward(sum);
            return tape.grad(qkv);
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                tape.gradients(qkv + t * 3 * n, gradient[t]);
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

        OnDoubles(DoubleKernels kernels, GptConfig config, Input input) {
            super(input);
            this.kernels = kernels;
            qkv = kernels.matrix(positions, 3 * n);
            p = kernels.matrix(positions, kernels.weightsPerPosition(config));
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
            kernels.attention(qkv, p, mixed, 0, positions, heads, n, positions);
            return mixed[positions * n - 1];
        }

        @Override
        public double backward() {
            kernels.attentionInput(dMixed, qkv, p, mixed, dQkv, 0, positions, heads, n, positions);
            return dQkv[0];
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                double[] both = new double[6 * n]; // the row of the token, then that of the position
                kernels.embedWeight(dQkv, t, both, 0, 3 * n, 3 * n);
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

        OnFloats(FloatKernels kernels, GptConfig config, Input input) {
            super(input);
            this.kernels = kernels;
            qkv = kernels.matrix(positions, 3 * n);
            p = kernels.matrix(positions, kernels.weightsPerPosition(config));
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
            kernels.attention(qkv, p, mixed, 0, positions, heads, n, positions);
            return mixed[positions * n - 1];
        }

        @Override
        public double backward() {
            kernels.attentionInput(dMixed, qkv, p, mixed, dQkv, 0, positions, heads, n, positions);
            return dQkv[0];
        }

        @Override
        public double[][] gradient() {
            double[][] gradient = new double[positions][3 * n];
            for (int t = 0; t < positions; t++) {
                float[] both = new float[6 * n];
                kernels.embedWeight(dQkv, t, both, 0, 3 * n, 3 * n);
                for (int i = 0; i < 3 * n; i++) {
                    gradient[t][i] = both[i];
                }
            }
            return gradient;
        }
    }
}
