package dev.microgpt.evaluation;

import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a model is any good: how well it predicts strings that were held out from training, beside models that only
 * count, and how much of what it writes is new. {@link #toString()} says it for people to read:
 *
 * <pre>
 * 3,037 strings: 2,734 to train on, 303 held out to test; duplicates: 0, longer than the model's 12 characters: 0.
 * Training read 27,344 strings, each about 10.0 times.
 * Loss on the held-out strings, in nats per character (less is better):
 *   the GPT                         2.417   as unsure as among 11.2 characters
 *   counting pairs (bigram)         2.601   as unsure as among 13.5 characters
 *   counting characters (unigram)   2.912   as unsure as among 18.4 characters
 *   chance                          3.296   as unsure as among 27.0 characters
 * Is the GPT worth it for this list? Yes: it is better than counting by 0.184 ± 0.029 nats per character.
 * Of 1,000 samples: 969 new (97 %), 20 training strings, 3 held-out strings, 6 repeats of a new one, 2 empty.
 * New ~ its nearest training string (characters to change): reve ~ eve (1), amonam ~ amina (2), katri ~ kaori (1).
 * </pre>
 *
 * <p>The end of a string counts as a character. Behind ± are two standard errors.
 *
 * @param trained number of strings to train on, duplicates counted, at least 0
 * @param heldOut number of strings kept away from training, at least 0
 * @param read how many strings training has read, each as often as it was read, at least 0
 * @param duplicates how many of all strings are equal to an earlier one
 * @param cut how many of all strings have {@code blockSize} characters or more: the model never sees where they end
 * @param blockSize most predictions that the model makes for a string, its end being one
 * @param vocabSize number of token ids, at least 2
 * @param loss the losses on the held-out strings; empty if there are none
 * @param novelty where the samples come from
 * @param nearest the training strings that are nearest to the first new samples, at most {@value #NEAREST}
 */
public record Report(
        int trained,
        int heldOut,
        long read,
        int duplicates,
        int cut,
        int blockSize,
        int vocabSize,
        Optional<HeldOutLoss> loss,
        Novelty novelty,
        List<Nearest> nearest) {
    static final int NEAREST = 5;

    private static final int FEW_STRINGS = 200; // below it, see docs/decisions/004
    private static final double MANY_DUPLICATES = 0.1;
    private static final double MANY_CUT = 0.01;
    private static final double MANY_COPIES = 0.5;
    private static final int LONGEST_SHOWN = 40; // characters of a string in the text

    /**
     * Losses on the held-out strings: the sum of −ln p over all predicted tokens (the characters and the end of each
     * string, at most blockSize of them), divided by their number; in nats per token. The same tokens for every model.
     *
     * @param gpt the model's own; where the best model of a run was chosen by this loss, a little flattered by it
     * @param bigram what counting pairs of characters in the training strings gives, as stage 0 does
     * @param unigram what counting single characters in the training strings gives
     * @param gainError standard error of {@link #gain()}: what chance in the choice of the held-out strings makes of it
     */
    public record HeldOutLoss(double gpt, double bigram, double unigram, double gainError) {
        /**
         * Checks the numbers.
         *
         * @param gpt see the record
         * @param bigram see the record
         * @param unigram see the record
         * @param gainError see the record
         * @throws IllegalArgumentException if one is negative or not finite
         */
        public HeldOutLoss {
            requireFinite("gpt", gpt);
            requireFinite("bigram", bigram);
            requireFinite("unigram", unigram);
            requireFinite("gainError", gainError);
        }

        /**
         * By how much the model is better than the better way of counting.
         *
         * @return min(bigram, unigram) − gpt, in nats per token; negative if it is worse
         */
        public double gain() {
            return Math.min(bigram, unigram) - gpt;
        }

        /**
         * Whether the model is worth it for this list.
         *
         * @return true if it is better than counting by more than two standard errors
         */
        public boolean isWorthIt() {
            return gain() > 2 * gainError;
        }

        private String verdict() {
            String margin = format("%.3f ± %.3f nats per character", Math.abs(gain()), 2 * gainError);
            if (isWorthIt()) {
                return "Yes: it is better than counting by " + margin + ".";
            }
            return gain() > 0
                    ? "Not shown: it is better than counting by " + margin + ", which may be chance."
                    : "No: counting is as good or better, by " + margin + ".";
        }
    }

    /**
     * Where samples of the model come from. Each sample is counted in one place, the first that fits, so that all but
     * {@code samples} add up to {@code samples}.
     *
     * @param samples how many were looked at
     * @param empty those without a character
     * @param trained those equal to a training string
     * @param heldOut those equal to a held-out string and no training string: real, and not known to the model
     * @param repeated those equal to an earlier sample that was new
     * @param fresh the new ones: in no list, and each different
     */
    public record Novelty(int samples, int empty, int trained, int heldOut, int repeated, int fresh) {
        /**
         * Checks the counts.
         *
         * @param samples see the record
         * @param empty see the record
         * @param trained see the record
         * @param heldOut see the record
         * @param repeated see the record
         * @param fresh see the record
         * @throws IllegalArgumentException if a count is negative, or they do not add up to {@code samples}
         */
        public Novelty {
            requireCount("empty", empty);
            requireCount("trained", trained);
            requireCount("heldOut", heldOut);
            requireCount("repeated", repeated);
            requireCount("fresh", fresh);
            long sum = (long) empty + trained + heldOut + repeated + fresh;
            if (samples != sum) {
                throw new IllegalArgumentException("samples " + samples + " is not the sum of its parts, " + sum);
            }
        }
    }

    /**
     * A new sample beside the training string that is most like it, the first of equals.
     *
     * @param sample what the model wrote
     * @param trained the training string
     * @param edits how many characters must be inserted, deleted or replaced to turn one into the other, at least 1
     */
    public record Nearest(String sample, String trained, int edits) {
        /**
         * Checks the number.
         *
         * @param sample see the record
         * @param trained see the record
         * @param edits see the record
         * @throws IllegalArgumentException if {@code edits} is below 1
         */
        public Nearest {
            requireAtLeast(1, "edits", edits);
        }
    }

    /**
     * Checks the numbers.
     *
     * @param trained see the record
     * @param heldOut see the record
     * @param read see the record
     * @param duplicates see the record
     * @param cut see the record
     * @param blockSize see the record
     * @param vocabSize see the record
     * @param loss see the record
     * @param novelty see the record
     * @param nearest see the record; copied
     * @throws IllegalArgumentException if a number breaks the rule of its parameter
     */
    public Report {
        requireCount("trained", trained);
        requireCount("heldOut", heldOut);
        requireCount("read", read);
        requirePart("duplicates", duplicates, (long) trained + heldOut);
        requirePart("cut", cut, (long) trained + heldOut);
        requireAtLeast(1, "blockSize", blockSize);
        requireAtLeast(2, "vocabSize", vocabSize);
        nearest = List.copyOf(nearest);
        if (nearest.size() > NEAREST) {
            throw new IllegalArgumentException("nearest has " + nearest.size() + " elements, more than " + NEAREST);
        }
    }

    /**
     * Judges a model. Beside what the model needs to read the held-out strings, a list of 1,000,000 strings of 6
     * characters takes 1 s, of 48 characters 5 s.
     *
     * @param model the trained model
     * @param tokenizer its vocabulary, which has every character of the strings
     * @param trained the strings to train on, duplicates included
     * @param heldOut the strings kept away from training
     * @param read how many strings training has read, repeats counted
     * @param samples what the model wrote
     * @return the report
     */
    public static Report of(
            LanguageModel model,
            Tokenizer tokenizer,
            List<String> trained,
            List<String> heldOut,
            long read,
            List<String> samples) {
        return new Evaluator(model, tokenizer, trained, heldOut).report(read, samples);
    }

    /**
     * Number of strings in the list.
     *
     * @return those to train on and those held out
     */
    public int strings() {
        return trained + heldOut;
    }

    /**
     * The loss of a model that knows nothing: ln(vocabSize).
     *
     * @return nats per token
     */
    public double chance() {
        return Math.log(vocabSize);
    }

    /**
     * What is wrong with the list, or with the model.
     *
     * @return one sentence each, none if all is well
     */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        int different = strings() - duplicates;
        if (different < FEW_STRINGS) {
            warnings.add(format(
                    "%,d different strings are few: below %,d, how good the model is depends on luck.",
                    different, FEW_STRINGS));
        }
        if (share(duplicates) > MANY_DUPLICATES) {
            warnings.add(format(
                    "%s of the strings are duplicates: the model favours the repeated ones, and may know what is held out.",
                    percent(duplicates, strings())));
        }
        if (share(cut) > MANY_CUT) {
            warnings.add(format(
                    "%s of the strings are too long: the model sees their first %,d characters and not their end.",
                    percent(cut, strings()), blockSize));
        }
        loss.filter(losses -> losses.gain() <= 0)
                .ifPresent(losses -> warnings.add("On held-out strings the GPT is no better than counting."));
        if (novelty.trained > MANY_COPIES * novelty.samples) {
            warnings.add(format(
                    "%s of the samples are training strings; a higher temperature gives fewer.",
                    percent(novelty.trained, novelty.samples)));
        }
        return List.copyOf(warnings);
    }

    /**
     * The report for people to read.
     *
     * @return at most 15 lines, separated by line feeds, without one at the end
     */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%,d strings: %,d to train on, %,d held out to test; duplicates: %,d, longer than the model's %,d characters: %,d.",
                strings(), trained, heldOut, duplicates, blockSize - 1, cut));
        lines.add(
                read < trained
                        ? format("Training read %,d strings, so not all of them.", read)
                        : format("Training read %,d strings, each about %.1f times.", read, (double) read / trained));
        loss.ifPresentOrElse(
                losses -> {
                    lines.add("Loss on the held-out strings, in nats per character (less is better):");
                    lines.add(line("the GPT", losses.gpt));
                    lines.add(line("counting pairs (bigram)", losses.bigram));
                    lines.add(line("counting characters (unigram)", losses.unigram));
                    lines.add(line("chance", chance()));
                    lines.add("Is the GPT worth it for this list? " + losses.verdict());
                },
                () -> lines.add("Is the GPT worth it for this list? Not known: no strings were held out to tell by."));
        lines.add(format(
                "Of %,d samples: %,d new (%s), %,d training strings, %,d held-out strings, %,d repeats of a new one, %,d empty.",
                novelty.samples,
                novelty.fresh,
                percent(novelty.fresh, novelty.samples),
                novelty.trained,
                novelty.heldOut,
                novelty.repeated,
                novelty.empty));
        if (!nearest.isEmpty()) {
            lines.add(nearest.stream()
                    .map(near -> format("%s ~ %s (%,d)", shown(near.sample), shown(near.trained), near.edits))
                    .collect(Collectors.joining(
                            ", ", "New ~ its nearest training string (characters to change): ", ".")));
        }
        warnings().forEach(warning -> lines.add("Warning: " + warning));
        return String.join("\n", lines);
    }

    private static String line(String who, double loss) {
        return format("  %-30s %6.3f   as unsure as among %,.1f characters", who, loss, Math.exp(loss));
    }

    private double share(int part) {
        return strings() == 0 ? 0 : (double) part / strings();
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

    private static void requireCount(String name, long value) {
        requireAtLeast(0, name, value);
    }

    private static void requireAtLeast(int least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " is below " + least);
        }
    }

    private static void requirePart(String name, int value, long whole) {
        if (value < 0 || value > whole) {
            throw new IllegalArgumentException(name + " " + value + " is not in [0, " + whole + "]");
        }
    }

    private static void requireFinite(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " " + value + " is not a finite number of at least 0");
        }
    }
}
