package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static dev.microgpt.playground.Visitor.list;
import static dev.microgpt.playground.Visitor.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.text.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The answers of the page on data and tokens. */
class DataPageTest {
    @AutoClose
    private static Visitor visitor = new Visitor();

    @Test
    void the_list_is_described() {
        Map<String, Object> overview = visitor.askMap("data/overview", "{}");

        assertThat(overview)
                .containsEntry("documents", 3037)
                .containsEntry("bos", 26)
                .containsEntry("blockSize", 16);
        assertThat(list(overview.get("symbols")))
                .hasSize(27)
                .startsWith("a", "b")
                .endsWith("z", "BOS");
        assertThat(Arrays.stream(doubles(overview.get("lengths"))).sum()).isEqualTo(3037);
        assertThat(overview).containsEntry("cut", 0);
    }

    @Test
    void names_that_lose_predictions_are_counted() {
        String fits = "a".repeat(15); // and 16 predictions, as many as there are positions
        try (Visitor visitor = new Visitor(Documents.of(fits, fits + "a", fits + "aa"))) {
            assertThat(visitor.askMap("data/overview", "{}")).containsEntry("cut", 2);
        }
    }

    @Test
    void a_list_of_other_characters_begins_with_a_word_of_its_own() {
        String first = "x \u200d\u0301🙂".repeat(4); // 20 characters
        try (Visitor visitor = new Visitor(Documents.of(first))) {
            Map<String, Object> overview = visitor.askMap("data/overview", "{}");

            assertThat(overview).containsEntry("example", first.substring(0, first.offsetByCodePoints(0, 12)));
            assertThat(list(overview.get("symbols"))).containsExactly("␣", "x", "U+0301", "U+200D", "🙂", "BOS");
        }
        assertThat(visitor.askMap("data/overview", "{}")).containsEntry("example", "emma");
    }

    @Test
    void words_become_a_vocabulary() {
        Map<String, Object> vocabulary = visitor.askMap("data/vocabulary", "{\"words\":\"otto\\n\\nzo é\\n\"}");

        assertThat(vocabulary).containsEntry("documents", 2).containsEntry("bos", 5);
        assertThat(list(vocabulary.get("symbols"))).containsExactly("␣", "o", "t", "z", "é");
        assertThat(map(list(vocabulary.get("first")).get(1))).containsEntry("tokens", List.of(5, 3, 1, 0, 4, 5));
    }

    @Test
    void a_name_becomes_tokens_and_is_cut_at_block_size() {
        Map<String, Object> tokens = visitor.askMap("data/tokens", "{\"word\":\"emma\",\"blockSize\":3}");

        assertThat(tokens)
                .containsEntry("tokens", List.of(26, 4, 12, 12, 0, 26))
                .containsEntry("predictions", 3);
        assertThat(tokens).containsEntry("symbols", List.of("BOS", "e", "m", "m", "a", "BOS"));
    }

    @Test
    void a_training_begins_the_list_again() {
        Map<String, Object> steps = visitor.askMap("data/steps", "{\"steps\":3038}");

        assertThat(steps).containsEntry("seen", 3037).containsEntry("share", 1.0);
        List<Object> shown = list(steps.get("shown"));
        assertThat(shown.get(0)).isEqualTo(Map.of("step", 0, "index", 0, "document", "julie"));
        assertThat(shown.get(shown.size() - 1)).isEqualTo(Map.of("step", 3037, "index", 0, "document", "julie"));
        assertThat(shown).hasSize(12);
        assertThat(list(visitor.askMap("data/steps", "{\"steps\":12}").get("shown")))
                .hasSize(12);
    }
}
