package dev.microgpt.playground;

/** How much one visitor may ask for. What is larger is refused with a message that says so. */
final class Limits {
    /** Bytes of a request's body. */
    static final int BODY = 1024 * 1024;

    /** Bytes of a model file that is loaded. */
    static final int MODEL_FILE = 16 * 1024 * 1024;

    /** Model files that are received at the same time, for all visitors together. */
    static final int UPLOADS = 4;

    /** Bytes of a body that is too large which are still read, so that its sender hears why it is refused. */
    static final int DISCARDED = 4 * 1024 * 1024;

    /** Characters of a word, a prefix or an expression. */
    static final int WORD = 100;

    /** Characters of a list whose vocabulary is shown. */
    static final int LIST = 20_000;

    /** Characters of a list that is small enough to be counted by hand. */
    static final int EXAMPLE = 500;

    /** Characters of a list to train on. */
    static final int OWN_LIST = 250_000;

    /** Tokens of the vocabulary of a list to train on. */
    static final int OWN_VOCABULARY = 1_000;

    /** Connections that are read or written at the same time, a thread each; most of them may be slow. */
    static final int THREADS = 1_000;

    /** Answers that are computed at the same time, other than trainings. */
    static final int ANSWERS = 32;

    /** Trainings that run at the same time, for all visitors together. */
    static final int TRAININGS = 8;

    /** Steps of a training. */
    static final int STEPS = 10_000;

    /** Seconds after which a training on a visitor's own list ends as if it had been stopped. */
    static final int TRAINING_SECONDS = 600;

    /** Models trained on own lists that are kept, for all visitors together: about 10 MB each at the very most. */
    static final int MODELS = 16;

    /** Minutes for which such a model is kept. */
    static final int MODEL_MINUTES = 60;

    /** Tokens of the vocabulary, because a page draws a row for each. */
    static final int VOCABULARY = 128;

    /** Seconds after which a visitor who does not read what is sent has gone. */
    static final int WRITE_SECONDS = 10;

    /** Seconds within which a request must have arrived. */
    static final int REQUEST_SECONDS = 20;

    private Limits() {}
}
