package dev.microgpt.transformer.array;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Computes the numbered shards of a batch on the caller's thread and on helpers from the common pool, and adds their
 * results in the order of the shards, so that the sum has the same bits on any number of threads. A helper that finds no
 * shard waits a little for the next batch, because waking a thread takes longer than a batch of a small model. The caller
 * computes what no helper takes: a busy pool costs time, nothing else.
 */
final class OrderedWorkers {
    /** What is to be done. Threads are numbered from 0, the caller's. */
    interface Work {
        /** Computes a shard into what belongs to the thread; several shards at the same time. */
        void compute(int shard, int thread);

        /** Adds what the thread has computed; one shard after the other. */
        void add(int shard, int thread);
    }

    private static final long PATIENCE = 100_000; // nanoseconds that a helper waits for a shard
    private static final int SPINS = 1_000; // before a waiting thread lets others run

    private final int threads;
    private final AtomicLong claimed = new AtomicLong(); // batch number << 32 | first shard that nobody has taken
    private final AtomicLong added = new AtomicLong(); // batch number << 32 | first shard that is not added yet
    private final AtomicIntegerArray running; // 1 while a helper of that number is in the pool
    private volatile int shards; // of the present batch
    private volatile Work work; // to be done with them
    private volatile Throwable failure; // in the present batch

    OrderedWorkers(int threads) {
        this.threads = threads;
        this.running = new AtomicIntegerArray(threads);
    }

    /**
     * Computes and adds the shards 0 to {@code count} − 1; returns when all are added.
     *
     * @throws IllegalStateException if one of them failed; its cause says why
     */
    void run(int count, Work work) {
        long batch = (claimed.get() >>> 32) + 1 << 32;
        claimed.set(batch | Integer.MAX_VALUE); // nothing can be taken while the batch is being exchanged
        failure = null;
        this.work = work;
        shards = count;
        added.set(batch);
        claimed.set(batch);
        for (int thread = 1; thread < Math.min(threads, count); thread++) {
            if (running.compareAndSet(thread, 0, 1)) {
                int helper = thread;
                ForkJoinPool.commonPool().execute(() -> help(helper));
            }
        }
        takeShards(0);
        if (!isTurn(batch + count)) {
            throw new IllegalStateException("a part of the batch could not be computed: " + failure, failure);
        }
    }

    private void help(int thread) {
        try {
            long idleSince = System.nanoTime();
            do {
                if (takeShards(thread)) {
                    idleSince = System.nanoTime();
                }
                Thread.onSpinWait();
            } while (System.nanoTime() - idleSince < PATIENCE);
        } finally {
            running.set(thread, 0);
        }
    }

    /** Whether there was any. Ends early if a shard of the batch fails, here or elsewhere. */
    private boolean takeShards(int thread) {
        boolean any = false;
        for (long ticket = claim(); ticket >= 0; ticket = claim()) {
            any = true;
            int shard = (int) ticket;
            try {
                work.compute(shard, thread);
                if (!isTurn(ticket)) {
                    return any;
                }
                work.add(shard, thread);
                added.set(ticket + 1);
            } catch (RuntimeException | Error e) {
                failure = e; // the caller throws it
                return any;
            }
        }
        return any;
    }

    /** The present batch and a shard of it that is this thread's now, or −1 if all are taken. */
    private long claim() {
        while (true) {
            long ticket = claimed.get();
            if ((int) ticket >= shards) {
                return -1;
            }
            if (claimed.compareAndSet(ticket, ticket + 1)) {
                return ticket;
            }
        }
    }

    /** Waits until all shards before this one are added; false if the batch fails instead. */
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
