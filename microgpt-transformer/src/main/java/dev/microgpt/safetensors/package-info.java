/**
 * Safetensors files and what is in them. Internal: not exported, and free to change.
 *
 * <p>{@link dev.microgpt.safetensors.Safetensors} reads and writes any such file of F64 and F32,
 * {@link dev.microgpt.safetensors.ChecksummedFile} those of this library, whose metadata is JSON
 * ({@link dev.microgpt.safetensors.Json}, {@link dev.microgpt.safetensors.JsonObject}) and carries checksums, and
 * {@link dev.microgpt.safetensors.AtomicFile} puts the bytes on the disk, wholly or not at all. Nothing here knows what a GPT is.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
package dev.microgpt.safetensors;
