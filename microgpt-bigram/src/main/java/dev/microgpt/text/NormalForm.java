package dev.microgpt.text;

import java.text.Normalizer;

/** Makes texts that look the same the same, for {@link Documents#normalForm}. */
final class NormalForm {
    private static final char SOFT_HYPHEN = '\u00AD';
    private static final int FIRST_COMBINING =
            0x300; // below it, each character is in normal form, and but for the soft hyphen visible or a control

    private NormalForm() {}

    /** The normal form of a stripped text. */
    static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        text.codePoints().filter(c -> !isInvisible(c)).forEach(visible::appendCodePoint);
        return Documents.strip(Normalizer.normalize(visible, Normalizer.Form.NFC));
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_COMBINING || c == SOFT_HYPHEN) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInvisible(int codePoint) {
        return Character.getType(codePoint) == Character.FORMAT
                || codePoint == 0x34F // combining grapheme joiner
                || codePoint >= 0xFE00 && codePoint <= 0xFE0F // variation selectors
                || codePoint >= 0xE0100 && codePoint <= 0xE01EF;
    }
}
