package dev.microgpt;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * The strings of a run.
 *
 * @param all the shuffled list
 * @param trained what is learned from, in the order of the steps
 * @param heldOut the end of the shuffled list, which is not learned from; may be empty
 * @param sha256 hash of the list as it was given, in hexadecimal digits
 * @param random where the random numbers stand behind the shuffle
 */
record TrainingData(
        List<String> all, List<String> trained, List<String> heldOut, String sha256, PythonRandom.State random) {
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
