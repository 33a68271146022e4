package dev.microgpt.bigram;

import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** The loss on strings that were not counted: the last tenth of a list, at most 1,000, which has been shuffled. */
final class HeldOut {
    private HeldOut() {}

    static double loss(Documents shuffled, int order) {
        Tokenizer tokenizer = Tokenizer.of(shuffled);
        int counted = shuffled.size() - Math.min(1000, shuffled.size() / 10);
        List<String> list = shuffled.asList();
        NGram model = NGram.train(list.subList(0, counted), order, tokenizer);
        return list.subList(counted, list.size()).stream()
                .flatMapToDouble(unseen -> Arrays.stream(model.losses(tokenizer.encodeDocument(unseen))))
                .average()
                .orElseThrow();
    }
}
