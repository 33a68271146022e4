package dev.microgpt.transformer.array;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Computes the numbered passes of a batch on the caller's thread and on helpers from the common pool, and adds their
 * results in the order of the passes, so that the sum has the same bits on any number of threads. A helper that finds no
 * pass waits a little for the next batch, because waking a thread takes longer than a batch of a small model. The caller
 * computes what no helper takes: a busy pool costs time, nothing else.
 */
final class OrderedWorkers {
    /** What is to be done. Threads are numbered from 0, the caller's. */
    interface Work {
        /** Computes a pass into what belongs to the thread; several passes at the same time. */
        void compute(int pass, int thread);

        /** Adds what the thread has computed; one pass after the other. */
        void add(int pass, int thread);
    }

    private static final long PATIENCE = 100_000; // nanoseconds that a helper waits for a pass
    private static final int SPINS = 1_000; // before a waiting thread lets others run

    private final int threads;
    private final Work work;
    private final AtomicLong claimed = new AtomicLong(); // batch number << 32 | first pass that nobody has taken
    private final AtomicLong added = new AtomicLong(); // batch number << 32 | first pass that is not added yet
    private final AtomicIntegerArray running; // 1 while a helper of that number is in the pool
    private volatile int passes; // of the present batch
    private volatile Throwable failure; // in the present batch

    OrderedWorkers(int threads, Work work) {
        this.threads = threads;
        this.work = work;
        this.running = new AtomicIntegerArray(threads);
    }

    /**
     * Computes and adds the passes 0 to {@code count} − 1; returns when all are added.
     *
     * @throws IllegalStateException if one of them failed; its cause says why
     */
    void run(int count) {
        long batch = (claimed.get() >>> 32) + 1 << 32;
        claimed.set(batch | Integer.MAX_VALUE); // nothing can be taken while the batch is being exchanged
        failure = null;
        passes = count;
        added.set(batch);
        claimed.set(batch);
        for (int thread = 1; thread < Math.min(threads, count); thread++) {
            if (running.compareAndSet(thread, 0, 1)) {
                int helper = thread;
                ForkJoinPool.commonPool().execute(() -> help(helper));
            }
        }
        takePasses(0);
        if (!isTurn(batch + count)) {
            throw new IllegalStateException("a part of the batch could not be computed: " + failure, failure);
        }
    }

    private void help(int thread) {
        try {
            long idleSince = System.nanoTime();
            do {
                if (takePasses(thread)) {
                    idleSince = System.nanoTime();
                }
                Thread.onSpinWait();
            } while (System.nanoTime() - idleSince < PATIENCE);
        } finally {
            running.set(thread, 0);
        }
    }

    /** Whether there was any. Ends early if a pass of the batch fails, here or elsewhere. */
    private boolean takePasses(int thread) {
        boolean any = false;
        for (long ticket = claim(); ticket >= 0; ticket = claim()) {
            any = true;
            int pass = (int) ticket;
            try {
                work.compute(pass, thread);
                if (!isTurn(ticket)) {
                    return any;
                }
                work.add(pass, thread);
                added.set(ticket + 1);
            } catch (RuntimeException | Error e) {
                failure = e; // the caller throws it
                return any;
            }
        }
        return any;
    }

    /** The present batch and a pass of it that is this thread's now, or −1 if all are taken. */
    private long claim() {
        while (true) {
            long ticket = claimed.get();
            if ((int) ticket >= passes) {
                return -1;
            }
            if (claimed.compareAndSet(ticket, ticket + 1)) {
                return ticket;
            }
        }
    }

    /** Waits until all passes before this one are added; false if the batch fails instead. */
    private boolean isTurn(long ticket) {
        for (int spins = 0; added.get() != ticket; spins++) {
            if (failure != null || added.get() >>> 32 != ticket >>> 32) {
                return false;
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        return true;
    }
}
