/**
 * Parameters and how they learn: plain gradient descent (stages 1 to 4) and Adam (stage 5 and the early program).
 *
 * <p><b>New here.</b> All weights of a model lie in one flat array, {@link dev.microgpt.optim.Parameters}; a gradient is
 * another array of the same layout. An {@link dev.microgpt.optim.Optimizer} is a record of settings that moves the one
 * along the other; what it has to remember between two updates is kept in {@link dev.microgpt.optim.Moments}. A
 * {@link dev.microgpt.optim.LearningRate} says how far to go at each step.
 *
 * <p><b>The formulas.</b>
 * <pre>
 * Sgd    p −= lr·g
 * Adam   m = β1·m + (1 − β1)·g        m̂ = m / (1 − β1^t)
 *        v = β2·v + (1 − β2)·g²       v̂ = v / (1 − β2^t)
 *        p −= lr·m̂ / (√v̂ + ε)        t = 1, 2, …
 * </pre>
 *
 * <p><b>Reading order.</b> {@link dev.microgpt.optim.Parameters}, {@link dev.microgpt.optim.Sgd},
 * {@link dev.microgpt.optim.LearningRate}, {@link dev.microgpt.optim.Adam}, {@link dev.microgpt.optim.Moments}.
 */
package dev.microgpt.optim;
