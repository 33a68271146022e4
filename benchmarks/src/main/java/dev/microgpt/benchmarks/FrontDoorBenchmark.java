package dev.microgpt.benchmarks;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Score;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.BatchContext;
import dev.microgpt.transformer.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast is what a user calls? {@link MicroGpt} generates, scores, ranks, trains and reports, on the embedded names with the
 * settings that it takes for them by itself; the model has learned for {@value #STEPS} steps.
 *
 * <p>The references are the loops inside these calls: {@code generateInABatch} draws with a {@link BatchContext}, and
 * {@code lossesInBulk} are the losses of all names without their scores.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar FrontDoor}
 *
 * <p>You should see milliseconds a call ("ms/op"), and beside "token" microseconds for each token that was written or read: in
 * {@code generate} of 20,000 strings not much more than in {@code generateInABatch}, in {@code rank} than in {@code lossesInBulk}.
 * A call for 20 strings takes what the reader of one string takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Thread)
public class FrontDoorBenchmark {
    private static final int STEPS = 50;
    private static final int SEQUENCES = 64;

    private final List<String> names = Documents.givenNames().asList();
    private final TrainingOptions options = TrainingOptions.forStrings(names).withSteps(STEPS);
    private MicroGpt model;
    private int[][] documents;
    private BatchContext batch;
    private List<String> samples;
    private long seed;

    /** How much is asked for. */
    @State(Scope.Benchmark)
    public static class Amount {
        /** How many strings a call generates. */
        @Param({"20", "20000"})
        public int count;
    }

    /** Counts tokens, so that JMH divides the time by them. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Per {
        /** Thousands of tokens so far, so that what is shown are microseconds. */
        public double token;

        private void count(long tokens) {
            token += tokens / 1e3;
        }
    }

    /** Trains the model. */
    @Setup
    public void prepare() {
        model = MicroGpt.train(names, options);
        documents = names.stream().map(model.tokenizer()::encodeDocument).toArray(int[][]::new);
        batch = model.gpt().newBatch(SEQUENCES, Precision.DOUBLE);
        samples = model.generate(1000, new GenerationOptions().withSeed(1));
    }

    /**
     * New strings.
     *
     * @param amount how many
     * @param per counts tokens
     * @return them
     */
    @Benchmark
    public List<String> generate(Amount amount, Per per) {
        List<String> strings = model.generate(amount.count, new GenerationOptions().withSeed(seed++));
        per.count(strings.stream().mapToLong(string -> string.length() + 1).sum());
        return strings;
    }

    /**
     * As many strings from a batch, one place for each at a time.
     *
     * @param amount how many
     * @param per counts tokens
     * @return the last tokens
     */
    @Benchmark
    public int[] generateInABatch(Amount amount, Per per) {
        Sampler sampler = new Sampler(0.5, model.gpt().blockSize());
        SplittableRandom random = new SplittableRandom(seed++);
        int bos = model.tokenizer().bos();
        int[] tokens = new int[SEQUENCES];
        int[] lengths = new int[SEQUENCES];
        Arrays.fill(tokens, bos);
        batch.restart();
        for (int strings = 0; strings < amount.count; ) {
            tokens = batch.draw(sampler, random, tokens);
            per.count(SEQUENCES);
            for (int i = 0; i < SEQUENCES; i++) {
                if (tokens[i] == bos || ++lengths[i] == model.gpt().blockSize()) {
                    batch.restart(i);
                    tokens[i] = bos;
                    lengths[i] = 0;
                    strings++;
                }
            }
        }
        return tokens;
    }

    /**
     * The score of one string.
     *
     * @return it
     */
    @Benchmark
    public Score score() {
        return model.score(names.get((int) (seed++ % names.size())));
    }

    /**
     * All names, the most surprising first.
     *
     * @param per counts tokens
     * @return them
     */
    @Benchmark
    public List<Score> rank(Per per) {
        per.count(Arrays.stream(documents)
                .mapToLong(document -> document.length - 1)
                .sum());
        return model.rank(names);
    }

    /**
     * The losses of all names.
     *
     * @param per counts tokens
     * @return them
     */
    @Benchmark
    public double[][] lossesInBulk(Per per) {
        per.count(Arrays.stream(documents)
                .mapToLong(document -> document.length - 1)
                .sum());
        return model.gpt().losses(documents);
    }

    /**
     * A training of {@value #STEPS} steps, with its evaluations and its report.
     *
     * @return the model
     */
    @Benchmark
    public MicroGpt train() {
        return MicroGpt.train(names, options);
    }

    /**
     * The report alone.
     *
     * @return it
     */
    @Benchmark
    public Report report() {
        int cut = names.size() * 9 / 10;
        return Report.of(
                model.gpt(),
                model.tokenizer(),
                names.subList(0, cut),
                names.subList(cut, names.size()),
                (long) STEPS * options.batchSize(),
                samples);
    }
}
