package dev.microgpt;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Owns a directory as long as it is open: a lock on a hidden file in it, {@code .microgpt-owner}, which says whose it is. The system
 * releases the lock when the process dies, however it dies.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String NAME = ".microgpt-owner";

    /** Files that this process has locked. Opening one again would release its lock: locks are those of processes. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RandomAccessFile file;

    private DirectoryLock(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Takes a directory.
     *
     * @throws IllegalStateException if it is taken; the message names the owner
     * @throws UncheckedIOException if that cannot be told
     */
    static DirectoryLock of(Path directory) {
        try {
            Path path = directory.toRealPath().resolve(NAME);
            if (!OWN.add(path)) {
                throw taken(directory, "another training in this process");
            }
            try {
                return new DirectoryLock(path, locked(directory, path));
            } catch (IOException | RuntimeException e) {
                OWN.remove(path);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("directory " + directory + " cannot be locked: " + e.getMessage(), e);
        }
    }

    private static RandomAccessFile locked(Path directory, Path path) throws IOException {
        while (true) {
            if (Files.isSymbolicLink(path)) {
                throw new IOException("its file " + NAME + " is a symbolic link");
            }
            makeUnlessThere(path);
            Object before = key(path);
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                if (file.getChannel().tryLock() == null) {
                    throw taken(directory, owner(path));
                }
                if (Objects.equals(before, key(path))) {
                    file.setLength(0);
                    file.writeBytes("process " + ProcessHandle.current().pid() + "\n");
                    return file;
                }
                file.close(); // of a file that its owner has deleted in between
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        }
    }

    private static void makeUnlessThere(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            // another process was faster
        }
    }

    /** What tells a file from others of the same name; null if there is none. */
    private static Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String owner(Path path) {
        try {
            String line = Files.readString(path).strip();
            return line.matches("process [0-9]{1,20}") ? line : "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    private static IllegalStateException taken(Path directory, String owner) {
        return new IllegalStateException(
                "directory " + directory + " belongs to " + owner + ", which is training there");
    }

    @Override
    public void close() {
        try (file) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the lock is released all the same, or with the end of the process
        } finally {
            OWN.remove(path);
        }
    }
}
