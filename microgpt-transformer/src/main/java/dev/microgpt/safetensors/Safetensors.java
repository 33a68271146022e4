package dev.microgpt.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a safetensors file holds: named tensors of F64 or F32 and a map of strings, both in the order of the header.
 *
 * <pre>
 * 8 bytes  length of the header, little-endian
 * header   {"__metadata__":{"key":"value", …},
 *           "wte":{"dtype":"F64","shape":[27,16],"data_offsets":[0,3456]}, …}  and spaces, so that 8 divides the length
 * data     the tensors without a gap, row-major, little-endian
 * </pre>
 *
 * <p>Any safetensors library reads these files, and this class reads theirs. {@link ChecksummedFile} tells whether the contents
 * are still what this library wrote.
 *
 * @param metadata any strings; none where the file has no metadata
 * @param tensors their names are unique
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public record Safetensors(Map<String, String> metadata, List<Tensor> tensors) {
    /** The most bytes of a file: what fits into an array. */
    public static final int MAX_FILE_LENGTH = Integer.MAX_VALUE - 8;

    static final String METADATA = "__metadata__";
    static final int MAX_HEADER_LENGTH = 100_000_000; // as in the reference implementation

    /** How the numbers of a tensor are stored. */
    public enum DataType {
        /** As double. */
        F64(Double.BYTES),
        /** As float: rounded when written, exact when read. */
        F32(Float.BYTES);

        final int bytes;

        DataType(int bytes) {
            this.bytes = bytes;
        }

        private double rounded(double value) {
            return this == F64 ? value : (float) value;
        }
    }

    /**
     * Named numbers of a shape.
     *
     * @param name not blank and not {@code __metadata__}
     * @param type how they are stored
     * @param shape dimensions, each at least 1; none for a single number
     * @param values the numbers, row-major; not copied
     */
    public record Tensor(String name, DataType type, List<Integer> shape, double[] values) {
        /**
         * Checks all.
         *
         * @throws IllegalArgumentException if the name is not valid, the values are not as many as the shape says, or one
         *     of them is not finite or too large for the type
         */
        public Tensor {
            shape = List.copyOf(shape);
            if (name.isBlank() || name.equals(METADATA)) {
                throw new IllegalArgumentException(
                        "a tensor cannot have the name '" + name + "': it is blank or taken by the format");
            }
            long size = 1;
            for (int dimension : shape) {
                if (dimension < 1) {
                    throw new IllegalArgumentException(
                            "shape " + shape + " of " + Json.shown(name) + " has a dimension below 1");
                }
                size = Math.min(size * dimension, Integer.MAX_VALUE);
            }
            if (size != values.length) {
                throw new IllegalArgumentException("shape " + shape + " of " + Json.shown(name)
                        + " does not fit its number of values, " + values.length);
            }
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(type.rounded(values[i]))) {
                    throw new IllegalArgumentException("value " + values[i] + " at index " + i + " of "
                            + Json.shown(name) + " is not a finite number of type " + type);
                }
            }
        }

        /** As the file has it, ready to be read. */
        ByteBuffer data() {
            ByteBuffer data = ByteBuffer.allocate(values.length * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (double value : values) {
                if (type == DataType.F64) {
                    data.putDouble(value);
                } else {
                    data.putFloat((float) value);
                }
            }
            return data.flip();
        }
    }

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if two tensors have the same name
     */
    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name)) {
                throw new IllegalArgumentException("tensor " + Json.shown(tensor.name) + " is there twice");
            }
        }
    }

    /**
     * Reads a file. What this allocates is bounded by the length of the file, never by a number in it.
     *
     * @param file its bytes
     * @return its contents
     * @throws IllegalArgumentException if it is not a safetensors file of F64 and F32; the message says why
     */
    public static Safetensors parse(byte[] file) {
        return new SafetensorsParser(file).parse();
    }

    /**
     * Writes a file.
     *
     * @return its bytes
     * @throws IllegalArgumentException if they are too many, or there is a string that is not Unicode
     */
    public byte[] toBytes() {
        byte[] header = header().getBytes(StandardCharsets.UTF_8);
        int padding = -header.length & 7;
        long headerLength = header.length + (long) padding;
        long fileLength = Long.BYTES + headerLength;
        for (Tensor tensor : tensors) {
            fileLength += (long) tensor.values.length * tensor.type.bytes;
        }
        requireAtMost(MAX_HEADER_LENGTH, headerLength, "a header");
        requireAtMost(MAX_FILE_LENGTH, fileLength, "a file");
        ByteBuffer file = ByteBuffer.allocate((int) fileLength).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(headerLength).put(header);
        for (int i = 0; i < padding; i++) {
            file.put((byte) ' ');
        }
        for (Tensor tensor : tensors) {
            file.put(tensor.data());
        }
        return file.array();
    }

    private String header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(METADATA, metadata);
        long offset = 0;
        for (Tensor tensor : tensors) {
            long end = offset + (long) tensor.values.length * tensor.type.bytes;
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.type.name());
            entry.put("shape", tensor.shape);
            entry.put("data_offsets", List.of(offset, end));
            header.put(tensor.name, entry);
            offset = end;
        }
        return Json.write(header);
    }

    private static void requireAtMost(int maximum, long length, String what) {
        if (length > maximum) {
            throw new IllegalArgumentException(
                    what + " of " + length + " bytes is too large: " + maximum + " is the most");
        }
    }
}
