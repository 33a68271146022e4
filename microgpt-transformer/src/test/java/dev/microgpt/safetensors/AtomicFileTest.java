package dev.microgpt.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    private static final byte[] OLD = {1, 2, 3};
    private static final byte[] NEW = {4, 5};

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name_a_file() {
        file = folder.resolve("names.safetensors");
    }

    @AfterEach
    void leaves_no_temporary_file_behind() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(path -> path.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void creates_and_replaces_a_file() {
        AtomicFile.write(file, OLD);
        assertThat(AtomicFile.read(file, 3)).isEqualTo(OLD);

        AtomicFile.write(file, NEW);
        assertThat(AtomicFile.read(file, 3)).isEqualTo(NEW);

        AtomicFile.write(file, new byte[0]);
        assertThat(AtomicFile.read(file, 3)).isEmpty();
    }

    @Test
    void writes_beside_a_name_that_has_no_folder() throws IOException {
        Path relative = Path.of("atomic-file-test.safetensors");
        try {
            AtomicFile.write(relative, NEW);

            assertThat(AtomicFile.read(relative, 2)).isEqualTo(NEW);
        } finally {
            Files.deleteIfExists(relative);
        }
    }

    @Test
    void takes_a_name_as_long_as_the_file_system_allows() {
        Path longName = folder.resolve("n".repeat(255));

        AtomicFile.write(longName, NEW);

        assertThat(longName).hasBinaryContent(NEW);
    }

    @Test
    void gives_a_new_file_the_permissions_of_any_new_file() throws IOException {
        assumePosix();
        Path other = Files.createFile(folder.resolve("other"));

        AtomicFile.write(file, NEW);

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void keeps_the_permissions_of_the_file_that_it_replaces() throws IOException {
        assumePosix();
        for (String permissions : new String[] {"rw-------", "r--r-----", "rw-rw-rw-", "rwxr-x--x"}) {
            Files.write(file, OLD);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

            AtomicFile.write(file, NEW);

            assertThat(file).hasBinaryContent(NEW);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
            Files.delete(file);
        }
    }

    @Test
    void replaces_what_a_symbolic_link_points_to() throws IOException {
        assumePosix();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path target = Files.write(elsewhere.resolve("target"), OLD);
        Files.createSymbolicLink(folder.resolve("link"), Path.of("elsewhere", "target"));
        Files.createSymbolicLink(file, Path.of("link"));

        AtomicFile.write(file, NEW);

        assertThat(file).isSymbolicLink().hasBinaryContent(NEW);
        assertThat(target).isRegularFile().hasBinaryContent(NEW);
    }

    @Test
    void refuses_a_link_that_leads_nowhere() throws IOException {
        assumePosix();
        Files.createSymbolicLink(file, Path.of("nothing"));
        assertRefused(file, "it is a symbolic link to a file that does not exist");

        Path circle = folder.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertRefused(circle, "it is a symbolic link to a file that does not exist");
    }

    @Test
    void refuses_a_folder_and_a_device() throws IOException {
        Files.createDirectory(file);
        assertRefused(file, "it is a folder");
        assertRefused(folder.getRoot(), "it is a folder");

        assumePosix();
        assertRefused(Path.of("/dev/null"), "it is a device or something else that is not a file");
        assertThat(Path.of("/dev/null")).exists();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void refuses_a_folder_that_does_not_exist() throws IOException {
        assertRefused(folder.resolve("a/b"), "folder " + folder.resolve("a") + " does not exist");

        Files.write(file, OLD);
        assertRefused(file.resolve("b"), "folder " + file + " does not exist");
    }

    @Test
    void leaves_everything_as_it_was_in_a_folder_that_cannot_be_written() throws IOException {
        assumePosix();
        Files.write(file, OLD);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            if (!Files.isWritable(folder)) {
                assertRefused(file, "permission denied");
            } else { // permissions do not bind root, but nobody creates files here
                Path system = Path.of("/sys/names.safetensors");
                assertThatThrownBy(() -> AtomicFile.write(system, NEW))
                        .isInstanceOf(UncheckedIOException.class)
                        .message()
                        .isIn(
                                "file " + system + " cannot be written: permission denied",
                                "file " + system + " cannot be written: Read-only file system",
                                "file " + system + " cannot be written: folder /sys does not exist");
            }
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(file).hasBinaryContent(OLD);
    }

    @Test
    @Timeout(60)
    void reads_regular_files_only() throws Exception {
        assumePosix();
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path endless : List.of(Path.of("/dev/zero"), pipe)) {
            assertThatThrownBy(() -> AtomicFile.read(endless, Integer.MAX_VALUE - 8))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "file " + endless + " cannot be read: it is a device or something else that is not a file");
        }
    }

    @Test
    void deletes_what_a_killed_process_has_left_and_nothing_that_somebody_owns() throws Exception {
        Path orphan = Files.createFile(folder.resolve(".microgpt-" + UUID.randomUUID() + ".tmp"));
        Path other = Files.createFile(folder.resolve(".microgpt-mine"));
        try (TemporaryFile own = TemporaryFile.in(folder)) {
            Process owner = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                            Owner.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String ofOwner = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();

            AtomicFile.write(file, NEW);

            assertThat(orphan).doesNotExist();
            assertThat(other).exists();
            assertThat(own.path()).exists();
            assertThat(Path.of(ofOwner)).exists();
            own.write(OLD);
            own.moveTo(other);
            owner.destroyForcibly().waitFor();
            AtomicFile.write(file, NEW);
            assertThat(Path.of(ofOwner)).doesNotExist();
        }
        assertThat(other).hasBinaryContent(OLD);
    }

    /** Begins to write, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] folder) throws Exception {
            try (TemporaryFile own = TemporaryFile.in(Path.of(folder[0]))) {
                System.out.println(own.path());
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void writes_in_a_thread_that_was_interrupted() {
        Thread.currentThread().interrupt();

        AtomicFile.write(file, NEW);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasBinaryContent(NEW);
    }

    @Test
    void reads_in_a_thread_that_was_interrupted() {
        AtomicFile.write(file, NEW);
        Thread.currentThread().interrupt();

        byte[] read = AtomicFile.read(file, 2);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read).isEqualTo(NEW);
    }

    @Test
    void says_why_it_cannot_read() throws IOException {
        assertThatThrownBy(() -> AtomicFile.read(file, 2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + " does not exist");

        Files.write(file, OLD);
        assertThatThrownBy(() -> AtomicFile.read(file, 2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + file + " cannot be read: it has 3 bytes, and 2 is the most that can be read");

        assertThatThrownBy(() -> AtomicFile.read(folder, Integer.MAX_VALUE))
                .isInstanceOf(UncheckedIOException.class)
                .satisfies(e -> assertThat(e) // the reason is the operating system's
                        .hasMessage("file " + folder + " cannot be read: "
                                + e.getCause().getMessage()));
    }

    @Test
    @Tag("proof")
    void leaves_the_old_file_when_the_disk_is_full() throws Exception {
        assumePosix();
        assumeThat(Path.of("/bin/bash"))
                .as("a full disk is simulated with bash's ulimit")
                .exists();
        Files.write(file, OLD);

        assertThat(writeInChildWithALimitOf("unlimited", 40_000)).isEqualTo("written");
        assertThat(file).hasSize(40_000);

        Files.write(file, OLD);
        String refused = "file " + file + " cannot be written: File too large";
        assertThat(writeInChildWithALimitOf("39", 40_000)).isEqualTo(refused); // 39,936 bytes: it fails at the end
        assertThat(writeInChildWithALimitOf("0", 40_000)).isEqualTo(refused);
        assertThat(file).hasBinaryContent(OLD);
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    private String writeInChildWithALimitOf(String kibibytes, int length) throws Exception {
        Process child = new ProcessBuilder(
                        "/bin/bash",
                        "-c",
                        "ulimit -f " + kibibytes + " && exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData", // which writes a file too
                        "-cp",
                        Path.of("target", "classes") + ":" + Path.of("target", "test-classes"),
                        Child.class.getName(),
                        file.toString(),
                        Integer.toString(length))
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        return output.strip();
    }

    /** Writes zeros and says whether it could. */
    static final class Child {
        private Child() {}

        public static void main(String[] fileAndLength) {
            try {
                AtomicFile.write(Path.of(fileAndLength[0]), new byte[Integer.parseInt(fileAndLength[1])]);
                System.out.println("written");
            } catch (UncheckedIOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void assumePosix() {
        assumeThat(Path.of("").getFileSystem().supportedFileAttributeViews())
                .as("permissions, links and devices are checked on POSIX systems only")
                .contains("posix");
    }

    private static void assertRefused(Path target, String reason) {
        assertThatThrownBy(() -> AtomicFile.write(target, NEW))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("file " + target + " cannot be written: " + reason);
    }
}
