package dev.microgpt.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The strings over a vocabulary that match a pattern and have one of some lengths: of a string that was begun, which tokens lead to
 * one of them, and to how many. What was written is told as its length and a state of a deterministic automaton. Immutable.
 */
public final class Matches {
    /** The state of the empty string. */
    public static final int START = 0;

    private static final int DEAD = 1; // the state in which no match can be reached any more
    private static final int MOST_STATES = 5_000;
    private static final int MOST_COUNTS = 4_000_000; // 32 MB

    private final int[] kinds; // of each character: two of one kind are in the same sets of the pattern
    private final int[] kindSizes;
    private final List<int[]> next = new ArrayList<>(); // [states][kinds]
    private final BitSet accepting = new BitSet(); // states
    private final int minLength;
    private final double[][] counts; // [maxLength + 1][states]: how many of the strings begin with what was written

    /**
     * Finds them.
     *
     * @param vocabulary the characters, by token; the token after the last one ends a string
     * @param minLength fewest characters
     * @param maxLength most characters, at least minLength
     * @throws IllegalArgumentException if the pattern has something that is not supported, takes too many states, by themselves or
     *     for so many characters, or there is no such string
     */
    public Matches(String pattern, String vocabulary, int minLength, int maxLength) {
        Places places = new Places(pattern);
        int[] characters = vocabulary.codePoints().toArray();
        this.kinds = new int[characters.length];
        Map<String, BitSet> kindsOf = kinds(places.sets(), characters);
        this.kindSizes = new int[Arrays.stream(kinds).max().getAsInt() + 1];
        Arrays.stream(kinds).forEach(kind -> kindSizes[kind]++);
        findStates(pattern, places, kindsOf, maxLength);
        requireFew(pattern, next.size(), maxLength);
        this.minLength = minLength;
        this.counts = new double[maxLength + 1][next.size()];
        for (int length = maxLength; length >= 0; length--) {
            for (int state = 0; state < next.size(); state++) {
                counts[length][state] = mayEnd(length, state) ? 1 : 0;
                for (int kind = 0; kind < kindSizes.length && length < maxLength; kind++) {
                    counts[length][state] += kindSizes[kind] * count(length + 1, next.get(state)[kind]);
                }
            }
        }
        if (count(0, START) == 0) {
            kindsOf.values().removeIf(some -> !some.isEmpty());
            throw new IllegalArgumentException("pattern \"" + pattern + "\" matches no string of " + minLength
                    + " (minLength) to " + maxLength + " characters (maxLength or blockSize)"
                    + (kindsOf.isEmpty() ? "" : ", and the vocabulary has no " + String.join(", ", kindsOf.keySet())));
        }
    }

    /** Finds the kind of each character, and of each set of the pattern those in it. */
    private Map<String, BitSet> kinds(Map<String, IntPredicate> sets, int... characters) {
        Map<String, BitSet> kindsOf = new LinkedHashMap<>();
        sets.keySet().forEach(set -> kindsOf.put(set, new BitSet()));
        Map<List<String>, Integer> found = new HashMap<>();
        for (int i = 0; i < characters.length; i++) {
            int character = characters[i];
            List<String> in = sets.keySet().stream()
                    .filter(set -> sets.get(set).test(character))
                    .toList();
            int kind = found.computeIfAbsent(in, key -> found.size());
            in.forEach(set -> kindsOf.get(set).set(kind));
            kinds[i] = kind;
        }
        return kindsOf;
    }

    /** A state is the set of the places that a string may have come to; those of longer strings than maxLength are not wanted. */
    private void findStates(String pattern, Places places, Map<String, BitSet> kindsOf, int maxLength) {
        List<BitSet> found = new ArrayList<>(List.of(BitSet.valueOf(new long[] {1}), new BitSet())); // START and DEAD
        Map<BitSet, Integer> states = new HashMap<>(Map.of(found.get(START), START, found.get(DEAD), DEAD));
        int length = 0;
        int longer = found.size(); // the first state of longer strings
        for (int state = 0; state < found.size(); state++) {
            if (state == longer) {
                length++;
                longer = found.size();
            }
            accepting.set(state, places.mayEndAt(found.get(state)));
            int[] row = new int[kindSizes.length];
            Arrays.fill(row, DEAD);
            next.add(row);
            BitSet[] targets = new BitSet[length < maxLength ? row.length : 0];
            Arrays.setAll(targets, kind -> new BitSet());
            places.after(found.get(state)).stream()
                    .forEach(place -> kindsOf.get(places.setOf(place)).stream()
                            .filter(kind -> kind < targets.length)
                            .forEach(kind -> targets[kind].set(place)));
            for (int kind = 0; kind < targets.length; kind++) {
                if (states.putIfAbsent(targets[kind], found.size()) == null) {
                    found.add(targets[kind]);
                }
                row[kind] = states.get(targets[kind]);
            }
            if (found.size() > MOST_STATES) {
                throw new IllegalArgumentException("pattern \"" + pattern + "\" takes more than " + MOST_STATES
                        + " states for " + maxLength + " characters, and that is the limit");
            }
        }
    }

    private static void requireFew(String pattern, int states, int maxLength) {
        long product = states * (maxLength + 1L);
        if (product > MOST_COUNTS) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\" takes " + states + " states for "
                    + maxLength + " characters: states × (characters + 1) is " + product + ", and the limit is "
                    + MOST_COUNTS);
        }
    }

    /**
     * Reads a pattern and forgets it.
     *
     * @throws IllegalArgumentException if it has something that is not supported; the message says what and where
     */
    public static void requireSupported(String pattern) {
        new Places(pattern);
    }

    /** The state after one more token, which is not the end. */
    public int next(int state, int token) {
        return next.get(state)[kinds[token]];
    }

    /** How many of the strings begin with what was written; rounded where there are more than 2⁵³. */
    public double count(int length, int state) {
        return counts[length][state];
    }

    /** Rules out, by −Infinity, the tokens after which there would be no such string. */
    public void rule(double[] logits, int length, int state) {
        int end = logits.length - 1;
        for (int token = 0; token < end; token++) {
            if (count(length + 1, next(state, token)) == 0) {
                logits[token] = Double.NEGATIVE_INFINITY;
            }
        }
        if (!mayEnd(length, state)) {
            logits[end] = Double.NEGATIVE_INFINITY;
        }
    }

    private boolean mayEnd(int length, int state) {
        return length >= minLength && accepting.get(state);
    }
}
