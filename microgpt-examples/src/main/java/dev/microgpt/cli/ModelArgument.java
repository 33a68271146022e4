package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The model that a command is about. */
final class ModelArgument {
    @Parameters(index = "0", paramLabel = "MODEL", description = "what train --model has written")
    private Path file;

    Path file() {
        return file;
    }

    MicroGpt load() {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException("MODEL " + file + " is not a file that exists");
        }
        return MicroGpt.load(file);
    }
}
