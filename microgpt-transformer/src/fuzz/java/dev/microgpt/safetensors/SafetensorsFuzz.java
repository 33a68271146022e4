package dev.microgpt.safetensors;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invents files: whatever they are, reading one gives contents that can be written and read again, or says what is wrong with it.
 * Nothing but an {@link IllegalArgumentException} may come out. What is read also goes through a file with checksums.
 *
 * <p>Each file is read as it is and once more with a header length that fits, which would end nearly every attempt otherwise.
 */
class SafetensorsFuzz {

    private static long executions;
    private static long accepted;
    private static long checksummed;

    static Stream<Arguments> files() {
        Tensor wte = new Tensor("wte", DataType.F64, List.of(1, 2), new double[] {0.5, -2});
        Tensor head = new Tensor("lm_head", DataType.F32, List.of(1), new double[] {0.25});
        Safetensors both = new Safetensors(Map.of("config", "{\"blockSize\":16}"), List.of(wte, head));
        return Stream.of(
                        new Safetensors(Map.of(), List.of()).toBytes(),
                        new Safetensors(Map.of("vocabulary", "aé李🙂\n"), List.of(wte)).toBytes(),
                        both.toBytes(),
                        ChecksummedFile.toBytes(both))
                .map(file -> arguments((Object) file));
    }

    @MethodSource("files")
    @DictionaryEntries({
        "\"dtype\":\"F64\"",
        "\"dtype\":\"F32\"",
        "\"shape\":[",
        "\"data_offsets\":[",
        "\"__metadata__\":{",
        "\"microgpt.metadata_sha256\":\"",
        "\"microgpt.tensors_sha256\":\"",
        "},",
        "\":{",
        "\":\"",
        "\\ud83d",
        "\\ude42",
        "-0",
        "1e999",
        "9223372036854775807",
        "-9223372036854775808",
        "true",
        "null"
    })
    @FuzzTest(maxDuration = "10s") // the last annotation, as Jazzer demands
    void read(byte[] file) {
        executions++;
        read(file, false);
        if (file.length >= Long.BYTES) {
            byte[] repaired = file.clone();
            ByteBuffer.wrap(repaired).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength(file));
            read(repaired, true);
        }
    }

    /** To the last brace and the blanks that follow it, so that what is inserted into a header does not cut its end off. */
    private static int headerLength(byte[] file) {
        int end = file.length;
        while (end > Long.BYTES && file[end - 1] != '}') {
            end--;
        }
        while (end < file.length && file[end] == ' ') {
            end++;
        }
        return end - Long.BYTES;
    }

    private static void read(byte[] file, boolean counted) {
        Safetensors contents;
        try {
            contents = Safetensors.parse(file);
        } catch (IllegalArgumentException e) {
            requireShort(e);
            return;
        }
        accepted += counted ? 1 : 0;
        byte[] written = contents.toBytes();
        Safetensors again = readAgain(written);
        if (!again.metadata().equals(contents.metadata()) || !Arrays.equals(again.toBytes(), written)) {
            throw new AssertionError("what was written is not what is read");
        }
        readWithChecksums(file);
        readWithChecksums(contents);
    }

    private static Safetensors readAgain(byte[] written) {
        try {
            return Safetensors.parse(written);
        } catch (IllegalArgumentException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
    }

    /** Its checksums are right, wrong, or not there. */
    private static void readWithChecksums(byte[] file) {
        try {
            ChecksummedFile ours = ChecksummedFile.parse(file);
            ours.contents();
            ours.requireMetadata();
            ours.requireTensors();
            checksummed++;
        } catch (IllegalArgumentException e) {
            requireShort(e);
        }
    }

    /** Its checksums are made to be right. */
    private static void readWithChecksums(Safetensors contents) {
        Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
        metadata.keySet().removeAll(List.of("metadata_sha256", "tensors_sha256"));
        ChecksummedFile again =
                ChecksummedFile.parse(ChecksummedFile.toBytes(new Safetensors(metadata, contents.tensors())));
        again.requireMetadata();
        again.requireTensors();
        if (!again.contents().metadata().equals(metadata)) {
            throw new AssertionError("what was written with checksums is not what is read");
        }
    }

    private static void requireShort(IllegalArgumentException e) {
        if (e.getMessage().length() > 500) {
            throw new AssertionError("too long a message", e);
        }
    }

    @AfterAll
    static void report() {
        System.out.println("fuzzed " + executions + " files, of which " + accepted
                + " with a length that fits were valid and " + checksummed + " had checksums that are right");
    }
}
