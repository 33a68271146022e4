/**
 * Stage 2: automatic differentiation (autograd), gradients of any expression by the chain rule.
 *
 * <p><b>Begin with</b> {@link dev.microgpt.autograd.Value}, a number that remembers how it was computed;
 * {@link dev.microgpt.autograd.Functions}, the layers of a neural network written on values; and
 * {@link dev.microgpt.autograd.GradientCheck}, which shows that a gradient is right.
 *
 * <p><b>As before.</b> The model, the loss, the optimizer and every number of stage 1. What stage 1 derived by hand is now
 * derived by the program.
 *
 * <p><b>New.</b> A model is a long chain of additions, multiplications and a few functions, and for each of them the
 * derivative is known, the local gradient:
 * <pre>
 * a + b    1, 1              log a    1/a             tanh a    1 − tanh² a
 * a·b      b, a              eᵃ       eᵃ              σ(a)      σ(a)·(1 − σ(a))
 * aᵏ       k·aᵏ⁻¹            relu a   1 if a &gt; 0, else 0
 * </pre>
 * The chain rule multiplies local gradients along a path from the loss down to a parameter, and adds up the products of
 * all the paths:
 * <pre>
 * dloss/doperand = Σ over the results it was used in:  dresult/doperand · dloss/dresult
 * </pre>
 * So one pass from the loss down to the leaves finds the gradient of every parameter, for about the price of computing
 * the loss. The only difficulty is the order: a value may pass its gradient on only after it has received all of it.
 *
 * <p><b>Reading order.</b> {@code Value}: the operations, each with its local gradients. Then the package-private
 * {@code Backward}, which applies the chain rule, and {@code Functions}. {@link dev.microgpt.autograd.Leaves} carries
 * numbers between a model's parameters and the graph, and {@link dev.microgpt.autograd.GraphExport} shows what a graph
 * looks like. {@link dev.microgpt.autograd.Tape} is the same idea in flat arrays, for speed.
 *
 * <p><b>Null</b> is accepted nowhere and never returned. A null argument is a {@code NullPointerException} with the name of
 * the parameter, and the index in an array: {@code b is null}, {@code x[3] is null}.
 */
package dev.microgpt.autograd;
