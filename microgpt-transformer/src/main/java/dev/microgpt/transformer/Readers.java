package dev.microgpt.transformer;

import dev.microgpt.transformer.array.DoubleGpt;
import dev.microgpt.transformer.array.DoubleReader;
import dev.microgpt.transformer.array.DoubleRows;
import dev.microgpt.transformer.array.DoubleShards;
import dev.microgpt.transformer.array.DoubleWeights;
import dev.microgpt.transformer.array.FloatReader;
import dev.microgpt.transformer.array.FloatRows;
import dev.microgpt.transformer.array.FloatWeights;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleRowMatrix;
import dev.microgpt.transformer.kernels.FloatMatrix;
import dev.microgpt.transformer.kernels.FloatRowMatrix;
import dev.microgpt.transformer.vector.Simd;

/** Makes what reads with the weights of one GPT. They are prepared when they are first asked for, and then shared. */
final class Readers {
    private static final long WHOLE_FROM = 2_000; // predictions
    private static final long SIMD_FROM = 500_000; // predictions
    private static final long MOST_SCRATCH = 1 << 23; // numbers, 64 MB

    private final GptConfig config;
    private final Layout layout;
    private final double[] w; // in the layout of GptConfig.newParameters
    private DoubleWeights plain;
    private DoubleWeights inDouble;
    private FloatWeights inFloat;
    private float[] narrow; // w, rounded

    Readers(GptConfig config, double... w) {
        this.config = config;
        this.layout = config.layout();
        this.w = w;
    }

    /** In plain loops, whether or not there is SIMD: those are fast from the first token on. */
    GptContext plain() {
        return new GptContext(config, new DoubleReader(layout, plainWeights()));
    }

    GptContext inDouble() {
        return Simd.isPresent() ? new GptContext(config, Simd.doubleReader(layout, doubleWeights())) : plain();
    }

    GptContext inFloat() {
        return new GptContext(
                config,
                Simd.isPresent() ? Simd.floatReader(layout, floatWeights()) : new FloatReader(layout, floatWeights()));
    }

    BatchContext batchInDouble(int sequences) {
        return new BatchContext(
                config,
                sequences,
                Simd.isPresent() ? Simd.doubleBatchReader(layout, sequences, w) : new DoubleRows(layout, sequences, w));
    }

    BatchContext batchInFloat(int sequences) {
        return new BatchContext(
                config,
                sequences,
                Simd.isPresent()
                        ? Simd.floatBatchReader(layout, sequences, narrow())
                        : new FloatRows(layout, sequences, narrow()));
    }

    /** Whether {@link #losses} is worth its scratch memory: not for few predictions, nor for a shape that needs a lot. */
    boolean readsWhole(int[]... documents) {
        return predictions(documents) >= WHOLE_FROM && scratch() <= MOST_SCRATCH;
    }

    /**
     * The loss of each prediction of each document, all positions of some documents at once. On SIMD only where there are so many
     * predictions that its code is worth compiling.
     */
    double[][] losses(int[]... documents) {
        boolean simd = Simd.isPresent() && predictions(documents) >= SIMD_FROM;
        DoubleKernels kernels = simd ? Simd.doubleKernels(layout) : Engine.plainKernels(layout);
        double[] packed = new double[w.length];
        layout.pack(w, packed);
        return new DoubleShards(1, () -> new DoubleGpt(layout, kernels, Engine.ROWS)).losses(packed, documents);
    }

    private long predictions(int[]... documents) {
        long predictions = 0;
        for (int[] document : documents) {
            predictions += layout.predictions(document);
        }
        return predictions;
    }

    /** About how many numbers a {@link DoubleGpt} has. */
    private long scratch() {
        long ofLayer = 16L * layout.embedDim() + (long) layout.headCount() * layout.blockSize();
        return Math.max(Engine.ROWS, layout.blockSize())
                * (layout.layerCount() * ofLayer + 12L * layout.embedDim() + layout.vocabSize());
    }

    private synchronized DoubleWeights plainWeights() {
        if (plain == null) {
            plain = new DoubleWeights(layout, DoubleRowMatrix.KIND, w);
        }
        return plain;
    }

    private synchronized DoubleWeights doubleWeights() {
        if (inDouble == null) {
            inDouble = new DoubleWeights(layout, Simd.doubleMatrix(), w);
        }
        return inDouble;
    }

    private synchronized FloatWeights floatWeights() {
        if (inFloat == null) {
            FloatMatrix.Kind kind = Simd.isPresent() ? Simd.floatMatrix() : FloatRowMatrix.KIND;
            inFloat = new FloatWeights(layout, kind, narrow());
        }
        return inFloat;
    }

    private synchronized float[] narrow() {
        if (narrow == null) {
            narrow = new float[w.length];
            for (int i = 0; i < w.length; i++) {
                narrow[i] = (float) w[i];
            }
        }
        return narrow;
    }
}
