package dev.microgpt.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChecksummedFileTest {
    private static final String METADATA_DIFFERS = "its metadata does not match its checksum: it is damaged";
    private static final String TENSORS_DIFFER =
            "its tensors do not match their checksum: it is damaged, or another program changed them";
    private static final String NO_CHECKSUMS =
            "it has no checksums of this library: it was written by another program or is damaged";

    private static final Safetensors SMALL = new Safetensors(
            metadata("format", "small 2", "vocabulary", "zé李🙂\"\n"),
            List.of(
                    new Tensor("wte", DataType.F64, List.of(1, 2), new double[] {0.5, -0.0}),
                    new Tensor("b", DataType.F32, List.of(1), new double[] {0.25}),
                    new Tensor("a", DataType.F32, List.of(), new double[] {-2})));

    @Test
    void comes_back_as_it_was() {
        assertSame(ChecksummedFile.toBytes(SMALL));
    }

    /** Computed once more in this test, from the description of the format. */
    @Test
    void has_the_checksums_that_are_described() throws Exception {
        Map<String, String> metadata =
                Safetensors.parse(ChecksummedFile.toBytes(SMALL)).metadata();

        ByteArrayOutputStream tensors = new ByteArrayOutputStream();
        tensors.write(text("a"));
        tensors.write(text("F32"));
        tensors.write(numbers(0));
        tensors.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(-2)
                .array());
        tensors.write(text("b"));
        tensors.write(text("F32"));
        tensors.write(numbers(1, 1));
        tensors.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.25f)
                .array());
        tensors.write(text("wte"));
        tensors.write(text("F64"));
        tensors.write(numbers(2, 1, 2));
        tensors.write(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.5)
                .putDouble(-0.0)
                .array());
        String ofTensors = sha256(tensors.toByteArray());
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        for (String text : List.of(
                "microgpt.format",
                "small 2",
                "microgpt.tensors_sha256",
                ofTensors,
                "microgpt.vocabulary",
                "zé李🙂\"\n")) {
            keys.write(text(text));
        }
        assertThat(metadata)
                .isEqualTo(Map.of(
                        "microgpt.metadata_sha256",
                        sha256(keys.toByteArray()),
                        "microgpt.tensors_sha256",
                        ofTensors,
                        "microgpt.format",
                        "small 2",
                        "microgpt.vocabulary",
                        "zé李🙂\"\n"));
    }

    @Test
    void another_program_may_write_it_in_another_way() {
        Safetensors file = Safetensors.parse(ChecksummedFile.toBytes(SMALL));
        List<Tensor> reversed = new ArrayList<>(file.tensors());
        Collections.reverse(reversed);

        assertSame(new Safetensors(new TreeMap<>(file.metadata()), file.tensors()).toBytes());
        assertSame(new Safetensors(new TreeMap<>(file.metadata()).descendingMap(), reversed).toBytes());
        assertSame(with(file, metadata("format", "pt", "sha256", "0", "Microgpt.x", ""))
                .toBytes());
        assertSame(spaced(file.toBytes()));
    }

    /** Each value that another program may have changed, each key that it may have dropped. */
    @Test
    void a_change_of_ours_is_noticed() {
        Safetensors file = Safetensors.parse(ChecksummedFile.toBytes(SMALL));

        for (String key : file.metadata().keySet()) {
            Map<String, String> changed = new LinkedHashMap<>(file.metadata());
            changed.merge(key, " ", String::concat);
            assertRefused(new Safetensors(changed, file.tensors()), METADATA_DIFFERS);
            changed.remove(key);
            assertRefused(
                    new Safetensors(changed, file.tensors()), key.endsWith("256") ? NO_CHECKSUMS : METADATA_DIFFERS);
        }
        assertRefused(with(file, metadata("microgpt.x", "")), METADATA_DIFFERS);
        assertRefused(new Safetensors(Map.of("format", "pt"), file.tensors()), NO_CHECKSUMS);
        assertRefused(new Safetensors(Map.of(), List.of()), NO_CHECKSUMS);
    }

    @Test
    void the_keys_of_the_checksums_are_taken() {
        for (String key : List.of("metadata_sha256", "tensors_sha256")) {
            Safetensors contents = new Safetensors(Map.of(key, ""), List.of());

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ChecksummedFile.toBytes(contents))
                    .withMessage("key " + key + " of the metadata is taken by the format");
        }
    }

    @Test
    void a_change_of_a_tensor_is_noticed() {
        Safetensors file = Safetensors.parse(ChecksummedFile.toBytes(SMALL));

        assertRefused(replaced(file, new Tensor("wte", DataType.F64, List.of(1, 2), new double[] {0.5, 0.0})));
        assertRefused(replaced(file, new Tensor("wte", DataType.F64, List.of(2, 1), new double[] {0.5, -0.0})));
        assertRefused(replaced(file, new Tensor("wte", DataType.F32, List.of(1, 2), new double[] {0.5, -0.0})));
        assertRefused(replaced(file, new Tensor("Wte", DataType.F64, List.of(1, 2), new double[] {0.5, -0.0})));
        assertRefused(new Safetensors(file.metadata(), file.tensors().subList(0, 2)), TENSORS_DIFFER);
        List<Tensor> more = new ArrayList<>(file.tensors());
        more.add(new Tensor("c", DataType.F32, List.of(), new double[] {0}));
        assertRefused(new Safetensors(file.metadata(), more), TENSORS_DIFFER);
    }

    @Test
    void the_tensors_may_change_where_they_are_not_verified() {
        Safetensors file = Safetensors.parse(ChecksummedFile.toBytes(SMALL));
        Tensor tuned = new Tensor("wte", DataType.F32, List.of(1, 2), new double[] {1, 2});

        ChecksummedFile changed = ChecksummedFile.parse(replaced(file, tuned).toBytes());

        changed.requireMetadata();
        assertThat(changed.contents().tensors().get(0).values()).containsExactly(1, 2);
        assertThatIllegalArgumentException().isThrownBy(changed::requireTensors).withMessage(TENSORS_DIFFER);
    }

    /** Whatever may change means the same in JSON. */
    @Test
    void every_change_of_every_byte_is_noticed_or_without_meaning() {
        byte[] file = ChecksummedFile.toBytes(SMALL);
        int meaningless = 0;

        for (int i = 0; i < file.length; i++) {
            for (int mask = 1; mask < 256; mask++) {
                byte[] changed = file.clone();
                changed[i] ^= (byte) mask;
                if (isRead(changed)) {
                    assertSame(changed);
                    meaningless++;
                }
            }
        }
        assertThat(meaningless)
                .isEqualTo(3 * padding(file) + 1); // other blanks, and the last digit of a line feed in upper case
    }

    @Test
    void every_added_missing_or_exchanged_byte_is_noticed_or_without_meaning() {
        byte[] file = ChecksummedFile.toBytes(SMALL);

        for (int at = 0; at <= file.length; at++) {
            for (byte[] changed : List.of(
                    spliced(file, at, at, new byte[] {' '}),
                    spliced(file, at, at, new byte[8]),
                    spliced(file, at, Math.min(at + 8, file.length), new byte[at < file.length ? 0 : 1]),
                    Arrays.copyOf(file, Math.max(0, at - 1)))) {
                if (isRead(changed)) {
                    assertSame(changed);
                }
            }
        }
    }

    private static boolean isRead(byte[] bytes) {
        try {
            all(bytes);
            return true;
        } catch (IllegalArgumentException e) { // a catch, not an AssertJ assertion: it runs 100,000 times
            return false;
        }
    }

    private static Safetensors all(byte[] bytes) {
        ChecksummedFile file = ChecksummedFile.parse(bytes);
        file.requireMetadata();
        file.requireTensors();
        return file.contents();
    }

    private static void assertSame(byte[] bytes) {
        Safetensors contents = all(bytes);

        assertThat(contents.metadata()).isEqualTo(SMALL.metadata());
        Map<String, Tensor> byName = new TreeMap<>();
        contents.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
        assertThat(byName).hasSize(SMALL.tensors().size());
        for (Tensor tensor : SMALL.tensors()) {
            Tensor read = byName.get(tensor.name());
            assertThat(read.type()).isEqualTo(tensor.type());
            assertThat(read.shape()).isEqualTo(tensor.shape());
            assertThat(bits(read)).containsExactly(bits(tensor));
        }
    }

    private static long[] bits(Tensor tensor) {
        return Arrays.stream(tensor.values())
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }

    private static void assertRefused(Safetensors file) {
        assertRefused(file, TENSORS_DIFFER);
    }

    private static void assertRefused(Safetensors file, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> all(file.toBytes()))
                .withMessage(message);
    }

    private static Safetensors replaced(Safetensors file, Tensor first) {
        List<Tensor> tensors = new ArrayList<>(file.tensors());
        tensors.set(0, first);
        return new Safetensors(file.metadata(), tensors);
    }

    private static Safetensors with(Safetensors file, Map<String, String> more) {
        Map<String, String> metadata = new LinkedHashMap<>(more);
        metadata.putAll(file.metadata());
        return new Safetensors(metadata, file.tensors());
    }

    private static Map<String, String> metadata(String... keysAndValues) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            metadata.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return metadata;
    }

    /** The same header with blanks after each comma and colon that is not in a string. */
    private static byte[] spaced(byte[] file) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, 8, length, StandardCharsets.UTF_8).replaceAll("(?<=[\"\\]}0-9])[,:]", "$0\n ");
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        byte[] spaced = spliced(file, 8, 8 + length, bytes);
        ByteBuffer.wrap(spaced).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length);
        return spaced;
    }

    private static int padding(byte[] file) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, 8, length, StandardCharsets.UTF_8);
        return header.length() - header.stripTrailing().length();
    }

    private static byte[] spliced(byte[] file, int from, int to, byte[] with) {
        return ByteBuffer.allocate(file.length - (to - from) + with.length)
                .put(file, 0, from)
                .put(with)
                .put(file, to, file.length - to)
                .array();
    }

    private static byte[] text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(numbers(bytes.length));
        out.write(bytes);
        return out.toByteArray();
    }

    private static byte[] numbers(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(numbers).forEach(bytes::putLong);
        return bytes.array();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
