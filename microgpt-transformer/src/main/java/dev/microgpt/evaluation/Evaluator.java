package dev.microgpt.evaluation;

import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Measures what a {@link Report} says. */
final class Evaluator {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final List<String> trained;
    private final List<String> heldOut;
    private final Map<String, String> distinctTrained; // normal form -> the first string of that form
    private final Set<String> distinctHeldOut;

    Evaluator(LanguageModel model, Tokenizer tokenizer, List<String> trained, List<String> heldOut) {
        this.model = Objects.requireNonNull(model, "model is null");
        this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer is null");
        if (tokenizer.vocabSize() != model.vocabSize()) {
            throw new IllegalArgumentException("vocabSize " + tokenizer.vocabSize()
                    + " of the tokenizer is not that of the model, " + model.vocabSize());
        }
        this.trained = trained;
        this.heldOut = heldOut;
        this.distinctTrained = new LinkedHashMap<>();
        trained.forEach(string -> distinctTrained.putIfAbsent(Documents.normalForm(string), string));
        this.distinctHeldOut = new HashSet<>();
        heldOut.forEach(string -> distinctHeldOut.add(Documents.normalForm(string)));
        distinctHeldOut.removeAll(distinctTrained.keySet());
    }

    Report report(long read, List<String> samples) {
        Map<String, String> fresh = new LinkedHashMap<>();
        Novelty novelty = novelty(samples, fresh);
        return new Report(
                trained.size(),
                heldOut.size(),
                read,
                trained.size() + heldOut.size() - distinctTrained.size() - distinctHeldOut.size(),
                cut(trained) + cut(heldOut),
                model.blockSize(),
                model.vocabSize(),
                Oddities.of(trained, heldOut),
                heldOut.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new HeldOut(model, tokenizer, heldOut).loss(trained, distinctTrained.values())),
                novelty,
                nearest(fresh.values().stream().limit(Report.NEAREST).toList()));
    }

    /** Counts the samples, and gathers the new ones by their normal form. */
    private Novelty novelty(List<String> samples, Map<String, String> fresh) {
        int empty = 0;
        int known = 0;
        int reinvented = 0;
        int repeated = 0;
        for (String sample : samples) {
            String form = Documents.normalForm(sample);
            if (form.isEmpty()) {
                empty++;
            } else if (distinctTrained.containsKey(form)) {
                known++;
            } else if (distinctHeldOut.contains(form)) {
                reinvented++;
            } else if (fresh.putIfAbsent(form, sample) != null) {
                repeated++;
            }
        }
        return new Novelty(samples.size(), empty, known, reinvented, repeated, fresh.size());
    }

    private int cut(List<String> strings) {
        return (int) strings.stream()
                .filter(string -> string.codePointCount(0, string.length()) >= model.blockSize())
                .count();
    }

    /** For each sample the training string with the fewest edits, the first of equals. */
    private List<Nearest> nearest(List<String> samples) {
        int count = samples.size();
        int[][] texts =
                samples.stream().map(sample -> sample.codePoints().toArray()).toArray(int[][]::new);
        String[] best = new String[count];
        int[] edits = new int[count];
        Arrays.fill(edits, Integer.MAX_VALUE);
        for (String string : trained) {
            int[] text = string.codePoints().toArray();
            for (int i = 0; i < count; i++) {
                int distance = EditDistance.between(texts[i], text, edits[i] - 1);
                if (distance < edits[i]) {
                    edits[i] = distance;
                    best[i] = string;
                }
            }
        }
        List<Nearest> nearest = new ArrayList<>();
        for (int i = 0; i < count && !trained.isEmpty(); i++) {
            nearest.add(new Nearest(samples.get(i), best[i], edits[i]));
        }
        return nearest;
    }
}
