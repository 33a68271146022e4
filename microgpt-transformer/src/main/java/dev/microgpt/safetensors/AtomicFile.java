package dev.microgpt.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;

/**
 * Files that are there wholly or not at all. Bytes go into a hidden file beside the target, {@code .microgpt-….tmp}, down
 * to the disk, and only then does that file take the target's name. Whatever fails or is killed in between, the target is
 * what it was before; only a kill leaves the hidden file behind, which the next write in the folder deletes.
 */
public final class AtomicFile {
    private static final String DEVICE = "it is a device or something else that is not a file";

    private AtomicFile() {}

    /**
     * Reads a file in one go.
     *
     * @param file a file of at most {@code maxLength} bytes
     * @param maxLength the largest length
     * @return its bytes
     * @throws UncheckedIOException if it does not exist, is a device or a pipe, cannot be read or is longer; the message names
     *     file and reason
     */
    public static byte[] read(Path file, int maxLength) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isOther()) {
                throw refused(file, DEVICE); // a device may have no end, and a pipe nobody who writes
            }
            if (attributes.size() > maxLength) {
                throw refused(
                        file,
                        "it has " + attributes.size() + " bytes, and " + maxLength + " is the most that can be read");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes((int) attributes.size());
            }
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

    /** Deletes what killed processes have left in a folder. */
    public static void deleteOrphans(Path folder) {
        TemporaryFile.deleteOrphans(folder.toAbsolutePath());
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
            throw refused(file, DEVICE); // /dev/null would be replaced
        }
        if (!Files.isDirectory(target.getParent())) {
            throw refused(file, "folder " + target.getParent() + " does not exist");
        }
        return target;
    }

    private static void replace(Path target, byte[] bytes) throws IOException {
        TemporaryFile.deleteOrphans(target.getParent());
        try (TemporaryFile temporary = TemporaryFile.in(target.getParent())) {
            copyPermissions(target, temporary.path());
            temporary.write(bytes);
            temporary.moveTo(target);
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
