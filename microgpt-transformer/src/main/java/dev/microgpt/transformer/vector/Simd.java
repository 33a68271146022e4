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
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** The only door to the kernels on the Vector API, whose classes must not be loaded where the module is absent. */
public final class Simd {
    private static final String MODULE = "jdk.incubator.vector";
    private static final boolean PRESENT = present();

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private Simd() {}

    public static boolean isPresent() {
        return PRESENT;
    }

    public static void sayOnceHowToHaveIt() {
        if (!SAID.getAndSet(true)) {
            System.getLogger("dev.microgpt.transformer")
                    .log(Level.INFO, "training this much is faster with SIMD: start java with --add-modules " + MODULE);
        }
    }

    public static DoubleKernels doubleKernels(Layout layout) {
        requirePresent();
        return new VectorDoubleKernels(layout);
    }

    public static FloatKernels floatKernels(Layout layout) {
        requirePresent();
        return new VectorFloatKernels(layout);
    }

    public static DoubleMatrix.Kind doubleMatrix() {
        return VectorDoubleMatrix.KIND;
    }

    public static FloatMatrix.Kind floatMatrix() {
        return VectorFloatMatrix.KIND;
    }

    public static DoubleReader doubleReader(Layout layout, DoubleWeights weights) {
        return new VectorDoubleReader(layout, weights);
    }

    public static FloatReader floatReader(Layout layout, FloatWeights weights) {
        return VectorFloatSmallHeadsReader.suits(layout)
                ? new VectorFloatSmallHeadsReader(layout, weights)
                : new VectorFloatReader(layout, weights);
    }

    public static DoubleBatchReader doubleBatchReader(Layout layout, int lanes, double... w) {
        return new VectorDoubleBatchReader(layout, lanes, w);
    }

    public static FloatBatchReader floatBatchReader(Layout layout, int lanes, float... w) {
        return new VectorFloatBatchReader(layout, lanes, w);
    }

    /** Width of the vectors, 512 for instance. */
    public static int vectorBits() {
        requirePresent();
        return VectorDoubleMath.vectorBits();
    }

    private static void requirePresent() {
        if (!PRESENT) {
            throw new IllegalStateException("engine VECTOR needs the module " + MODULE
                    + ", which is not there: start java with --add-modules " + MODULE);
        }
    }

    private static boolean present() {
        try { // not the boot layer: a module that was loaded later is not in it
            Class<?> vector = Class.forName(MODULE + ".FloatVector", false, null);
            Simd.class.getModule().addReads(vector.getModule()); // for the class path, where module-info does not count
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
