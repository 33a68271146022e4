package dev.microgpt.benchmarks;

import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.BatchContext;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptContext;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it save to keep the keys and values of the tokens already read, the KV cache, and what to read many documents
 * at once? Without the cache, all tokens before the next one are read again for it.
 *
 * <p>Sequences of blockSize tokens, not ended by BOS. {@code withCache} feeds one {@link GptContext} token by token, {@code
 * manyAtOnce} a {@link BatchContext} of {@value #SEQUENCES} sequences; the reference, {@code withoutCache}, begins again for
 * each token. {@code documents} end with BOS, or at blockSize: those of the list are read, or new ones are written.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Generation}, with SIMD: {@code java -jar
 * benchmarks/target/benchmarks.jar Generation -jvmArgsAppend "--add-modules jdk.incubator.vector"}
 *
 * <p>You should see tokens a second ("ops/s"): at blockSize n up to (n + 1)/2 times as many with the cache; with SIMD, and in
 * float, several times as many in a batch as with one sequence; and what choosing the token costs: drawing at temperature 0.5,
 * taking the most likely token at 0, nothing at "none", where given tokens are read. A batch draws for all its sequences at
 * once, in less time than it takes to hand out their logits. Of {@code documents} read "documents:token".
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(GenerationBenchmark.TOKENS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class GenerationBenchmark {
    static final int SEQUENCES = 64;
    static final int TOKENS = 64 * SEQUENCES;

    /** Tokens of a sequence, a divisor of 64; 16 is the trained model of stage 5, others are untrained. */
    @Param({"16", "64"})
    public int blockSize;

    /** How tokens are chosen: "none" reads given ones, 0 takes the most likely one, without a draw. */
    @Param({"none", "0", "0.5"})
    public String temperature;

    /** What is computed with. */
    @Param({"DOUBLE", "FLOAT"})
    public Precision precision;

    private final PythonRandom random = new PythonRandom(42);
    private Sampler sampler;
    private boolean reading;
    private Gpt model;
    private GptContext context;
    private BatchContext batch;
    private final int[] first = new int[SEQUENCES]; // BOS
    private int[][] given; // tokens that are read, [blockSize][SEQUENCES]
    private int[][][] listed; // documents of the list, each BOS, token ids, BOS, [groups][SEQUENCES][]
    private int group;

    /** Counts tokens, so that JMH divides them by the time. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Tokens read so far. */
        public long token;
    }

    /** Trains the model of stage 5, or draws a longer one. */
    @Setup
    public void prepare() {
        reading = temperature.equals("none");
        sampler = new Sampler(reading ? 0 : Double.parseDouble(temperature), TOKENS);
        Workload workload = new Workload();
        GptConfig stage5 = Preset.STAGE5.config(workload.vocabSize());
        model = blockSize == stage5.blockSize()
                ? workload.trained()
                : workload.untrained(new GptConfig(
                        stage5.vocabSize(),
                        blockSize,
                        stage5.embedDim(),
                        stage5.headCount(),
                        stage5.layerCount(),
                        stage5.activation()));
        context = model.newContext(precision);
        batch = model.newBatch(SEQUENCES, precision);
        listed = workload.batches(SEQUENCES);
        Arrays.fill(first, model.vocabSize() - 1);
        given = new int[blockSize][SEQUENCES];
        for (int position = 0; position < blockSize; position++) {
            int at = position;
            Arrays.setAll(given[position], sequence -> (at + sequence) % model.vocabSize());
        }
    }

    /**
     * One context reads each token once.
     *
     * @return the last token, so that nothing can be left out
     */
    @Benchmark
    public int withCache() {
        int token = 0;
        for (int sequence = 0; sequence < TOKENS / blockSize; sequence++) {
            context.restart();
            token = model.vocabSize() - 1;
            for (int position = 0; position < blockSize; position++) {
                token = choose(context.next(token), position);
            }
        }
        return token;
    }

    /**
     * One context reads the tokens of all sequences, each once.
     *
     * @return the last token of one
     */
    @Benchmark
    public int manyAtOnce() {
        int[] tokens = first;
        for (int round = 0; round < TOKENS / SEQUENCES / blockSize; round++) {
            batch.restart();
            tokens = first;
            for (int position = 0; position < blockSize; position++) {
                if (reading) {
                    batch.next(given[position]);
                } else {
                    tokens = batch.draw(sampler, random, tokens);
                }
            }
        }
        return tokens[0];
    }

    /**
     * One context reads or writes documents, each up to its end.
     *
     * @param per counts the tokens
     * @return the last token
     */
    @Benchmark
    @OperationsPerInvocation(SEQUENCES)
    public int documents(Per per) {
        int bos = model.vocabSize() - 1;
        int token = bos;
        for (int[] document : listed[group]) {
            context.restart();
            token = bos;
            int position = 0;
            do {
                double[] logits = context.next(token);
                position++;
                token = reading ? document[position] : sampler.next(logits, random);
            } while (token != bos && position < blockSize);
            per.token += position;
        }
        group = (group + 1) % listed.length;
        return token;
    }

    /**
     * The reference: for each token, all before it are read again.
     *
     * @return the last token
     */
    @Benchmark
    public int withoutCache() {
        int[] read = new int[blockSize + 1];
        for (int sequence = 0; sequence < TOKENS / blockSize; sequence++) {
            read[0] = model.vocabSize() - 1;
            for (int position = 0; position < blockSize; position++) {
                read[position + 1] = choose(logitsBehind(read, position), position);
            }
        }
        return read[blockSize];
    }

    private double[] logitsBehind(int[] read, int position) {
        context.restart();
        for (int i = 0; i < position; i++) {
            context.next(read[i]);
        }
        return context.next(read[position]);
    }

    private int choose(double[] logits, int position) {
        return reading ? position % logits.length : sampler.next(logits, random);
    }
}
