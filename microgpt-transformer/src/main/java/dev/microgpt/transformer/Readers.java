package dev.microgpt.transformer;

import dev.microgpt.transformer.array.DoubleReader;
import dev.microgpt.transformer.array.DoubleRows;
import dev.microgpt.transformer.array.DoubleWeights;
import dev.microgpt.transformer.array.FloatReader;
import dev.microgpt.transformer.array.FloatRows;
import dev.microgpt.transformer.array.FloatWeights;
import dev.microgpt.transformer.kernels.DoubleMatrix;
import dev.microgpt.transformer.kernels.FloatMatrix;
import dev.microgpt.transformer.vector.Simd;

/** Makes what reads with the weights of one GPT. They are prepared when they are first asked for, and then shared. */
final class Readers {
    private final GptConfig config;
    private final double[] w; // in the layout of GptConfig.newParameters
    private DoubleWeights plain;
    private DoubleWeights inDouble;
    private FloatWeights inFloat;
    private float[] narrow; // w, rounded

    Readers(GptConfig config, double... w) {
        this.config = config;
        this.w = w;
    }

    /** In plain loops, whether or not there is SIMD: those are fast from the first token on. */
    GptContext plain() {
        return new GptContext(config, new DoubleReader(config, plainWeights()));
    }

    GptContext inDouble() {
        return Simd.isPresent() ? new GptContext(config, Simd.doubleReader(config, doubleWeights())) : plain();
    }

    GptContext inFloat() {
        return new GptContext(
                config,
                Simd.isPresent() ? Simd.floatReader(config, floatWeights()) : new FloatReader(config, floatWeights()));
    }

    BatchContext batchInDouble(int sequences) {
        return new BatchContext(
                config,
                sequences,
                Simd.isPresent() ? Simd.doubleBatchReader(config, sequences, w) : new DoubleRows(config, sequences, w));
    }

    BatchContext batchInFloat(int sequences) {
        return new BatchContext(
                config,
                sequences,
                Simd.isPresent()
                        ? Simd.floatBatchReader(config, sequences, narrow())
                        : new FloatRows(config, sequences, narrow()));
    }

    private synchronized DoubleWeights plainWeights() {
        if (plain == null) {
            plain = new DoubleWeights(config, new DoubleMatrix(0, 0), w);
        }
        return plain;
    }

    private synchronized DoubleWeights doubleWeights() {
        if (inDouble == null) {
            inDouble = new DoubleWeights(config, Simd.doubleMatrix(), w);
        }
        return inDouble;
    }

    private synchronized FloatWeights floatWeights() {
        if (inFloat == null) {
            FloatMatrix kind = Simd.isPresent() ? Simd.floatMatrix() : new FloatMatrix(0, 0);
            inFloat = new FloatWeights(config, kind, narrow());
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
