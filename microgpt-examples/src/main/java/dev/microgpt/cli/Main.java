package dev.microgpt.cli;

import dev.microgpt.frame.Output;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * The entry of the runnable jar. Without arguments a GPT learns the embedded names by the recipe of stage 5 and invents 20
 * new ones; arguments name a command, and {@code --help} lists them.
 */
public final class Main {
    private static final int READER_LEFT = 141; // 128 + SIGPIPE

    private Main() {}

    /**
     * Runs the command that the arguments name. Ends the JVM with exit code 2 and a message if they are not valid, with 1 if
     * the command fails, with 141 if the reader of the output has left.
     *
     * @param args none, or a command and its options
     */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        int exitCode = run(Utf8Arguments.of(args));
        if (exitCode == 0 && System.out.checkError()) {
            exitCode = unprinted();
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /**
     * The exit code where something could not be printed. A reader that has seen enough, such as {@code head}, is no failure:
     * nothing is said, and the code is the one that a shell gives every filter whose pipe is closed.
     */
    private static int unprinted() {
        String reason = "";
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write('\n'); // fails as what was printed did, but says why
        } catch (IOException e) {
            reason = ": " + e.getMessage();
        }
        if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
            return READER_LEFT;
        }
        System.err.println("error: standard output cannot be written" + reason);
        return 1;
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
