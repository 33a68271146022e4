package dev.microgpt;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The strings of a run. What is held out is unseen: a string stands in one of the two parts with all its copies, those in another
 * {@link Documents#normalForm form} included. Each copy is learned from, while a held-out string counts once.
 *
 * @param all the shuffled list
 * @param trained what is learned from, in the order of the steps
 * @param heldOut different strings that are not learned from: the end of the shuffled list if it has no string twice; may be empty
 * @param forms the {@link Documents#normalForm normal forms} of all, each once
 * @param sha256 hash of the list as it was given, in hexadecimal digits
 * @param random where the random numbers stand after the shuffle
 */
record TrainingData(
        List<String> all,
        List<String> trained,
        List<String> heldOut,
        Set<String> forms,
        String sha256,
        PythonRandom.State random) {
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
        if (strings.stream().allMatch(string -> Documents.strip(string).isEmpty())) {
            throw new IllegalArgumentException("the list has no string that is not blank");
        }
        return Documents.of(strings);
    }

    /**
     * Shuffles and splits a list. Which strings are held out does not depend on how often each is repeated: they are the end of
     * the different strings, shuffled with the same seed.
     *
     * @param earlier fingerprints of the lists that the model has seen before: none of their strings is held out
     */
    static TrainingData of(Documents documents, TrainingOptions options, List<Fingerprint> earlier) {
        PythonRandom random = new PythonRandom(options.seed());
        List<String> shuffled = documents.shuffled(random).asList();
        Map<String, String> different = different(documents);
        List<String> heldOut = options.heldOutFraction() == 0
                ? List.of()
                : heldOut(List.copyOf(different.values()), shuffled, options, earlier);
        Set<String> unseen = new HashSet<>();
        heldOut.forEach(string -> unseen.add(Documents.normalForm(string)));
        List<String> trained = shuffled.stream()
                .filter(string -> unseen.isEmpty() || !unseen.contains(Documents.normalForm(string)))
                .toList();
        return new TrainingData(shuffled, trained, heldOut, different.keySet(), sha256(documents), random.state());
    }

    /** The strings that differ, in their order, by their normal form: of those with the same one the first. */
    static Map<String, String> different(Documents documents) {
        Map<String, String> different = new LinkedHashMap<>();
        documents.forEach(string -> different.putIfAbsent(Documents.normalForm(string), string));
        return Collections.unmodifiableMap(different);
    }

    /** The strings to hold out: the end of the shuffled different strings. */
    private static List<String> heldOut(
            List<String> different, List<String> shuffled, TrainingOptions options, List<Fingerprint> earlier) {
        List<String> order = different.size() == shuffled.size()
                ? shuffled
                : Documents.of(different)
                        .shuffled(new PythonRandom(options.seed()))
                        .asList();
        int wanted = (int) Math.min(order.size() - 1, Math.round(order.size() * options.heldOutFraction()));
        List<String> heldOut = new ArrayList<>();
        for (int i = order.size() - 1; i >= 0 && heldOut.size() < wanted; i--) {
            if (!Fingerprint.anyMayContain(earlier, order.get(i))) {
                heldOut.add(order.get(i));
            }
        }
        Collections.reverse(heldOut);
        return List.copyOf(heldOut);
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
