/**
 * Operations on matrices in flat arrays, in plain Java. Internal: not exported, and free to change. They know no GPT.
 *
 * <p>Begin with {@link dev.microgpt.transformer.kernels.DoubleNaiveProducts}: what y = x·Wᵀ is, in three loops. Then
 * {@link dev.microgpt.transformer.kernels.DoubleKernels}, all operations, forward and backward, and
 * {@link dev.microgpt.transformer.kernels.DoubleProducts}, the same products in tiles.
 *
 * <p>For each {@code Double} class without a {@code Float} one beside it the build writes the twin in single precision, the same
 * text with {@code float} for {@code double}, into {@code target/generated-sources/twins}.
 */
package dev.microgpt.transformer.kernels;
