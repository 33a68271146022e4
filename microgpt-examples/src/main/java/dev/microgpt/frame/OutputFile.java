package dev.microgpt.frame;

import dev.microgpt.safetensors.AtomicFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names as the place of a result: checked before the work begins, written whole or not at all. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Checks that a file can be written.
     *
     * @param given what named it, such as "option --html", for the message
     * @param file a file, which need not exist, in a folder that does
     * @throws IllegalArgumentException if it cannot
     */
    public static void check(String given, Path file) {
        String what = given + " " + file;
        Path absolute = file.toAbsolutePath();
        if (file.toString().isBlank()
                || absolute.getFileName() == null
                || Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            throw new IllegalArgumentException(what + " is not the name of a file");
        }
        if (!Files.isDirectory(absolute.getParent())) {
            throw new IllegalArgumentException(what + " is not in a folder that exists");
        }
        if (!Files.isWritable(absolute.getParent()) || Files.exists(absolute) && !Files.isWritable(absolute)) {
            throw new IllegalArgumentException(what + " cannot be written there");
        }
    }

    /**
     * Writes text in UTF-8.
     *
     * @param what what it is, for the message
     * @param file where to; what was there is replaced
     * @param text what to write
     * @throws UncheckedIOException if that fails; what was there is unharmed
     */
    public static void write(String what, Path file, CharSequence text) {
        write(what, file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes bytes.
     *
     * @param what what they are, for the message
     * @param file where to; what was there is replaced
     * @param bytes what to write
     * @throws UncheckedIOException if that fails; what was there is unharmed
     */
    public static void write(String what, Path file, byte[] bytes) {
        try {
            AtomicFile.write(file, bytes);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(what + " " + e.getMessage(), e.getCause());
        }
    }

    /**
     * Writes losses as {@code step,loss} in full precision.
     *
     * @param file where to; what was there is replaced
     * @param firstStep number of the first step, from 1 on
     * @param losses those of the steps from there on
     * @throws UncheckedIOException if that fails; what was there is unharmed
     */
    public static void writeMetrics(Path file, int firstStep, double... losses) {
        StringBuilder csv = new StringBuilder("step,loss\n");
        for (int i = 0; i < losses.length; i++) {
            csv.append(firstStep + i).append(',').append(losses[i]).append('\n');
        }
        write("metrics", file, csv);
    }
}
