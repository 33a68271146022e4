package dev.microgpt.frame;

import dev.microgpt.safetensors.AtomicFile;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * names.txt, the 32,033 names that the original programs learn: downloaded when they are needed for the first time, then kept in
 * the user's cache directory. Only the one file with the known checksum is ever used.
 *
 * @param address where it is published
 * @param sha256 its checksum, in hexadecimal digits
 * @param cache the file that keeps it
 * @param timeout how long to wait for the server, each time
 */
record KarpathyNames(URI address, String sha256, Path cache, Duration timeout) {
    private static final int MOST_BYTES = 1_000_000; // it has 228,145

    static KarpathyNames ofThisUser() {
        return new KarpathyNames(
                URI.create("https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt"),
                "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
                cacheDirectory(System.getProperty("os.name"), System.getenv(), Path.of(System.getProperty("user.home")))
                        .resolve("microgpt")
                        .resolve("names.txt"),
                Duration.ofSeconds(20));
    }

    /** Where programs keep what they can get again. */
    static Path cacheDirectory(String system, Map<String, String> environment, Path home) {
        Optional<Path> given = Optional.ofNullable(
                        environment.get(system.startsWith("Windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME"))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute); // others are invalid, says the XDG Base Directory Specification
        return given.orElse(system.startsWith("Mac") ? home.resolve("Library/Caches") : home.resolve(".cache"));
    }

    /**
     * The names.
     *
     * @throws UncheckedIOException if they are not in the cache and cannot be downloaded; the message says what to do
     */
    Documents documents() {
        byte[] bytes = cached();
        if (!sha256(bytes).equals(sha256)) {
            bytes = download();
            keep(bytes);
        }
        return Documents.of(new String(bytes, StandardCharsets.UTF_8).lines().toList());
    }

    private byte[] cached() {
        try {
            return Files.readAllBytes(cache);
        } catch (IOException e) {
            return new byte[0]; // not there yet
        }
    }

    private byte[] download() {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the server answers " + connection.getResponseCode());
            }
            try (InputStream body = connection.getInputStream()) {
                byte[] bytes = body.readNBytes(MOST_BYTES);
                long announced = connection.getContentLengthLong(); // -1 if it is not
                if (bytes.length < announced) {
                    throw new IOException("the connection broke after " + bytes.length + " of " + announced + " bytes");
                }
                if (!sha256(bytes).equals(sha256)) {
                    throw new IOException("what came has the SHA-256 " + sha256(bytes) + " instead of " + sha256);
                }
                return bytes;
            }
        } catch (IOException e) {
            String reason = e.getClass() == IOException.class ? e.getMessage() : e.toString();
            throw new UncheckedIOException(
                    "names.txt cannot be downloaded from " + address + ": " + reason
                            + "; without it use --data given-names, or fetch it by other means and use --data FILE",
                    e);
        }
    }

    /** Writes the cache, whole or not at all. Where that fails, the names are downloaded again next time. */
    private void keep(byte[] bytes) {
        try {
            Files.createDirectories(cache.getParent());
            AtomicFile.write(cache, bytes);
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("dev.microgpt")
                    .log(System.Logger.Level.INFO, "names.txt is not kept for the next time: " + e);
        }
    }

    private static String sha256(byte... bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
