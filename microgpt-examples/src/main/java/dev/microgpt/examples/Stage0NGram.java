package dev.microgpt.examples;

import dev.microgpt.bigram.NGram;
import dev.microgpt.frame.Program;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * How far does counting go? Stage 0 with longer contexts.
 *
 * <p>Same as stage 0: a language model that counts.
 *
 * <p>New here: it looks back at N − 1 tokens instead of one, with Kneser–Ney smoothing for contexts that were seen once or never.
 * So that nobody mistakes learning by heart for learning, a tenth of the list is held out, and both losses are printed.
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 0 --order 6"}
 *
 * <p>You should see the loss of the counted names fall at each order, and that of the held-out ones only to 2.4870.
 */
public final class Stage0NGram {
    private static final List<String> OPTIONS = List.of("--order", "--data", "--seed");

    private Stage0NGram() {}

    /**
     * Counts, measures and samples.
     *
     * @param args {@code --order N --data SOURCE --seed N}, of which {@code --order} is needed
     */
    public static void main(String... args) {
        Program.run(args, OPTIONS, Stage0NGram::run);
    }

    private static void run(Program program) {
        int most = program.order();

        // Documents, each distinct one once: a copy of a counted name would not be unseen
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents =
                Documents.of(program.documents().stream().distinct().toList()).shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        // The last tenth is held out
        int heldOut = Math.min(1000, documents.size() / 10);
        List<String> list = documents.asList();
        List<String> counted = list.subList(0, list.size() - heldOut);
        List<String> unseen = list.subList(list.size() - heldOut, list.size());
        if (unseen.isEmpty()) {
            throw new IllegalArgumentException(
                    "documents has " + list.size() + " different texts, at least 10 are needed to hold out a tenth");
        }
        program.print("counted: %d, held out: %d", counted.size(), heldOut);

        // Training is counting; measure each order on both parts
        NGram model = null;
        for (int order = 2; order <= most; order++) {
            model = NGram.train(counted, order, tokenizer);
            program.print(
                    "order %d | loss of counted %.4f | of held-out %.4f",
                    order, loss(model, counted), loss(model, unseen));
        }

        // Inference, as in stage 0
        List<String> samples = model.generate(20, random);
        program.samples(samples);
        program.print(
                "\nin the list: %d of 20",
                samples.stream().filter(list::contains).count());
    }

    /** Mean over all tokens. */
    private static double loss(NGram model, List<String> documents) {
        return documents.stream()
                .flatMapToDouble(
                        text -> Arrays.stream(model.losses(model.tokenizer().encodeDocument(text))))
                .average()
                .orElseThrow();
    }
}
