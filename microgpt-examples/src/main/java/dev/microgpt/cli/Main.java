package dev.microgpt.cli;

import dev.microgpt.examples.EarlyMicroGpt;
import dev.microgpt.examples.Output;
import dev.microgpt.examples.Stage0Bigram;
import dev.microgpt.examples.Stage1MlpByHand;
import dev.microgpt.examples.Stage2Autograd;
import dev.microgpt.examples.Stage3Attention;
import dev.microgpt.examples.Stage4MultiHead;
import dev.microgpt.examples.Stage5Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.playground.Playground;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The entry of the runnable jar: {@code stage 0} … {@code stage 5} and {@code stage early} run the program of that stage;
 * {@code playground} opens the web pages; without arguments a GPT learns the embedded names by the recipe of stage 5 and invents 20 new ones.
 */
public final class Main {
    private static final String USAGE = """
            usage: java -jar microgpt.jar                       learn the embedded names and invent 20
                   java -jar microgpt.jar stage 0…5|early [options]   run the program of a stage
                   java -jar microgpt.jar playground [--port N] [--data FILE] [--open]   see every stage at work
            options: --data FILE --seed N --steps N --metrics FILE --trace WORD --parameter NAME[ROW][COLUMN]
            """;

    private Main() {}

    /**
     * Runs the program that the arguments name. Ends the JVM with exit code 2 and a message if they are not valid or a
     * file cannot be used.
     *
     * @param args none, or {@code stage} and its number, and that program's options
     */
    public static void main(String... args) {
        try {
            run(args);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            new PrintStream(System.err, true, StandardCharsets.UTF_8).println("error: " + e.getMessage());
            System.exit(2);
        }
    }

    static void run(String... args) {
        if (args.length == 0) {
            trainAndInvent();
            return;
        }
        if (args[0].equals("--help") || args[0].equals("help")) {
            new PrintStream(System.out, true, StandardCharsets.UTF_8).print(USAGE);
            return;
        }
        if (args[0].equals("playground")) {
            Playground.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        if (!args[0].equals("stage") || args.length == 1) {
            throw new IllegalArgumentException("arguments " + String.join(" ", args) + " are not understood\n" + USAGE);
        }
        String[] options = Arrays.copyOfRange(args, 2, args.length);
        switch (args[1]) {
            case "0" -> Stage0Bigram.main(options);
            case "1" -> Stage1MlpByHand.main(options);
            case "2" -> Stage2Autograd.main(options);
            case "3" -> Stage3Attention.main(options);
            case "4" -> Stage4MultiHead.main(options);
            case "5" -> Stage5Adam.main(options);
            case "early" -> EarlyMicroGpt.main(options);
            default ->
                throw new IllegalArgumentException("stage " + args[1] + " is not one of 0, 1, 2, 3, 4, 5, early");
        }
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
