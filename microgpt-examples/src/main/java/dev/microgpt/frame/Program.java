package dev.microgpt.frame;

import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What the program of every stage needs and none is about: its options, where its documents come from, what it prints, the
 * metrics that it writes, and the trace of a single step in its place.
 */
public final class Program {
    private final Arguments arguments;
    private final Output out = new Output();
    private double[] losses = {};

    private Program(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * Runs a program, or shows one of its training steps if {@code --trace} is among the options.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     * @param program what to do without {@code --trace}
     * @param trace what to do with it
     * @throws IllegalArgumentException if an option is wrong
     */
    public static void run(String[] args, Consumer<Program> program, Consumer<Program> trace) {
        Arguments arguments = Arguments.parse(args);
        (arguments.trace().isPresent() ? trace : program).accept(new Program(arguments));
    }

    /**
     * Runs a program that takes other options.
     *
     * @param args options and their values
     * @param options those that it takes
     * @param program what to do
     * @throws IllegalArgumentException if an option is wrong
     */
    public static void run(String[] args, List<String> options, Consumer<Program> program) {
        program.accept(new Program(Arguments.parse(options, args)));
    }

    Arguments arguments() {
        return arguments;
    }

    /**
     * The seed of the random numbers: {@code --seed}.
     *
     * @return 42 unless given
     */
    public long seed() {
        return arguments.seed();
    }

    /**
     * The documents: {@code --data}.
     *
     * @return the embedded given names unless given, in the order of their source
     */
    public Documents documents() {
        return arguments.documents();
    }

    /**
     * The number of training steps: {@code --steps}.
     *
     * @param usual how many there are unless given
     * @return at least 1
     */
    public int steps(int usual) {
        losses = new double[arguments.steps(usual)];
        return losses.length;
    }

    /**
     * The order of an n-gram model: {@code --order}.
     *
     * @return in [2, 8]
     * @throws IllegalArgumentException if it is not given
     */
    public int order() {
        return arguments.order();
    }

    /**
     * Prints a line.
     *
     * @param format as of {@link String#format}
     * @param values what is put into it
     */
    public void print(String format, Object... values) {
        out.line(format, values);
    }

    /**
     * Prints the loss of a step. After the last one the losses of all go to the file of {@code --metrics}.
     *
     * @param step from 0 on, less than {@link #steps}
     * @param loss in nats per token
     */
    public void step(int step, double loss) {
        step(step, loss, true);
    }

    /**
     * Takes down the loss of a step. After the last one the losses of all go to the file of {@code --metrics}.
     *
     * @param step from 0 on, less than {@link #steps}
     * @param loss in nats per token
     * @param shown whether to print it, too
     */
    public void step(int step, double loss, boolean shown) {
        losses[step] = loss;
        if (shown) {
            out.line("step %4d / %4d | loss %.4f", step + 1, losses.length, loss);
        }
        if (step + 1 == losses.length) {
            arguments.writeMetrics(losses);
        }
    }

    /**
     * Prints twenty new texts.
     *
     * @param model what writes them
     * @param sampler how
     * @param tokenizer turns its tokens into text
     * @param random where the draws come from
     */
    public void samples(LanguageModel model, Sampler sampler, Tokenizer tokenizer, RandomGenerator random) {
        out.samples(model, sampler, tokenizer, random);
    }

    /**
     * Prints new texts.
     *
     * @param texts what a model wrote
     */
    public void samples(List<String> texts) {
        out.samples(texts);
    }
}
