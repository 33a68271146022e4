package dev.microgpt.examples;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;

/**
 * Stage 0: a language model that counts.
 *
 * <p>Same as: nothing, this is the beginning.
 *
 * <p>New here: documents, tokens with BOS at both ends, the loss (how surprised the model is, in nats per token), a
 * training loop, sampling. The model is a table: how often did token j follow token i?
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 0"}
 *
 * <p>You should see the loss start at 3.2958, which is ln 27, and wander around 2.6 at the end; then names such as
 * "safhinafirtzan", "ri", "juniysomisiengur".
 */
public final class Stage0Bigram {
    private Stage0Bigram() {}

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, Stage0Bigram::run, StepTrace::bigram);
    }

    private static void run(Program program) {
        // Documents: short texts, here names, in random order
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());

        // Tokens: one id for each character, and BOS, which opens and closes a document
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        // Training: measure the loss of a document, then count its pairs
        Bigram model = new Bigram(tokenizer.vocabSize());
        int steps = program.steps(1000);
        for (int step = 0; step < steps; step++) {
            int[] tokens = tokenizer.encodeDocument(documents.atStep(step));
            double loss = model.loss(tokens); // mean of −log p(next | current)
            model.learn(tokens); // counts[current][next] += 1
            program.step(step, loss);
        }

        // Inference: start from BOS, draw the next token from the model's distribution until BOS comes again
        program.samples(model, new Sampler(1, 16), tokenizer, random);
    }
}
