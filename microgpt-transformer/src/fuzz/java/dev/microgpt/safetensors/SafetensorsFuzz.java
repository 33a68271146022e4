package dev.microgpt.safetensors;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invents files: whatever they are, reading one gives contents that can be written and read again, or says that it is
 * not a valid model. Nothing but an {@link IllegalArgumentException} may come out.
 *
 * <p>Each file is read as it is and once more with a header length and a seal that fit, for otherwise these would
 * end every attempt.
 */
class SafetensorsFuzz {

    private static long executions;
    private static long sealed;
    private static long accepted;

    static Stream<Arguments> files() {
        Tensor wte = new Tensor("wte", DataType.F64, List.of(1, 2), new double[] {0.5, -2});
        Tensor head = new Tensor("lm_head", DataType.F32, List.of(1), new double[] {0.25});
        return Stream.of(
                        new Safetensors(Map.of(), List.of()),
                        new Safetensors(Map.of("vocabulary", "aé李🙂\n"), List.of(wte)),
                        new Safetensors(Map.of("config", "{\"blockSize\":16}"), List.of(wte, head)))
                .map(contents -> arguments((Object) contents.toBytes()));
    }

    @MethodSource("files")
    @DictionaryEntries({
        "\"dtype\":\"F64\"",
        "\"dtype\":\"F32\"",
        "\"shape\":[",
        "\"data_offsets\":[",
        "\"__metadata__\":{",
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
    @FuzzTest(maxDuration = "20s") // the last annotation, as Jazzer demands
    void read(byte[] file) {
        executions++;
        read(file, false);
        if (file.length >= Long.BYTES) {
            byte[] repaired = file.clone();
            ByteBuffer.wrap(repaired).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength(file));
            if (Checksums.fits(repaired)) {
                sealed++;
                Checksums.put(repaired);
                read(repaired, true);
            }
        }
    }

    /** To the last brace and the blanks behind it, so that what is inserted into a header does not cut its end off. */
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
            if (e.getMessage().length() > 500) {
                throw new AssertionError("too long a message", e);
            }
            return;
        }
        accepted += counted ? 1 : 0;
        byte[] written = contents.toBytes();
        Safetensors again;
        try {
            again = Safetensors.parse(written);
        } catch (IllegalArgumentException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
        if (!again.metadata().equals(contents.metadata()) || !Arrays.equals(again.toBytes(), written)) {
            throw new AssertionError("what was written is not what is read");
        }
    }

    @AfterAll
    static void report() {
        System.out.println("fuzzed " + executions + " files, " + sealed
                + " of them also with a length and a seal that fit, of which " + accepted + " were valid");
    }
}
