package dev.microgpt.transformer.array;

import dev.microgpt.transformer.kernels.DoubleMath;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link DoubleReader} for many documents at once, on SIMD. Every number is a row, with a sequence for each document, and every
 * operation a loop over the sequences; weights are read as they lie. The documents may stand at different positions.
 *
 * <p>In a step all sequences write their keys and values into the same slot, and look back as many slots as they have
 * positions. What is further back weighs exactly 0 and comes first in each sum, so that a sequence's bits do not depend on the
 * others.
 *
 * <p>What is to be done is a list rather than calls in a row, so that HotSpot compiles each operation by itself: out of a
 * method that has taken in many of them it lets vectors escape into objects.
 */
public abstract class DoubleBatchReader implements BatchReader {
    private final Layout layout;
    private final double[] w; // all weights, in the layout of a model's parameters
    protected final int sequences;
    private final double[] embedded; // the same numbers as x, [sequences][embedDim]
    private final double[] x; // residual stream, [embedDim][sequences]
    private final double[] normed; // [embedDim][sequences]
    private final double[] queries; // [embedDim][sequences]
    private final double[][][] slots; // keys and values, of each layer and slot [2·embedDim][sequences]
    private double[][] seen; // those of the slots that some sequence looks at, oldest first
    private double[] scores; // of one head, oldest first, [slots][sequences]
    private final double[] mixed; // [embedDim][sequences]
    private final double[] hidden; // [hiddenDim][sequences]
    private final double[] branch; // what is added to the residual stream, [embedDim][sequences]
    private final double[] logits; // [vocabSize][sequences]
    private final double[] logitsOfSequences; // the same numbers, [sequences][vocabSize]
    private final double[] position; // tokens read before this one, [sequences]
    private final double[] max; // [sequences]
    private final double[] sum; // [sequences]
    private final double[] shares; // e^((logit − max)/temperature), [vocabSize][sequences]
    private final double[] numbers; // drawn in [0, 1), [sequences]
    private final double[] drawn; // tokens, [sequences]
    private final double[] closest; // how close a running sum of shares came to the number, [sequences]
    private final List<Runnable> reading = new ArrayList<>();
    private final List<Runnable> drawing = new ArrayList<>();
    private int slot; // that is written into
    private int count; // of slots that some sequence looks at
    private double inverseTemperature;

    protected DoubleBatchReader(Layout layout, int sequences, double... w) {
        this.layout = layout;
        this.w = w;
        this.sequences = sequences;
        int n = layout.embedDim();
        embedded = new double[sequences * n];
        x = new double[n * sequences];
        normed = new double[n * sequences];
        queries = new double[n * sequences];
        slots = new double[layout.layerCount()][layout.firstPositions(sequences)][2 * n * sequences];
        seen = new double[slots[0].length][];
        scores = new double[slots[0].length * sequences];
        mixed = new double[n * sequences];
        hidden = new double[layout.hiddenDim() * sequences];
        branch = new double[n * sequences];
        logits = new double[layout.vocabSize() * sequences];
        logitsOfSequences = new double[sequences * layout.vocabSize()];
        position = new double[sequences];
        max = new double[sequences];
        sum = new double[sequences];
        shares = new double[layout.vocabSize() * sequences];
        numbers = new double[sequences];
        drawn = new double[sequences];
        closest = new double[sequences];
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            attention(layer);
            mlp(layer);
        }
        reading.add(() -> linear(w, layout.lmHead(), n, x, logits, layout.vocabSize()));
        drawing.add(() -> largest(logits, layout.vocabSize(), max));
        drawing.add(() -> exponentials(logits, layout.vocabSize(), max, inverseTemperature, shares));
        drawing.add(() -> addUp(shares, layout.vocabSize(), sum));
        drawing.add(() -> choose(shares, layout.vocabSize(), sum, numbers, drawn, closest));
    }

    @Override
    public final void read(int[] tokenIds, int[] position) {
        int longest = 0;
        for (int sequence = 0; sequence < position.length; sequence++) {
            this.position[sequence] = position[sequence];
            longest = Math.max(longest, position[sequence]);
        }
        count = longest + 1;
        if (count > seen.length) {
            grow();
        }
        embed(tokenIds, position);
        reading.forEach(Runnable::run);
        slot = (slot + 1) % seen.length;
    }

    /** More slots: those there are come first, the oldest of them at the beginning. */
    private void grow() {
        int old = seen.length;
        int more = layout.morePositions(old);
        for (int layer = 0; layer < layout.layerCount(); layer++) {
            double[][] longer = new double[more][];
            for (int s = 0; s < more; s++) {
                longer[s] = s < old ? slots[layer][(slot + s) % old] : new double[2 * layout.embedDim() * sequences];
            }
            slots[layer] = longer;
        }
        seen = new double[more][];
        scores = new double[more * sequences];
        slot = old;
    }

    @Override
    public final void logits(/* always */ double[][] to) {
        int vocab = layout.vocabSize();
        transpose(logits, vocab, logitsOfSequences, sequences);
        for (int sequence = 0; sequence < to.length; sequence++) {
            for (int i = 0; i < vocab; i++) {
                to[sequence][i] = logitsOfSequences[sequence * vocab + i];
            }
        }
    }

    @Override
    public final void draw(/* always */ double temperature, /* always */ double[] uniform, int[] tokenIds) {
        for (int sequence = 0; sequence < uniform.length; sequence++) {
            numbers[sequence] = DoubleMath.rounded(uniform[sequence]);
        }
        inverseTemperature = DoubleMath.rounded(1 / temperature);
        drawing.forEach(Runnable::run);
        double margin = DoubleMath.ROUNDING * (layout.vocabSize() + 8);
        for (int sequence = 0; sequence < tokenIds.length; sequence++) {
            tokenIds[sequence] = closest[sequence] > margin * sum[sequence] ? (int) drawn[sequence] : UNDECIDED;
        }
    }

    /** x = rmsNorm(wte[token] + wpe[position]). */
    private void embed(int[] tokenIds, int[] position) {
        int n = layout.embedDim();
        for (int sequence = 0; sequence < tokenIds.length; sequence++) {
            int token = layout.tokenEmbedding() + tokenIds[sequence] * n;
            int place = layout.positionEmbedding() + position[sequence] * n;
            for (int i = 0; i < n; i++) {
                embedded[sequence * n + i] = w[token + i] + w[place + i];
            }
        }
        transpose(embedded, sequences, x, n);
        rmsNorm(x, n, sum, x);
    }

    /** x += Wo·Σ_s p_s·v_s with p = softmax_s(q·k_s / √headDim), per head. */
    private void attention(int layer) {
        int n = layout.embedDim();
        int dim = layout.headDim();
        double scale = 1 / DoubleMath.sqrt(dim);
        reading.add(() -> rmsNorm(x, n, sum, normed));
        reading.add(() -> linear(w, layout.wqkv(layer), n, normed, queries, n));
        reading.add(() -> linear(w, layout.wqkv(layer) + n * n, n, normed, slots[layer][slot], 2 * n));
        reading.add(() -> lookBack(slots[layer]));
        for (int h = 0; h < layout.headCount(); h++) {
            int from = h * dim;
            reading.add(() -> scores(queries, seen, count, from, from + dim, position, scores, max));
            reading.add(() -> exponentials(scores, count, max, scale, scores));
            reading.add(() -> addUp(scores, count, sum));
            reading.add(() -> mix(scores, sum, seen, count, n + from, n + from + dim, mixed, from));
        }
        reading.add(() -> linear(w, layout.wo(layer), n, mixed, branch, n));
        reading.add(() -> add(branch, x));
    }

    private void lookBack(double[][] slots) {
        for (int s = 0; s < count; s++) {
            seen[s] = slots[Math.floorMod(slot + 1 - count + s, slots.length)];
        }
    }

    /** x += fc2·activation(fc1·rmsNorm(x)). */
    private void mlp(int layer) {
        int n = layout.embedDim();
        reading.add(() -> rmsNorm(x, n, sum, normed));
        reading.add(() -> linear(w, layout.fc1(layer), n, normed, hidden, layout.hiddenDim()));
        reading.add(() -> relu(hidden));
        if (layout.squaredRelu()) {
            reading.add(() -> square(hidden));
        }
        reading.add(() -> linear(w, layout.fc2(layer), layout.hiddenDim(), hidden, branch, n));
        reading.add(() -> add(branch, x));
    }

    private static void square(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= x[i];
        }
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += x[i];
        }
    }

    // ---- the operations, on rows of sequences

    /** y [columns][rows] of x [rows][columns]. */
    protected abstract void transpose(double[] x, int rows, double[] y, int columns);

    /** y_o = Σ_i w_oi·x_i; the weights begin at {@code at}. */
    protected abstract void linear(double[] w, int at, int in, double[] x, double[] y, int out);

    /** y = x / √(mean(x²) + ε), n rows; leaves the factor. */
    protected abstract void rmsNorm(double[] x, int n, double[] factor, double[] y);

    /** x ← max(x, 0). */
    protected abstract void relu(double[] x);

    /** y_s = Σ_i q_i·k_si over the features of a head, −∞ where a sequence does not look; leaves the largest. */
    protected abstract void scores(
            double[] q, double[][] keys, int count, int from, int to, double[] position, double[] y, double[] max);

    /** The largest of the first rows of x. */
    protected abstract void largest(double[] x, int rows, double[] max);

    /** y = e^((x − max)·scale) for the first rows of x, which may be y. */
    protected abstract void exponentials(double[] x, int rows, double[] max, double scale, double[] y);

    /** The sum of the first rows of x. */
    protected abstract void addUp(double[] x, int rows, double[] sum);

    /** How many running sums of shares are not above number·total, and how close one came to it. */
    protected abstract void choose(
            double[] shares, int rows, double[] total, double[] numbers, double[] passed, double[] closest);

    /** y_i = Σ_s p_s·v_si / sum, of the features from {@code from} to {@code to} − 1; the first is row {@code at} of y. */
    protected abstract void mix(
            double[] p, double[] sum, double[][] values, int count, int from, int to, double[] y, int at);
}
