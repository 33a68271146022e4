package dev.microgpt.transformer.array;

import dev.microgpt.transformer.kernels.DoubleHidden;
import dev.microgpt.transformer.kernels.DoubleKernels;
import java.util.Arrays;

/**
 * Loss and gradient of a GPT with the derivative worked out by hand, or the losses alone. All positions of a document, and of
 * as many documents as fit, are rows of one matrix. Scratch of one thread; allocates nothing after construction but the losses.
 */
public final class DoubleGpt {
    private final Layout layout;
    private final DoubleKernels kernels;
    private final int capacity; // most rows at once
    private final Layer[] layers;
    private final double[] x; // residual stream, [rows][embedDim]
    private final double[] branch; // what is added to it, [rows][embedDim]
    private final double[] embedded; // rmsNorm of the embeddings, [rows][embedDim]
    private final double[] embeddedScale; // [rows]
    private final double[] logits; // [rows][vocabSize], and dLogits
    private final int[] targets; // [rows]
    private final double[] weights; // of the losses, [rows]
    private final double[] losses; // [rows]
    private final double[] dX; // [rows][embedDim]
    private final double[] dNormed; // [rows][embedDim]
    private final double[] dQkv; // [rows][3·embedDim]
    private final double[] dHidden; // [rows][hiddenDim]

    /** What the backward pass needs of a layer. */
    private static final class Layer {
        final double[] normed1; // [rows][embedDim]
        final double[] scale1; // [rows]
        final double[] qkv; // [rows][3·embedDim]
        final double[] attention; // [rows][headCount][blockSize]
        final double[] mixed; // [rows][embedDim]
        final double[] normed2; // [rows][embedDim]
        final double[] scale2; // [rows]
        final DoubleHidden hidden; // [rows][hiddenDim]

        Layer(Layout layout, DoubleKernels kernels, int rows) {
            int n = layout.embedDim();
            normed1 = kernels.matrix(rows, n);
            scale1 = kernels.matrix(rows, 1);
            qkv = kernels.matrix(rows, 3 * n);
            attention = kernels.matrix(rows, kernels.weightsPerPosition());
            mixed = kernels.matrix(rows, n);
            normed2 = kernels.matrix(rows, n);
            scale2 = kernels.matrix(rows, 1);
            hidden = kernels.hidden(layout.squaredRelu(), rows);
        }
    }

    public DoubleGpt(Layout layout, DoubleKernels kernels, int capacity) {
        this.layout = layout;
        this.kernels = kernels;
        this.capacity = Math.max(capacity, layout.blockSize());
        int rows = this.capacity;
        int n = layout.embedDim();
        layers = new Layer[layout.layerCount()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new Layer(layout, kernels, rows);
        }
        x = kernels.matrix(rows, n);
        branch = kernels.matrix(rows, n);
        embedded = kernels.matrix(rows, n);
        embeddedScale = kernels.matrix(rows, 1);
        logits = kernels.matrix(rows, layout.vocabSize());
        targets = new int[rows];
        weights = kernels.matrix(rows, 1);
        losses = kernels.matrix(rows, 1);
        dX = kernels.matrix(rows, n);
        dNormed = kernels.matrix(rows, n);
        dQkv = kernels.matrix(rows, 3 * n);
        dHidden = kernels.matrix(rows, layout.hiddenDim());
    }

    /** Most rows that one call takes. */
    public int capacity() {
        return capacity;
    }

    /** How many rows a document needs: one for each of its predictions. */
    public int rows(int... tokens) {
        return layout.predictions(tokens);
    }

    /**
     * The gradient of the sum of each document's share times its mean loss; overwrites {@code gradient}. The documents from
     * {@code from} to {@code to} − 1 have no more than {@link #capacity} rows.
     *
     * @return that sum
     */
    public double gradient(double[] w, int[][] documents, int from, int to, double[] shares, double[] gradient) {
        weigh(documents, from, to, shares);
        int rows = forward(w, documents, from, to);
        double loss = 0;
        for (int t = 0; t < rows; t++) {
            loss += weights[t] * losses[t];
        }
        headBackward(w, rows, gradient);
        for (int i = layers.length - 1; i >= 0; i--) {
            mlpBackward(w, i, rows, gradient);
            attentionBackward(w, i, documents, from, to, rows, gradient);
        }
        kernels.clear(dNormed, rows, layout.embedDim());
        kernels.rmsNormBackward(dX, embedded, embeddedScale, dNormed, rows, layout.embedDim());
        embedBackward(documents, from, to, gradient);
        return loss;
    }

    /**
     * Writes the loss of each prediction of the documents from {@code from} to {@code to} − 1, which have no more than
     * {@link #capacity} rows, into {@code of[document]}.
     */
    public void losses(double[] w, int[][] documents, int from, int to, /* always */ double[][] of) {
        forward(w, documents, from, to); // whatever the weights, on which only gradients depend
        int row = 0;
        for (int d = from; d < to; d++) {
            of[d] = new /* always */ double[rows(documents[d])];
            for (int t = 0; t < of[d].length; t++) {
                of[d][t] = losses[row++];
            }
        }
    }

    /** A document's share of the loss is that of its predictions together. */
    private void weigh(int[][] documents, int from, int to, double[] shares) {
        int row = 0;
        for (int d = from; d < to; d++) {
            int count = rows(documents[d]);
            Arrays.fill(weights, row, row + count, shares[d] / count);
            row += count;
        }
    }

    /** Leaves the losses, and in {@link #logits} their gradients; returns the number of rows. */
    private int forward(double[] w, int[][] documents, int from, int to) {
        int rows = embed(w, documents, from, to);
        kernels.rmsNorm(x, embedded, embeddedScale, rows, layout.embedDim());
        kernels.copy(embedded, x, rows, layout.embedDim());
        for (int i = 0; i < layers.length; i++) {
            attentionForward(w, i, documents, from, to, rows);
            mlpForward(w, i, rows);
        }
        head(w, documents, from, to, rows);
        return rows;
    }

    // x = wte[token] + wpe[position]

    /** Returns the number of rows. */
    private int embed(double[] w, int[][] documents, int from, int to) {
        int n = layout.embedDim();
        int row = 0;
        for (int d = from; d < to; d++) {
            int[] tokens = documents[d];
            int count = rows(tokens);
            for (int t = 0; t < count; t++) {
                kernels.embed(
                        w, layout.tokenEmbedding() + tokens[t] * n, layout.positionEmbedding() + t * n, x, row++, n);
            }
        }
        return row;
    }

    private void embedBackward(int[][] documents, int from, int to, double[] gradient) {
        Arrays.fill(gradient, layout.tokenEmbedding(), layout.lmHead(), 0);
        int n = layout.embedDim();
        int row = 0;
        for (int d = from; d < to; d++) {
            int[] tokens = documents[d];
            int count = rows(tokens);
            for (int t = 0; t < count; t++) {
                kernels.embedBackward(
                        dNormed,
                        row++,
                        gradient,
                        layout.tokenEmbedding() + tokens[t] * n,
                        layout.positionEmbedding() + t * n,
                        n);
            }
        }
    }

    // x += Wo·attention(Wqkv·rmsNorm(x))

    private void attentionForward(double[] w, int i, int[][] documents, int from, int to, int rows) {
        Layer layer = layers[i];
        int n = layout.embedDim();
        kernels.rmsNorm(x, layer.normed1, layer.scale1, rows, n);
        kernels.linear(layer.normed1, w, layout.wqkv(i), layer.qkv, rows, n, 3 * n);
        int start = 0;
        for (int d = from; d < to; d++) {
            int count = rows(documents[d]);
            kernels.attention(layer.qkv, layer.attention, layer.mixed, start, count);
            start += count;
        }
        kernels.linear(layer.mixed, w, layout.wo(i), branch, rows, n, n);
        kernels.add(x, branch, rows, n);
    }

    private void attentionBackward(
            double[] w, int i, int[][] documents, int from, int to, int rows, double[] gradient) {
        Layer layer = layers[i];
        int n = layout.embedDim();
        kernels.linearBackwardWeight(dX, layer.mixed, gradient, layout.wo(i), rows, n, n);
        kernels.linearBackwardInput(dX, w, layout.wo(i), dNormed, rows, n, n);
        int start = 0;
        for (int d = from; d < to; d++) {
            int count = rows(documents[d]);
            kernels.attentionBackward(dNormed, layer.qkv, layer.attention, layer.mixed, dQkv, start, count);
            start += count;
        }
        kernels.linearBackwardWeight(dQkv, layer.normed1, gradient, layout.wqkv(i), rows, n, 3 * n);
        kernels.linearBackwardInput(dQkv, w, layout.wqkv(i), dNormed, rows, n, 3 * n);
        kernels.rmsNormBackward(dNormed, layer.normed1, layer.scale1, dX, rows, n);
    }

    // x += fc2·activation(fc1·rmsNorm(x))

    private void mlpForward(double[] w, int i, int rows) {
        Layer layer = layers[i];
        int n = layout.embedDim();
        kernels.rmsNorm(x, layer.normed2, layer.scale2, rows, n);
        kernels.linear(layer.normed2, w, layout.fc1(i), layer.hidden.z(), rows, n, layout.hiddenDim());
        kernels.activate(layer.hidden, rows);
        kernels.sumOfUnits(layer.hidden, layer.hidden.h(), w, layout.fc2(i), branch, rows);
        kernels.add(x, branch, rows, n);
    }

    private void mlpBackward(double[] w, int i, int rows, double[] gradient) {
        Layer layer = layers[i];
        int n = layout.embedDim();
        kernels.activateBackward(layer.hidden, dX, w, layout.fc2(i), dHidden, rows);
        kernels.sumOfUnitsBackwardWeight(layer.hidden, layer.hidden.h(), dX, gradient, layout.fc2(i), rows);
        kernels.sumOfUnitsBackwardWeight(layer.hidden, dHidden, layer.normed2, gradient, layout.fc1(i), rows);
        kernels.sumOfUnits(layer.hidden, dHidden, w, layout.fc1(i), dNormed, rows);
        kernels.rmsNormBackward(dNormed, layer.normed2, layer.scale2, dX, rows, n);
    }

    // loss = Σ_documents share·mean_t −log softmax(lm_head·x)[next token]

    private void head(double[] w, int[][] documents, int from, int to, int rows) {
        kernels.linear(x, w, layout.lmHead(), logits, rows, layout.embedDim(), layout.vocabSize());
        int row = 0;
        for (int d = from; d < to; d++) {
            int[] tokens = documents[d];
            int count = rows(tokens);
            for (int t = 0; t < count; t++) {
                targets[row++] = tokens[t + 1];
            }
        }
        kernels.crossEntropy(logits, targets, weights, losses, rows, layout.vocabSize());
    }

    private void headBackward(double[] w, int rows, double[] gradient) {
        int n = layout.embedDim();
        kernels.linearBackwardWeight(logits, x, gradient, layout.lmHead(), rows, n, layout.vocabSize());
        kernels.linearBackwardInput(logits, w, layout.lmHead(), dX, rows, n, layout.vocabSize());
    }
}
