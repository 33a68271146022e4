package dev.microgpt.benchmarks;

import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;

/**
 * The least time that work can take on one core: its operations at the peak of multiply-adds, plus updates by Adam alone.
 * Both are measured again and again between the measurements of the work, so that a slower clock slows down both; calls that
 * something else has disturbed do not count.
 */
final class Limit {
    private static final double TURN = 0.005e9; // nanoseconds
    private static final int CALLS = 50;

    private final Peak peak = new Peak();
    private final Precision precision;
    private final Runnable update;
    private double gigaflops;
    private double updateTime; // ns

    private Limit(Precision precision, Runnable update) {
        this.precision = precision;
        this.update = update;
    }

    /** Of work without updates. */
    static Limit ofOperations(Precision precision) {
        return new Limit(precision, () -> {});
    }

    /** Of training a model; the update is that of the vector engine. */
    static Limit ofTraining(Precision precision, Gpt model, int[] document) {
        Engine engine = Engine.of(Engine.Kind.VECTOR, precision, model, Preset.STAGE5.optimizer());
        engine.lossAndGradient(document); // moments that are not all 0
        return new Limit(precision, () -> engine.update(0));
    }

    /** Takes some hundredths of a second; to be called before anything is asked for. */
    void measure() {
        Precision other = precision == Precision.DOUBLE ? Precision.FLOAT : Precision.DOUBLE;
        gigaflops(other); // kinds of work enough to keep HotSpot from inlining the one that counts
        gigaflops = gigaflops(precision);
        updateTime = nanoseconds(update);
    }

    private double gigaflops(Precision precision) {
        return Peak.OPERATIONS / nanoseconds(precision == Precision.DOUBLE ? peak::doubles : peak::floats);
    }

    /** Peak of one core, operations per nanosecond. */
    double gigaflops() {
        return gigaflops;
    }

    /** One update of all weights, in nanoseconds. */
    double update() {
        return updateTime;
    }

    /** Time of so many operations in nanoseconds. */
    double arithmetic(double operations) {
        return operations / gigaflops;
    }

    /**
     * Time of one call, the mean of the fastest fifty of a turn. It is asked for three kinds of work, which keeps HotSpot
     * from inlining them here: inlined, the peak is a third lower, or less than half on JDK 17.
     */
    private static double nanoseconds(Runnable work) {
        long fastest = Long.MAX_VALUE;
        long start = System.nanoTime();
        long now = start;
        while (now - start < TURN) {
            for (int i = 0; i < CALLS; i++) {
                work.run();
            }
            long end = System.nanoTime();
            fastest = Math.min(fastest, end - now);
            now = end;
        }
        return (double) fastest / CALLS;
    }
}
