package dev.microgpt.transformer;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    static TrainingData of(Documents documents, TrainingOptions options) {
        PythonRandom random = new PythonRandom(options.seed());
        List<String> shuffled = documents.shuffled(random).asList();
        int split = shuffled.size() - (int) Math.round(shuffled.size() * options.heldOutFraction());
        split = Math.max(1, split);
        return new TrainingData(
                shuffled,
                shuffled.subList(0, split),
                shuffled.subList(split, shuffled.size()),
                sha256(documents),
                random.state());
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
