package dev.microgpt.benchmarks;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What all benchmarks work on: the embedded names, or the lines of the file that {@code -Dmicrogpt.data} names, shuffled
 * and encoded by the recipe of stage 5; and the run of 1,000 updates that this recipe consists of.
 */
final class Workload {
    /** Updates of a run. How many hidden units are active depends on how far training is, and so does the speed. */
    static final int STEPS = 1000;

    private final PythonRandom random = new PythonRandom(42);
    private final int vocabSize;
    private final int[][] documents; // each BOS, token ids, BOS
    private final Gpt untrained;
    private final double operationsPerStep; // counted once: over 32,033 names that takes as long as 300 steps
    private int next; // document

    Workload() {
        String file = System.getProperty("microgpt.data");
        Documents read = file == null ? Documents.givenNames() : Documents.read(Path.of(file));
        Documents shuffled = read.shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(shuffled);
        vocabSize = tokenizer.vocabSize();
        documents = shuffled.stream().map(tokenizer::encodeDocument).toArray(int[][]::new);
        untrained = Gpt.initial(Preset.STAGE5, vocabSize, random);
        operationsPerStep = Arrays.stream(documents)
                .mapToDouble(document -> operations(untrained.config(), document))
                .average()
                .orElseThrow();
    }

    int vocabSize() {
        return vocabSize;
    }

    /** A model with fresh weights: that of stage 5 itself if it has its shape. */
    Gpt untrained(GptConfig config) {
        return config.equals(untrained.config())
                ? untrained
                : new Gpt(config, Preset.STAGE5.initialization().draw(config, random));
    }

    /** An engine that begins as stage 5 does. */
    Engine engine(EngineVariant variant) {
        return variant.engine(untrained, Preset.STAGE5.optimizer());
    }

    /** The model at the end of stage 5. */
    Gpt trained() {
        Engine engine = engine(EngineVariant.ARRAY);
        train(engine);
        return engine.model();
    }

    /** One run: updates on the next 1,000 documents, with the schedule of stage 5. Returns the last loss. */
    double train(Engine engine) {
        LearningRate rate = Preset.STAGE5.learningRate(STEPS);
        double loss = 0;
        for (int step = 0; step < STEPS; step++) {
            loss = engine.lossAndGradient(documents[next]);
            engine.update(rate.at(step));
            next = (next + 1) % documents.length;
        }
        return loss;
    }

    /** All documents in batches of one size; what is left over is left out, unless there is no full batch. */
    int[][][] batches(int size) {
        return IntStream.range(0, Math.max(1, documents.length / size))
                .mapToObj(batch -> IntStream.range(batch * size, (batch + 1) * size)
                        .mapToObj(i -> documents[i % documents.length])
                        .toArray(int[][]::new))
                .toArray(int[][][]::new);
    }

    /** Names one after the other, cut into documents that fill all positions: shape [count][blockSize + 1]. */
    int[][] fullDocuments(int count, int blockSize) {
        int[] endless = IntStream.iterate(0, i -> (i + 1) % documents.length)
                .flatMap(i -> Arrays.stream(documents[i], 0, documents[i].length - 1))
                .limit((long) count * blockSize + 1)
                .toArray();
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(endless, i * blockSize, (i + 1) * blockSize + 1))
                .toArray(int[][]::new);
    }

    /** {@link Operations} of forward and backward for the mean document of stage 5. */
    double operationsPerStep() {
        return operationsPerStep;
    }

    /** {@link Operations} of forward and backward for some documents. */
    static double operations(GptConfig config, int[]... documents) {
        return Arrays.stream(documents)
                .mapToDouble(document -> Operations.training(config, Math.min(config.blockSize(), document.length - 1)))
                .sum();
    }

    /** What a step of stage 5 cannot fall below. */
    Limit limit(Precision precision) {
        return Limit.ofTraining(precision, untrained, documents[0]);
    }
}
