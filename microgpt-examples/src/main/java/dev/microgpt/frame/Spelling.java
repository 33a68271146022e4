package dev.microgpt.frame;

import dev.microgpt.text.Tokenizer;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people type, written with the characters of a list: capital letters and accents are folded where the list lacks them.
 * Only for what a person types. The library itself never takes one character for another.
 *
 * <pre>{@code
 * Spelling names = new Spelling(Tokenizer.of(Documents.givenNames()));
 * names.read("Zoë");        // "zoe"
 * names.read("Anne-Marie"); // IllegalArgumentException: no text of the list has "-"; try annemarie
 * }</pre>
 */
public final class Spelling {
    private static final int LONGEST_LIST = 40; // characters of a vocabulary that a message repeats

    private final Tokenizer tokenizer;

    /**
     * The spelling of a list.
     *
     * @param tokenizer knows the characters of the list
     */
    public Spelling(Tokenizer tokenizer) {
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer is null");
    }

    /**
     * Reads what was typed.
     *
     * @param typed any text; may be empty
     * @return the text itself if the list has all its characters, else the text with capitals and accents folded
     * @throws IllegalArgumentException if the list has no character for part of it; the message, which is for people, says for
     *     which, and what to try instead
     */
    public String read(String typed) {
        Reading reading = readingOf(typed);
        if (reading.missing.isEmpty()) {
            return reading.text;
        }
        throw new IllegalArgumentException("no text of the list has "
                + reading.missing.stream().map(Spelling::shown).collect(Collectors.joining(" or ")) + advice(reading));
    }

    /**
     * What to try instead of a text that cannot be read.
     *
     * @param typed any text
     * @return the text without what the list lacks; empty if nothing is left of it, or if it can be read as it is
     */
    public Optional<String> suggestion(String typed) {
        Reading reading = readingOf(typed);
        return Optional.of(reading.text).filter(text -> !text.isEmpty() && !reading.missing.isEmpty());
    }

    /** The text without the characters that the list lacks, and those. */
    private record Reading(String text, Set<String> missing) {}

    private Reading readingOf(String typed) {
        Objects.requireNonNull(typed, "typed is null");
        Set<String> missing = new LinkedHashSet<>();
        if (isKnown(typed)) {
            return new Reading(typed, missing);
        }
        String text = isKnown(" ") ? typed : typed.strip();
        String read = characters(Normalizer.normalize(text, Normalizer.Form.NFC))
                .map(character -> folds(character)
                        .filter(this::isKnown)
                        .findFirst()
                        .orElseGet(() -> {
                            missing.add(character);
                            return "";
                        }))
                .collect(Collectors.joining());
        return new Reading(read, missing);
    }

    private boolean isKnown(String text) {
        return text.codePoints().allMatch(c -> tokenizer.vocabulary().indexOf(c) >= 0);
    }

    /** A character and what may stand for it, the nearest first. */
    private static Stream<String> folds(String character) {
        String plain = plain(withoutMarks(character));
        return Stream.of(character, plain)
                .flatMap(form -> Stream.of(form, form.toLowerCase(Locale.ROOT), form.toUpperCase(Locale.ROOT)));
    }

    private static String withoutMarks(String character) {
        return Normalizer.normalize(character, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
    }

    /** Letters that Unicode does not take apart, and marks for which keyboards have another. */
    private static String plain(String character) {
        return switch (character.toLowerCase(Locale.ROOT)) {
            case "ß" -> "ss";
            case "æ" -> "ae";
            case "œ" -> "oe";
            case "ø" -> "o";
            case "ł" -> "l";
            case "đ", "ð" -> "d";
            case "þ" -> "th";
            case "ı" -> "i";
            case "’" -> "'";
            case "‐", "–" -> "-";
            default -> character;
        };
    }

    private String advice(Reading reading) {
        if (!reading.text.isEmpty()) {
            return "; try " + reading.text;
        }
        String all = tokenizer.vocabulary();
        boolean letters = all.codePoints().allMatch(Character::isLetterOrDigit);
        return letters && all.length() <= LONGEST_LIST ? "; its characters are " + all : "";
    }

    private static Stream<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString);
    }

    private static String shown(String character) {
        int c = character.codePointAt(0);
        List<Integer> hidden = List.of(
                (int) Character.CONTROL,
                (int) Character.FORMAT,
                (int) Character.SURROGATE,
                (int) Character.NON_SPACING_MARK,
                (int) Character.PRIVATE_USE,
                (int) Character.UNASSIGNED);
        return hidden.contains(Character.getType(c)) ? String.format(Locale.ROOT, "U+%04X", c) : '"' + character + '"';
    }
}
