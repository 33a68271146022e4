package dev.microgpt.cli;

import dev.microgpt.ExhaustedException;
import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.Provenance;
import dev.microgpt.TrainingOptions;
import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Report.Novelty;
import dev.microgpt.frame.OutputFile;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.transformer.GptConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The page that {@code train --html} writes: one file that needs nothing but itself, neither a network nor scripts. It is HTML
 * and well-formed XML at once; each number of the model stands in a {@code data} element in full precision.
 */
final class HtmlReport {
    private static final int SAMPLES = 40;
    private static final String OWN_TEMPERATURE = "the temperature of the model";

    private static final String STYLE = """
            :root { color-scheme: light dark; --paper: #fbfaf6; --ink: #1d2127; --soft: #59626d; --line: #e2dfd6;
              --blue: #0b5f8a; --rust: #b3451b; --green: #2b7443; --gold: #8a6400; --violet: #6a4ca3; }
            @media screen and (prefers-color-scheme: dark) { :root { --paper: #13161a; --ink: #e9e7e1; --soft: #a7afb9;
              --line: #2f353d; --blue: #74bdea; --rust: #f0996b; --green: #80c998; --gold: #dcba5e; --violet: #bca6f0; } }
            body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem; background: var(--paper); color: var(--ink);
              font: 16px/1.55 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
            h1, h2 { font-family: Georgia, serif; font-weight: 600; line-height: 1.2; }
            h1 { font-size: 2.2rem; margin: 0 0 .6rem; } h2 { font-size: 1.35rem; margin: 2.4rem 0 .6rem; }
            .lead { font-size: 1.15rem; max-width: 44rem; } .soft, figcaption { color: var(--soft); font-size: .92rem; }
            .warning { border-left: 3px solid var(--rust); padding-left: .9rem; }
            .wide { overflow-x: auto; } figure { margin: 1rem 0; }
            svg { display: block; min-width: 44rem; width: 100%; } svg text { font-size: 13px; fill: var(--soft); }
            svg path { fill: none; stroke-width: 2; stroke-linejoin: round; } svg .grid { stroke: var(--line); stroke-width: 1; }
            svg .raw { stroke: var(--blue); stroke-width: 1; opacity: .3; } svg path.mean { stroke: var(--blue); }
            svg path.held { stroke: var(--rust); } svg circle.held { fill: var(--rust); }
            svg path.bigram { stroke: var(--gold); stroke-dasharray: 7 4; } svg path.chance { stroke: var(--soft); stroke-dasharray: 2 4; }
            svg text.mean { fill: var(--blue); } svg text.held { fill: var(--rust); } svg text.bigram { fill: var(--gold); }
            table { border-collapse: collapse; } td, th { padding: .25rem 1.4rem .25rem 0; text-align: left; vertical-align: top;
              border-bottom: 1px solid var(--line); font-weight: 400; } th { color: var(--soft); } .number { text-align: right; }
            td.hash { font: .85em/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
            ol { columns: 11rem; padding: 0 0 0 2rem; font: 1rem/1.7 ui-monospace, monospace; } li { overflow-wrap: anywhere; break-inside: avoid; }
            mark { background: none; color: var(--rust); font: .8rem/1 system-ui, sans-serif; margin-left: .4em; }
            .bar { display: flex; height: 1.4rem; border-radius: 4px; overflow: hidden; margin: .6rem 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            .bar i, .key { background: var(--soft); } .key { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .5rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            .fresh { background: var(--green) !important; } .trained { background: var(--rust) !important; }
            .heldOut { background: var(--violet) !important; } .repeated { background: var(--gold) !important; }
            .pair { display: flex; flex-wrap: wrap; gap: 0 4rem; }
            .narrow { display: none; } @media screen and (max-width: 46rem) { .narrow { display: inline; } }
            @media print { body { padding: 0; font-size: 11pt; } h2 { break-after: avoid; } figure, table { break-inside: avoid; } svg { min-width: 0; } }
            """;

    private final RunRecord run;
    private final GenerationOptions generation;
    private final MicroGpt model;
    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(RunRecord run, GenerationOptions generation) {
        this.run = run;
        this.generation = generation;
        this.model = run.model();
        this.report = model.report();
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param file where to; what was there is replaced
     * @param run what to show
     * @param generation how its samples are drawn, from the random numbers that come after the training
     * @throws java.io.UncheckedIOException if it cannot be written; what was there is unharmed
     */
    static void write(Path file, RunRecord run, GenerationOptions generation) {
        OutputFile.write("html", file, new HtmlReport(run, generation).page());
    }

    private CharSequence page() {
        String title = format("A model of %,d strings", report.trainedCount() + report.heldOutCount());
        add("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'/>");
        add("<meta name='viewport' content='width=device-width, initial-scale=1'/>");
        add("<title>%s</title><style>%s</style></head><body>", title, STYLE);
        add("<h1>%s</h1>", title);
        verdict();
        curves();
        losses();
        samples();
        novelty();
        add("<div class='pair'><div>");
        settings();
        add("</div><div>");
        provenance();
        add("</div></div></body></html>");
        return html;
    }

    private void verdict() {
        add(
                "<p class='lead'>Is the GPT worth it for this list? <span id='verdict' class='%s'>%s</span></p>",
                report.verdict(), escape(report.conclusion()));
        report.warnings().forEach(warning -> add("<p class='warning'>%s</p>", escape(warning)));
        add(
                "<p class='soft'>%,d of %,d updates in %s, %s parameters. %,d strings to train on, %,d held out, %,d"
                        + " duplicates.</p>",
                model.provenance().steps(),
                model.trainingOptions().steps(),
                duration(run.seconds()),
                data("parameters", model.gpt().parameters().size()),
                report.trainedCount(),
                report.heldOutCount(),
                report.duplicateCount());
    }

    private static String duration(double seconds) {
        return seconds < 60
                ? format("%.1f s", seconds)
                : format("%d min %d s", (long) seconds / 60, (long) seconds % 60);
    }

    private void curves() {
        add("<h2>Learning</h2>");
        if (run.losses().isEmpty()) {
            add("<p>No update was made.</p>");
            return;
        }
        add(
                "<figure><div class='wide' tabindex='0' role='group' aria-label='loss curves'>%s</div><figcaption>",
                LossChart.of(run));
        add("<span class='narrow'>The names of the lines are on the right: swipe. </span>");
        add("Faint: the loss of each update on what it is about to learn. Held out: strings that were not trained on.");
        add("</figcaption></figure>");
    }

    private void losses() {
        add("<h2>Loss on the held-out strings</h2><table><tr><th>model</th><th class='number'>nats per token</th>");
        add("<th class='number'>as unsure as among</th></tr>");
        report.heldOutLoss().ifPresent(loss -> {
            loss.both()
                    .ifPresent(both -> loss(
                            format(
                                    "both, weight of the GPT %.2f",
                                    loss.gptWeight().orElseThrow()),
                            "both",
                            both));
            loss("the GPT", "gpt", loss.gpt());
            loss.ngram()
                    .ifPresent(ngram -> loss(
                            format(
                                    "counting n-grams (order %d)",
                                    loss.ngramOrder().orElseThrow()),
                            "ngram",
                            ngram));
            loss("counting pairs (bigram)", "bigram", loss.bigram());
            loss("counting characters (unigram)", "unigram", loss.unigram());
        });
        loss("chance", "chance", report.chance());
        add("</table>");
    }

    private void loss(String name, String id, double loss) {
        add(
                "<tr><td>%s</td><td class='number'>%s</td><td class='number'>%s characters</td></tr>",
                name,
                data(id, loss, 4),
                Math.exp(loss) < 1e6 ? format("%,.1f", Math.exp(loss)) : "more than a million");
    }

    private void samples() {
        add(
                "<h2>Samples</h2><p class='soft'>%s. What is not marked is new.</p><ol>",
                generation.temperature().isPresent()
                        ? format("Temperature %.2f", generation.temperature().getAsDouble())
                        : "At " + OWN_TEMPERATURE);
        List<String> samples;
        String problem = "";
        try {
            samples = model.generate(SAMPLES, generation, model.random());
        } catch (ExhaustedException e) { // what a model writes that has learned little may come to no end
            samples = e.found();
            problem = "<p class='soft'>" + escape(e.getMessage()) + ".</p>";
        }
        for (String sample : samples) {
            add("<li>%s%s</li>", string(sample), model.isKnown(sample) ? "<mark>in list</mark>" : "");
        }
        add("</ol>%s", problem);
    }

    private void novelty() {
        Novelty novelty = report.novelty();
        add(
                "<h2>How new they are</h2><p class='soft'>Of %,d samples at %s:</p>",
                novelty.sampleCount(), OWN_TEMPERATURE);
        List<Part> parts = List.of(
                new Part("fresh", "new, each different", novelty.freshCount()),
                new Part("trained", "strings that were trained on", novelty.trainedCount()),
                new Part("heldOut", "held-out strings", novelty.heldOutCount()),
                new Part("repeated", "a new one again", novelty.repeatedCount()),
                new Part("empty", "empty", novelty.emptyCount()));
        add("<div class='bar' aria-hidden='true'>");
        parts.forEach(part -> add("<i class='%s' style='flex:%d'></i>", part.id(), part.count()));
        add("</div><table>");
        parts.forEach(part -> add(
                "<tr><td><span class='key %s'></span>%s</td><td class='number'>%s</td></tr>",
                part.id(), part.name(), data(part.id(), part.count())));
        add("</table>");
        if (!report.nearest().isEmpty()) {
            add("<h2>New, and what is nearest in the list</h2>");
            add("<table><tr><th>new</th><th>nearest</th><th class='number'>characters to change</th></tr>");
            report.nearest()
                    .forEach(near -> add(
                            "<tr><td>%s</td><td>%s</td><td class='number'>%d</td></tr>",
                            string(near.sample()), string(near.trained()), near.editCount()));
            add("</table>");
        }
    }

    private record Part(String id, String name, int count) {}

    private void settings() {
        TrainingOptions options = model.trainingOptions();
        GptConfig config = model.gpt().config();
        LearningRate rate = options.learningRate();
        add("<h2>Settings</h2><table>");
        row("vocabulary", config.vocabSize() + " tokens");
        row("blockSize", config.blockSize());
        row("embedDim", config.embedDim());
        row("heads", config.headCount());
        row("layers", config.layerCount());
        row("activation", config.activation().toString().toLowerCase(Locale.ROOT));
        row("first weights", format("deviation %s", options.initialization().deviation()));
        row("optimizer", options.optimizer());
        row(
                "learning rate",
                format(
                        "%s, %s, warm-up %,d",
                        rate.peak(), rate.decay().toString().toLowerCase(Locale.ROOT), rate.warmupSteps()));
        row("steps", format("%,d", options.steps()));
        row("strings a step", options.batchSize());
        row("loss over", options.lossOverTokens() ? "tokens" : "strings");
        row(
                "gradient limit",
                options.maxGradientNorm() == Double.POSITIVE_INFINITY ? "none" : options.maxGradientNorm());
        row("measured every", format("%,d steps", options.evaluateEvery()));
        row("patience", options.patience() == 0 ? "no early end" : options.patience() + " measurements");
        row("precision", options.precision().toString().toLowerCase(Locale.ROOT));
        row("threads", options.threads());
        row("seed", options.seed());
        add("</table>");
    }

    private void provenance() {
        Provenance provenance = model.provenance();
        add("<h2>Provenance</h2><table>");
        row("library", "microgpt for Java " + provenance.libraryVersion());
        row("engine", provenance.engine().toString().toLowerCase(Locale.ROOT));
        row("strings", format("%,d", provenance.dataCount()));
        row("updates", format("%,d", provenance.steps()));
        provenance
                .trainingLoss()
                .ifPresent(loss ->
                        add("<tr><th>training loss, last 100</th><td>%s</td></tr>", data("trainingLoss", loss, 4)));
        provenance
                .heldOutLoss()
                .ifPresent(
                        loss -> add("<tr><th>held-out loss, best</th><td>%s</td></tr>", data("heldOutLoss", loss, 4)));
        add("<tr><th>SHA-256 of the list</th><td class='hash'>%s</td></tr>", escape(provenance.dataSha256()));
        add("</table>");
    }

    private void row(String name, Object value) {
        add("<tr><th>%s</th><td>%s</td></tr>", name, escape(String.valueOf(value)));
    }

    private static String data(String id, double value, int digits) {
        return format("<data id='%s' value='%s'>%." + digits + "f</data>", id, value, value);
    }

    private static String data(String id, int value) {
        return format("<data id='%s' value='%d'>%,d</data>", id, value, value);
    }

    /** A string of the list or of the model, which may be written from right to left. */
    private static String string(String text) {
        return text.isEmpty() ? "<i>(empty)</i>" : "<bdi>" + escape(text) + "</bdi>";
    }

    /** Text that is nothing but text, whatever is in it; what no page can show becomes U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isShown(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isShown(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.SURROGATE && (c & 0xFFFE) != 0xFFFE;
    }

    private void add(String format, Object... values) {
        html.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
