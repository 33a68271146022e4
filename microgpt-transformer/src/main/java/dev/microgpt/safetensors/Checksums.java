package dev.microgpt.safetensors;

import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 of what a file says, whatever the order in which it says it. A number takes 8 bytes, little-endian; a text is its
 * length in bytes, a number, and its bytes in UTF-8.
 *
 * <pre>
 * metadata  for each key, in ascending order: the key, its value
 * tensors   for each name, in ascending order: the name, the dtype, the number of dimensions, each dimension, the data
 * </pre>
 *
 * <p>The data is that of the file: row-major, little-endian.
 */
final class Checksums {
    private final MessageDigest sha256 = sha256();

    private Checksums() {}

    static String ofMetadata(Map<String, String> metadata) {
        Checksums sum = new Checksums();
        new TreeMap<>(metadata).forEach((key, value) -> sum.add(key).add(value));
        return sum.digits();
    }

    static String ofTensors(List<Tensor> tensors) {
        Checksums sum = new Checksums();
        tensors.stream().sorted(Comparator.comparing(Tensor::name)).forEach(sum::add);
        return sum.digits();
    }

    /** A new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private void add(Tensor tensor) {
        add(tensor.name()).add(tensor.type().name()).add(tensor.shape().size());
        tensor.shape().forEach(this::add);
        sha256.update(tensor.data());
    }

    private Checksums add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        sha256.update(bytes);
        return this;
    }

    private void add(int number) {
        sha256.update(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .flip());
    }

    private String digits() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
