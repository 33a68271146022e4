package dev.microgpt.bigram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How large a list fits into a heap: counted in JVMs of their own. */
class NGramMemoryTest {

    @Test
    void a_list_that_does_not_fit_is_an_error_that_says_so() throws Exception {
        assertThat(count(100, 10_000, "24m"))
                .matches("documents has 2000101 tokens, too many to count at order 7 in a heap of 2\\d MB");
    }

    @Tag("proof")
    @Test
    void counts_356_000_words_at_order_7_in_256_mb() throws Exception {
        assertThat(count(356_000, 5, "256m")).startsWith("NGram[vocabSize=22, order=7, ngrams=");
    }

    private static String count(int strings, int syllables, String heap) throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + heap,
                        "-cp",
                        Path.of("target", "classes")
                                + System.getProperty("path.separator")
                                + Path.of("target", "test-classes"),
                        Counting.class.getName(),
                        "" + strings,
                        "" + syllables)
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(output).isZero();
        return output.strip();
    }

    /** Counts random words of syllables, and prints the model or why there is none. */
    static final class Counting {
        private Counting() {}

        public static void main(String... args) {
            SplittableRandom random = new SplittableRandom(1);
            List<String> words = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                StringBuilder word = new StringBuilder();
                for (int syllables = Integer.parseInt(args[1]); syllables > 0; syllables--) {
                    word.append("bcdfghklmnprstvz".charAt(random.nextInt(16)));
                    word.append("aeiou".charAt(random.nextInt(5)));
                }
                words.add(word.toString());
            }
            String outcome;
            try {
                outcome = NGram.train(words, 7).toString();
            } catch (IllegalArgumentException e) {
                outcome = e.getMessage();
            }
            System.out.println(outcome);
        }
    }
}
