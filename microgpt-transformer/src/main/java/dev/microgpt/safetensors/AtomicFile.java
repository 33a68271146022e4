package dev.microgpt.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * Files that are there wholly or not at all. Bytes go into a hidden file beside the target, {@code .microgpt-….tmp}, down
 * to the disk, and only then does that file take the target's name. Whatever fails or is killed in between, the target is
 * what it was before; only a kill leaves the hidden file behind, which may be deleted.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Reads a file in one go.
     *
     * @param file a file of at most {@code maxLength} bytes
     * @param maxLength the largest length
     * @return its bytes
     * @throws UncheckedIOException if it does not exist, cannot be read or is longer; the message names file and reason
     */
    public static byte[] read(Path file, int maxLength) {
        try {
            long length = Files.size(file);
            if (length > maxLength) {
                throw refused(file, "it has " + length + " bytes, and " + maxLength + " is the most that can be read");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + " cannot be read: " + reason(e), e);
        }
    }

    /**
     * Creates a file or replaces its contents. A file that exists keeps its permissions; of a symbolic link, the file it
     * points to is replaced, and the link stays.
     *
     * @param file where to; its folder exists and may be written to
     * @param bytes the new contents
     * @throws UncheckedIOException if that is not possible; the message names file and reason
     */
    public static void write(Path file, byte[] bytes) {
        try {
            replace(target(file), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + " cannot be written: " + reason(e), e);
        }
    }

    private static Path target(Path file) throws IOException {
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw refused(file, "it is a symbolic link to a file that does not exist");
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw refused(file, "it is a folder");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw refused(file, "it is a device or something else that is not a file"); // /dev/null would be replaced
        }
        if (!Files.isDirectory(target.getParent())) {
            throw refused(file, "folder " + target.getParent() + " does not exist");
        }
        return target;
    }

    private static void replace(Path target, byte[] bytes) throws IOException {
        Path temporary = target.resolveSibling(".microgpt-" + UUID.randomUUID() + ".tmp");
        try {
            // SYNC: on the disk when write returns. A stream, because an interrupt would close a channel half-way
            try (OutputStream out = Files.newOutputStream(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
                copyPermissions(target, temporary);
                out.write(bytes);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(target.getParent());
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            view.setPermissions(Files.getPosixFilePermissions(from));
        }
    }

    /** Brings the new name to the disk too; not every operating system can. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        } catch (IOException e) {
            // the new contents are in place, which is what was asked for
        }
    }

    private static FileSystemException refused(Path file, String reason) {
        return new FileSystemException(file.toString(), null, reason);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getMessage();
    }
}
