package dev.microgpt.playground;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a write to a visitor who has stopped reading, by an interrupt of the thread that writes: that closes the connection, and the
 * write fails as if the visitor had gone.
 */
final class WriteDeadline {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "playground-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** What writes. */
    interface Write {
        void run() throws IOException;
    }

    private final Thread writer = Thread.currentThread();
    private boolean over; // the write is, or its time

    private WriteDeadline() {}

    /**
     * Writes.
     *
     * @throws IOException if the visitor has gone, or does not read for {@value Limits#WRITE_SECONDS} seconds
     */
    static void run(Write write) throws IOException {
        WriteDeadline deadline = new WriteDeadline();
        var alarm = CLOCK.schedule(deadline::interrupt, Limits.WRITE_SECONDS, TimeUnit.SECONDS);
        try {
            write.run();
        } finally {
            alarm.cancel(false);
            if (deadline.end()) {
                Thread.interrupted(); // the thread has other visitors
            }
        }
    }

    private synchronized void interrupt() {
        if (!over) {
            over = true;
            writer.interrupt();
        }
    }

    /** Returns whether the time was over first. */
    private synchronized boolean end() {
        boolean late = over;
        over = true;
        return late;
    }
}
