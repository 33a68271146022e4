package dev.microgpt.bigram;

import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

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
        NGramCounts counts = NGramCounts.of(counted, NGram.HIGHEST_ORDER, tokenizer);
        int best = NGram.LOWEST_ORDER;
        double lowest = Double.POSITIVE_INFINITY;
        for (int order = NGram.LOWEST_ORDER; order <= NGram.HIGHEST_ORDER; order++) {
            double loss = sum(new NGram(tokenizer, counts.levels(order)), heldOut);
            if (loss < lowest) {
                lowest = loss;
                best = order;
            }
        }
        return best;
    }

    private static double sum(NGram model, List<String> documents) {
        double sum = 0;
        for (String document : documents) {
            for (double loss : model.losses(model.tokenizer().encodeDocument(document))) {
                sum += loss;
            }
        }
        return sum;
    }
}
