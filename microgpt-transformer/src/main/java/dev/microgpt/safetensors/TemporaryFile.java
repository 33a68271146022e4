package dev.microgpt.safetensors;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A hidden file {@code .microgpt-….tmp} in which bytes wait for their name. Whoever writes it holds a lock on it, which the system
 * releases when the process dies: an unlocked one belongs to nobody, and the next writer in the folder deletes it.
 */
final class TemporaryFile implements Closeable {
    private static final boolean MOVES_OPEN_FILES = File.separatorChar == '/';
    private static final String START = ".microgpt-";
    private static final String END = ".tmp";

    /** Those of this process. Opening one to try its lock would release that: locks are those of processes. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RandomAccessFile file; // which an interrupt does not close half-way, as it does a channel

    private TemporaryFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Makes an empty one, with the permissions of any new file. */
    static TemporaryFile in(Path folder) throws IOException {
        while (true) {
            Path path = folder.resolve(START + UUID.randomUUID() + END);
            OWN.add(path);
            try {
                Files.createFile(path); // fails if anybody has put a file or a link there
                TemporaryFile made = new TemporaryFile(path, new RandomAccessFile(path.toFile(), "rw"));
                if (made.isLocked()) {
                    return made;
                }
                made.close(); // somebody took it for one that nobody owns
            } catch (IOException e) {
                Files.deleteIfExists(path);
                OWN.remove(path);
                throw e;
            }
        }
    }

    private boolean isLocked() {
        try {
            return file.getChannel().tryLock() != null && Files.exists(path);
        } catch (IOException e) {
            return true; // a file system without locks, where nobody deletes what another has left
        }
    }

    Path path() {
        return path;
    }

    /** Writes all bytes, down to the disk. */
    void write(byte[] bytes) throws IOException {
        file.write(bytes);
        file.getFD().sync();
    }

    /** Gives the file its name, which it takes from a file that has it. */
    void moveTo(Path target) throws IOException {
        if (!MOVES_OPEN_FILES) {
            file.close();
        }
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes it, unless it has been moved. */
    @Override
    public void close() throws IOException {
        try (file) {
            Files.deleteIfExists(path);
        } finally {
            OWN.remove(path);
        }
    }

    /** Deletes those in a folder that nobody owns, as far as that is possible. */
    static void deleteOrphans(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, START + "*" + END)) {
            for (Path path : files) {
                if (!OWN.contains(path) && Files.isRegularFile(path) && !Files.isSymbolicLink(path)) {
                    deleteOrphan(path);
                }
            }
        } catch (IOException e) {
            // a folder that cannot be listed keeps what it has
        }
    }

    private static void deleteOrphan(Path path) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                FileLock lock = file.getChannel().tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // of another user, or without locks: it stays
        }
    }
}
