package dev.microgpt.transformer.array;

import dev.microgpt.transformer.kernels.DoubleMatrix;

/** The weights of a GPT as {@link DoubleReader} reads them. Never changed; all contexts of a model share them. */
public final class DoubleWeights {
    public final DoubleMatrix.Kind kind; // how all matrices are laid out
    public final double[] zeros; // as many as the longest row has
    public final double[][] tokenEmbedding; // [vocabSize][embedDim]
    public final double[][] positionEmbedding; // [blockSize][embedDim]
    public final DoubleMatrix lmHead; // [vocabSize][embedDim]
    public final DoubleMatrix[] wqkv; // of each layer, [3·embedDim][embedDim]
    public final DoubleMatrix[] wo; // [embedDim][embedDim]
    public final DoubleMatrix[] fc1; // [hiddenDim][embedDim]
    public final DoubleMatrix[] fc2; // [embedDim][hiddenDim]

    /** From weights in the layout of a model's parameters. */
    public DoubleWeights(Layout layout, DoubleMatrix.Kind kind, double... w) {
        this.kind = kind;
        int n = layout.embedDim();
        zeros = new double[Math.max(layout.hiddenDim(), layout.vocabSize()) + kind.beyond()];
        int layers = layout.layerCount();
        tokenEmbedding = rows(w, layout.tokenEmbedding(), layout.vocabSize(), n);
        positionEmbedding = rows(w, layout.positionEmbedding(), layout.blockSize(), n);
        lmHead = matrix(w, layout.lmHead(), layout.vocabSize(), n);
        wqkv = new DoubleMatrix[layers];
        wo = new DoubleMatrix[layers];
        fc1 = new DoubleMatrix[layers];
        fc2 = new DoubleMatrix[layers];
        for (int layer = 0; layer < layers; layer++) {
            wqkv[layer] = matrix(w, layout.wqkv(layer), 3 * n, n);
            wo[layer] = matrix(w, layout.wo(layer), n, n);
            fc1[layer] = matrix(w, layout.fc1(layer), layout.hiddenDim(), n);
            fc2[layer] = matrix(w, layout.fc2(layer), n, layout.hiddenDim());
        }
    }

    private double[][] rows(double[] w, int at, int rows, int columns) {
        double[][] x = new double[rows][columns + kind.beyond()];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(w, at + row * columns, x[row], 0, columns);
        }
        return x;
    }

    private DoubleMatrix matrix(double[] w, int at, int outputs, int inputs) {
        DoubleMatrix x = kind.create(outputs, inputs);
        for (int o = 0; o < outputs; o++) {
            x.set(o, w, at + o * inputs, inputs);
        }
        return x;
    }
}
