/**
 * What a GPT is, how it reads and how it learns: stages 3 to 5. The token may now look back.
 *
 * <p><b>Begin with</b> {@link dev.microgpt.transformer.Gpt}, the model, {@link dev.microgpt.transformer.Engine}, which trains one,
 * and {@link dev.microgpt.transformer.Preset}, the recipes of the original programs. An application begins in the package
 * {@code dev.microgpt}.
 *
 * <p><b>As before.</b> Documents, tokens, loss and sampling are those of stage 0; the feed-forward part of a layer is the
 * perceptron (MLP) of stage 2.
 *
 * <p><b>New in stage 3.</b> Positions have vectors too, activations are normalized, and <i>attention</i> lets every
 * position mix in what earlier positions offer, through residual connections:
 * <pre>
 * x = rmsNorm(wte[token] + wpe[position])                     [embedDim]
 * per layer   q, k, v = Wq·x̂, Wk·x̂, Wv·x̂ with x̂ = rmsNorm(x)
 *             a = softmax over t ≤ position of (q·k_t / √headDim)
 *             x = x + Wo·Σ_t a_t·v_t
 *             x = x + fc2·relu(fc1·rmsNorm(x))
 * logits = lm_head·x                                          [vocabSize]
 * </pre>
 *
 * <p><b>New in stage 4.</b> Attention runs in several heads side by side, each on its own slice of q, k and v, and the
 * block is repeated layer by layer. <b>New in stage 5.</b> Adam instead of plain gradient descent.
 *
 * <p><b>Inside</b>, in packages that are not exported, the model is written as a graph ({@code graph.ValueGpt}, the definition)
 * and with gradients derived by hand ({@code array.DoubleGpt} over {@code kernels}, in {@code vector} on SIMD instructions); two more
 * classes read without a gradient, keeping keys and values of earlier positions (the KV cache).
 *
 * <p>A null argument is refused with a {@link java.lang.NullPointerException} that names the parameter.
 */
package dev.microgpt.transformer;
