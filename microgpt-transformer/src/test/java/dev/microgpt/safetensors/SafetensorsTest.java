package dev.microgpt.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final String METADATA = "{'__metadata__':{'k':'v";
    private static final String ONE_TENSOR = "'},'wte':{'dtype':'F64','shape':[1,2],'data_offsets':[0,16]}}";

    @Test
    void keeps_every_bit_of_a_double() {
        double[] values = {0.0, -0.0, 0.1, Math.PI, Double.MIN_VALUE, -Double.MIN_NORMAL, -Double.MAX_VALUE, 1 + 0x1p-52
        };

        Safetensors read = again(one(new Tensor("wte", DataType.F64, List.of(2, 4), values)));

        assertThat(bits(read.tensors().get(0).values())).containsExactly(bits(values));
    }

    @Test
    void keeps_every_bit_of_a_float_and_rounds_a_double_to_one() {
        double[] values = {0.0, -0.0, 0.1f, Float.MIN_VALUE, -Float.MAX_VALUE, 1 + 0x1p-23, 0.1, 1e-50};
        double[] rounded = {0.0, -0.0, 0.1f, Float.MIN_VALUE, -Float.MAX_VALUE, 1 + 0x1p-23, 0.1f, 0.0};

        Safetensors read = again(one(new Tensor("wte", DataType.F32, List.of(8), values)));

        assertThat(bits(read.tensors().get(0).values())).containsExactly(bits(rounded));
    }

    @Test
    void keeps_names_types_shapes_and_strings_in_their_order() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("vocabulary", "zé李🙂\"\\\n\0{}");
        metadata.put("config", "{\"blockSize\":16}");
        metadata.put("", "");
        Safetensors written = new Safetensors(
                metadata,
                List.of(
                        new Tensor("wte", DataType.F64, List.of(2, 1), new double[] {1, 2}),
                        new Tensor("é \"x\"", DataType.F32, List.of(3, 1, 1), new double[] {3, 4, 5}),
                        new Tensor("a", DataType.F64, List.of(), new double[] {6})));

        Safetensors read = again(written);

        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.metadata().keySet()).containsExactly("vocabulary", "config", "");
        assertThat(read.tensors()).map(Tensor::name).containsExactly("wte", "é \"x\"", "a");
        assertThat(read.tensors()).map(Tensor::type).containsExactly(DataType.F64, DataType.F32, DataType.F64);
        assertThat(read.tensors()).map(Tensor::shape).containsExactly(List.of(2, 1), List.of(3, 1, 1), List.of());
        assertThat(read.toBytes()).isEqualTo(written.toBytes());
    }

    @Test
    void has_the_layout_that_the_format_prescribes() {
        byte[] file = small().toBytes();

        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = (int) buffer.getLong();
        String json = "{\"__metadata__\":{\"seed\":\"42\"},"
                + "\"wte\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
                + "\"lm_head\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]}}";
        assertThat(headerLength).isEqualTo((json.length() + 7) / 8 * 8);
        assertThat(new String(file, 8, headerLength, StandardCharsets.UTF_8))
                .isEqualTo(json + " ".repeat(headerLength - json.length()));
        buffer.position(8 + headerLength);
        assertThat(buffer.getDouble()).isEqualTo(0.5);
        assertThat(buffer.getDouble()).isEqualTo(-2.0);
        assertThat(buffer.getFloat()).isEqualTo(0.25f);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void begins_the_data_at_a_multiple_of_8(int length) {
        Safetensors written = new Safetensors(Map.of("a", "x".repeat(length)), small().tensors());

        byte[] file = written.toBytes();

        assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
        assertThat(Safetensors.parse(file).metadata()).isEqualTo(written.metadata());
    }

    @Test
    void holds_nothing_but_strings_if_there_are_no_tensors() {
        assertThat(again(new Safetensors(Map.of("a", "b"), List.of())))
                .isEqualTo(new Safetensors(Map.of("a", "b"), List.of()));
    }

    @Test
    void reads_what_other_programs_write() {
        byte[] data = ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.25f)
                .putDouble(0.5)
                .putDouble(-2)
                .array();

        Safetensors read = Safetensors.parse(file(
                "{'b':{'dtype':'F64','shape':[2],'data_offsets':[4,20]},"
                        + "'a':{'data_offsets':[0,4],'shape':[],'dtype':'F32'},'__metadata__':{'format':'pt'}}",
                data));

        assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(read.tensors()).map(Tensor::name).containsExactly("b", "a");
        assertThat(read.tensors().get(0).values()).containsExactly(0.5, -2);
        assertThat(read.tensors().get(1).values()).containsExactly(0.25);
        assertThat(Safetensors.parse(file("{}", new byte[0]))).isEqualTo(new Safetensors(Map.of(), List.of()));
        assertThat(Safetensors.parse(file("{'__metadata__':{}} ", new byte[0])))
                .isEqualTo(new Safetensors(Map.of(), List.of()));
    }

    @Test
    void notices_every_truncation() {
        byte[] file = small().toBytes();

        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Safetensors.parse(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(its? |header length |data_offsets |shape ).{20,150}");
        }
    }

    @Test
    void says_what_is_wrong_with_a_file_that_was_damaged_or_is_no_safetensors_file() {
        byte[] file = small().toBytes();
        int data = file.length - 20;

        assertRejected(new byte[0], "it is too short for a safetensors file, which begins with 8 bytes of length");
        assertRejected(new byte[7], "it is too short for a safetensors file, which begins with 8 bytes of length");
        assertRejected(new byte[8], "its header does not begin with '{', so it is not a safetensors file");
        assertRejected(
                "emma\nolivia\nava\n".getBytes(StandardCharsets.UTF_8),
                "header length 7596568761842101605 is more than the file's 16 bytes: it is cut off or not a safetensors"
                        + " file");
        assertRejected(
                Arrays.copyOf(file, data - 1),
                "header length " + (data - 8) + " is more than the file's " + (data - 1)
                        + " bytes: it is cut off or not a safetensors file");
        assertRejected(
                Arrays.copyOf(file, file.length - 1),
                "data_offsets [16, 20] of lm_head end after the data, which has 19 bytes: it is cut off or damaged");
        assertRejected(
                Arrays.copyOf(file, file.length + 1),
                "no tensor owns the last bytes of the file, from offset 20 of 21");
        assertRejected(
                spliced(file, 8, 9, new byte[] {'['}),
                "its header does not begin with '{', so it is not a safetensors file");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 7, Integer.MAX_VALUE, 1L << 32, -1, -8, Long.MIN_VALUE, 9})
    void does_not_believe_a_header_length(long length) {
        byte[] file = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();

        assertRejected(
                file,
                "header length " + Long.toUnsignedString(length)
                        + " is more than the file's 16 bytes: it is cut off or not a safetensors file");
    }

    @Test
    void limits_the_length_of_a_header() {
        byte[] file = new byte[8 + Safetensors.MAX_HEADER_LENGTH + 1];
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(Safetensors.MAX_HEADER_LENGTH + 1);

        assertRejected(file, "header length 100000001 is more than 100000000");
    }

    @ParameterizedTest
    @MethodSource
    void rejects_a_header_that_lies(String rest, String reason) {
        byte[] data = new byte[16];

        assertRejected(file(METADATA + rest, data), reason);
    }

    static Stream<Arguments> rejects_a_header_that_lies() {
        String json = "its header is not valid JSON: ";
        return Stream.of(
                arguments("'}", json + "expected ',' or '}' at index 25, found the end"),
                arguments("'}}x", json + "expected the end at index 26, found 'x'"),
                arguments("'}}\0", json + "expected the end at index 26, found U+0000"),
                arguments("','k':'0'}}", json + "key k at index 25 is in the same object twice"),
                arguments("','\\u006b':'0'}}", json + "key k at index 25 is in the same object twice"),
                arguments("'},'__metadata__':{}}", json + "key __metadata__ at index 26 is in the same object twice"),
                arguments(
                        "'},'a':" + "[".repeat(100_000) + "}",
                        json + "there are more than 32 levels of objects and arrays"),
                arguments("','a':1e999}}", json + "number 1e999 at index 29 is too large"),
                arguments("','a':'\\ud800'}}", json + "the string at index 29 has half of a surrogate pair"),
                arguments("','a':7}}", "a of the metadata is not a string"),
                arguments("','a':{}}}", "a of the metadata is not a string"),
                arguments("'},'wte':7}", "wte is not an object"),
                arguments("'},'wte':[]}", "wte is not an object"),
                arguments("'},'wte':{}}", "wte has other fields than dtype, shape and data_offsets"),
                arguments(
                        "'},'wte':{'dtype':'F64','shape':[2],'data_offsets':[0,16],'x':1}}",
                        "wte has other fields than dtype, shape and data_offsets"),
                arguments(
                        "'},'wte':{'dtype':'F64','shape':[2],'offsets':[0,16]}}",
                        "wte has other fields than dtype, shape and data_offsets"),
                arguments(tensor("7", "[2]", "[0,16]"), "dtype of wte is not a string"),
                arguments(tensor("'BF16'", "[2]", "[0,16]"), "dtype BF16 of wte is not F64 or F32"),
                arguments(tensor("'f64'", "[2]", "[0,16]"), "dtype f64 of wte is not F64 or F32"),
                arguments(tensor("'F64'", "2", "[0,16]"), "shape of wte is not a list of integers"),
                arguments(tensor("'F64'", "[2.0]", "[0,16]"), "shape of wte is not a list of integers"),
                arguments(tensor("'F64'", "['2']", "[0,16]"), "shape of wte is not a list of integers"),
                arguments(tensor("'F64'", "[[2]]", "[0,16]"), "shape of wte is not a list of integers"),
                arguments(tensor("'F64'", "[2]", "{}"), "data_offsets of wte is not a list of integers"),
                arguments(tensor("'F64'", "[2]", "[-0,16]"), "data_offsets of wte is not a list of integers"),
                arguments(tensor("'F64'", "[0]", "[0,0]"), "shape [0] of wte has a dimension below 1"),
                arguments(tensor("'F64'", "[-2,-1]", "[0,16]"), "shape [-2, -1] of wte has a dimension below 1"),
                arguments(
                        tensor("'F64'", "[9223372036854775807,0]", "[0,16]"),
                        "shape [9223372036854775807, 0] of wte has a dimension below 1"),
                arguments(
                        tensor("'F64'", "[3]", "[0,24]"),
                        "shape [3] of wte has more numbers than the file, which has room for 2 of F64"),
                arguments(
                        tensor("'F32'", "[5]", "[0,20]"),
                        "shape [5] of wte has more numbers than the file, which has room for 4 of F32"),
                arguments( // 0 mod 2⁶⁴
                        tensor("'F64'", "[4294967296,4294967296]", "[0,16]"),
                        "shape [4294967296, 4294967296] of wte has more numbers than the file, which has room for 2 of F64"),
                arguments( // 2 mod 2⁶⁴
                        tensor("'F64'", "[2,7905747460161236407,7]", "[0,16]"),
                        "shape [2, 7905747460161236407, 7] of wte has more numbers than the file, which has room for 2 of"
                                + " F64"),
                arguments(
                        tensor("'F64'", "[9223372036854775807]", "[0,9223372036854775807]"),
                        "shape [9223372036854775807] of wte has more numbers than the file, which has room for 2 of F64"),
                arguments(
                        tensor("'F64'", "[2147483647,2147483647]", "[0,16]"),
                        "shape [2147483647, 2147483647] of wte has more numbers than the file, which has room for 2 of F64"),
                arguments(tensor("'F64'", "[2]", "[]"), offsets("[]")),
                arguments(tensor("'F64'", "[2]", "[0]"), offsets("[0]")),
                arguments(tensor("'F64'", "[2]", "[0,16,16]"), offsets("[0, 16, 16]")),
                arguments(
                        tensor("'F64'", "[2]", "[0,15]"),
                        "data_offsets [0, 15] of wte do not enclose 16 bytes, as dtype and shape demand"),
                arguments(tensor("'F64'", "[2]", "[0,17]"), tooFar("[0, 17]")),
                arguments(tensor("'F64'", "[2]", "[1,17]"), tooFar("[1, 17]")),
                arguments(tensor("'F64'", "[2]", "[0,9223372036854775807]"), tooFar("[0, 9223372036854775807]")),
                arguments( // the difference is 16, with overflow
                        tensor("'F64'", "[2]", "[9223372036854775792,-9223372036854775808]"),
                        offsets("[9223372036854775792, -9223372036854775808]")),
                arguments(tensor("'F64'", "[2]", "[-16,0]"), offsets("[-16, 0]")),
                arguments(tensor("'F64'", "[2]", "[16,0]"), offsets("[16, 0]")),
                arguments(
                        tensor("'F64'", "[2]", "[-9223372036854775808,9223372036854775807]"),
                        offsets("[-9223372036854775808, 9223372036854775807]")),
                arguments(
                        "'},'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]},"
                                + "'b':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
                        "data_offsets [0, 8] of b do not begin at 8, where the tensors before it end"),
                arguments(
                        "'},'b':{'dtype':'F64','shape':[1],'data_offsets':[4,12]},"
                                + "'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
                        "data_offsets [4, 12] of b do not begin at 8, where the tensors before it end"),
                arguments(
                        "'},'b':{'dtype':'F64','shape':[1],'data_offsets':[8,16]}}",
                        "data_offsets [8, 16] of b do not begin at 0, where the tensors before it end"),
                arguments(
                        "'},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'b':{'dtype':'F64','shape':[1],'data_offsets':[8,16]}}",
                        "data_offsets [8, 16] of b do not begin at 4, where the tensors before it end"),
                arguments(
                        tensor("'F64'", "[2]", "[0,16]") + ONE_TENSOR.substring(2),
                        json + "expected the end at index 82, found ','"),
                arguments(
                        "'},'wte':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
                        "no tensor owns the last bytes of the file, from offset 8 of 16"),
                arguments("'}}", "no tensor owns the last bytes of the file, from offset 0 of 16"),
                arguments(
                        "'},' ':{'dtype':'F64','shape':[2],'data_offsets':[0,16]}}",
                        "a tensor cannot have the name ' ': it is blank or taken by the format"),
                arguments(
                        "'},'\\u001b[2J" + "x".repeat(1000) + "':7}", "?[2J" + "x".repeat(56) + "… is not an object"));
    }

    @Test
    void rejects_numbers_that_are_not_finite() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            byte[] doubles = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(8, value)
                    .array();
            assertRejected(
                    file(METADATA + tensor("'F64'", "[2]", "[0,16]"), doubles),
                    "value " + value + " at index 1 of wte is not a finite number of type F64");

            byte[] floats = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(12, (float) value)
                    .array();
            assertRejected(
                    file(METADATA + tensor("'F32'", "[4]", "[0,16]"), floats),
                    "value " + value + " at index 3 of wte is not a finite number of type F32");
        }
    }

    @Test
    void rejects_a_header_that_is_not_utf8() {
        for (String bytes : List.of("ff", "c080", "eda080", "f0808080", "c3", "f4908080")) {
            byte[] file = file(METADATA + "','a':'*'}}", new byte[0]);
            int star = new String(file, StandardCharsets.ISO_8859_1).indexOf('*');
            byte[] changed = spliced(file, star, star + 1, HexFormat.of().parseHex(bytes));
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(changed.length - 8);

            assertRejected(changed, "its header is not valid UTF-8");
        }
    }

    @Test
    void reads_blanks_and_escapes_that_another_version_may_write() {
        byte[] file = file(
                METADATA
                        + "' ,\n'\\u0061' : '\\/' } , 'wte':{'shape':[ 2 ],'data_offsets':[0,16],'dtype':'F64'}}\t\r\n",
                new byte[16]);

        Safetensors read = Safetensors.parse(file);

        assertThat(read.metadata()).isEqualTo(Map.of("k", "v", "a", "/"));
        assertThat(read.tensors().get(0).values()).containsExactly(0, 0);
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void rejects_tensors_that_contradict_themselves(DataType type) {
        assertThatThrownBy(() -> new Tensor(" ", type, List.of(1), new double[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tensor cannot have the name ' ': it is blank or taken by the format");
        assertThatThrownBy(() -> new Tensor("__metadata__", type, List.of(1), new double[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tensor cannot have the name '__metadata__': it is blank or taken by the format");
        assertThatThrownBy(() -> new Tensor("wte", type, List.of(2, 0), new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [2, 0] of wte has a dimension below 1");
        assertThatThrownBy(() -> new Tensor("wte", type, List.of(2, 3), new double[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [2, 3] of wte does not fit its number of values, 5");
        assertThatThrownBy(() -> new Tensor("wte", type, List.of(65536, 65536), new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [65536, 65536] of wte does not fit its number of values, 0");
        assertThatThrownBy(() -> new Tensor("wte", type, List.of(2), new double[] {0, Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value NaN at index 1 of wte is not a finite number of type " + type);
    }

    @Test
    void names_a_value_that_a_float_cannot_hold() {
        assertThatThrownBy(() -> new Tensor("wte", DataType.F32, List.of(2), new double[] {0, -1e39}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value -1.0E39 at index 1 of wte is not a finite number of type F32");
    }

    @Test
    void rejects_names_that_are_taken_and_strings_that_are_not_unicode() {
        Tensor wte = new Tensor("wte", DataType.F64, List.of(1), new double[1]);

        assertThatThrownBy(() -> new Safetensors(Map.of(), List.of(wte, wte)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor wte is there twice");
        assertThatThrownBy(() -> new Safetensors(Map.of("a", "\ude42"), List.of()).toBytes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("string ? has half of a surrogate pair, which cannot be written as UTF-8");
    }

    @Test
    @Tag("proof")
    void refuses_to_write_a_header_that_it_would_not_read() {
        Safetensors large = new Safetensors(Map.of("a", "x".repeat(Safetensors.MAX_HEADER_LENGTH)), List.of());

        assertThatThrownBy(large::toBytes)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a header of 100000032 bytes is too large: 100000000 is the most");
    }

    /** A header and 20 bytes of data. */
    private static Safetensors small() {
        return new Safetensors(
                Map.of("seed", "42"),
                List.of(
                        new Tensor("wte", DataType.F64, List.of(1, 2), new double[] {0.5, -2}),
                        new Tensor("lm_head", DataType.F32, List.of(1), new double[] {0.25})));
    }

    private static Safetensors one(Tensor tensor) {
        return new Safetensors(Map.of(), List.of(tensor));
    }

    private static Safetensors again(Safetensors written) {
        return Safetensors.parse(written.toBytes());
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "'},'wte':{'dtype':" + dtype + ",'shape':" + shape + ",'data_offsets':" + offsets + "}}";
    }

    private static String tooFar(String found) {
        return "data_offsets " + found + " of wte end after the data, which has 16 bytes: it is cut off or damaged";
    }

    private static String offsets(String found) {
        return "data_offsets " + found + " of wte are not a beginning and an end";
    }

    /** A file of any header and data, in which ' stands for ". */
    private static byte[] file(String header, byte[] data) {
        byte[] bytes = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .put(data)
                .array();
    }

    private static byte[] spliced(byte[] file, int from, int to, byte[] with) {
        return ByteBuffer.allocate(file.length - (to - from) + with.length)
                .put(file, 0, from)
                .put(with)
                .put(file, to, file.length - to)
                .array();
    }

    private static void assertRejected(byte[] file, String reason) {
        assertThatThrownBy(() -> Safetensors.parse(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason);
    }
}
