package dev.microgpt.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * The two checksums with which the header of a {@link Safetensors} file of ours begins, always at the same place:
 *
 * <pre>
 * {"__metadata__":{"header_sha256":"64 digits","sha256":"64 digits"
 * </pre>
 *
 * {@code sha256} is that of the data behind the header, {@code header_sha256} that of the header with 64 zeros in its own
 * place. Together they cover every byte of the file but its first 8, the length, from which they are computed.
 */
final class Checksums {
    /** The keys, which come first in the metadata. */
    static final Set<String> KEYS = Set.of("header_sha256", "sha256");

    /** 64 digits that are not known yet. */
    static final String BLANK = "0".repeat(64);

    private static final int START = Long.BYTES; // of the header
    private static final byte[] BEFORE_HEADER = ascii("{\"" + Safetensors.METADATA + "\":{\"header_sha256\":\"");
    private static final byte[] BEFORE_DATA = ascii("\",\"sha256\":\"");
    private static final int HEADER = START + BEFORE_HEADER.length; // where the digits begin in the file
    private static final int HEADER_END = HEADER + BLANK.length();
    private static final int DATA = HEADER_END + BEFORE_DATA.length;
    private static final int DATA_END = DATA + BLANK.length();

    private Checksums() {}

    /** The length of the header, as the first 8 bytes of a file state it; not checked. */
    static long headerLength(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Whether the header of a file begins with checksums, right or wrong; its stated length must be within the file. */
    static boolean isOn(byte[] file) {
        return fits(file) && has(BEFORE_HEADER, file, START) && has(BEFORE_DATA, file, HEADER_END);
    }

    /** Whether the header of a file is long enough; its stated length must be within the file. */
    static boolean fits(byte[] file) {
        return headerLength(file) >= DATA_END - START;
    }

    /** Whether nobody has changed the header since {@link #put}. */
    static boolean matchesHeader(byte[] file) {
        return has(headerDigits(file), file, HEADER);
    }

    /** Whether nobody has changed the data since {@link #put}. */
    static boolean matchesData(byte[] file) {
        return has(dataDigits(file), file, DATA);
    }

    /** Writes the beginning of the header over what is there; the seal must fit. */
    static void put(byte[] file) {
        put(BEFORE_HEADER, file, START);
        put(BEFORE_DATA, file, HEADER_END);
        put(dataDigits(file), file, DATA);
        put(headerDigits(file), file, HEADER);
    }

    private static byte[] headerDigits(byte[] file) {
        MessageDigest sha256 = sha256();
        sha256.update(file, START, HEADER - START);
        sha256.update(ascii(BLANK));
        sha256.update(file, HEADER_END, START + (int) headerLength(file) - HEADER_END);
        return digits(sha256);
    }

    private static byte[] dataDigits(byte[] file) {
        MessageDigest sha256 = sha256();
        int data = START + (int) headerLength(file);
        sha256.update(file, data, file.length - data);
        return digits(sha256);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static byte[] digits(MessageDigest digest) {
        return ascii(HexFormat.of().formatHex(digest.digest()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void put(byte[] bytes, byte[] file, int at) {
        System.arraycopy(bytes, 0, file, at, bytes.length);
    }

    private static boolean has(byte[] bytes, byte[] file, int at) {
        return Arrays.equals(bytes, 0, bytes.length, file, at, at + bytes.length);
    }
}
