/**
 * Stages 1 and 2: a model that learns by gradient descent, first with derivatives worked out by hand, then by autograd.
 *
 * <p><b>As before.</b> Documents, tokens, loss per predicted token and the sampling loop are those of stage 0, and the
 * model still sees nothing but the current token.
 *
 * <p><b>New in stage 1.</b> The table of counts becomes a function with weights, and learning becomes walking downhill:
 * <pre>
 * x = wte[token]              [embedDim]      a vector for each token
 * h = relu(fc1·x)             [hiddenDim]
 * logits = fc2·h              [vocabSize]
 * loss = mean of −log softmax(logits)[target]
 * </pre>
 * {@link dev.microgpt.mlp.MlpByHand} runs the chain rule backwards through these four lines on plain arrays, and checks
 * the result by nudging every weight.
 *
 * <p><b>New in stage 2.</b> {@link dev.microgpt.mlp.Mlp} writes down the same four lines on
 * {@link dev.microgpt.autograd.Value}s, which remember how they came about; the backward pass is then one call.
 *
 * <p><b>Reading order.</b> {@link dev.microgpt.mlp.MlpConfig}, {@link dev.microgpt.mlp.MlpByHand},
 * {@link dev.microgpt.mlp.Mlp}, {@link dev.microgpt.mlp.MlpPreset}.
 */
package dev.microgpt.mlp;
