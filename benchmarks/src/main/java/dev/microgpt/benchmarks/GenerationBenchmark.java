package dev.microgpt.benchmarks;

import dev.microgpt.text.Context;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.util.concurrent.TimeUnit;
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
 * What does it save to keep the keys and values of the tokens already read, the KV cache? Without it, all tokens before
 * the next one are read again for it.
 *
 * <p>Sequences of blockSize tokens, not ended by BOS. {@code withCache} feeds one {@link Context} token by token; the
 * reference, {@code withoutCache}, makes a new one for each token.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Generation}
 *
 * <p>You should see tokens a second ("ops/s"): at blockSize n up to (n + 1)/2 times as many with the cache, less where
 * choosing the token, which costs the same in both, takes much of the time; and what drawing costs at temperature 0.5
 * against taking the most likely token at temperature 0.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(GenerationBenchmark.TOKENS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class GenerationBenchmark {
    static final int TOKENS = 64;

    /** Tokens of a sequence, a divisor of 64; 16 is the trained model of stage 5, others are untrained. */
    @Param({"16", "64"})
    public int blockSize;

    /** How tokens are chosen: 0 is the most likely one, without a draw. */
    @Param({"0", "0.5"})
    public double temperature;

    private final PythonRandom random = new PythonRandom(42);
    private Sampler sampler;
    private Gpt model;

    /** Trains the model of stage 5, or draws a longer one. */
    @Setup
    public void prepare() {
        sampler = new Sampler(temperature, TOKENS);
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
            Context context = model.newContext();
            token = model.vocabSize() - 1;
            for (int position = 0; position < blockSize; position++) {
                token = sampler.next(context.next(token), random);
            }
        }
        return token;
    }

    /**
     * The reference: for each token a context that reads all before it.
     *
     * @return the last token
     */
    @Benchmark
    public int withoutCache() {
        int[] tokens = new int[blockSize + 1];
        for (int sequence = 0; sequence < TOKENS / blockSize; sequence++) {
            tokens[0] = model.vocabSize() - 1;
            for (int position = 0; position < blockSize; position++) {
                tokens[position + 1] = sampler.next(logitsBehind(tokens, position), random);
            }
        }
        return tokens[blockSize];
    }

    private double[] logitsBehind(int[] tokens, int position) {
        Context context = model.newContext();
        for (int i = 0; i < position; i++) {
            context.next(tokens[i]);
        }
        return context.next(tokens[position]);
    }
}
