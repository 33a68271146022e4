package dev.microgpt.bigram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The losses that another program for the same smoothing has on lists that are not part of this repository:
 * {@code -Dmicrogpt.lists=FOLDER}, relative to it, or {@code ../shared/data/lists}.
 */
class NGramReferenceTest {
    private static final Path FOLDER = Path.of("..")
            .resolve(Optional.ofNullable(System.getProperty("microgpt.lists")).orElse("../shared/data/lists"));

    @BeforeAll
    static void say_which_lists_are_missing() {
        List<String> missing = List.of("cities3k", "german20k", "pokemon", "email3k", "words").stream()
                .filter(list -> !Files.exists(file(list)))
                .toList();
        if (!missing.isEmpty()) {
            System.out.println("NOT CHECKED: n-gram losses on " + String.join(", ", missing)
                    + ", because these lists are not here; give them with -Dmicrogpt.lists=FOLDER");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cities3k, 6, 2.6265",
        "german20k, 8, 1.5419",
        "pokemon, 6, 2.4619",
        "email3k, 8, 1.4202",
        "words, 7, 1.6502"
    })
    void has_the_loss_of_another_program(String list, int order, double loss) {
        Assumptions.assumeTrue(Files.exists(file(list)), "NOT CHECKED: " + list + " is not here");

        assertThat(HeldOut.loss(Documents.read(file(list)).shuffled(new PythonRandom(42)), order))
                .isCloseTo(loss, within(0.003));
    }

    @Test
    void has_the_loss_of_another_program_on_names_txt() {
        Documents names = Documents.read(NamesFile.orAbort("an n-gram model on names.txt"));

        assertThat(HeldOut.loss(names.shuffled(new PythonRandom(42)), 6)).isCloseTo(1.9643, within(0.003));
    }

    private static Path file(String list) {
        return FOLDER.resolve(list + ".txt");
    }
}
