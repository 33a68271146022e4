package dev.microgpt.transformer;

/**
 * The precision of floating-point numbers while a model is computed. Constants may come, so a {@code switch} needs a default.
 *
 * @since 0.1
 */
public enum Precision {
    /** 64 bits: what the original programs compute with. */
    DOUBLE,
    /** 32 bits: losses of a run like stage 5's stay within 1e-4. Only with {@link Engine.Kind#VECTOR}. */
    FLOAT
}
