package dev.microgpt.text;

import java.util.Locale;
import java.util.stream.Collectors;

/** Characters and texts as people can read them, on one line, for messages and {@code toString}. */
final class Readable {
    private Readable() {}

    /** A character and its number, such as {@code 'é' (U+00E9)}. */
    static String character(int codePoint) {
        return String.format(Locale.ROOT, "'%s' (U+%04X)", visible(codePoint), codePoint);
    }

    /** A text in quotes, or its start and … if it has more code points than {@code longest}. */
    static String quote(String text, int longest) {
        String start =
                text.codePoints().limit(longest).mapToObj(Readable::visible).collect(Collectors.joining());
        boolean whole = text.codePointCount(0, text.length()) <= longest;
        return '"' + start + (whole ? "" : "…") + '"';
    }

    /** The character itself, or its number where a reader would see nothing, or only a change to its neighbour. */
    private static String visible(int codePoint) {
        boolean visible = switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
        return visible ? Character.toString(codePoint) : String.format(Locale.ROOT, "\\u%04X", codePoint);
    }
}
