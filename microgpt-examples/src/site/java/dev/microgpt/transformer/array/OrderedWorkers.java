package dev.microgpt.transformer.array;

/** In a page there is one thread: it computes and adds one shard after the other. */
final class OrderedWorkers {
    interface Work {
        void compute(int shard, int thread);

        void add(int shard, int thread);
    }

    OrderedWorkers(int threads) {}

    void run(int count, Work work) {
        for (int shard = 0; shard < count; shard++) {
            work.compute(shard, 0);
            work.add(shard, 0);
        }
    }
}
