package dev.microgpt;

import dev.microgpt.safetensors.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes safetensors files as the reference implementation does, without a class of the library that knows the format:
 * keys of the metadata in ascending order, tensors by their alignment and then by name, spaces up to a multiple of 8.
 */
final class OtherProgram {
    private final Map<String, Object> metadata;
    private final Map<String, Tensor> tensors = new TreeMap<>();

    private record Tensor(String dtype, List<?> shape, byte[] data) {
        int alignment() {
            return dtype.equals("F64") ? 8 : 4;
        }
    }

    @SuppressWarnings("unchecked") // the keys of an object are strings
    private OtherProgram(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        int data = bytes.position();
        Map<String, Object> entries = (Map<String, Object>) Json.parse(new String(header, StandardCharsets.UTF_8));
        metadata = new TreeMap<>((Map<String, Object>) entries.remove("__metadata__"));
        entries.forEach((name, value) -> {
            Map<String, Object> entry = (Map<String, Object>) value;
            List<Long> offsets = (List<Long>) entry.get("data_offsets");
            byte[] part = new byte[(int) (offsets.get(1) - offsets.get(0))];
            bytes.position(data + (int) (long) offsets.get(0)).get(part);
            tensors.put(name, new Tensor((String) entry.get("dtype"), (List<?>) entry.get("shape"), part));
        });
    }

    static OtherProgram read(byte[] file) {
        return new OtherProgram(file);
    }

    OtherProgram put(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    String get(String key) {
        return (String) metadata.get(key);
    }

    OtherProgram remove(String key) {
        if (metadata.remove(key) == null && tensors.remove(key) == null) {
            throw new AssertionError("there is no " + key);
        }
        return this;
    }

    /** Replaces the numbers of a tensor, or adds one. */
    OtherProgram put(String name, List<Long> shape, double... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            data.putDouble(value);
        }
        tensors.put(name, new Tensor("F64", shape, data.array()));
        return this;
    }

    /** As {@link #put}, in single precision. */
    OtherProgram putFloats(String name, List<Long> shape, double... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            data.putFloat((float) value);
        }
        tensors.put(name, new Tensor("F32", shape, data.array()));
        return this;
    }

    byte[] write() {
        List<Map.Entry<String, Tensor>> order = new ArrayList<>(tensors.entrySet());
        order.sort(Comparator.comparingInt(
                entry -> -entry.getValue().alignment())); // stable: by name where they are equal
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", metadata);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : order) {
            Tensor tensor = entry.getValue();
            header.put(
                    entry.getKey(),
                    Map.of(
                            "dtype",
                            tensor.dtype,
                            "shape",
                            tensor.shape,
                            "data_offsets",
                            List.of(offset, offset + tensor.data.length)));
            offset += tensor.data.length;
        }
        byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
        int length = (json.length + 7) / 8 * 8;
        ByteBuffer file = ByteBuffer.allocate(8 + length + (int) offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(length).put(json);
        while (file.position() < 8 + length) {
            file.put((byte) ' ');
        }
        order.forEach(entry -> file.put(entry.getValue().data));
        return file.array();
    }
}
