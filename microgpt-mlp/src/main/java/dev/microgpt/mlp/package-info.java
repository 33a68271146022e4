/**
 * Stages 1 and 2: a multilayer perceptron (MLP) that learns by gradient descent, first with derivatives worked out by hand,
 * then by autograd.
 *
 * <p><b>Begin with</b> {@link dev.microgpt.mlp.MlpConfig}, the shape of the model;
 * {@link dev.microgpt.mlp.MlpByHand}, stage 1; and {@link dev.microgpt.mlp.Mlp}, stage 2.
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
 * {@code MlpByHand} runs the chain rule backwards through these four lines on plain arrays, and checks the result by
 * changing each weight a little.
 *
 * <p><b>New in stage 2.</b> {@code Mlp} writes down the same four lines on {@link dev.microgpt.autograd.Value}s, which
 * remember how they were computed; the backward pass is then one call.
 *
 * <p><b>Reading order.</b> {@code MlpConfig}, {@code MlpByHand}, {@code Mlp}, and {@link dev.microgpt.mlp.MlpPreset}, the
 * settings of the original programs.
 *
 * <p><b>Null</b> is accepted nowhere and never returned. A null argument is a {@code NullPointerException} with the name of
 * the parameter: {@code config is null}.
 */
package dev.microgpt.mlp;
