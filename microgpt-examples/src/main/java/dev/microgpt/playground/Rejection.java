package dev.microgpt.playground;

/** A request that is not answered as it was meant; the message is for its sender. */
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status; // of HTTP

    Rejection(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
