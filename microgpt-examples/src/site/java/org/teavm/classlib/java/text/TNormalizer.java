package org.teavm.classlib.java.text;

import dev.microgpt.site.Missing;

/** The part of {@link java.text.Normalizer} that the library uses. */
public final class TNormalizer {
    public enum Form {
        NFC,
        NFD,
        NFKC,
        NFKD
    }

    private TNormalizer() {}

    public static String normalize(CharSequence text, Form form) {
        return Missing.normalize(text.toString(), form.name());
    }
}
