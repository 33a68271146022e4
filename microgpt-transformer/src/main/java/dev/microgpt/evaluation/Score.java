package dev.microgpt.evaluation;

import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a string costs a model: how well it predicted each character, and the end. Immutable.
 *
 * @param text the string
 * @param predictions of its characters, in their order, and then of its end; fewer if it {@link #isCut()}
 */
public record Score(String text, List<Prediction> predictions) {
    /**
     * How well the model predicted what really came next.
     *
     * @param character one Unicode code point, or "" for the end of the string
     * @param loss −ln(probability), in nats; infinite for a character that is not in the vocabulary
     */
    public record Prediction(String character, double loss) {
        /**
         * How likely the model thought it was.
         *
         * @return e^(−loss), in [0, 1]
         */
        public double probability() {
            return Math.exp(-loss);
        }
    }

    /**
     * Checks the sizes.
     *
     * @param text see the record
     * @param predictions from 1 to the number of characters and the end; copied
     * @throws IllegalArgumentException if there are none or more
     */
    public Score {
        predictions = List.copyOf(predictions);
        int most = text.codePointCount(0, text.length()) + 1;
        if (predictions.isEmpty() || predictions.size() > most) {
            throw new IllegalArgumentException(
                    "number of predictions " + predictions.size() + " is not in [1, " + most + "]");
        }
    }

    /**
     * Scores a string; "" has one prediction, its end.
     *
     * @throws IllegalArgumentException if a character is not in the vocabulary
     */
    public static Score of(LanguageModel model, Tokenizer tokenizer, String text) {
        return of(model, tokenizer, text, text.codePointCount(0, text.length()));
    }

    /**
     * Scores strings and sorts them by loss, the most surprising first; equal ones stay in their order. A character that is
     * not in the vocabulary has probability 0, so its string comes first.
     */
    public static List<Score> rank(LanguageModel model, Tokenizer tokenizer, Collection<String> texts) {
        Set<Integer> vocabulary = tokenizer.vocabulary().codePoints().boxed().collect(Collectors.toSet());
        return texts.stream()
                .map(text -> {
                    long readable =
                            text.codePoints().takeWhile(vocabulary::contains).count();
                    return of(model, tokenizer, text, (int) readable);
                })
                .sorted(Comparator.comparingDouble(Score::loss).reversed())
                .toList();
    }

    /** Scores a string of which that many characters are in the vocabulary; what comes behind them costs infinity. */
    private static Score of(LanguageModel model, Tokenizer tokenizer, String text, int readable) {
        String read = text.substring(0, text.offsetByCodePoints(0, readable));
        double[] losses = model.losses(tokenizer.encodeDocument(read)); // the last one is that of the end
        int[] codePoints = text.codePoints().toArray();
        List<Prediction> predictions = new ArrayList<>();
        for (int t = 0; t < losses.length; t++) {
            boolean unreadable = t == readable && t < codePoints.length;
            predictions.add(new Prediction(
                    t < codePoints.length ? Character.toString(codePoints[t]) : "",
                    unreadable ? Double.POSITIVE_INFINITY : losses[t]));
        }
        return new Score(text, predictions);
    }

    /**
     * The mean loss of the predictions.
     *
     * @return nats per token, a token being a character or the end
     */
    public double loss() {
        double sum = 0;
        for (Prediction prediction : predictions) {
            sum += prediction.loss();
        }
        return sum / predictions.size();
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
     * Among how many equally likely characters the model could as well have guessed each time.
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
     * Whether the predictions end before the string does: it does not fit into blockSize, or the model cannot read on because
     * a character is not in the vocabulary.
     *
     * @return true if what follows the last prediction does not count
     */
    public boolean isCut() {
        return predictions.size() <= text.codePointCount(0, text.length());
    }
}
