package dev.microgpt.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * The checksums of files of format 1, which cover every byte but the first 8. They stand at the beginning of the header:
 *
 * <pre>
 * {"__metadata__":{"header_sha256":"64 digits","sha256":"64 digits"
 * </pre>
 *
 * {@code sha256} is that of the data that follows the header, {@code header_sha256} that of the header with 64 zeros in its
 * own place. A file that another program has written again no longer has them there, so new files carry {@link Checksums}.
 */
final class HeaderChecksums {
    static final Set<String> KEYS = Set.of("header_sha256", "sha256");

    private static final int START = Long.BYTES; // of the header
    private static final byte[] BEFORE_HEADER = ascii("{\"" + Safetensors.METADATA + "\":{\"header_sha256\":\"");
    private static final byte[] BEFORE_DATA = ascii("\",\"sha256\":\"");
    private static final byte[] BLANK = ascii("0".repeat(64));
    private static final int HEADER = START + BEFORE_HEADER.length; // where the digits begin in the file
    private static final int HEADER_END = HEADER + BLANK.length;
    private static final int DATA = HEADER_END + BEFORE_DATA.length;
    private static final int DATA_END = DATA + BLANK.length;

    private HeaderChecksums() {}

    /** Whether a safetensors file has such checksums, right or wrong. */
    static boolean areOn(byte[] file) {
        return headerEnd(file) >= DATA_END && has(BEFORE_HEADER, file, START) && has(BEFORE_DATA, file, HEADER_END);
    }

    /** Whether the header of a file that has such checksums is as it was written. */
    static boolean matchHeader(byte[] file) {
        MessageDigest sha256 = Checksums.sha256();
        sha256.update(file, START, HEADER - START);
        sha256.update(BLANK);
        sha256.update(file, HEADER_END, headerEnd(file) - HEADER_END);
        return has(digits(sha256), file, HEADER);
    }

    /** Whether the data of a file that has such checksums is as it was written. */
    static boolean matchData(byte[] file) {
        MessageDigest sha256 = Checksums.sha256();
        sha256.update(file, headerEnd(file), file.length - headerEnd(file));
        return has(digits(sha256), file, DATA);
    }

    private static int headerEnd(byte[] file) {
        return START
                + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static byte[] digits(MessageDigest digest) {
        return ascii(HexFormat.of().formatHex(digest.digest()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean has(byte[] bytes, byte[] file, int at) {
        return Arrays.equals(bytes, 0, bytes.length, file, at, at + bytes.length);
    }
}
