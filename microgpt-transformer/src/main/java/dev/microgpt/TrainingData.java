package dev.microgpt;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The strings of a run.
 *
 * @param all the shuffled list
 * @param trained what is learned from, in the order of the steps
 * @param heldOut the end of the shuffled list, which is not learned from; may be empty
 * @param sha256 hash of the list as it was given, in hexadecimal digits
 * @param random where the random numbers stand after the shuffle
 */
record TrainingData(
        List<String> all, List<String> trained, List<String> heldOut, String sha256, PythonRandom.State random) {
    /**
     * Takes a list as callers give it.
     *
     * @throws NullPointerException if it or one of its strings is null
     * @throws IllegalArgumentException if there is no string that is not blank
     */
    static Documents documents(Collection<String> strings) {
        int index = 0;
        for (String string : Objects.requireNonNull(strings, "strings is null")) {
            if (string == null) {
                throw new NullPointerException("strings[" + index + "] is null");
            }
            index++;
        }
        if (strings.stream().allMatch(String::isBlank)) {
            throw new IllegalArgumentException("the list has no string that is not blank");
        }
        return Documents.of(strings);
    }

    /**
     * Shuffles and splits a list.
     *
     * @param earlier fingerprints of the lists that the model has seen before: none of their strings is held out
     */
    static TrainingData of(Documents documents, TrainingOptions options, List<Fingerprint> earlier) {
        PythonRandom random = new PythonRandom(options.seed());
        List<String> shuffled = documents.shuffled(random).asList();
        int wanted = (int) Math.min(shuffled.size() - 1, Math.round(shuffled.size() * options.heldOutFraction()));
        Deque<String> trained = new ArrayDeque<>();
        Deque<String> heldOut = new ArrayDeque<>();
        for (int i = shuffled.size() - 1; i >= 0; i--) {
            String string = shuffled.get(i);
            boolean held = heldOut.size() < wanted && !Fingerprint.anyMayContain(earlier, string);
            (held ? heldOut : trained).addFirst(string);
        }
        return new TrainingData(
                shuffled, List.copyOf(trained), List.copyOf(heldOut), sha256(documents), random.state());
    }

    /** Characters of the longest string, in code points. */
    int longest() {
        return all.stream()
                .mapToInt(string -> string.codePointCount(0, string.length()))
                .max()
                .orElse(0);
    }

    private static String sha256(Documents documents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String document : documents) {
                digest.update(document.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
