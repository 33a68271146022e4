package dev.microgpt.safetensors;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a safetensors file holds: named tensors of F64 or F32 and a map of strings, both in their order.
 *
 * <pre>
 * 8 bytes  length of the header, little-endian
 * header   {"__metadata__":{"header_sha256":"…","sha256":"…", the metadata},
 *           "wte":{"dtype":"F64","shape":[27,16],"data_offsets":[0,3456]}, …}  and spaces, so that 8 divides the length
 * data     the tensors one behind the other, row-major, little-endian
 * </pre>
 *
 * <p>Any safetensors library reads these files. This class reads only files that carry the {@link Checksums}, its own: no
 * byte of them can change unnoticed.
 *
 * @param metadata any strings; the keys of the checksums are not among them
 * @param tensors their names are unique
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public record Safetensors(Map<String, String> metadata, List<Tensor> tensors) {
    static final String METADATA = "__metadata__";
    public static final int MAX_FILE_LENGTH = Integer.MAX_VALUE - 8; // what fits into an array
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
    }

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if two tensors have the same name, or the metadata has a key of the checksums
     */
    public Safetensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
        for (String key : Checksums.KEYS) {
            if (metadata.containsKey(key)) {
                throw new IllegalArgumentException("key " + key + " of the metadata is taken by the format");
            }
        }
        Set<String> names = new HashSet<>();
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name)) {
                throw new IllegalArgumentException("tensor " + Json.shown(tensor.name) + " is there twice");
            }
        }
    }

    /**
     * Reads and checks a file. What this allocates is bounded by the length of the file, never by a number in it.
     *
     * @param file written by {@link #write}
     * @return its contents
     * @throws IllegalArgumentException if it is anything else, or a single byte of it has changed
     * @throws UncheckedIOException if it cannot be read
     */
    public static Safetensors read(Path file) {
        return parse(AtomicFile.read(file, MAX_FILE_LENGTH));
    }

    /**
     * Writes a file, wholly or not at all: see {@link AtomicFile}.
     *
     * @param file where to; what was there is replaced
     * @throws IllegalArgumentException if the contents are too large for one file or have a string that is not Unicode
     * @throws UncheckedIOException if it cannot be written; what was there is unharmed
     */
    public void write(Path file) {
        AtomicFile.write(file, toBytes());
    }

    /** As {@link #read}, from memory. */
    public static Safetensors parse(byte[] file) {
        return new SafetensorsParser(file).parse();
    }

    /** As {@link #write}, to memory. */
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
            for (double value : tensor.values) {
                if (tensor.type == DataType.F64) {
                    file.putDouble(value);
                } else {
                    file.putFloat((float) value);
                }
            }
        }
        Checksums.put(file.array());
        return file.array();
    }

    private String header() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("header_sha256", Checksums.BLANK);
        all.put("sha256", Checksums.BLANK);
        all.putAll(metadata);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(METADATA, all);
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
