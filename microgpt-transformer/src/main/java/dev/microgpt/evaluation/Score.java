package dev.microgpt.evaluation;

import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How well a model predicts a string: cross-entropy loss, bits and perplexity of the whole, and the probability of each
 * character and of the end. Immutable.
 *
 * <pre>{@code
 * Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());
 * LanguageModel model = new Bigram(tokenizer.vocabSize()); // one that has learned nothing yet
 * Score.of(model, tokenizer, "emma").perplexity();            // 27: it cannot tell its tokens apart
 * Score.of(model, tokenizer, "zoé").loss();                   // infinite
 * Score.of(model, tokenizer, "zoé").unknownAt().getAsInt(); // 2
 * }</pre>
 *
 * @since 0.1
 */
public final class Score {
    private static final int TOGETHER = 10_000; // strings that are read at once

    private final String text;
    private final List<Prediction> predictions;
    private final OptionalInt cutAt;
    private final OptionalInt unknownAt;

    Score(String text, List<Prediction> predictions, OptionalInt cutAt, OptionalInt unknownAt) {
        this.text = text;
        this.predictions = List.copyOf(predictions);
        this.cutAt = cutAt;
        this.unknownAt = unknownAt;
    }

    /**
     * A character that comes next in a string, or may come, and how likely a model thinks it is.
     *
     * @since 0.1
     */
    public static final class Prediction {
        private final String character;
        private final double loss;
        private final double probability;

        private Prediction(String character, double loss, double probability) {
            this.character = character;
            this.loss = loss;
            this.probability = probability;
        }

        static Prediction ofLoss(String character, double loss) {
            return new Prediction(character, loss, Math.exp(-loss));
        }

        /**
         * A prediction of a known probability.
         *
         * @param character one Unicode code point, or "" for the end of the string
         * @param probability in [0, 1]
         * @return a new prediction
         * @throws IllegalArgumentException if the probability is not in [0, 1]
         * @throws NullPointerException if the character is null
         */
        public static Prediction of(String character, double probability) {
            Objects.requireNonNull(character, "character is null");
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability " + probability + " is not in [0, 1]");
            }
            return new Prediction(character, 0 - Math.log(probability), probability); // 0, not −0, for what is certain
        }

        /**
         * What comes next.
         *
         * @return one Unicode code point, or "" for the end of the string
         */
        public String character() {
            return character;
        }

        /**
         * How surprising it is.
         *
         * @return −ln(probability), in nats, at least 0; infinite for a character that is not in the vocabulary
         */
        public double loss() {
            return loss;
        }

        /**
         * How likely the model thinks it is.
         *
         * @return e^(−loss), in [0, 1]
         */
        public double probability() {
            return probability;
        }

        /** Two predictions are equal if character, loss and probability are. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Prediction prediction
                    && character.equals(prediction.character)
                    && Double.compare(loss, prediction.loss) == 0
                    && Double.compare(probability, prediction.probability) == 0;
        }

        @Override
        public int hashCode() {
            return Objects.hash(character, loss, probability);
        }

        /** Character and probability. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.4f", character.isEmpty() ? "(end)" : character, probability);
        }
    }

    /**
     * Scores a string with any language model; {@code MicroGpt.score} does so with its own. The string is taken as it is:
     * blanks around it count. What the model does not read is charged at chance, ln(vocabSize): predictions beyond its blockSize,
     * and what follows a character that is not in the vocabulary. So a string that goes on there is more surprising, in all, than
     * one that ends.
     *
     * @param model the model to ask, such as a {@code Gpt} or a {@code Bigram}
     * @param tokenizer turns characters into the token ids of the model
     * @param text any string; "" has one prediction, its end
     * @return its score; with a character anywhere that is not in the vocabulary, an infinite loss
     * @throws NullPointerException if an argument is null
     */
    public static Score of(LanguageModel model, Tokenizer tokenizer, String text) {
        Objects.requireNonNull(model, "model is null");
        Objects.requireNonNull(tokenizer, "tokenizer is null");
        Objects.requireNonNull(text, "text is null");
        int[] codePoints = text.codePoints().toArray();
        int known = countOfKnown(codePoints, tokenizer);
        return of(model, tokenizer, text, model.losses(document(codePoints, known, tokenizer)));
    }

    /**
     * Scores many strings, which a model may read together, faster than one by one: see {@link LanguageModel#losses(int[][])}.
     *
     * @param model the model to ask
     * @param tokenizer turns characters into the token ids of the model
     * @param texts any strings
     * @return their scores, in the order given
     * @throws NullPointerException if an argument or a string is null; the message has its index
     */
    public static List<Score> of(LanguageModel model, Tokenizer tokenizer, Collection<String> texts) {
        Objects.requireNonNull(model, "model is null");
        Objects.requireNonNull(tokenizer, "tokenizer is null");
        List<String> all = new ArrayList<>();
        for (String text : Objects.requireNonNull(texts, "texts is null")) {
            all.add(Objects.requireNonNull(text, () -> "texts[" + all.size() + "] is null"));
        }
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            List<String> some = all.subList(from, Math.min(all.size(), from + TOGETHER));
            int[][] documents = some.stream()
                    .map(text -> text.codePoints().toArray())
                    .map(codePoints -> document(codePoints, countOfKnown(codePoints, tokenizer), tokenizer))
                    .toArray(int[][]::new);
            double[][] losses = model.losses(documents);
            for (int i = 0; i < losses.length; i++) {
                scores.add(of(model, tokenizer, some.get(i), losses[i]));
            }
        }
        return List.copyOf(scores);
    }

    /** How many characters there are before the first that is not in the vocabulary. */
    private static int countOfKnown(int[] codePoints, Tokenizer tokenizer) {
        String vocabulary = tokenizer.vocabulary();
        int known = 0;
        while (known < codePoints.length && has(vocabulary, codePoints[known])) {
            known++;
        }
        return known;
    }

    private static int[] document(int[] codePoints, int known, Tokenizer tokenizer) {
        return tokenizer.encodeDocument(new String(codePoints, 0, known));
    }

    /** The score of a text from the losses of the characters before the first unknown one. */
    private static Score of(LanguageModel model, Tokenizer tokenizer, String text, double... losses) {
        int[] codePoints = text.codePoints().toArray();
        int known = countOfKnown(codePoints, tokenizer);
        int read = known < codePoints.length ? Math.min(known, losses.length) : losses.length; // losses that count
        double chance = Math.log(model.vocabSize());
        List<Prediction> predictions = new ArrayList<>();
        for (int t = 0; t <= codePoints.length; t++) {
            boolean end = t == codePoints.length;
            boolean unknown = !end && !has(tokenizer.vocabulary(), codePoints[t]);
            predictions.add(Prediction.ofLoss(
                    end ? "" : Character.toString(codePoints[t]),
                    unknown ? Double.POSITIVE_INFINITY : t < read ? losses[t] : chance));
        }
        return new Score(
                text,
                predictions,
                codePoints.length >= model.blockSize() ? OptionalInt.of(model.blockSize()) : OptionalInt.empty(),
                known < codePoints.length ? OptionalInt.of(known) : OptionalInt.empty());
    }

    /** Whether a text has a character; half of a surrogate pair is none. */
    private static boolean has(String text, int codePoint) {
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return !half && text.indexOf(codePoint) >= 0;
    }

    /**
     * The string.
     *
     * @return what was scored
     */
    public String text() {
        return text;
    }

    /**
     * How well each character was predicted, and the end.
     *
     * @return one for each character, in order, and then the end; ln(vocabSize) is the loss of those that the model does not
     *     make, from {@link #cutAt()} on and after {@link #unknownAt()}
     */
    public List<Prediction> predictions() {
        return predictions;
    }

    /**
     * Cross-entropy: the mean loss of the predictions.
     *
     * @return nats per token, a token being a character or the end; infinite if there is an {@link #unknownAt()}
     */
    public double loss() {
        double sum = 0;
        for (Prediction prediction : predictions) {
            sum += prediction.loss();
        }
        return sum / predictions.size();
    }

    /**
     * How surprising the string is where a typing error matters: the mean loss and half of the largest. One wrong letter in a
     * long string hardly moves the mean.
     *
     * @return {@link #loss()} + ½ max of the predictions' losses, in nats
     */
    public double surprise() {
        return loss() + predictions.get(mostSurprising()).loss() / 2;
    }

    /**
     * The mean loss in bits; the end counts as a character.
     *
     * @return {@link #loss()} / ln 2
     */
    public double bitsPerCharacter() {
        return loss() / Math.log(2);
    }

    /**
     * Perplexity: among how many equally likely characters the model could as well have guessed each time.
     *
     * @return e^{@link #loss()}
     */
    public double perplexity() {
        return Math.exp(loss());
    }

    /**
     * Where the model was most surprised.
     *
     * @return index of the prediction with the largest loss, the first of equals: that of a character in code points, or the
     *     number of characters for the end
     */
    public int mostSurprising() {
        int most = 0;
        for (int t = 1; t < predictions.size(); t++) {
            if (predictions.get(t).loss() > predictions.get(most).loss()) {
                most = t;
            }
        }
        return most;
    }

    /**
     * From where on the model does not read the string.
     *
     * @return index of the first prediction that it does not make, its blockSize; empty if it makes all
     */
    public OptionalInt cutAt() {
        return cutAt;
    }

    /**
     * Where the string has a character that the model does not know.
     *
     * @return index of the first one, in code points; empty if all are in the vocabulary
     */
    public OptionalInt unknownAt() {
        return unknownAt;
    }

    /** Two scores are equal if string, predictions, {@link #cutAt()} and {@link #unknownAt()} are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Score score
                && text.equals(score.text)
                && predictions.equals(score.predictions)
                && cutAt.equals(score.cutAt)
                && unknownAt.equals(score.unknownAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, predictions, cutAt, unknownAt);
    }

    /** String and loss, and what is special about it. */
    @Override
    public String toString() {
        String cut = cutAt.isPresent() ? ", cut at " + cutAt.getAsInt() : "";
        String unknown = unknownAt.isPresent() ? ", unknown character at " + unknownAt.getAsInt() : "";
        return String.format(Locale.ROOT, "Score[%s: %.4f nats per token%s%s]", text, loss(), cut, unknown);
    }
}
