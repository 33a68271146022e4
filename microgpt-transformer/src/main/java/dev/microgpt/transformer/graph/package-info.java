/**
 * A GPT as a graph that autograd differentiates. Internal: not exported, and free to change.
 *
 * <p>Begin with {@link dev.microgpt.transformer.graph.ValueGpt}: the definition of the model, that every other way of computing
 * is measured against. {@link dev.microgpt.transformer.graph.TapeGpt} is the same graph in flat arrays.
 */
package dev.microgpt.transformer.graph;
