package dev.microgpt.bigram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The formula of {@link NGram} word for word, with maps of lists: what the flat tables must agree with. */
final class NaiveNGram {
    private final int order;
    private final int vocabSize;
    private final List<Map<List<Integer>, Integer>> counts = new ArrayList<>(); // by length, from 1

    NaiveNGram(List<List<Integer>> documents, int order, int vocabSize) {
        this.order = order;
        this.vocabSize = vocabSize;
        for (int n = 1; n <= order; n++) {
            Map<List<Integer>, Integer> times = new HashMap<>();
            Map<List<Integer>, Set<Integer>> before = new HashMap<>();
            for (List<Integer> document : documents) {
                for (int i = n == 1 ? 1 : 0; i + n <= document.size(); i++) {
                    List<Integer> ngram = document.subList(i, i + n);
                    times.merge(ngram, 1, Integer::sum);
                    if (i > 0) {
                        before.computeIfAbsent(ngram, key -> new HashSet<>()).add(document.get(i - 1));
                    }
                }
            }
            if (n < order) {
                before.forEach((ngram, tokens) -> times.put(ngram, tokens.size()));
            }
            counts.add(times);
        }
    }

    /** p(token | context), where the context is as long as it is, and at most order − 1 of it counts. */
    double probability(List<Integer> context, int token) {
        if (context.size() >= order) {
            return probability(context.subList(context.size() - order + 1, context.size()), token);
        }
        double shorter = context.isEmpty() ? 1.0 / vocabSize : probability(context.subList(1, context.size()), token);
        Map<List<Integer>, Integer> level = counts.get(context.size());
        Discounts discounts =
                Discounts.of(level.values().stream().mapToInt(Integer::intValue).toArray());
        double sum = 0;
        double taken = 0;
        for (int w = 0; w < vocabSize; w++) {
            int count = level.getOrDefault(followed(context, w), 0);
            sum += count;
            taken += discounts.of(count);
        }
        int count = level.getOrDefault(followed(context, token), 0);
        return sum == 0 ? shorter : (count - discounts.of(count)) / sum + taken / sum * shorter;
    }

    private static List<Integer> followed(List<Integer> context, int token) {
        List<Integer> ngram = new ArrayList<>(context);
        ngram.add(token);
        return ngram;
    }
}
