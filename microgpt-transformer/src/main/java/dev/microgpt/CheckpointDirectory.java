package dev.microgpt;

import dev.microgpt.safetensors.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory with the last two checkpoints of a run. */
record CheckpointDirectory(Path directory) {
    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("checkpoint-[0-9]{10}\\.safetensors");

    /**
     * Makes the directory and takes it, for a run that writes into it from now on.
     *
     * @param run the id of the run
     * @throws IllegalStateException if it has the checkpoints of another run, or another is training there
     * @throws UncheckedIOException if it cannot be made or taken
     */
    DirectoryLock begin(String run) {
        create();
        DirectoryLock lock = DirectoryLock.of(directory);
        try {
            AtomicFile.deleteOrphans(directory);
            if (!newestFirst().isEmpty() && !run.equals(run())) {
                throw new IllegalStateException("directory " + directory
                        + " has checkpoints of another training; resume that one, or choose an empty directory");
            }
            return lock;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Whose checkpoints they are; of nobody who could be told from another, if none is whole. */
    private String run() {
        try {
            return newest(checkpoint -> checkpoint.state().run());
        } catch (InvalidModelException | UncheckedIOException e) {
            return "?";
        }
    }

    private void create() {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException("directory " + directory + " cannot be made: it is a file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("directory " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Writes a checkpoint, then deletes all but the last two.
     *
     * @throws UncheckedIOException if that fails; earlier checkpoints are unharmed
     */
    void write(Checkpoint checkpoint) {
        create();
        String name = String.format(
                Locale.ROOT, "checkpoint-%010d.safetensors", checkpoint.state().step());
        checkpoint.write(directory.resolve(name));
        List<Path> older = newestFirst().stream()
                .filter(file -> file.getFileName().toString().compareTo(name) < 0)
                .toList();
        for (Path old : older.stream().skip(KEPT - 1).toList()) {
            try {
                Files.deleteIfExists(old);
            } catch (IOException e) {
                throw new UncheckedIOException("file " + old + " cannot be deleted: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Reads the newest checkpoint that a run can go on from; the logger says which newer ones are not whole or not valid.
     *
     * @param run makes the run; it may refuse a checkpoint as an argument
     * @throws IllegalArgumentException if there is none
     * @throws InvalidModelException if none is whole and valid
     * @throws UncheckedIOException if the directory, or the oldest checkpoint, cannot be read
     */
    <T> T newest(Function<Checkpoint, T> run) {
        RuntimeException broken = null;
        for (Path file : newestFirst()) {
            try {
                Checkpoint checkpoint = Checkpoint.read(file);
                return ModelFile.valid("file " + file, () -> run.apply(checkpoint));
            } catch (InvalidModelException | UncheckedIOException e) {
                System.getLogger("dev.microgpt.transformer").log(Level.WARNING, e.getMessage());
                broken = e;
            }
        }
        if (broken != null) {
            throw broken;
        }
        throw new IllegalArgumentException("there is no checkpoint in directory " + directory);
    }

    /** The files, whole or not. */
    List<Path> newestFirst() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .toList();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("directory " + directory + " does not exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException("directory " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }
}
