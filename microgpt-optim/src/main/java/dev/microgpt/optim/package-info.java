/**
 * Optimizers: the parameters of a model and how they learn, by plain gradient descent (stages 1 to 4) or by Adam (stage 5
 * and the early program).
 *
 * <p><b>Begin with</b> {@link dev.microgpt.optim.Parameters}, all weights in one flat array; {@link
 * dev.microgpt.optim.Adam}, which moves them against a gradient; and {@link dev.microgpt.optim.LearningRate}, how far it
 * goes at each step. Then {@link dev.microgpt.optim.Sgd}, the simpler rule, {@link dev.microgpt.optim.Optimizer}, what both
 * have in common, and {@link dev.microgpt.optim.Moments}, the optimizer state.
 *
 * <p><b>What is new.</b> A gradient is another array in the layout of the weights, and so are Adam's moments. An optimizer
 * is a record of settings without state: the caller keeps weights, gradient and moments, and hands them to each update.
 *
 * <p><b>The formulas.</b>
 * <pre>
 * Sgd    p −= lr·g
 * Adam   m = β1·m + (1 − β1)·g        m̂ = m / (1 − β1^t)
 *        v = β2·v + (1 − β2)·g²       v̂ = v / (1 − β2^t)
 *        p −= lr·m̂ / (√v̂ + ε)        t = 1, 2, …
 * </pre>
 *
 * <p>No method takes or returns null. Where it is given all the same, a {@link NullPointerException} names the parameter.
 */
package dev.microgpt.optim;
