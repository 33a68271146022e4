package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The pages on names.txt, the list of the original, against the figures of the original programs. */
class OriginalListTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @Test
    void the_pages_know_the_list_of_the_original_too() {
        Golden trained = Golden.read("trained-model");
        try (Visitor visitor =
                new Visitor(Documents.read(NamesFile.orAbort("the numbers of the playground's pages on names.txt")))) {
            assertThat((double) visitor.askMap("counting/word", "{\"names\":100,\"word\":\"ava\"}")
                            .get("loss"))
                    .isCloseTo(trained.number("bigram_after_100_documents_ava.mean"), EXACT);
            Map<String, Object> update =
                    visitor.askMap("adam/update", "{\"steps\":1000,\"word\":\"emma\",\"tensor\":\"\"}");
            assertThat((double) update.get("loss")).isCloseTo(trained.number("losses.emma.mean"), EXACT);
            assertThat(update).containsEntry("row", 26).containsEntry("column", 5);
            assertThat((double) update.get("gradient"))
                    .isCloseTo(trained.number("one_adam_update.emma.gradient"), EXACT);
        }
    }
}
