package dev.microgpt.frame;

import dev.microgpt.autograd.Value;
import dev.microgpt.bigram.Bigram;
import dev.microgpt.mlp.Mlp;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptTrace;
import dev.microgpt.transformer.Preset;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * {@code --trace WORD}: one training step for one word in full, at the initial weights or after {@code --steps N}. The
 * optimizer starts afresh, at its first step, and nothing is kept.
 */
public final class StepTrace {
    private static final Pattern ELEMENT =
            Pattern.compile("(?<tensor>[^\\[]+)\\[(?<row>\\d{1,9})]\\[(?<column>\\d{1,9})]");

    private final Arguments arguments;
    private final Output out = new Output();
    private final PythonRandom random;
    private final Documents documents;
    private final Tokenizer tokenizer;
    private final int[] word; // [BOS] + ids + [BOS]

    private StepTrace(Arguments arguments) {
        this.arguments = arguments;
        arguments.parameter().ifPresent(StepTrace::parse); // a mistake shows before anything is trained
        this.random = new PythonRandom(arguments.seed());
        this.documents = arguments.documents().shuffled(random);
        this.tokenizer = Tokenizer.of(documents);
        String typed = arguments.trace().orElseThrow();
        String read = named("trace", typed, new Spelling(tokenizer)::read);
        this.word = tokenizer.encodeDocument(read);
        if (!read.equals(typed)) {
            out.line("\"%s\" is read as \"%s\"", typed, read);
        }
    }

    /** What the function makes of the value of an option, which its message names if it makes nothing of it. */
    private static <V, R> R named(String option, V value, Function<V, R> function) {
        try {
            return function.apply(value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("option --" + option + " " + value + ": " + e.getMessage(), e);
        }
    }

    /**
     * Stage 0: probabilities, losses, and the counts that one step increments.
     *
     * @param program with the options
     * @throws IllegalArgumentException if the word has a character that is in no document, or an option is wrong
     */
    public static void bigram(Program program) {
        if (program.arguments().parameter().isPresent()) {
            throw new IllegalArgumentException("option --parameter needs a stage with weights, stage 0 has counts");
        }
        StepTrace trace = new StepTrace(program.arguments());
        Bigram model = new Bigram(trace.tokenizer.vocabSize());
        trace.train((tokens, step) -> model.learn(tokens));
        trace.printWord();
        trace.printLosses(model);
        trace.printProbabilities(model);
        trace.out.line("\nincrements");
        for (int t = 0; t + 1 < trace.word.length; t++) {
            int before = model.count(trace.word[t], trace.word[t + 1]);
            model.learn(trace.word[t], trace.word[t + 1]);
            trace.out.line(
                    "  counts[%s][%s]  %d -> %d",
                    trace.symbol(trace.word[t]),
                    trace.symbol(trace.word[t + 1]),
                    before,
                    model.count(trace.word[t], trace.word[t + 1]));
        }
    }

    /**
     * Stage 1: losses, and the update of one weight.
     *
     * @param program with the options
     * @throws IllegalArgumentException if the word has a character that is in no document, or an option is wrong
     */
    public static void mlpByHand(Program program) {
        StepTrace trace = new StepTrace(program.arguments());
        MlpConfig config = MlpPreset.STAGE1.config(trace.tokenizer.vocabSize());
        Parameters parameters = config.initialParameters(trace.random);
        MlpByHand model = new MlpByHand(config, parameters);
        trace.mlp(MlpPreset.STAGE1, parameters, model, (tokens, gradient) -> model.lossAndGradient(gradient, tokens));
    }

    /**
     * Stage 2: losses, and the update of one weight.
     *
     * @param program with the options
     * @throws IllegalArgumentException if the word has a character that is in no document, or an option is wrong
     */
    public static void mlp(Program program) {
        StepTrace trace = new StepTrace(program.arguments());
        MlpConfig config = MlpPreset.STAGE2.config(trace.tokenizer.vocabSize());
        Parameters parameters = config.initialParameters(trace.random);
        Mlp model = new Mlp(config, parameters);
        trace.mlp(MlpPreset.STAGE2, parameters, new MlpByHand(config, parameters), (tokens, gradient) -> {
            Value loss = model.lossGraph(tokens);
            loss.backward();
            model.gradient(gradient);
        });
    }

    private void mlp(MlpPreset preset, Parameters parameters, MlpByHand model, Backward backward) {
        Parameters gradient = parameters.zeros();
        Optimizer optimizer = preset.optimizer();
        Moments moments = optimizer.start(parameters);
        LearningRate rate = preset.learningRate(arguments.steps(preset.steps()));
        train((tokens, step) -> {
            backward.run(tokens, gradient);
            optimizer.update(parameters, gradient, moments, rate.at(step));
        });
        printWord();
        printLosses(model);
        backward.run(word, gradient);
        double[] finalHidden = model.forward(word[word.length - 2]).hidden();
        printUpdate(
                element("mlp_fc2", word[word.length - 1], finalHidden), parameters, gradient, optimizer, rate.at(0));
    }

    /**
     * Stages 3 to 5 and the early program: losses, and the update of one weight.
     *
     * @param preset which of them
     * @param program with the options
     * @throws IllegalArgumentException if the word has a character that is in no document, or an option is wrong
     */
    public static void gpt(Preset preset, Program program) {
        StepTrace trace = new StepTrace(program.arguments());
        Gpt untrained = Gpt.initial(preset, trace.tokenizer.vocabSize(), trace.random);
        Engine engine = Engine.of(Engine.Kind.VALUE, untrained, preset.optimizer());
        LearningRate rate = preset.learningRate(program.arguments().steps(preset.steps()));
        trace.train((tokens, step) -> {
            engine.lossAndGradient(tokens);
            engine.update(rate.at(step));
        });
        Gpt model = engine.model();
        trace.printWord();
        trace.printLosses(model);
        engine.lossAndGradient(trace.word);

        int positions = model.losses(trace.word).length;
        List<GptTrace.Position> seen =
                model.trace(Arrays.copyOf(trace.word, positions)).positions();
        double[] finalHidden = seen.get(positions - 1).output();
        Element element = trace.element("lm_head", trace.word[positions], finalHidden);
        trace.printUpdate(element, model.parameters(), engine.gradient(), preset.optimizer(), rate.at(0));
    }

    /** Fills the gradient of a document's loss. */
    private interface Backward {
        void run(int[] tokens, Parameters gradient);
    }

    /** One training step on a document. */
    private interface Step {
        void run(int[] tokens, int step);
    }

    /** The place of one weight. */
    private record Element(String tensor, int row, int column) {
        @Override
        public String toString() {
            return tensor + "[" + row + "][" + column + "]";
        }
    }

    private void train(Step step) {
        int steps = arguments.stepsGiven() ? arguments.steps(1) : 0;
        for (int i = 0; i < steps; i++) {
            step.run(tokenizer.encodeDocument(documents.atStep(i)), i);
        }
        out.line("one step for \"%s\" after %d training steps", tokenizer.decode(word), steps);
    }

    private void printWord() {
        StringBuilder tokens = new StringBuilder();
        for (int token : word) {
            tokens.append(' ').append(symbol(token)).append('=').append(token);
        }
        out.line("tokens%s", tokens);
    }

    private void printLosses(LanguageModel model) {
        double[] losses = model.losses(word);
        out.line("\nposition  input  target  probability    loss");
        for (int t = 0; t < losses.length; t++) {
            out.line(
                    "%8d  %5s  %6s  %11.6f  %6.4f",
                    t, symbol(word[t]), symbol(word[t + 1]), Math.exp(-losses[t]), losses[t]);
        }
        out.line("mean loss %s nats per token", model.loss(word));
    }

    private void printProbabilities(Bigram model) {
        out.line("\nprobabilities");
        for (int t = 0; t + 1 < word.length; t++) {
            int current = word[t];
            int total = IntStream.range(0, model.vocabSize())
                    .map(token -> model.count(current, token))
                    .sum();
            out.line(
                    "  p(%s | %s) = (%d + 1) / (%d + %d) = %.6f",
                    symbol(word[t + 1]),
                    symbol(current),
                    model.count(current, word[t + 1]),
                    total,
                    model.vocabSize(),
                    model.probability(current, word[t + 1]));
        }
    }

    private void printUpdate(
            Element element, Parameters parameters, Parameters gradient, Optimizer optimizer, double learningRate) {
        double g = named("parameter", element, weight -> at(weight, gradient));
        Parameters updated = parameters.copy();
        Moments moments = optimizer.start(updated);
        optimizer.update(updated, gradient, moments, learningRate);
        double before = parameters.get(element.tensor, element.row, element.column);
        double after = updated.get(element.tensor, element.row, element.column);

        out.line("\nupdate of %s by %s", element, name(optimizer));
        out.line("  gradient       %s", full(g));
        String step = minus(brief(learningRate)) + " · " + brief(g);
        if (optimizer instanceof Adam adam) {
            step = minus(brief(learningRate)) + " · " + printMoments(element, g, moments, adam);
        }
        out.line("  learning rate  %s", full(learningRate));
        out.line("  update         %s = %s", step, full(after - before));
        out.line("  before         %s", full(before));
        String sum = brief(before) + (after < before ? " − " : " + ") + brief(Math.abs(after - before));
        out.line("  after          %s = %s", sum, full(after));
    }

    /** Returns what the learning rate is multiplied by. */
    private String printMoments(Element element, double g, Moments moments, Adam adam) {
        double beta1 = adam.beta1();
        double beta2 = adam.beta2();
        double m = at(element, moments.first().orElseThrow());
        double v = at(element, moments.second().orElseThrow());
        double mHat = m / (1 - beta1);
        double vHat = v / (1 - beta2);
        String square = (g < 0 ? "(" + brief(g) + ")" : brief(g)) + "²";
        out.line("  m              %s · 0 + %s · %s = %s", brief(beta1), brief(1 - beta1), brief(g), full(m));
        out.line("  v              %s · 0 + %s · %s = %s", brief(beta2), brief(1 - beta2), square, full(v));
        out.line("  m̂              %s / (1 − %s) = %s", brief(m), brief(beta1), full(mHat));
        out.line("  v̂              %s / (1 − %s) = %s", brief(v), brief(beta2), full(vHat));
        return brief(mHat) + " / (√" + brief(vHat) + " + " + brief(adam.epsilon()) + ")";
    }

    /** As people call it. */
    private static String name(Optimizer optimizer) {
        return optimizer instanceof Adam adam
                ? "Adam, β " + brief(adam.beta1()) + " and " + brief(adam.beta2())
                : "gradient descent";
    }

    /** A number in a formula: four digits. */
    private static String brief(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return full(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(4)).stripTrailingZeros();
        return signed(rounded.scale() < 0 ? rounded.toPlainString() : rounded.toString());
    }

    /** A result: all digits. */
    private static String full(double number) {
        return signed(Double.toString(number));
    }

    /** With a minus that is as long as a plus, and a small e, as formulas have them. */
    private static String signed(String number) {
        return number.replaceFirst("^-", "−").replace('E', 'e');
    }

    private static String minus(String number) {
        return number.startsWith("−") ? number.substring(1) : "−" + number;
    }

    private static double at(Element element, Parameters parameters) {
        return parameters.get(element.tensor, element.row, element.column);
    }

    /** The weight that was asked for, or the one between the last target and the largest |final hidden value|. */
    private Element element(String head, int lastTarget, double[] finalHidden) {
        if (arguments.parameter().isEmpty()) {
            int largest = 0;
            for (int j = 1; j < finalHidden.length; j++) {
                if (Math.abs(finalHidden[j]) > Math.abs(finalHidden[largest])) {
                    largest = j;
                }
            }
            return new Element(head, lastTarget, largest);
        }
        return parse(arguments.parameter().get());
    }

    private static Element parse(String parameter) {
        Matcher matcher = ELEMENT.matcher(parameter);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("option --parameter " + parameter
                    + " does not have the form name[row][column], as in lm_head[0][0]");
        }
        return new Element(
                matcher.group("tensor"),
                Integer.parseInt(matcher.group("row")),
                Integer.parseInt(matcher.group("column")));
    }

    private String symbol(int token) {
        return tokenizer.symbol(token);
    }
}
