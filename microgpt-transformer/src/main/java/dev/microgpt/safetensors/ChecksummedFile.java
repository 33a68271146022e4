package dev.microgpt.safetensors;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file of this library: its keys in the metadata begin with {@value #PREFIX}, and two of them are {@link Checksums},
 * of the tensors and of all other keys that begin like this.
 *
 * <pre>
 * {"__metadata__":{"microgpt.metadata_sha256":"64 digits","microgpt.tensors_sha256":"64 digits","microgpt.format":"…", …
 * </pre>
 *
 * <p>They hold whatever else another program does to the file: reorder keys or tensors, add keys of its own. In a file of format
 * 1 the keys have no prefix and the checksums are {@link HeaderChecksums}.
 */
public final class ChecksummedFile {
    static final String PREFIX = "microgpt.";

    private static final String OF_METADATA = PREFIX + "metadata_sha256";
    private static final String OF_TENSORS = PREFIX + "tensors_sha256";
    private static final Set<String> KEYS = Set.of(OF_METADATA, OF_TENSORS);

    private final byte[] bytes;
    private final Safetensors all;
    private final boolean old; // of format 1

    private ChecksummedFile(byte[] bytes, Safetensors all) {
        this.bytes = bytes;
        this.all = all;
        this.old = HeaderChecksums.areOn(bytes);
    }

    /**
     * Takes the bytes of a file apart. Nothing is checked yet but that it is a safetensors file.
     *
     * @throws IllegalArgumentException if it is not; the message says why
     */
    public static ChecksummedFile parse(byte[] bytes) {
        return new ChecksummedFile(bytes, Safetensors.parse(bytes));
    }

    /**
     * A file with checksums.
     *
     * @param contents whose keys have no prefix
     * @throws IllegalArgumentException if it is too large, or has a string that is not Unicode or a key of the checksums
     */
    public static byte[] toBytes(Safetensors contents) {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put(OF_TENSORS, Checksums.ofTensors(contents.tensors()));
        contents.metadata().forEach((key, value) -> {
            if (KEYS.contains(PREFIX + key)) {
                throw new IllegalArgumentException("key " + key + " of the metadata is taken by the format");
            }
            ours.put(PREFIX + key, value);
        });
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(OF_METADATA, Checksums.ofMetadata(ours));
        metadata.putAll(ours);
        return new Safetensors(metadata, contents.tensors()).toBytes();
    }

    /** What the file holds: our keys without their prefix, and without the checksums; not checked yet. */
    public Safetensors contents() {
        Map<String, String> contents = new LinkedHashMap<>();
        all.metadata().forEach((key, value) -> {
            if (old && !HeaderChecksums.KEYS.contains(key)) {
                contents.put(key, value);
            } else if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
                contents.put(key.substring(PREFIX.length()), value);
            }
        });
        return new Safetensors(contents, all.tensors());
    }

    /**
     * Checks that nobody has changed a value of ours in the metadata.
     *
     * @throws IllegalArgumentException if somebody has, or there are no checksums
     */
    public void requireMetadata() {
        if (!old && !all.metadata().keySet().containsAll(KEYS)) {
            throw new IllegalArgumentException(
                    "it has no checksums of this library: it was written by another program or is damaged");
        }
        if (!(old ? HeaderChecksums.matchHeader(bytes) : matchMetadata())) {
            throw new IllegalArgumentException("its metadata does not match its checksum: it is damaged");
        }
    }

    /**
     * Checks that nobody has changed a tensor; for after {@link #requireMetadata}.
     *
     * @throws IllegalArgumentException if somebody has
     */
    public void requireTensors() {
        if (!(old ? HeaderChecksums.matchData(bytes) : matchTensors())) {
            throw new IllegalArgumentException(
                    "its tensors do not match their checksum: it is damaged, or another program changed them");
        }
    }

    private boolean matchMetadata() {
        Map<String, String> ours = new LinkedHashMap<>(all.metadata());
        ours.keySet().removeIf(key -> !key.startsWith(PREFIX) || key.equals(OF_METADATA));
        return Checksums.ofMetadata(ours).equals(all.metadata().get(OF_METADATA));
    }

    private boolean matchTensors() {
        return Checksums.ofTensors(all.tensors()).equals(all.metadata().get(OF_TENSORS));
    }
}
