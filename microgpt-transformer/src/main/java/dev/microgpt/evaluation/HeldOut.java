package dev.microgpt.evaluation;

import dev.microgpt.bigram.NGram;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** The held-out strings, at least one, as a model and those that count predict them: all of them the same tokens. */
final class HeldOut {
    private final Tokenizer tokenizer;
    private final int[][] documents; // the token ids of each held-out string
    private final double[][] losses; // of the model, [documents][predictions]

    HeldOut(LanguageModel model, Tokenizer tokenizer, List<String> heldOut) {
        this.tokenizer = tokenizer;
        documents = heldOut.stream().map(tokenizer::encodeDocument).toArray(int[][]::new);
        losses = model.losses(documents);
    }

    /**
     * Counts the training strings, and compares.
     *
     * @param trained the training strings, duplicates included
     * @param different each of them once
     */
    HeldOutLoss loss(List<String> trained, Collection<String> different) {
        CountingBaseline counted = new CountingBaseline(tokenizer.vocabSize());
        for (String string : trained) {
            counted.learn(tokenizer.encodeDocument(string));
        }
        TokenLosses ofGpt = new TokenLosses(losses);
        TokenLosses ofBigram = losses(counted::bigramLoss);
        TokenLosses ofUnigram = losses((previous, next) -> counted.unigramLoss(next));
        TokenLosses better = ofBigram.mean() <= ofUnigram.mean() ? ofBigram : ofUnigram;
        return new HeldOutLoss(
                ofGpt.mean(),
                ofBigram.mean(),
                ofUnigram.mean(),
                better.standardErrorAgainst(ofGpt),
                ngram(different).map(ngram -> together(ofGpt, ngram)));
    }

    /** The losses of a model that looks at one token, from that one and the next. */
    private TokenLosses losses(ToDoubleBiFunction<Integer, Integer> loss) {
        double[][] counted = new double[documents.length][];
        for (int i = 0; i < documents.length; i++) {
            counted[i] = new double[losses[i].length];
            for (int t = 0; t < losses[i].length; t++) {
                counted[i][t] = loss.applyAsDouble(documents[i][t], documents[i][t + 1]);
            }
        }
        return new TokenLosses(counted);
    }

    private Counted together(TokenLosses ofGpt, NGram ngram) {
        double[][] counted = new double[documents.length][];
        for (int i = 0; i < documents.length; i++) {
            counted[i] = Arrays.copyOf(ngram.losses(documents[i]), losses[i].length);
        }
        TokenLosses ofNGram = new TokenLosses(counted);
        TokenLosses.Mixture both = ofGpt.mixedWith(ofNGram);
        TokenLosses better = ofNGram.mean() <= ofGpt.mean() ? ofNGram : ofGpt;
        return new Counted(
                ofNGram.mean(),
                ngram.order(),
                ofNGram.standardErrorAgainst(ofGpt),
                both.losses().mean(),
                both.weight(),
                better.standardErrorAgainst(both.losses()));
    }

    /** The n-grams of the training strings, if there are some that fit into memory; in any order they are the same. */
    private Optional<NGram> ngram(Collection<String> different) {
        try {
            List<String> strings = different.stream().sorted().toList();
            NGram ngram = NGram.train(strings);
            return Optional.of(
                    ngram.tokenizer().vocabulary().equals(tokenizer.vocabulary())
                            ? ngram
                            : NGram.train(strings, ngram.order(), tokenizer));
        } catch (IllegalArgumentException e) { // no string, or too many: the tokenizer knows their characters
            return Optional.empty();
        }
    }
}
