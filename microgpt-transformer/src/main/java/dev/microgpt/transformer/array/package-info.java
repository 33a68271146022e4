/**
 * A GPT on plain arrays: the gradient derived by hand, and reading without a gradient. Internal: not exported, and free to
 * change.
 *
 * <p>Begin with {@link dev.microgpt.transformer.array.Layout}, the sizes and where each matrix lies. Then
 * {@link dev.microgpt.transformer.array.DoubleGpt}, the derivation, which {@link dev.microgpt.transformer.array.DoubleShards} does
 * for a batch, on several threads with the same bits; and {@link dev.microgpt.transformer.array.DoubleReader}, which reads one
 * document token by token.
 *
 * <p>For each {@code Double} class the build writes the twin in single precision: see the package of the kernels.
 */
package dev.microgpt.transformer.array;
