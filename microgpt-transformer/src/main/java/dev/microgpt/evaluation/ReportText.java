package dev.microgpt.evaluation;

import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Novelty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A {@link Report} for people to read. */
final class ReportText {
    private static final int FEW_STRINGS = 200; // below it, see docs/decisions/004
    private static final double MANY_DUPLICATES = 0.1;
    private static final double MANY_CUT = 0.01;
    private static final double MANY_COPIES = 0.5;
    private static final int LONGEST_SHOWN = 40; // characters of a string in the text

    private final Report report;
    private final Novelty novelty;

    ReportText(Report report) {
        this.report = report;
        this.novelty = report.novelty();
    }

    /** One sentence each, none if all is well. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        int different = report.stringCount() - report.duplicateCount();
        if (different < FEW_STRINGS) {
            warnings.add(format(
                    "%s few: below %,d, how good the model is depends on luck.",
                    different == 1 ? "1 different string is" : format("%,d different strings are", different),
                    FEW_STRINGS));
        }
        if (share(report.duplicateCount()) > MANY_DUPLICATES) {
            warnings.add(format(
                    "%s of the strings are duplicates: the model favours the repeated ones.",
                    percent(report.duplicateCount(), report.stringCount())));
        }
        if (share(report.cutCount()) > MANY_CUT) {
            warnings.add(format(
                    "%s of the strings are too long: the model sees their first %s and not their end.",
                    percent(report.cutCount(), report.stringCount()), count(report.blockSize(), "character")));
        }
        addOddities(warnings);
        report.heldOutLoss()
                .filter(losses -> losses.gain() <= 0 || report.verdict().equals(Counted.COUNTING))
                .ifPresent(losses -> warnings.add("On held-out strings the GPT is no better than counting."));
        if (novelty.trainedCount() > MANY_COPIES * novelty.sampleCount()) {
            warnings.add(format(
                    "%s of the samples are training strings; a higher temperature gives fewer.",
                    percent(novelty.trainedCount(), novelty.sampleCount())));
        }
        return List.copyOf(warnings);
    }

    private void addOddities(List<String> warnings) {
        Oddities oddities = report.oddities();
        if (oddities.otherForms() > 0) {
            warnings.add(format(
                    "%s %s invisible characters, or letters in two characters where one would do; the model learns them.",
                    count(oddities.otherForms(), "string"), oddities.otherForms() == 1 ? "has" : "have"));
        }
        if (oddities.controls() > 0) {
            warnings.add(format(
                    "%s %s control characters, such as tabs.",
                    count(oddities.controls(), "string"), oddities.controls() == 1 ? "has" : "have"));
        }
        if (oddities.columns() > 0) {
            warnings.add(format(
                    "%s look like the columns of a table: train on one column.", count(oddities.columns(), "string")));
        }
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%s: %,d to train on, %,d held out to test; duplicates: %,d, longer than the model's %s: %,d.",
                count(report.stringCount(), "string"),
                report.trainedCount(),
                report.heldOutCount(),
                report.duplicateCount(),
                count(report.blockSize() - 1, "character"),
                report.cutCount()));
        lines.add(reading());
        report.heldOutLoss().ifPresent(losses -> {
            lines.add("Loss on the held-out strings, in nats per character (less is better):");
            losses.counted().ifPresent(counted -> lines.add(both(counted)));
            lines.add(line("the GPT", losses.gpt()));
            losses.counted().ifPresent(counted -> lines.add(ngrams(counted)));
            lines.add(line("counting pairs (bigram)", losses.bigram()));
            lines.add(line("counting characters (unigram)", losses.unigram()));
            lines.add(line("chance", report.chance()));
        });
        lines.add("Is the GPT worth it for this list? " + conclusion());
        report.heldOutLoss()
                .filter(losses -> losses.counted().isPresent())
                .ifPresent(losses -> lines.add(format(
                        "It is %s than counting %s by %s.",
                        losses.gain() > 0 ? "better" : "no better",
                        losses.bigram() <= losses.unigram() ? "pairs" : "characters",
                        margin(losses.gain(), losses.gainError()))));
        lines.add(format(
                "Of %s: %,d new (%s), %s, %s, %s of a new one, %,d empty.",
                count(novelty.sampleCount(), "sample"),
                novelty.freshCount(),
                percent(novelty.freshCount(), novelty.sampleCount()),
                count(novelty.trainedCount(), "training string"),
                count(novelty.heldOutCount(), "held-out string"),
                count(novelty.repeatedCount(), "repeat"),
                novelty.emptyCount()));
        if (!report.nearest().isEmpty()) {
            lines.add(report.nearest().stream()
                    .map(near -> format("%s ~ %s (%,d)", shown(near.sample()), shown(near.trained()), near.editCount()))
                    .collect(Collectors.joining(
                            ", ", "New ~ its nearest training string (characters to change): ", ".")));
        }
        warnings().forEach(warning -> lines.add("Warning: " + warning));
        return String.join("\n", lines);
    }

    /** How often training has read each different string; of those held out none is a copy of another. */
    private String reading() {
        long read = report.readCount();
        int different = Math.max(1, report.trainedCount() - report.duplicateCount());
        if (read < different) {
            return format("Training read %s, so not all of them.", count(read, "string"));
        }
        String each = report.duplicateCount() == 0 ? "each" : "each different one";
        return format("Training read %s, %s about %.1f times.", count(read, "string"), each, (double) read / different);
    }

    private static String line(String who, double loss) {
        return format("  %-30s %6.3f   as unsure as among %s", who, loss, characters(loss));
    }

    /** Among how many characters a loss is as unsure, as long as anyone can imagine that many. */
    private static String characters(double loss) {
        double perplexity = Math.exp(loss);
        return perplexity < 1e6 ? format("%,.1f characters", perplexity) : "more than a million characters";
    }

    private static String count(long count, String what) {
        return format("%,d %s", count, count == 1 ? what : what + "s");
    }

    private double share(int part) {
        return report.stringCount() == 0 ? 0 : (double) part / report.stringCount();
    }

    private static String percent(int part, int whole) {
        return format("%.0f %%", whole == 0 ? 0 : 100.0 * part / whole);
    }

    /** A string short enough for a line, and without characters that break one. */
    private static String shown(String text) {
        int[] start = text.codePoints().limit(LONGEST_SHOWN).toArray();
        String line = new String(start, 0, start.length).replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "\uFFFD");
        return line.length() < text.length() ? line + "…" : line;
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    private static String both(Counted counted) {
        return line(format("both (weight of the GPT %.2f)", counted.gptWeight()), counted.both());
    }

    private static String ngrams(Counted counted) {
        return line("counting n-grams (order " + counted.ngramOrder() + ")", counted.ngram());
    }

    private static String margin(double difference, double error) {
        return format("%.3f ± %.3f nats per character", Math.abs(difference), 2 * error);
    }

    /** The answer to the question whether the GPT is worth it. */
    String conclusion() {
        if (report.heldOutLoss().isEmpty()) {
            return "Not known: no strings were held out to tell by.";
        }
        HeldOutLoss loss = report.heldOutLoss().get();
        return loss.counted().map(counted -> conclusion(loss.gpt(), counted)).orElseGet(() -> withoutNGrams(loss));
    }

    private String conclusion(double gpt, Counted counted) {
        String margin = margin(counted.ngram() - gpt, counted.ngramError());
        return switch (report.verdict()) {
            case Counted.BOTH ->
                format(
                        "Yes, with n-grams beside it: both are better than %s alone by %s, %s by %s. "
                                + "LanguageModel.mix(model.gpt(), NGram.train(list, %d, model.tokenizer()), %.2f) is both.",
                        gpt < counted.ngram() ? "the GPT" : "n-grams",
                        margin(counted.gainOfBoth(gpt), counted.bothError()),
                        gpt < counted.ngram() ? "and the GPT than n-grams" : "and n-grams than the GPT",
                        margin,
                        counted.ngramOrder(),
                        counted.gptWeight());
            case Counted.GPT -> "Yes: it is better than counting by " + margin + ".";
            case Counted.COUNTING ->
                "No: counting is enough, and better by " + margin + ". NGram.train(list) is the whole program.";
            default ->
                format(
                        "Not known: it is %s than counting by %s, which may be chance.",
                        gpt < counted.ngram() ? "better" : "worse", margin);
        };
    }

    private static String withoutNGrams(HeldOutLoss loss) {
        return format(
                "Not known: it is %s than counting pairs or characters by %s, but n-grams were not counted.",
                loss.gain() > 0 ? "better" : "no better", margin(loss.gain(), loss.gainError()));
    }
}
