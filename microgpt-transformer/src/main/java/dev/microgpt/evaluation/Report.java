package dev.microgpt.evaluation;

import dev.microgpt.safetensors.Json;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Whether a model is any good: how well it predicts strings that were held out from training, for validation, beside models that
 * only count, and how much of what it writes is new. {@link #verdict()} says which model is the best, {@link #toString()} says all
 * of it for people to read:
 *
 * <pre>
 * 3,037 strings: 2,734 to train on, 303 held out to test; duplicates: 0, longer than the model's 12 characters: 0.
 * Training read 13,680 strings, each about 5.0 times.
 * Loss on the held-out strings, in nats per character (less is better):
 *   both (weight of the GPT 0.70)   2.369   as unsure as among 10.7 characters
 *   the GPT                         2.406   as unsure as among 11.1 characters
 *   counting n-grams (order 5)      2.487   as unsure as among 12.0 characters
 *   counting pairs (bigram)         2.601   as unsure as among 13.5 characters
 *   counting characters (unigram)   2.912   as unsure as among 18.4 characters
 *   chance                          3.296   as unsure as among 27.0 characters
 * Is the GPT worth it for this list? Yes, with n-grams beside it: both are better than the GPT alone by 0.037 ± 0.014 nats per
 * character, and the GPT than n-grams by 0.082 ± 0.036 nats per character. LanguageModel.mix(model.gpt(), NGram.train(list, 5,
 * model.tokenizer()), 0.70) is both.
 * It is better than counting pairs by 0.195 ± 0.026 nats per character.
 * Of 1,000 samples: 974 new (97 %), 21 training strings, 1 held-out string, 4 repeats of a new one, 0 empty.
 * New ~ its nearest training string (characters to change): ixidran ~ ridvan (3), zenner ~ werner (2), emar ~ omar (1).
 * </pre>
 *
 * <p>The end of a string counts as a character. What follows ± is two standard errors. Immutable; two are equal if all they say is.
 *
 * @since 0.1
 */
public final class Report {
    static final int NEAREST = 5; // new samples beside which the nearest training string is shown

    private final int trained;
    private final int heldOut;
    private final long read;
    private final int duplicates;
    private final int cut;
    private final int blockSize;
    private final int vocabSize;
    private final Oddities oddities;
    private final Optional<HeldOutLoss> loss;
    private final Novelty novelty;
    private final List<Nearest> nearest; // at most NEAREST

    /**
     * The cross-entropy losses on the held-out strings: the sum of −ln p over all predicted tokens (the characters and the end of
     * each string, at most blockSize of them), divided by their number; in nats per token. The same tokens for every model.
     *
     * @since 0.1
     */
    public static final class HeldOutLoss {
        private final double gpt;
        private final double bigram;
        private final double unigram;
        private final double gainError;
        private final Optional<Counted> counted;

        HeldOutLoss(double gpt, double bigram, double unigram, double gainError, Optional<Counted> counted) {
            this.gpt = requireFinite("gpt", gpt);
            this.bigram = requireFinite("bigram", bigram);
            this.unigram = requireFinite("unigram", unigram);
            this.gainError = requireFinite("gainError", gainError);
            this.counted = counted;
        }

        /**
         * The loss of the model. Where the best model of a run was chosen by this loss, it is a little flattered by it.
         *
         * @return nats per token
         */
        public double gpt() {
            return gpt;
        }

        /**
         * The loss of bigram counts, which count pairs of characters in the training strings, as stage 0 does.
         *
         * @return nats per token
         */
        public double bigram() {
            return bigram;
        }

        /**
         * The loss of unigram counts, which count single characters in the training strings.
         *
         * @return nats per token
         */
        public double unigram() {
            return unigram;
        }

        /**
         * The loss of an {@link dev.microgpt.bigram.NGram}: counting done well. It counts each different training string once, and
         * chooses its order on some of them, without looking at the held-out strings.
         *
         * @return nats per token; empty if no n-grams were counted: in a report of an earlier version, without a training string,
         *     or where the list does not fit into memory
         */
        public OptionalDouble ngram() {
            return counted.map(c -> OptionalDouble.of(c.ngram())).orElse(OptionalDouble.empty());
        }

        /**
         * The loss of the model and the n-grams {@linkplain LanguageModel#mix mixed}. Each half of the held-out strings (every
         * other one) is read with the weight that is best on the other half, so that no string helps to choose its own weight.
         *
         * @return nats per token; empty if {@link #ngram()} is
         */
        public OptionalDouble both() {
            return counted.map(c -> OptionalDouble.of(c.both())).orElse(OptionalDouble.empty());
        }

        /**
         * The order of the n-grams.
         *
         * @return in [2, 8]; empty if {@link #ngram()} is
         */
        public OptionalInt ngramOrder() {
            return counted.map(c -> OptionalInt.of(c.ngramOrder())).orElse(OptionalInt.empty());
        }

        /**
         * The weight of the model in the mixture that predicts the held-out strings best: that to give to {@link
         * LanguageModel#mix}.
         *
         * @return in [0, 1], a multiple of 0.05; empty if {@link #ngram()} is
         */
        public OptionalDouble gptWeight() {
            return counted.map(c -> OptionalDouble.of(c.gptWeight())).orElse(OptionalDouble.empty());
        }

        /** By how much the model is better than the better of bigram and unigram; negative if it is worse. */
        double gain() {
            return Math.min(bigram, unigram) - gpt;
        }

        /** The standard error of {@link #gain()}: how much of it may come from the choice of the held-out strings. */
        double gainError() {
            return gainError;
        }

        /** What counting n-grams came to, if they were counted. */
        Optional<Counted> counted() {
            return counted;
        }

        @Override
        public String toString() {
            return Json.write(ReportJson.of(this));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof HeldOutLoss loss && ReportJson.of(this).equals(ReportJson.of(loss));
        }

        @Override
        public int hashCode() {
            return ReportJson.of(this).hashCode();
        }
    }

    /**
     * Where samples of the model come from. Each sample is counted in one place, the first that fits, so that all counts but
     * {@link #sampleCount} add up to {@link #sampleCount}. Strings are compared whatever {@link
     * dev.microgpt.text.Documents#normalForm form} they are in.
     *
     * @since 0.1
     */
    public static final class Novelty {
        private final int samples;
        private final int empty;
        private final int trained;
        private final int heldOut;
        private final int repeated;
        private final int fresh;

        Novelty(int samples, int empty, int trained, int heldOut, int repeated, int fresh) {
            requireCount("empty", empty);
            requireCount("trained", trained);
            requireCount("heldOut", heldOut);
            requireCount("repeated", repeated);
            requireCount("fresh", fresh);
            long sum = (long) empty + trained + heldOut + repeated + fresh;
            if (samples != sum) {
                throw new IllegalArgumentException("samples " + samples + " is not the sum of its parts, " + sum);
            }
            this.samples = samples;
            this.empty = empty;
            this.trained = trained;
            this.heldOut = heldOut;
            this.repeated = repeated;
            this.fresh = fresh;
        }

        /**
         * How many samples were looked at.
         *
         * @return at least 0
         */
        public int sampleCount() {
            return samples;
        }

        /**
         * How many have no character.
         *
         * @return at least 0
         */
        public int emptyCount() {
            return empty;
        }

        /**
         * How many are training strings.
         *
         * @return at least 0
         */
        public int trainedCount() {
            return trained;
        }

        /**
         * How many are held-out strings and no training strings: real, and not known to the model.
         *
         * @return at least 0
         */
        public int heldOutCount() {
            return heldOut;
        }

        /**
         * How many repeat an earlier sample that was new.
         *
         * @return at least 0
         */
        public int repeatedCount() {
            return repeated;
        }

        /**
         * How many are new: in no list, and each different.
         *
         * @return at least 0
         */
        public int freshCount() {
            return fresh;
        }

        @Override
        public String toString() {
            return Json.write(ReportJson.of(this));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Novelty novelty && ReportJson.of(this).equals(ReportJson.of(novelty));
        }

        @Override
        public int hashCode() {
            return ReportJson.of(this).hashCode();
        }
    }

    /**
     * A new sample beside the training string that is most like it, the first of equals.
     *
     * @since 0.1
     */
    public static final class Nearest {
        private final String sample;
        private final String trained;
        private final int edits;

        Nearest(String sample, String trained, int edits) {
            requireAtLeast(1, "edits", edits);
            this.sample = sample;
            this.trained = trained;
            this.edits = edits;
        }

        /**
         * What the model wrote.
         *
         * @return a string that is in no list
         */
        public String sample() {
            return sample;
        }

        /**
         * The training string that is nearest to it.
         *
         * @return the string
         */
        public String trained() {
            return trained;
        }

        /**
         * How many characters must be inserted, deleted or replaced to turn one into the other: the edit distance.
         *
         * @return at least 1
         */
        public int editCount() {
            return edits;
        }

        @Override
        public String toString() {
            return Json.write(ReportJson.of(this));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Nearest near && ReportJson.of(this).equals(ReportJson.of(near));
        }

        @Override
        public int hashCode() {
            return ReportJson.of(this).hashCode();
        }
    }

    Report(
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
        this(trained, heldOut, read, duplicates, cut, blockSize, vocabSize, Oddities.NONE, loss, novelty, nearest);
    }

    Report(
            int trained,
            int heldOut,
            long read,
            int duplicates,
            int cut,
            int blockSize,
            int vocabSize,
            Oddities oddities,
            Optional<HeldOutLoss> loss,
            Novelty novelty,
            List<Nearest> nearest) {
        requireCount("trained", trained);
        requireCount("heldOut", heldOut);
        requireCount("read", read);
        requirePart("duplicates", duplicates, (long) trained + heldOut);
        requirePart("cut", cut, (long) trained + heldOut);
        requireAtLeast(1, "blockSize", blockSize);
        requireAtLeast(2, "vocabSize", vocabSize);
        if (nearest.size() > NEAREST) {
            throw new IllegalArgumentException("nearest has " + nearest.size() + " elements, more than " + NEAREST);
        }
        this.trained = trained;
        this.heldOut = heldOut;
        this.read = read;
        this.duplicates = duplicates;
        this.cut = cut;
        this.blockSize = blockSize;
        this.vocabSize = vocabSize;
        this.oddities = oddities;
        this.loss = loss;
        this.novelty = novelty;
        this.nearest = List.copyOf(nearest);
    }

    /**
     * Judges a model, whichever it is. Beside what the model needs to read the held-out strings, a list of 1,000,000 strings of 6
     * characters takes 9 s of CPU time, of 48 characters 24 s.
     *
     * @param model the trained model
     * @param tokenizer its vocabulary, which has every character of the strings
     * @param trained the strings that it was trained on, duplicates included
     * @param heldOut the strings kept away from training, each once and none of them a training string; may be none
     * @param readCount how many strings training has read, each as often as it was read, at least 0
     * @param samples what the model wrote; may be none
     * @return the report
     * @throws IllegalArgumentException if {@code readCount} is negative, the tokenizer has another vocabSize than the model, or it
     *     does not know a character
     */
    public static Report of(
            LanguageModel model,
            Tokenizer tokenizer,
            Collection<String> trained,
            Collection<String> heldOut,
            long readCount,
            Collection<String> samples) {
        requireCount("readCount", readCount);
        return new Evaluator(model, tokenizer, strings("trained", trained), strings("heldOut", heldOut))
                .report(readCount, strings("samples", samples));
    }

    private static List<String> strings(String name, Collection<String> strings) {
        List<String> checked = new ArrayList<>(
                Objects.requireNonNull(strings, name + " is null").size());
        for (String string : strings) {
            checked.add(Objects.requireNonNull(string, name + "[" + checked.size() + "] is null"));
        }
        return checked;
    }

    /**
     * Reads what {@link #toJson} wrote, in this version of the library or an earlier one.
     *
     * @param json the text
     * @return the report
     * @throws IllegalArgumentException if it is not one, or its numbers contradict each other; the message names the key
     */
    public static Report fromJson(String json) {
        return ReportJson.report(Objects.requireNonNull(json, "json is null"));
    }

    /**
     * The report for programs to read, as a model file keeps it: {@code {"trained":2734,"heldOut":303, …}}. Its keys stay as they
     * are. {@code verdict}, {@code heldOutLoss}, {@code ngramOrder}, {@code gptWeight} and {@code novelty} are those to begin with;
     * {@code loss} has the standard errors, too.
     *
     * @return JSON on one line, for {@link #fromJson}
     */
    public String toJson() {
        return Json.write(ReportJson.of(this));
    }

    /** Whether both say the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Report report && ReportJson.of(this).equals(ReportJson.of(report));
    }

    @Override
    public int hashCode() {
        return ReportJson.of(this).hashCode();
    }

    /** Number of strings: those to train on and those held out. */
    int stringCount() {
        return trained + heldOut;
    }

    /**
     * Which model is the best for the list. One is better than another if its loss on the held-out strings is lower by more than
     * two standard errors of the difference, paired by string.
     *
     * <ul>
     *   <li>{@code both}: the GPT and n-grams {@linkplain LanguageModel#mix mixed} are better than the better one of them, and by
     *       more than 0.025 nats, for two models are more work than one
     *   <li>{@code gpt}: else, the GPT is better than n-grams
     *   <li>{@code counting}: else, n-grams are better than the GPT
     *   <li>{@code unknown}: none of that is shown, or there is nothing to tell by
     * </ul>
     *
     * @return one of these four words
     */
    public String verdict() {
        return loss.flatMap(HeldOutLoss::counted)
                .map(counted -> counted.verdict(loss.get().gpt()))
                .orElse(Counted.UNKNOWN);
    }

    /**
     * The {@link #verdict()} for people to read: whether the model is worth it, by how many nats per character, with two standard
     * errors, and the line of Java that is enough where counting is.
     *
     * @return one or two sentences
     */
    public String conclusion() {
        return new ReportText(this).conclusion();
    }

    /**
     * Number of strings to train on.
     *
     * @return at least 0, duplicates counted
     */
    public int trainedCount() {
        return trained;
    }

    /**
     * Number of strings that were held out for validation. A trainer holds out different strings, and leaves out what copies of
     * them the list has.
     *
     * @return at least 0
     */
    public int heldOutCount() {
        return heldOut;
    }

    /**
     * Number of strings that training has read.
     *
     * @return at least 0, each as often as it was read
     */
    public long readCount() {
        return read;
    }

    /**
     * Number of strings that are equal to an earlier one, whatever {@link dev.microgpt.text.Documents#normalForm form} they are in.
     *
     * @return in [0, {@link #stringCount()}]
     */
    public int duplicateCount() {
        return duplicates;
    }

    /**
     * Number of strings of blockSize characters or more, whose end the model never sees.
     *
     * @return in [0, {@link #stringCount()}]
     */
    int cutCount() {
        return cut;
    }

    /** Most characters that the model reads of a string. */
    int blockSize() {
        return blockSize;
    }

    /**
     * Number of token ids of the model.
     *
     * @return at least 2
     */
    public int vocabSize() {
        return vocabSize;
    }

    /** What looks wrong about the strings. */
    Oddities oddities() {
        return oddities;
    }

    /**
     * The validation loss: that on the held-out strings, beside those of models that only count.
     *
     * @return the losses; empty if no string was held out
     */
    public Optional<HeldOutLoss> heldOutLoss() {
        return loss;
    }

    /**
     * Where the samples come from.
     *
     * @return counts of samples
     */
    public Novelty novelty() {
        return novelty;
    }

    /**
     * The training strings that are nearest to the first new samples.
     *
     * @return at most 5, unmodifiable
     */
    public List<Nearest> nearest() {
        return nearest;
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
        return new ReportText(this).warnings();
    }

    /**
     * The report for people to read.
     *
     * @return at most 21 lines, separated by line feeds, without one at the end
     */
    @Override
    public String toString() {
        return new ReportText(this).toString();
    }

    static void requireCount(String name, long value) {
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

    static double requireFinite(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " " + value + " is not a finite number of at least 0");
        }
        return value;
    }
}
