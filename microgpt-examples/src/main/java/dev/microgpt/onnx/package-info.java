/**
 * Models for other runtimes, as ONNX files. {@link dev.microgpt.onnx.OnnxModel} says what a GPT computes as a graph of operations,
 * {@code OnnxGraph} writes the graph down, {@code Message} is the wire format of Protocol Buffers, as far as that takes it.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">The format</a>
 */
package dev.microgpt.onnx;
