package dev.microgpt.bigram;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which order predicts held-out strings best. A string that is there several times counts once, so that none is on both sides. */
final class OrderChoice {
    private static final int SAMPLE = 100_000;
    private static final int MOST_HELD_OUT = 1_000;

    private OrderChoice() {}

    static int best(Documents documents, Tokenizer tokenizer) {
        List<String> sample = new ArrayList<>(documents.stream().distinct().toList());
        new PythonRandom(42).shuffle(sample);
        sample = sample.subList(0, Math.min(SAMPLE, sample.size()));
        int counted = sample.size() - Math.min(MOST_HELD_OUT, (sample.size() + 9) / 10);
        if (counted == 0) {
            return NGram.LOWEST_ORDER; // a single string
        }
        return best(sample.subList(0, counted), sample.subList(counted, sample.size()), tokenizer);
    }

    private static int best(List<String> counted, List<String> heldOut, Tokenizer tokenizer) {
        double[] losses = losses(NGramCounts.of(counted, NGram.HIGHEST_ORDER, tokenizer), heldOut, tokenizer);
        int best = NGram.LOWEST_ORDER;
        for (int order = best + 1; order <= NGram.HIGHEST_ORDER; order++) {
            best = losses[order] < losses[best] ? order : best;
        }
        return best;
    }

    /** The sum of all losses in each order, all of which read at once. */
    private static double[] losses(NGramCounts counts, List<String> documents, Tokenizer tokenizer) {
        List<NGramLevel> levels = counts.levels(NGram.HIGHEST_ORDER);
        List<NGramLevel> longest = IntStream.rangeClosed(NGram.LOWEST_ORDER, NGram.HIGHEST_ORDER)
                .mapToObj(counts::longest)
                .toList();
        double[] losses = new double[NGram.HIGHEST_ORDER + 1];
        double[] probs = new double[losses.length];
        for (String document : documents) {
            int[] tokens = tokenizer.encodeDocument(document);
            NGramContext context = new NGramContext(levels, tokenizer.vocabSize());
            for (int t = 0; t + 1 < tokens.length; t++) {
                context.read(tokens[t]);
                context.probabilities(tokens[t + 1], longest, probs);
                for (int order = NGram.LOWEST_ORDER; order < losses.length; order++) {
                    losses[order] -= Math.log(probs[order]);
                }
            }
        }
        return losses;
    }
}
