package dev.microgpt.transformer.array;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Loss and gradient, or losses alone, of a batch of any size. It is cut into shards of whole documents that a {@link DoubleGpt}
 * takes at once; where the cuts are depends on the documents only, never on the number of threads.
 */
public final class DoubleShards {
    private final DoubleGpt[] gpts; // one of each thread
    private final OrderedWorkers workers;
    private final Gradients gradients;
    private final Losses losses = new Losses();
    private int[] ends = new int[1]; // of each shard: the first document after it
    private double[] w; // what is being computed
    private int[][] documents;
    private double[] shares;

    public DoubleShards(int threads, Supplier<DoubleGpt> newGpt) {
        gpts = new DoubleGpt[threads];
        for (int thread = 0; thread < threads; thread++) {
            gpts[thread] = newGpt.get();
        }
        workers = new OrderedWorkers(threads);
        gradients = new Gradients(threads);
    }

    /** The gradient of Σ share·mean loss of each document, which is returned; overwrites {@code gradient}. */
    public double gradient(double[] w, int[][] documents, double[] shares, double[] gradient) {
        int shards = cut(documents);
        if (shards == 1) {
            return gpts[0].gradient(w, documents, 0, documents.length, shares, gradient);
        }
        this.w = w;
        this.documents = documents;
        this.shares = shares;
        gradients.begin(gradient);
        workers.run(shards, gradients);
        return gradients.loss;
    }

    /** The loss of each prediction of each document. */
    public /* always */ double[][] losses(double[] w, int[][] documents) {
        this.w = w;
        this.documents = documents;
        losses.of = new /* always */ double[documents.length][];
        workers.run(cut(documents), losses);
        return losses.of;
    }

    /** Cuts into shards with about as many rows each: one, or an even number for two threads to share. */
    private int cut(int[][] documents) {
        int capacity = gpts[0].capacity();
        long rows = 0;
        for (int[] document : documents) {
            rows += gpts[0].rows(document);
        }
        int wanted = (int) (rows <= capacity ? 1 : (rows + 2L * capacity - 1) / (2L * capacity) * 2);
        int shards = 0;
        int inShard = 0;
        long done = 0;
        for (int d = 0; d < documents.length; d++) {
            int more = gpts[0].rows(documents[d]);
            boolean full = inShard + more > capacity || done + more / 2 >= rows * (shards + 1) / wanted;
            if (inShard > 0 && full) {
                end(shards++, d);
                inShard = 0;
            }
            inShard += more;
            done += more;
        }
        end(shards++, documents.length);
        return shards;
    }

    private void end(int shard, int document) {
        if (shard == ends.length) {
            ends = Arrays.copyOf(ends, 2 * shard);
        }
        ends[shard] = document;
    }

    private int start(int shard) {
        return shard == 0 ? 0 : ends[shard - 1];
    }

    /** Computes the sum of the shards' gradients and losses. */
    private final class Gradients implements OrderedWorkers.Work {
        private final double[][] parts; // what a thread has computed last: gradients, null until there are two shards
        private final double[] partLosses; // and losses
        private double[] gradient;
        private double loss;

        private Gradients(int threads) {
            parts = new double[threads][];
            partLosses = new double[threads];
        }

        private void begin(double[] gradient) {
            this.gradient = gradient;
            this.loss = 0;
            for (int thread = 0; thread < parts.length; thread++) {
                if (parts[thread] == null) {
                    parts[thread] = new double[gradient.length];
                }
            }
        }

        @Override
        public void compute(int shard, int thread) {
            double[] into = shard == 0 ? gradient : parts[thread]; // the first needs no adding
            partLosses[thread] = gpts[thread].gradient(w, documents, start(shard), ends[shard], shares, into);
        }

        @Override
        public void add(int shard, int thread) {
            loss += partLosses[thread];
            if (shard > 0) {
                double[] part = parts[thread];
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += part[i];
                }
            }
        }
    }

    /** Computes the losses of the documents, each in its place. */
    private final class Losses implements OrderedWorkers.Work {
        private /* always */ double[][] of;

        @Override
        public void compute(int shard, int thread) {
            gpts[thread].losses(w, documents, start(shard), ends[shard], of);
        }

        @Override
        public void add(int shard, int thread) {} // nothing is shared
    }
}
