package dev.microgpt.safetensors;

import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
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

    SafetensorsParser(byte[] file) {
        this.file = file;
    }

    /** What the header says of a tensor: it owns the data from {@code begin} to {@code end}, which are as many as it needs. */
    private record Entry(String name, DataType type, List<Integer> shape, long begin, long end) {
        String shown() {
            return Json.shown(name);
        }
    }

    Safetensors parse() {
        int headerLength = checkedHeaderLength();
        Map<String, Object> header = object(json(headerLength), "the header");
        Map<String, String> metadata = metadata(header.remove(Safetensors.METADATA));
        ByteBuffer data = ByteBuffer.wrap(file, Long.BYTES + headerLength, file.length - Long.BYTES - headerLength)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        List<Entry> entries = new ArrayList<>();
        header.forEach((name, entry) -> entries.add(entry(name, object(entry, Json.shown(name)), data.limit())));
        requireEachByteOnce(entries, data.limit());
        return new Safetensors(
                metadata, entries.stream().map(entry -> tensor(entry, data)).toList());
    }

    private int checkedHeaderLength() {
        if (file.length < Long.BYTES) {
            throw invalid(
                    "it is too short for a safetensors file, which begins with " + Long.BYTES + " bytes of length");
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > file.length - Long.BYTES) {
            throw invalid("header length " + Long.toUnsignedString(length) + " is more than the file's " + file.length
                    + " bytes: it is cut off or not a safetensors file");
        }
        if (length > Safetensors.MAX_HEADER_LENGTH) {
            throw invalid("header length " + length + " is more than " + Safetensors.MAX_HEADER_LENGTH);
        }
        if (length == 0 || file[Long.BYTES] != '{') {
            throw invalid("its header does not begin with '{', so it is not a safetensors file");
        }
        return (int) length;
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

    private static Map<String, String> metadata(Object json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (json == null) {
            return metadata; // which a file need not have
        }
        object(json, Safetensors.METADATA)
                .forEach((key, value) -> metadata.put(key, string(value, Json.shown(key) + " of the metadata")));
        return metadata;
    }

    private static Entry entry(String name, Map<String, Object> fields, long available) {
        String shown = Json.shown(name);
        if (!fields.keySet().equals(FIELDS)) {
            throw invalid(shown + " has other fields than dtype, shape and data_offsets");
        }
        DataType type = type(string(fields.get("dtype"), "dtype of " + shown), shown);
        List<Long> shape = integers(fields.get("shape"), "shape of " + shown);
        List<Long> offsets = integers(fields.get("data_offsets"), "data_offsets of " + shown);
        long bytes = size(type, shape, shown, available) * type.bytes;
        if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(0) > offsets.get(1)) {
            throw invalid("data_offsets " + some(offsets) + " of " + shown + " are not a beginning and an end");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (end > available) {
            throw invalid("data_offsets " + some(offsets) + " of " + shown + " end after the data, which has "
                    + available + " bytes: it is cut off or damaged");
        }
        if (end - begin != bytes) {
            throw invalid("data_offsets " + some(offsets) + " of " + shown + " do not enclose " + bytes
                    + " bytes, as dtype and shape demand");
        }
        return new Entry(name, type, shape.stream().map(Long::intValue).toList(), begin, end);
    }

    private static void requireEachByteOnce(List<Entry> entries, long available) {
        long next = 0;
        for (Entry entry :
                entries.stream().sorted(Comparator.comparingLong(Entry::begin)).toList()) {
            if (entry.begin != next) {
                throw invalid("data_offsets [" + entry.begin + ", " + entry.end + "] of " + entry.shown()
                        + " do not begin at " + next + ", where the tensors before it end");
            }
            next = entry.end;
        }
        if (next != available) {
            throw invalid("no tensor owns the last bytes of the file, from offset " + next + " of " + available);
        }
    }

    private static Tensor tensor(Entry entry, ByteBuffer data) {
        data.position((int) entry.begin);
        double[] values = new double[(int) (entry.end - entry.begin) / entry.type.bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.type == DataType.F64 ? data.getDouble() : data.getFloat();
        }
        return new Tensor(entry.name, entry.type, entry.shape, values);
    }

    private static DataType type(String dtype, String shown) {
        for (DataType type : DataType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw invalid("dtype " + Json.shown(dtype) + " of " + shown + " is not F64 or F32");
    }

    /** Number of elements, after a check that the file has as many. */
    private static long size(DataType type, List<Long> shape, String shown, long available) {
        long most = available / type.bytes;
        long size = 1;
        for (long dimension : shape) {
            if (dimension < 1) {
                throw invalid("shape " + some(shape) + " of " + shown + " has a dimension below 1");
            }
            size = dimension <= most / size ? size * dimension : most + 1;
        }
        if (size > most) {
            throw invalid("shape " + some(shape) + " of " + shown
                    + " has more numbers than the file, which has room for " + most + " of " + type);
        }
        return size;
    }

    private static String string(Object value, String what) {
        if (value instanceof String string) {
            return string;
        }
        throw invalid(what + " is not a string");
    }

    @SuppressWarnings("unchecked") // Json makes no map with other keys
    private static Map<String, Object> object(Object value, String what) {
        if (value instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw invalid(what + " is not an object");
    }

    private static List<Long> integers(Object value, String what) {
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
