package dev.microgpt.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lines of a program's training loop, part by part, taken from the source itself. */
final class LoopLines {
    private static final String PROGRAM = "examples/";

    /** The lines of a file from the one that contains a text, which stands in no other, to the next that contains another. */
    record Quote(String file, String from, String to) {
        static Quote line(String file, String text) {
            return new Quote(file, text, text);
        }
    }

    /** What a part is called and where its lines stand; {@code marks}: what they compute, and a text of the line that does. */
    record Source(String name, List<Quote> quotes, Map<String, String> marks) {}

    /** A part of the loop. */
    record Part(String name, List<Line> lines) {}

    /**
     * A line without the indentation of all; {@code fresh}: the stage before does not have it; {@code mark}: what it computes, as of
     * {@link Source}, or the empty text.
     */
    record Line(String file, int number, String text, boolean fresh, String mark) {}

    private static final Quote DESCENT =
            new Quote("optim/Sgd.java", "for (int i = 0; i < p.length; i++) {", "        }");
    private static final Quote ADAM =
            new Quote("optim/Adam.java", "double mi = beta1", "p[i] -= learningRate");

    private LoopLines() {}

    /** The parts of a program's loop, in the order in which they run. */
    static List<Part> of(String stage) {
        List<Source> own = sources(stage);
        String before = stage.equals("early") ? "5" : stage.equals("0") ? "" : "" + (Integer.parseInt(stage) - 1);
        Set<String> known = new HashSet<>();
        if (!before.isEmpty()) {
            sources(before).forEach(source -> raw(source).forEach(line -> known.add(code(line.text))));
        }
        return own.stream()
                .map(source -> new Part(
                        source.name(),
                        raw(source).stream()
                                .map(line -> new Line(
                                        line.file,
                                        line.number,
                                        line.text,
                                        !before.isEmpty() && !known.contains(code(line.text)),
                                        line.mark))
                                .toList()))
                .toList();
    }

    /** A line without what is said about it. */
    private static String code(String line) {
        return line.replaceFirst("//.*", "").strip();
    }

    private static List<Line> raw(Source source) {
        List<Line> lines = new ArrayList<>();
        for (Quote quote : source.quotes()) {
            lines.addAll(cut(quote, source.marks()));
        }
        return lines;
    }

    /** The lines of a quote; {@code marks} as of {@link Source}. */
    static List<Line> cut(Quote quote, Map<String, String> marks) {
        List<String> file = read("/source/dev/microgpt/" + quote.file).lines().toList();
        int first = -1;
        for (int i = 0; i < file.size(); i++) {
            if (file.get(i).contains(quote.from)) {
                require(first < 0, quote, "stands there twice: " + quote.from);
                first = i;
            }
        }
        require(first >= 0, quote, "has no line with " + quote.from);
        int last = first;
        while (!file.get(last).contains(quote.to)) {
            last++;
            require(last < file.size(), quote, "has no line with " + quote.to);
        }
        int indent = file.get(first).length() - file.get(first).stripLeading().length();
        String name = quote.file.substring(quote.file.lastIndexOf('/') + 1);
        List<Line> lines = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            String text = file.get(i);
            if (!text.isBlank()) {
                lines.add(new Line(
                        quote.file,
                        i + 1,
                        text.substring(Math.min(
                                indent, text.length() - text.stripLeading().length())),
                        false,
                        mark(text, marks)));
            }
        }
        require(!lines.isEmpty(), quote, name + " has no such lines");
        return lines;
    }

    private static String mark(String text, Map<String, String> marks) {
        return marks.entrySet().stream()
                .filter(mark -> text.contains(mark.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static void require(boolean holds, Quote quote, String problem) {
        if (!holds) {
            throw new IllegalStateException(quote.file + " " + problem);
        }
    }

    private static String read(String path) {
        try (InputStream in = Resources.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    // ---- where the lines stand

    static List<Source> sources(String stage) {
        return switch (stage) {
            case "0" -> counting();
            case "1" -> byHand();
            case "2" -> byAutograd();
            case "3" -> attention();
            case "4" -> gpt("Stage4MultiHead", DESCENT);
            case "5" -> gpt("Stage5Adam", ADAM);
            case "early" -> gpt("EarlyMicroGpt", ADAM);
            default -> throw new IllegalArgumentException("stage " + stage + " is not one of 0, 1, 2, 3, 4, 5, early");
        };
    }

    private static List<Source> counting() {
        String main = PROGRAM + "Stage0Bigram.java";
        String model = "bigram/Bigram.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "losses[step] = model.loss(tokens);"),
                                new Quote(model, "public double probability(int previous, int next) {", "    }")),
                        Map.of("loss", "model.loss(tokens)", "p", "return (count(")),
                new Source("Backward", List.of(), Map.of()),
                new Source(
                        "Count",
                        List.of(
                                Quote.line(main, "model.learn(tokens);"),
                                new Quote(model, "for (int t = 0; t + 1 < tokens.length; t++) {", "        }")),
                        Map.of("count", "counts[tokens[t]]")),
                new Source("Log", List.of(Quote.line(main, "out.step(step, steps,")), Map.of("log", "out.step(")));
    }

    private static List<Source> byHand() {
        String main = PROGRAM + "Stage1MlpByHand.java";
        String model = "mlp/MlpByHand.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "losses[step] = model.lossAndGradient("),
                                new Quote(model, "for (int t = 0; t < n; t++) {", "loss += crossEntropy(")),
                        Map.of("loss", "loss += crossEntropy(", "p", "softmax(a.logits())")),
                new Source(
                        "Backward",
                        List.of(new Quote(model, "double[] dLogits = softmaxLossBackward(", "+= dEmbedding[j];")),
                        Map.of("g", "linearBackward(w, dw, fc2")),
                descent(main),
                new Source("Log", List.of(Quote.line(main, "out.step(step, steps,")), Map.of("log", "out.step(")));
    }

    private static List<Source> byAutograd() {
        String main = PROGRAM + "Stage2Autograd.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "Value loss = model.lossGraph("),
                                new Quote("mlp/Mlp.java", "for (int t = 0; t < n; t++) {", "return Functions.mean(")),
                        Map.of("p", "losses[t] = ", "loss", "return Functions.mean(")),
                new Source(
                        "Backward",
                        List.of(new Quote(main, "loss.backward();", "model.gradient(gradient);")),
                        Map.of("g", "loss.backward();")),
                descent(main),
                log(main));
    }

    private static List<Source> attention() {
        String main = PROGRAM + "Stage3Attention.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(new Quote(main, "for (int position = 0;", "return mean(losses);")),
                        Map.of("p", "losses[position] = ", "loss", "return mean(")),
                new Source(
                        "Backward",
                        List.of(new Quote(main, "loss.backward();", "leaves.gradient(")),
                        Map.of("g", "loss.backward();")),
                descent(main),
                log(main));
    }

    private static List<Source> gpt(String program, Quote update) {
        String main = PROGRAM + program + ".java";
        String model = "transformer/graph/ValueGpt.java";
        boolean descent = update == DESCENT;
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "losses[step] = engine.lossAndGradient(tokens);"),
                                new Quote(
                                        model,
                                        "for (int t = 0; t < losses.length; t++) {",
                                        "return Functions.mean(losses);")),
                        Map.of("p", "losses[t] = ", "loss", "return Functions.mean(")),
                new Source(
                        "Backward",
                        List.of(new Quote(model, ".backward();", "leaves.gradient(gradient);")),
                        Map.of("g", ".backward();")),
                new Source(
                        descent ? "Gradient descent" : "Adam",
                        List.of(
                                Quote.line(main, "LearningRate rate = LearningRate."),
                                Quote.line(main, "engine.update(rate.at(step));"),
                                update),
                        descent
                                ? Map.of("lr", "LearningRate.", "w", "p[i] -= ")
                                : Map.of(
                                        "lr", "LearningRate.",
                                        "m", "double mi = ",
                                        "v", "double vi = ",
                                        "mHat", "double mHat = ",
                                        "vHat", "double vHat = ",
                                        "w", "p[i] -= ")),
                new Source("Log", List.of(Quote.line(main, "out.step(step, steps,")), Map.of("log", "out.step(")));
    }

    private static Source sample(String main) {
        return new Source(
                "Sample",
                List.of(Quote.line(main, "tokenizer.encodeDocument(documents.atStep(step))")),
                Map.of("tokens", "encodeDocument("));
    }

    private static Source descent(String main) {
        return new Source(
                "Gradient descent",
                List.of(
                        Quote.line(main, "LearningRate rate = LearningRate."),
                        Quote.line(main, "sgd.update(parameters, gradient, moments, rate.at(step));"),
                        new Quote("optim/Sgd.java", "for (int i = 0; i < p.length; i++) {", "        }")),
                Map.of("lr", "LearningRate.", "w", "p[i] -= "));
    }

    private static Source log(String main) {
        return new Source(
                "Log",
                List.of(new Quote(main, "losses[step] = loss.data();", "out.step(step, steps,")),
                Map.of("log", "out.step("));
    }
}
