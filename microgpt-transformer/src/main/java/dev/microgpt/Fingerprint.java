package dev.microgpt;

import dev.microgpt.text.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Remembers which strings it was made of, whatever {@link Documents#normalForm form} they are in: a Bloom filter. It never
 * forgets one. A string has k places among 1.5·k bits for each string; of other strings it takes f^k for one of its own, where f
 * is the share of bits that are set. Of the first list of a model k is 10, which takes 15 bits a string and has a rate of
 * (1 − e^(−10/15))^10 = 0.07 %. Of list j after it k is 13 and 2 for each binary digit of j. Where f^k is above 0.0008, or above
 * 2^−(k − 1) after the first list, k is larger. So all rates together stay below one in 1,000, however many lists there are:
 * 0.0008 + Σ_j 2^−(12 + 2·digits of j) &lt; 0.00093. Immutable.
 *
 * <p>A string's places are the first k numbers of {@link SplitMix64} modulo the number of bits, both read as unsigned; the seed
 * is the 64-bit FNV-1a hash of the normal form in UTF-8. The text form is the number of strings, a colon, k and a colon unless it
 * is 10, and the bits in base64, the lowest bit of the first byte first.
 *
 * @see <a href="https://doi.org/10.1145/362686.362692">Bloom 1970</a>
 */
final class Fingerprint {
    private static final int PLACES = 10; // of the first list
    private static final int MOST_PLACES = 99;

    private final int size; // strings
    private final int places; // of a string
    private final BitSet bits; // [8·bytes()]

    private Fingerprint(int size, int places, BitSet bits) {
        this.size = size;
        this.places = places;
        this.bits = bits;
    }

    /**
     * The fingerprint of some strings.
     *
     * @throws IllegalArgumentException if there are more than 143,165,576
     */
    static Fingerprint of(Collection<String> strings) {
        return of(strings, PLACES);
    }

    private static Fingerprint of(Collection<String> strings, int places) {
        if (strings.size() > mostStrings(places)) {
            throw new IllegalArgumentException(strings.size() + " strings are more than " + mostStrings(places));
        }
        Fingerprint fingerprint =
                new Fingerprint(strings.size(), places, new BitSet(8 * bytes(strings.size(), places)));
        for (String string : strings) {
            SplitMix64 numbers = new SplitMix64(hash(Documents.normalForm(string)));
            for (int i = 0; i < places; i++) {
                fingerprint.bits.set(fingerprint.place(numbers));
            }
        }
        return fingerprint;
    }

    /**
     * Fingerprints that contain one more list: the same ones if they contain all of it.
     *
     * @param forms the normal forms of its strings
     */
    static List<Fingerprint> with(List<Fingerprint> earlier, Set<String> forms) {
        List<String> others =
                forms.stream().filter(form -> !anyMayContain(earlier, form)).toList();
        if (others.isEmpty()) {
            return earlier;
        }
        List<Fingerprint> all = new ArrayList<>(earlier);
        all.add(after(earlier.size(), others));
        return List.copyOf(all);
    }

    private static Fingerprint after(int lists, List<String> strings) {
        int places = lists == 0 ? PLACES : 13 + 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(lists));
        double most = lists == 0 ? 0.0008 : Math.pow(2, 1 - places);
        Fingerprint fingerprint = of(strings, places);
        while (fingerprint.rate() > most) { // a short list can be unlucky
            fingerprint = of(strings, ++places);
        }
        return fingerprint;
    }

    /** How many of all other strings are taken for one of these. */
    private double rate() {
        return Math.pow(bits.cardinality() / (8.0 * bytes(size, places)), places);
    }

    /** Whether one of several may contain the string. */
    static boolean anyMayContain(Collection<Fingerprint> fingerprints, String string) {
        return fingerprints.stream().anyMatch(fingerprint -> fingerprint.mayContain(string));
    }

    /** False if the string is none of those that the fingerprint was made of; true if it is one, or, rarely, by mistake. */
    boolean mayContain(String string) {
        SplitMix64 numbers = new SplitMix64(hash(Documents.normalForm(string)));
        for (int i = 0; i < places; i++) {
            if (!bits.get(place(numbers))) {
                return false;
            }
        }
        return true;
    }

    /** Text for {@link #decode}, 2.5 characters a string with 10 places. */
    String encode() {
        byte[] all = Arrays.copyOf(bits.toByteArray(), bytes(size, places)); // which leaves out zeros at the end
        return size + ":" + (places == PLACES ? "" : places + ":")
                + Base64.getEncoder().encodeToString(all);
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
        int second = text.indexOf(':', colon + 1);
        int places = second < 0 ? PLACES : places(text.substring(colon + 1, second));
        int size = size(text.substring(0, colon), places);
        byte[] all;
        try {
            all = Base64.getDecoder().decode(text.substring(Math.max(colon, second) + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("fingerprint is not base64: " + e.getMessage(), e);
        }
        if (all.length != bytes(size, places)) {
            throw new IllegalArgumentException(
                    "fingerprint of " + size + " strings has " + all.length + " bytes, not " + bytes(size, places));
        }
        return new Fingerprint(size, places, BitSet.valueOf(all));
    }

    private static int size(String text, int places) {
        int most = mostStrings(places);
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "fingerprint does not begin with a number of strings in [1, " + most + "]");
        }
        return Integer.parseInt(text);
    }

    private static int places(String text) {
        if (!text.matches("\\d{1,2}") || Integer.parseInt(text) <= PLACES || Integer.parseInt(text) > MOST_PLACES) {
            throw new IllegalArgumentException(
                    "fingerprint does not have a number of places in [" + (PLACES + 1) + ", " + MOST_PLACES + "]");
        }
        return Integer.parseInt(text);
    }

    private int place(SplitMix64 numbers) {
        return (int) Long.remainderUnsigned(numbers.nextLong(), 8L * bytes(size, places));
    }

    private static int bytes(int size, int places) {
        return Math.max(1, (bitsPerString(places) * size + 7) / 8);
    }

    private static int bitsPerString(int places) {
        return (3 * places + 1) / 2; // 1 / ln 2 = 1.44 bits a place give the lowest rate
    }

    private static int mostStrings(int places) {
        return (Integer.MAX_VALUE - 7) / bitsPerString(places);
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
