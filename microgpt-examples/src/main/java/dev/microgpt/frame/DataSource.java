package dev.microgpt.frame;

import dev.microgpt.text.Documents;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What {@code --data} can name: a file, standard input ({@code -}), or a list that is known by its name. */
public final class DataSource {
    private DataSource() {}

    /**
     * Reads documents.
     *
     * @param source {@code given-names}: the embedded list; {@code karpathy}: names.txt of makemore, downloaded once;
     *     {@code jdk-classes}: the names of the public classes of the running JDK; {@code -}: standard input; else a file,
     *     which may be called like a list if a folder stands before its name
     * @return the documents, in the order of the source
     * @throws IllegalArgumentException if there is no such source, or no document in it
     * @throws UncheckedIOException if it cannot be read
     */
    public static Documents read(String source) {
        return switch (source) {
            case "given-names" -> Documents.givenNames();
            case "karpathy" -> KarpathyNames.ofThisUser().documents();
            case "jdk-classes" -> Documents.of(JdkClasses.names());
            case "-" -> Documents.read(System.in, "standard input");
            default -> Documents.read(existing(source));
        };
    }

    private static Path existing(String source) {
        try {
            Path file = Path.of(source);
            if (Files.exists(file) && !Files.isDirectory(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("option --data " + FileName.unusable(source), e);
        }
        throw new IllegalArgumentException("option --data " + source
                + " is neither a file that exists nor given-names, karpathy, jdk-classes or - for standard input");
    }
}
