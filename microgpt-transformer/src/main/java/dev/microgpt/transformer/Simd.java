package dev.microgpt.transformer;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** The only door to the kernels on the Vector API, whose classes must not be loaded where the module is absent. */
final class Simd {
    private static final String MODULE = "jdk.incubator.vector";
    private static final boolean PRESENT = present();

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private Simd() {}

    static boolean isPresent() {
        return PRESENT;
    }

    static void sayOnceHowToHaveIt() {
        if (!SAID.getAndSet(true)) {
            System.getLogger("dev.microgpt.transformer")
                    .log(Level.INFO, "training this much is faster with SIMD: start java with --add-modules " + MODULE);
        }
    }

    static DoubleKernels doubleKernels(GptConfig config, int rows) {
        requirePresent();
        return new VectorDoubleKernels(config, rows);
    }

    static FloatKernels floatKernels(GptConfig config, int rows) {
        requirePresent();
        return new VectorFloatKernels(config, rows);
    }

    static DoubleMatrix doubleMatrix() {
        return new VectorDoubleMatrix(0, 0);
    }

    static FloatMatrix floatMatrix() {
        return new VectorFloatMatrix(0, 0);
    }

    static DoublePass doublePass(GptConfig config, DoubleWeights weights) {
        return new VectorDoublePass(config, weights);
    }

    static FloatPass floatPass(GptConfig config, FloatWeights weights) {
        return new VectorFloatPass(config, weights);
    }

    static DoubleLanes doubleLanes(GptConfig config, int lanes, double... w) {
        return new VectorDoubleLanes(config, lanes, w);
    }

    static FloatLanes floatLanes(GptConfig config, int lanes, float... w) {
        return new VectorFloatLanes(config, lanes, w);
    }

    /** Width of the vectors, 512 for instance. */
    static int vectorBits() {
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
        return ModuleLayer.boot()
                .findModule(MODULE)
                .map(module -> {
                    Simd.class.getModule().addReads(module); // for the class path, where module-info does not count
                    return true;
                })
                .orElse(false);
    }
}
