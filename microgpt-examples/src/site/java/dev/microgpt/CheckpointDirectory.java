package dev.microgpt;

import java.nio.file.Path;
import java.util.function.Function;

/** In a page there are no folders. */
record CheckpointDirectory(Path directory) {
    DirectoryLock begin(String run) {
        throw absent();
    }

    void write(Checkpoint checkpoint) {
        throw absent();
    }

    <T> T newest(Function<Checkpoint, T> run) {
        throw absent();
    }

    private static IllegalStateException absent() {
        return new IllegalStateException("a page has no folder for checkpoints");
    }
}

/** There is none: nothing is locked. */
final class DirectoryLock implements AutoCloseable {
    @Override
    public void close() {}
}
