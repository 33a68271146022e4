/**
 * Stage 2: gradients of any expression, by the chain rule.
 *
 * <p><b>As before.</b> The model, the loss, the optimizer and every number of stage 1. What stage 1 derived by hand is now
 * derived by the program.
 *
 * <p><b>New.</b> A number that remembers how it was computed. A model is a long chain of additions, multiplications and a
 * few functions, and for each of them the derivative is known, the local gradient:
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
 * the loss. The only art is the order: a value may pass its gradient on only when it has received all of it.
 *
 * <p><b>Reading order.</b> {@link dev.microgpt.autograd.Value}: the operations, each with its local gradients. Then the
 * package-private {@code Backward}, the pass itself, and {@link dev.microgpt.autograd.Functions}, the layers of a model
 * written on values. {@link dev.microgpt.autograd.Leaves} carries numbers between a model's parameters and the graph;
 * {@link dev.microgpt.autograd.GradientCheck} shows that a gradient is right, and
 * {@link dev.microgpt.autograd.GraphExport} what a graph looks like.
 */
package dev.microgpt.autograd;
