package org.teavm.classlib.java.util;

/** The part of {@link java.util.HexFormat} that the library uses. */
public final class THexFormat {
    public static THexFormat of() {
        return new THexFormat();
    }

    public String formatHex(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        for (byte b : bytes) {
            digits.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return digits.toString();
    }
}
