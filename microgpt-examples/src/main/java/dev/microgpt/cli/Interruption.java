package dev.microgpt.cli;

import java.util.concurrent.CountDownLatch;

/** Ctrl-C, or another signal that ends the JVM: what runs is asked to stop, and the JVM waits until it has. */
final class Interruption implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread hook;
    private volatile boolean requested;

    /** Sets what stops the present work. Without it the JVM ends at once. */
    void onRequest(Runnable stop) {
        hook = new Thread(() -> {
            requested = true;
            stop.run();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isRequested() {
        return requested;
    }

    /** Says that the work has ended, messages and all. */
    @Override
    public void close() {
        ended.countDown();
        if (hook != null && !requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested = true; // in this very moment; the JVM is ending
            }
        }
    }
}
