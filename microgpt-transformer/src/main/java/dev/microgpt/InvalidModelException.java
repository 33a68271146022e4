package dev.microgpt;

/**
 * A file does not hold a model that can be trusted: it is something else, cut off, damaged, or contradicts itself. The
 * message names the file and the reason.
 *
 * <pre>
 * file names.safetensors is not a valid model: its tensors do not match their checksum: it is damaged, or another program changed them
 * </pre>
 *
 * @since 0.1
 */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the source and the reason.
     *
     * @param source where the model came from: {@code file names.safetensors}
     * @param reason what is wrong with it, after a colon
     */
    InvalidModelException(String source, String reason) {
        super(source + " is not a valid model: " + reason);
    }
}
