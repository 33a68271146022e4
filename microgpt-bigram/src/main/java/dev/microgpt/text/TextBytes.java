package dev.microgpt.text;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Decodes the bytes of a text file in UTF-8, and says what they look like if they are anything else. */
final class TextBytes {
    private static final Map<int[], String> BEGINNINGS = new LinkedHashMap<>();

    static {
        BEGINNINGS.put(new int[] {0xFF, 0xFE, 0, 0}, "UTF-32: save it as UTF-8");
        BEGINNINGS.put(new int[] {0, 0, 0xFE, 0xFF}, "UTF-32: save it as UTF-8");
        BEGINNINGS.put(new int[] {0xFF, 0xFE}, "UTF-16: save it as UTF-8");
        BEGINNINGS.put(new int[] {0xFE, 0xFF}, "UTF-16: save it as UTF-8");
        BEGINNINGS.put(new int[] {0x1F, 0x8B}, "gzip: unpack it");
        BEGINNINGS.put(
                new int[] {'P', 'K', 3, 4},
                "a zip archive, as documents of office programs are: unpack it, or save it as plain text");
        BEGINNINGS.put(new int[] {'B', 'Z', 'h', '9', '1', 'A', 'Y'}, "bzip2: unpack it");
        BEGINNINGS.put(new int[] {0xFD, '7', 'z', 'X', 'Z', 0}, "xz: unpack it");
        BEGINNINGS.put(new int[] {0x28, 0xB5, 0x2F, 0xFD}, "Zstandard: unpack it");
        BEGINNINGS.put(new int[] {'%', 'P', 'D', 'F', '-'}, "PDF: save it as plain text");
    }

    private final byte[] bytes;
    private final String source; // such as "file names.txt"
    private final String kind; // "file" or "stream"

    TextBytes(byte[] bytes, String source, String kind) {
        this.bytes = bytes;
        this.source = source;
        this.kind = kind;
    }

    /**
     * The text.
     *
     * @throws UncheckedIOException if the bytes are not text in UTF-8; the message says what they look like, or names line and byte
     */
    String decode() {
        for (Map.Entry<int[], String> beginning : BEGINNINGS.entrySet()) {
            if (beginsWith(beginning.getKey())) {
                throw looksLike(beginning.getValue());
            }
        }
        if (isUtf16()) {
            throw looksLike("UTF-16: save it as UTF-8");
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw refused(i, "is in no text; is it UTF-16, or no text at all?", new CharacterCodingException());
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            // a new decoder reports malformed bytes, where new String(bytes, UTF_8) replaces them
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw refused(buffer.position(), "is not valid UTF-8", e);
        }
    }

    private boolean beginsWith(int... beginning) {
        for (int i = 0; i < beginning.length; i++) {
            if (i == bytes.length || Byte.toUnsignedInt(bytes[i]) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether at least every eighth byte is 0, all of them the first or all of them the second of a pair. */
    private boolean isUtf16() {
        int[] zeros = new int[2];
        for (int i = 0; i < bytes.length; i++) {
            zeros[i % 2] += bytes[i] == 0 ? 1 : 0;
        }
        int all = zeros[0] + zeros[1];
        return bytes.length % 2 == 0 && all > 0 && 8 * all >= bytes.length && zeros[0] * zeros[1] == 0;
    }

    private UncheckedIOException looksLike(String what) {
        return new UncheckedIOException(source + " looks like " + what, new CharacterCodingException());
    }

    private UncheckedIOException refused(int offset, String why, CharacterCodingException cause) {
        return new UncheckedIOException(
                String.format(
                        Locale.ROOT,
                        "%s, line %d: byte 0x%02X at offset %d of the %s %s",
                        source,
                        lineAt(offset),
                        bytes[offset],
                        offset,
                        kind,
                        why),
                cause);
    }

    /** Number of the line that holds the byte at {@code offset}, counted from 1. */
    private int lineAt(int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) {
                line++;
            }
        }
        return line;
    }
}
