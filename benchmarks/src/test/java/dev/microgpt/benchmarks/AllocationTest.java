package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.BatchContext;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptContext;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What trains and generates for long must not feed the garbage collector: counted in bytes of this thread. */
class AllocationTest {
    private static final int STEPS = 1000;
    private static final int ZEROS = 20; // windows of so many steps, one after the other
    private static final Duration PATIENCE = Duration.ofMinutes(1); // with the compiler, in CPU time of all threads
    private static final int RUNS = 6;
    private static final Sampler SAMPLER = new Sampler(0.5, 1);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PythonRandom random = new PythonRandom(2);
    private final Documents documents = Documents.givenNames();
    private final Tokenizer tokenizer = Tokenizer.of(documents);
    private final Gpt untrained = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), new PythonRandom(1));

    @ParameterizedTest
    @EnumSource(
            value = Preset.class,
            names = {"STAGE4", "STAGE5"})
    void a_training_step_of_the_array_engine_allocates_nothing(Preset preset) {
        Optimizer optimizer = preset.optimizer();
        Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, optimizer);
        int[][][] batches = documents.asList().subList(0, STEPS).stream()
                .map(document -> new int[][] {tokenizer.encodeDocument(document)})
                .toArray(int[][][]::new);

        assertThat(bytes(() -> {
                    for (int[][] batch : batches) {
                        engine.lossAndGradient(batch);
                        engine.update(0.001);
                    }
                }))
                .isLessThan(STEPS); // not one object a step; the compiler's own few may be counted
    }

    /** Counted when C2 has compiled the kernels: interpreted, each vector is an object. */
    @ParameterizedTest
    @EnumSource
    void a_compiled_training_step_of_the_vector_engine_allocates_nothing(Precision precision) {
        assumeTrue(Engine.Kind.VECTOR.isAvailable(), "NOT CHECKED in this run: allocation of the vector engine");
        Engine engine = Engine.of(Engine.Kind.VECTOR, precision, untrained, Preset.STAGE5.optimizer());
        int[][][] batches = documents.asList().subList(0, STEPS).stream()
                .map(document -> new int[][] {tokenizer.encodeDocument(document)})
                .toArray(int[][][]::new);
        Runnable run = () -> {
            for (int[][] batch : batches) {
                engine.lossAndGradient(batch);
                engine.update(0.001);
            }
        };

        assertSettles(() -> run);
    }

    @ParameterizedTest
    @EnumSource
    void a_generated_token_allocates_nothing(Precision precision) {
        assertSettles(() -> {
            GptContext context = untrained.newContext(precision);
            return () -> {
                int last = 0;
                for (int step = 0; step < STEPS; step++) {
                    if (step % untrained.blockSize() == 0) {
                        context.restart();
                    }
                    last = SAMPLER.next(context.next(last), random);
                }
            };
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_step_of_a_batch_allocates_nothing(Precision precision) {
        BatchContext batch = untrained.newBatch(32, precision);
        int[] tokens = new int[32];

        assertSettles(() -> () -> {
            for (int step = 0; step < STEPS; step += 2) {
                if (step % untrained.blockSize() == 0) {
                    batch.restart();
                }
                batch.next(tokens);
                batch.draw(SAMPLER, random, tokens);
            }
        });
    }

    /**
     * Sooner or later, when the compiler is done, nothing is allocated in many windows one after the other; for each one
     * something may be prepared.
     */
    private void assertSettles(Supplier<Runnable> windows) {
        Duration end = cpuTime().plus(PATIENCE);
        int inARow = 0;
        while (inARow < ZEROS && cpuTime().compareTo(end) < 0) {
            inARow = bytesOnce(windows.get()) < STEPS ? inARow + 1 : 0;
        }
        assertThat(inARow).as("windows in a row without allocation").isEqualTo(ZEROS);
    }

    /** Of this process so far: a busy machine lets it wait, but the compiler needs no more of it there. */
    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** What the last run allocates, when everything is loaded and SIMD code is compiled, which allocates until then. */
    private long bytes(Runnable work) {
        long bytes = 0;
        for (int run = 0; run < RUNS; run++) {
            bytes = bytesOnce(work);
        }
        return bytes;
    }

    private long bytesOnce(Runnable work) {
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
