package dev.microgpt.safetensors;

import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the bytes of a {@link Safetensors} file that nobody vouches for. No number of the header is used as a size before
 * it is compared with the bytes that are there.
 */
final class SafetensorsParser {
    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

    private final byte[] file;
    private ByteBuffer data; // from the next tensor to the end

    SafetensorsParser(byte[] file) {
        this.file = file;
    }

    Safetensors parse() {
        int headerLength = checkedHeaderLength();
        checkSeal(headerLength);
        Map<String, Object> header = object(json(headerLength), "the header");
        data = ByteBuffer.wrap(file, Long.BYTES + headerLength, file.length - Long.BYTES - headerLength)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> metadata = metadata(object(header.remove(Safetensors.METADATA), Safetensors.METADATA));
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<String, Object> entry : header.entrySet()) {
            tensors.add(tensor(entry.getKey(), object(entry.getValue(), Json.shown(entry.getKey()))));
        }
        if (data.hasRemaining()) {
            throw invalid("no tensor owns the last bytes of the file, from offset " + data.position() + " of "
                    + data.limit());
        }
        return new Safetensors(metadata, tensors);
    }

    private int checkedHeaderLength() {
        if (file.length < Long.BYTES) {
            throw invalid(
                    "it is too short for a safetensors file, which begins with " + Long.BYTES + " bytes of length");
        }
        long length = Checksums.headerLength(file);
        if (length < 0 || length > file.length - Long.BYTES) {
            throw invalid("header length " + Long.toUnsignedString(length) + " is more than the file's " + file.length
                    + " bytes: it is cut off or not a safetensors file");
        }
        if (length > Safetensors.MAX_HEADER_LENGTH) {
            throw invalid("header length " + length + " is more than " + Safetensors.MAX_HEADER_LENGTH);
        }
        return (int) length;
    }

    private void checkSeal(int headerLength) {
        if (headerLength == 0 || file[Long.BYTES] != '{') {
            throw invalid("its header does not begin with '{', so it is not a safetensors file");
        }
        if (!Checksums.isOn(file)) {
            throw invalid("its header does not begin with the checksums of this library: it was written by another"
                    + " program or is damaged");
        }
        if (!Checksums.matchesHeader(file)) {
            throw invalid("its header does not match its checksum: it is damaged");
        }
        if (!Checksums.matchesData(file)) {
            throw invalid("its tensors do not match their checksum: it is damaged or cut off");
        }
    }

    private Object json(int length) {
        try {
            ByteBuffer header = ByteBuffer.wrap(file, Long.BYTES, length);
            return Json.parse(StandardCharsets.UTF_8.newDecoder().decode(header).toString());
        } catch (CharacterCodingException e) {
            throw invalid("its header is not valid UTF-8");
        } catch (IllegalArgumentException e) {
            throw invalid("its header is not valid JSON: " + e.getMessage());
        }
    }

    private Map<String, String> metadata(Map<String, Object> object) {
        Map<String, String> metadata = new LinkedHashMap<>();
        object.forEach((key, value) -> metadata.put(key, string(value, Json.shown(key) + " of the metadata")));
        metadata.keySet().removeAll(Checksums.KEYS);
        return metadata;
    }

    /** Reads the next tensor, and its values from the data. */
    private Tensor tensor(String name, Map<String, Object> entry) {
        String shown = Json.shown(name);
        if (!entry.keySet().equals(FIELDS)) {
            throw invalid(shown + " has other fields than dtype, shape and data_offsets");
        }
        DataType type = type(string(entry.get("dtype"), "dtype of " + shown), shown);
        List<Long> shape = integers(entry.get("shape"), "shape of " + shown);
        List<Long> offsets = integers(entry.get("data_offsets"), "data_offsets of " + shown);
        int size = size(type, shape, shown);
        long begin = data.position();
        if (!offsets.equals(List.of(begin, begin + (long) size * type.bytes))) {
            throw invalid("data_offsets " + some(offsets) + " of " + shown + " are not " + begin + " and "
                    + (begin + (long) size * type.bytes) + ", as the order and shape of the tensors demand");
        }
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = type == DataType.F64 ? data.getDouble() : data.getFloat();
        }
        try {
            return new Tensor(name, type, shape.stream().map(Long::intValue).toList(), values);
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    private DataType type(String dtype, String shown) {
        for (DataType type : DataType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw invalid("dtype " + Json.shown(dtype) + " of " + shown + " is not F64 or F32");
    }

    /** Number of elements, after a check that the file has as many. */
    private int size(DataType type, List<Long> shape, String shown) {
        long left = data.remaining() / type.bytes;
        long size = 1;
        for (long dimension : shape) {
            if (dimension < 1) {
                throw invalid("shape " + some(shape) + " of " + shown + " has a dimension below 1");
            }
            size = dimension <= left / size ? size * dimension : left + 1;
        }
        if (size > left) {
            throw invalid("shape " + some(shape) + " of " + shown
                    + " has more numbers than the file, which has room for " + left + " of " + type);
        }
        return (int) size;
    }

    private String string(Object value, String what) {
        if (value instanceof String string) {
            return string;
        }
        throw invalid(what + " is not a string");
    }

    @SuppressWarnings("unchecked") // Json makes no map with other keys
    private Map<String, Object> object(Object value, String what) {
        if (value instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw invalid(what + " is not an object");
    }

    private List<Long> integers(Object value, String what) {
        List<Long> integers = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Long integer) {
                    integers.add(integer);
                }
            }
            if (integers.size() == list.size()) {
                return integers;
            }
        }
        throw invalid(what + " is not a list of integers");
    }

    private static String some(List<Long> numbers) {
        return Json.shown(numbers.toString());
    }

    private static IllegalArgumentException invalid(String reason) {
        return new IllegalArgumentException(reason);
    }
}
