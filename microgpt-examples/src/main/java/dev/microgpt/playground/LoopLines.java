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
import java.util.concurrent.ConcurrentHashMap;

/** The lines of a program's training loop, part by part, taken from the source itself. */
final class LoopLines {
    /**
     * The lines of a file from the one that contains a text, which stands in no other, to the next that contains another; without those
     * from {@code cutFrom} to {@code cutTo}, if they are not empty.
     */
    record Quote(String file, String from, String to, String cutFrom, String cutTo) {
        Quote(String file, String from, String to) {
            this(file, from, to, "", "");
        }

        static Quote line(String file, String text) {
            return new Quote(file, text, text);
        }
    }

    /** What a part is called and where its lines stand; {@code marks}: what they compute, and a text of the line that does. */
    record Source(String name, List<Quote> quotes, Map<String, String> marks) {}

    /** A part of the loop. */
    record Part(String name, List<Line> lines) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("name lines", name, lines);
        }
    }

    /**
     * A line without the indentation of all; {@code fresh}: the stage before does not have it; {@code mark}: what it computes, as of
     * {@link Source}, or the empty text.
     */
    record Line(String file, int number, String text, boolean fresh, String mark) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("file number text fresh mark", file, number, text, fresh, mark);
        }
    }

    /** The layers of stage 4, which its own page shows, stay the same in what comes after it. */
    private static final Quote WITHOUT_LAYERS = new Quote(
            main("Stage4MultiHead"),
            "for (int position = 0;",
            "return mean(losses);",
            "for (int layer = 0;",
            "            }");

    private static final Map<String, List<String>> FILES = new ConcurrentHashMap<>(); // each is read once

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
        List<String> file = FILES.computeIfAbsent("/source/dev/microgpt/" + quote.file, LoopLines::read);
        int first = -1;
        for (int i = 0; i < file.size(); i++) {
            if (file.get(i).contains(quote.from)) {
                require(first < 0, quote, "stands there twice: " + quote.from);
                first = i;
            }
        }
        require(first >= 0, quote, "has no line with " + quote.from);
        int last = find(quote, quote.to, file, first);
        int cutFrom = quote.cutFrom.isEmpty() ? last + 1 : find(quote, quote.cutFrom, file, first);
        int cutTo = quote.cutFrom.isEmpty() ? last : find(quote, quote.cutTo, file, cutFrom);
        int indent = file.get(first).length() - file.get(first).stripLeading().length();
        String name = quote.file.substring(quote.file.lastIndexOf('/') + 1);
        List<Line> lines = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            String text = file.get(i);
            if (!text.isBlank() && (i < cutFrom || i > cutTo)) {
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

    /** The first line from one on that contains a text. */
    private static int find(Quote quote, String text, List<String> file, int from) {
        int line = from;
        while (line < file.size() && !file.get(line).contains(text)) {
            line++;
        }
        require(line < file.size(), quote, "has no line with " + text);
        return line;
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

    private static List<String> read(String path) {
        try (InputStream in = Resources.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
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
            case "3" -> gpt("Stage3Attention", predictions("Stage3Attention"), descent("Stage3Attention"));
            case "4" -> gpt("Stage4MultiHead", predictions("Stage4MultiHead"), descent("Stage4MultiHead"));
            case "5" -> gpt("Stage5Adam", WITHOUT_LAYERS, adam());
            case "early" -> early();
            default -> throw new IllegalArgumentException("stage " + stage + " is not one of 0, 1, 2, 3, 4, 5, early");
        };
    }

    private static Quote predictions(String program) {
        return new Quote(main(program), "for (int position = 0;", "return mean(losses);");
    }

    private static String main(String program) {
        return "examples/" + program + ".java";
    }

    private static List<Source> counting() {
        String main = main("Stage0Bigram");
        String model = "bigram/Bigram.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "double loss = model.loss(tokens);"),
                                new Quote(model, "public double probability(int previous, int next) {", "    }")),
                        Map.of("loss", "model.loss(tokens)", "p", "return (count(")),
                new Source("Backward", List.of(), Map.of()),
                new Source(
                        "Count",
                        List.of(
                                Quote.line(main, "model.learn(tokens);"),
                                new Quote(model, "for (int t = 0; t + 1 < tokens.length; t++) {", "        }")),
                        Map.of("count", "counts[tokens[t]]")),
                log(main));
    }

    private static List<Source> byHand() {
        String main = main("Stage1MlpByHand");
        String model = "mlp/MlpByHand.java";
        return List.of(
                sample(main),
                new Source(
                        "Forward and loss",
                        List.of(
                                Quote.line(main, "double loss = model.lossAndGradient("),
                                new Quote(model, "for (int t = 0; t < n; t++) {", "loss += crossEntropy(")),
                        Map.of("loss", "loss += crossEntropy(", "p", "softmax(a.logits())")),
                new Source(
                        "Backward",
                        List.of(new Quote(model, "double[] dLogits = softmaxLossBackward(", "+= dEmbedding[j];")),
                        Map.of("g", "linearBackward(w, dw, fc2")),
                descent("Stage1MlpByHand"),
                log(main));
    }

    private static List<Source> byAutograd() {
        String main = main("Stage2Autograd");
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
                descent("Stage2Autograd"),
                log(main));
    }

    private static List<Source> gpt(String program, Quote model, Source update) {
        return List.of(
                sample(main(program)),
                new Source(
                        "Forward and loss", List.of(model), Map.of("p", "losses[position] = ", "loss", "return mean(")),
                new Source(
                        "Backward",
                        List.of(new Quote(main(program), "loss.backward();", "leaves.gradient(")),
                        Map.of("g", "loss.backward();")),
                update,
                log(main(program)));
    }

    private static List<Source> early() {
        String main = main("EarlyMicroGpt");
        Source update = new Source(
                "Adam",
                List.of(
                        new Quote(main, "Adam adam = new Adam(", "LearningRate rate = LearningRate."),
                        Quote.line(main, "adam.update("),
                        new Quote("optim/Adam.java", "double mi = beta1", "p[i] -= learningRate")),
                Map.of(
                        "lr", "LearningRate.",
                        "m", "double mi = ",
                        "v", "double vi = ",
                        "mHat", "double mHat = ",
                        "vHat", "double vHat = ",
                        "w", "p[i] -= "));
        List<Source> parts = new ArrayList<>(gpt("EarlyMicroGpt", WITHOUT_LAYERS, update));
        List<Quote> forward = new ArrayList<>(parts.get(1).quotes());
        forward.add(0, Quote.line(main, "relu().pow(2)"));
        parts.set(1, new Source(parts.get(1).name(), forward, parts.get(1).marks()));
        return parts;
    }

    private static Source sample(String main) {
        return new Source(
                "Sample",
                List.of(Quote.line(main, "tokenizer.encodeDocument(documents.atStep(step))")),
                Map.of("tokens", "encodeDocument("));
    }

    private static Source descent(String program) {
        return new Source(
                "Gradient descent",
                List.of(
                        Quote.line(main(program), "LearningRate rate = LearningRate."),
                        Quote.line(main(program), "sgd.update(parameters, gradient, moments, rate.at(step));"),
                        new Quote("optim/Sgd.java", "for (int i = 0; i < p.length; i++) {", "        }")),
                Map.of("lr", "LearningRate.", "w", "p[i] -= "));
    }

    private static Source adam() {
        return new Source(
                "Adam",
                List.of(new Quote(main("Stage5Adam"), "double learningRate = ", "            }")),
                Map.of(
                        "lr", "double learningRate = ",
                        "m", "m[i] = ",
                        "v", "v[i] = ",
                        "mHat", "double mHat = ",
                        "vHat", "double vHat = ",
                        "w", "w[i] -= "));
    }

    private static Source log(String main) {
        return new Source("Log", List.of(Quote.line(main, "program.step(step, ")), Map.of("log", "program.step("));
    }
}
