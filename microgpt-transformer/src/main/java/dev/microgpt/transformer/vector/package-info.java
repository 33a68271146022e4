/**
 * The kernels and readers on SIMD instructions: the only package that uses {@code jdk.incubator.vector}. Internal: not
 * exported, and free to change.
 *
 * <p>Begin with {@link dev.microgpt.transformer.vector.Simd}, the door: no other class here may be loaded where the module is
 * absent. Then {@link dev.microgpt.transformer.vector.VectorDoubleKernels}, the operations, and
 * {@link dev.microgpt.transformer.vector.VectorDoubleProducts}, their products. No method here takes or returns a vector: decision
 * 007 says why.
 *
 * <p>For each {@code VectorDouble} class without a {@code VectorFloat} one beside it the build writes the twin in single
 * precision, and also the inner loops of the products.
 */
package dev.microgpt.transformer.vector;
