package dev.microgpt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;

/**
 * Remembers which strings it was made of, in 15 bits a string: a Bloom filter. It never forgets one, and takes less than one in
 * 1,000 of all others for one of them: (1 − e^(−10/15))^10 = 0.07 %. Immutable.
 *
 * <p>A string's places are the first ten numbers of {@link SplitMix64} modulo the number of bits, both read as unsigned; the seed
 * is the 64-bit FNV-1a hash of the string in UTF-8. The text form is the number of strings, a colon, and the bits in base64, the
 * lowest bit of the first byte first.
 *
 * @see <a href="https://doi.org/10.1145/362686.362692">Bloom 1970</a>
 */
final class Fingerprint {
    private static final int BITS_PER_STRING = 15;
    private static final int PLACES = 10;
    private static final int MOST_STRINGS = (Integer.MAX_VALUE - 7) / BITS_PER_STRING;

    private final int size; // strings
    private final BitSet bits; // [8·bytes(size)]

    private Fingerprint(int size, BitSet bits) {
        this.size = size;
        this.bits = bits;
    }

    /**
     * The fingerprint of some strings.
     *
     * @throws IllegalArgumentException if there are more than 143,165,576
     */
    static Fingerprint of(Collection<String> strings) {
        if (strings.size() > MOST_STRINGS) {
            throw new IllegalArgumentException(strings.size() + " strings are more than " + MOST_STRINGS);
        }
        Fingerprint fingerprint = new Fingerprint(strings.size(), new BitSet(8 * bytes(strings.size())));
        for (String string : strings) {
            SplitMix64 places = new SplitMix64(hash(string));
            for (int i = 0; i < PLACES; i++) {
                fingerprint.bits.set(fingerprint.place(places));
            }
        }
        return fingerprint;
    }

    /** Whether one of several may contain the string. */
    static boolean anyMayContain(Collection<Fingerprint> fingerprints, String string) {
        return fingerprints.stream().anyMatch(fingerprint -> fingerprint.mayContain(string));
    }

    /** False if the string is none of those that the fingerprint was made of; true if it is one, or, rarely, by mistake. */
    boolean mayContain(String string) {
        SplitMix64 places = new SplitMix64(hash(string));
        for (int i = 0; i < PLACES; i++) {
            if (!bits.get(place(places))) {
                return false;
            }
        }
        return true;
    }

    /** Text for {@link #decode}, 2.5 characters a string. */
    String encode() {
        byte[] all = Arrays.copyOf(bits.toByteArray(), bytes(size)); // which leaves out zeros at the end
        return size + ":" + Base64.getEncoder().encodeToString(all);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static Fingerprint decode(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("fingerprint has no colon after the number of strings");
        }
        int size = size(text.substring(0, colon));
        byte[] all;
        try {
            all = Base64.getDecoder().decode(text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("fingerprint is not base64: " + e.getMessage(), e);
        }
        if (all.length != bytes(size)) {
            throw new IllegalArgumentException(
                    "fingerprint of " + size + " strings has " + all.length + " bytes, not " + bytes(size));
        }
        return new Fingerprint(size, BitSet.valueOf(all));
    }

    private static int size(String text) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_STRINGS) {
            throw new IllegalArgumentException(
                    "fingerprint does not begin with a number of strings in [1, " + MOST_STRINGS + "]");
        }
        return Integer.parseInt(text);
    }

    private int place(SplitMix64 places) {
        return (int) Long.remainderUnsigned(places.nextLong(), 8L * bytes(size));
    }

    private static int bytes(int size) {
        return Math.max(1, (BITS_PER_STRING * size + 7) / 8);
    }

    /** FNV-1a. */
    static long hash(String string) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : string.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedInt(b)) * 0x100000001b3L;
        }
        return hash;
    }
}
