package dev.microgpt.cli;

import dev.microgpt.examples.Output;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.Locale;

/**
 * The entry of the runnable jar. Without arguments a GPT learns the embedded names by the recipe of stage 5 and invents 20
 * new ones; arguments name a command, and {@code --help} lists them.
 */
public final class Main {
    private Main() {}

    /**
     * Runs the command that the arguments name. Ends the JVM with exit code 2 and a message if they are not valid, with 1 if
     * the command fails.
     *
     * @param args none, or a command and its options
     */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        int exitCode = run(Utf8Arguments.of(args));
        if (exitCode == 0 && System.out.checkError()) {
            System.err.println("error: standard output cannot be written"); // the disk is full, or the reader has left
            exitCode = 1;
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** What {@link #main} does, except for ending the JVM: returns the exit code. */
    static int run(String... args) {
        if (args.length == 0) {
            trainAndInvent(); // without the 80 ms that it takes to read the commands
            return 0;
        }
        return Commands.execute(args);
    }

    private static void trainAndInvent() {
        Output out = new Output();
        Preset preset = Preset.STAGE5;
        PythonRandom random = new PythonRandom(42);
        Documents documents = Documents.givenNames().shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(documents);
        Gpt untrained = Gpt.initial(preset, tokenizer.vocabSize(), random);
        Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, preset.optimizer());
        LearningRate rate = preset.learningRate(preset.steps());
        out.line(
                "a GPT with %,d weights learns from %,d given names (a guess among %d tokens costs %.2f nats)\n",
                untrained.parameters().size(),
                documents.size(),
                tokenizer.vocabSize(),
                Math.log(tokenizer.vocabSize()));

        double sum = 0;
        for (int step = 0; step < preset.steps(); step++) {
            sum += engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
            engine.update(rate.at(step));
            if ((step + 1) % 100 == 0) {
                out.line("step %4d / %4d | mean loss %.4f", step + 1, preset.steps(), sum / 100);
                sum = 0;
            }
        }
        out.samples(engine.model(), preset.sampler(), tokenizer, random);
    }
}
