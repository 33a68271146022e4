package dev.microgpt.cli;

/**
 * Loads jdk.incubator.vector into a JVM that was started without {@code --add-modules}, so that {@code java -jar microgpt.jar
 * train} trains on SIMD instructions. The JDK has no public way; the manifest of the jar exports the package used here. Where a
 * JDK closes it, or the jar is not started as such, the library finds no module and trains in plain Java:
 * docs/decisions/010-simd-without-a-flag.md.
 */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** To be called before the library is asked whether the engine VECTOR is available; takes some 25 ms. */
    static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            // closed, or gone: the engine ARRAY has the same results
        }
    }
}
