/**
 * Stages 3 to 5: a GPT. The token may now look back.
 *
 * <p><b>As before.</b> Documents, tokens, loss and sampling are those of stage 0; the feed-forward part of a layer is the
 * perceptron of stage 2.
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
 * <p><b>As a library.</b> {@link dev.microgpt.MicroGpt} learns from a list of strings and generates, scores, saves
 * and loads; {@link dev.microgpt.TrainingOptions} and {@link dev.microgpt.GenerationOptions} say how,
 * {@link dev.microgpt.Trainer} lets watch and stop, {@link dev.microgpt.evaluation.Report} tells how good it is.
 *
 * <p><b>Reading order.</b> {@link dev.microgpt.transformer.GptConfig}, {@link dev.microgpt.transformer.Preset},
 * {@link dev.microgpt.transformer.Initialization}, {@link dev.microgpt.transformer.Gpt},
 * {@link dev.microgpt.transformer.Engine}; then its implementations: {@code ValueGpt} is the definition of the model,
 * {@code TapeEngine} the same graph in flat arrays, {@code DoubleGpt} the derivation by hand, {@code DoubleKernels} its
 * operations in plain loops and {@code VectorDoubleKernels} on SIMD instructions; {@code DoubleReader} reads
 * a document token by token, {@code DoubleRows} many at once, on SIMD {@code DoubleBatchReader}. Of the library: {@code Trainer},
 * {@code Completer} and {@code Generator}, {@code Score}, {@code ModelFile} over {@code Safetensors}.
 */
package dev.microgpt.transformer;
