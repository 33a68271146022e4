package dev.microgpt.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern that was read: the places at which a character stands, and which may follow which (Glushkov's automaton). Place 0 is before
 * the first character. What is repeated is read once for each of its copies. What describes no regular language, or is not surely
 * the same in {@link Pattern}, is refused.
 */
final class Places {
    private static final int MOST = 5_000;
    private static final int DEEPEST = 100; // groups within groups
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final String NOT_SUPPORTED = "which is not supported";
    private static final Pattern COUNTS = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");
    private static final IntPredicate IN_LINE = c -> "\n\r\u0085\u2028\u2029".indexOf(c) < 0;
    private static final IntPredicate DIGIT = c -> c >= '0' && c <= '9';
    private static final IntPredicate LETTER = c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    private static final IntPredicate BLANK = c -> c == ' ' || c >= '\t' && c <= '\r';
    private static final Map<String, IntPredicate> NAMED = Map.of(
            "\\d", DIGIT,
            "\\D", DIGIT.negate(),
            "\\w", DIGIT.or(LETTER).or(c -> c == '_'),
            "\\W", DIGIT.or(LETTER).or(c -> c == '_').negate(),
            "\\s", BLANK,
            "\\S", BLANK.negate());

    private final String pattern;
    private final Map<String, IntPredicate> sets = new LinkedHashMap<>(); // by their text
    private final List<String> setOf = new ArrayList<>(); // of each place
    private final List<BitSet> following = new ArrayList<>(); // of each place
    private final BitSet last; // places at which a match may end
    private int at;
    private int depth;
    private int parts;

    /** @throws IllegalArgumentException if it has something that is not supported, or too much; the message says what and where */
    Places(String pattern) {
        this.pattern = pattern;
        takes("^"); // the whole string must match in any case, as it must with $ at the end
        last = choice(newPlace(""));
        if (at < pattern.length()) {
            throw refused(at, at + 1, "which closes nothing");
        }
    }

    Map<String, IntPredicate> sets() {
        return sets;
    }

    String setOf(int place) {
        return setOf.get(place);
    }

    BitSet after(BitSet places) {
        BitSet after = new BitSet();
        places.stream().forEach(place -> after.or(following.get(place)));
        return after;
    }

    boolean mayEndAt(BitSet places) {
        return places.intersects(last);
    }

    private BitSet newPlace(String set) {
        BitSet place = new BitSet();
        place.set(setOf.size());
        setOf.add(set);
        following.add(new BitSet());
        return place;
    }

    private void follow(BitSet before, BitSet places) {
        before.stream().forEach(place -> following.get(place).or(places));
    }

    /** Reads alternatives, which follow some places; returns the places at which they may end. */
    private BitSet choice(BitSet before) {
        BitSet ends = new BitSet();
        do {
            BitSet end = before;
            while (at < pattern.length() && !sees("|") && !sees(")")) {
                end = repeated(end);
            }
            ends.or(end);
        } while (takes("|"));
        return ends;
    }

    private BitSet repeated(BitSet before) {
        int from = at;
        int first = setOf.size();
        BitSet starts = before;
        BitSet ends = one(starts);
        Count count = count();
        int rest = at;
        BitSet all = new BitSet();
        if (count.least == 0) {
            all.or(before);
        }
        int copies = count.most == NO_LIMIT ? Math.max(1, count.least) : count.most;
        for (int copy = 1; copy < copies; copy++) {
            if (copy >= count.least) {
                all.or(ends);
            }
            at = from;
            first = setOf.size();
            starts = ends;
            ends = one(starts);
        }
        all.or(ends);
        if (count.most == NO_LIMIT) { // the last copy may follow itself
            BitSet again = after(starts);
            again.clear(0, first);
            follow(ends, again);
        }
        at = rest;
        return all;
    }

    private record Count(int least, int most) {}

    private Count count() {
        int from = at;
        Matcher numbers = COUNTS.matcher(pattern).region(at, pattern.length());
        Count count = new Count(1, 1);
        if (takes("?")) {
            count = new Count(0, 1);
        } else if (takes("*")) {
            count = new Count(0, NO_LIMIT);
        } else if (takes("+")) {
            count = new Count(1, NO_LIMIT);
        } else if (numbers.lookingAt()) {
            at = numbers.end();
            String most = numbers.group(2) == null ? numbers.group(1) : numbers.group(3);
            count = new Count(Integer.parseInt(numbers.group(1)), most.isEmpty() ? NO_LIMIT : Integer.parseInt(most));
            if (count.most < Math.max(1, count.least)) {
                throw refused(from, at, "which is not from a number to one that is as large, and at least 1");
            }
        }
        if (at > from) {
            takes("?"); // lazy: in another order, but the same strings
            if (sees("?") || sees("*") || sees("+") || sees("{")) {
                throw refused(from, at + 1, NOT_SUPPORTED); // possessive, or one quantifier after the other
            }
        }
        return count;
    }

    private BitSet one(BitSet before) {
        int from = at;
        if (++parts > MOST) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\" has more than " + MOST
                    + " parts with all repetitions written out, and that is the limit");
        }
        if (takes("(")) {
            return group(from, before);
        }
        if (sees("$") && at == pattern.length() - 1) {
            at++;
            return before;
        }
        IntPredicate set = takes("[") ? characterClass() : takes(".") ? IN_LINE : characters("^$?*+{", false);
        String text = pattern.substring(from, at);
        sets.put(text, set);
        BitSet place = newPlace(text);
        follow(before, place);
        return place;
    }

    private BitSet group(int from, BitSet before) {
        if (sees("?") && !takes("?:")) {
            throw refused(from, at + 2, NOT_SUPPORTED);
        }
        if (++depth > DEEPEST) {
            throw refused(from, from + 1, "which is deeper than " + DEEPEST + " groups");
        }
        BitSet ends = choice(before);
        depth--;
        if (!takes(")")) {
            throw refused(from, from + 1, "which is not closed");
        }
        return ends;
    }

    private IntPredicate characterClass() {
        boolean negated = takes("^");
        IntPredicate all = characters("[]^", true);
        while (!takes("]")) {
            all = all.or(characters("[]^", true));
        }
        return negated ? all.negate() : all;
    }

    /** A named set, a character, or in a class a range of them. */
    private IntPredicate characters(String special, boolean inClass) {
        int from = at;
        IntPredicate named = NAMED.get(pattern.substring(at, Math.min(at + 2, pattern.length())));
        if (named != null) {
            at += 2;
            return named;
        }
        if (inClass && sees("&&")) {
            throw refused(from, at + 2, NOT_SUPPORTED);
        }
        int first = character(special);
        int last = inClass && sees("-") && !sees("-]") && takes("-") ? character(special) : first;
        if (last < first) {
            throw refused(from, at, "which is no range");
        }
        return c -> c >= first && c <= last;
    }

    private int character(String special) {
        int from = at;
        if (at == pattern.length()) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\" ends in a class, which is not closed");
        }
        int c = take();
        if (special.indexOf(c) >= 0 || c == '\\' && at == pattern.length()) {
            throw refused(from, at, NOT_SUPPORTED);
        }
        return c == '\\' ? escaped(from, take()) : c;
    }

    private int escaped(int from, int c) {
        int control = "tnrfae".indexOf(c);
        String hex = pattern.substring(at, Math.min(at + (c == 'x' ? 2 : 4), pattern.length()));
        if (control >= 0) {
            return "\t\n\r\f\u0007\u001b".charAt(control);
        } else if (c == 'x' && hex.matches("[0-9A-Fa-f]{2}")
                || c == 'u' && hex.matches("(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}")) {
            at += hex.length();
            return Integer.parseInt(hex, 16);
        } else if (LETTER.or(DIGIT).test(c)) {
            throw refused(from, at, NOT_SUPPORTED);
        }
        return c;
    }

    private int take() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private boolean sees(String text) {
        return pattern.startsWith(text, at);
    }

    private boolean takes(String text) {
        boolean sees = sees(text);
        at += sees ? text.length() : 0;
        return sees;
    }

    private IllegalArgumentException refused(int from, int to, String why) {
        String syntax = pattern.substring(from, Math.min(to, pattern.length()));
        return new IllegalArgumentException(
                "pattern \"" + pattern + "\" has " + syntax + " at index " + from + ", " + why);
    }
}
