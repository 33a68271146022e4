package dev.microgpt.transformer.vector;

import dev.microgpt.transformer.array.DoubleBatchReader;
import dev.microgpt.transformer.array.DoubleReader;
import dev.microgpt.transformer.array.DoubleWeights;
import dev.microgpt.transformer.array.FloatBatchReader;
import dev.microgpt.transformer.array.FloatReader;
import dev.microgpt.transformer.array.FloatWeights;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleMatrix;
import dev.microgpt.transformer.kernels.FloatKernels;
import dev.microgpt.transformer.kernels.FloatMatrix;

/** In a page there is no Vector API. */
public final class Simd {
    private Simd() {}

    public static boolean isPresent() {
        return false;
    }

    public static void sayOnceHowToHaveIt() {}

    public static DoubleKernels doubleKernels(Layout layout) {
        throw absent();
    }

    public static FloatKernels floatKernels(Layout layout) {
        throw absent();
    }

    public static DoubleMatrix.Kind doubleMatrix() {
        throw absent();
    }

    public static FloatMatrix.Kind floatMatrix() {
        throw absent();
    }

    public static DoubleReader doubleReader(Layout layout, DoubleWeights weights) {
        throw absent();
    }

    public static FloatReader floatReader(Layout layout, FloatWeights weights) {
        throw absent();
    }

    public static DoubleBatchReader doubleBatchReader(Layout layout, int lanes, double... w) {
        throw absent();
    }

    public static FloatBatchReader floatBatchReader(Layout layout, int lanes, float... w) {
        throw absent();
    }

    public static int vectorBits() {
        throw absent();
    }

    private static IllegalStateException absent() {
        return new IllegalStateException("engine VECTOR is not there in a page");
    }
}
