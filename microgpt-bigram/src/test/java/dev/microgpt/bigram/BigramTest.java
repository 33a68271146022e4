package dev.microgpt.bigram;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BigramTest {

    @Test
    void reproduces_the_original_on_the_given_names() {
        assertReproduced(Documents.givenNames(), Golden.read("given-stage0"));
    }

    @Test
    void reproduces_the_original_on_names_txt() {
        Documents names =
                Documents.read(NamesFile.orAbort("stage 0 on names.txt: 1,000 losses, 20 samples, final counts"));

        assertReproduced(names, Golden.read("stage0"));
    }

    private static void assertReproduced(Documents documents, Golden golden) {
        PythonRandom random = new PythonRandom(42);
        Documents docs = documents.shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(docs);
        Bigram model = new Bigram(tokenizer.vocabSize());

        double[] losses = new double[1000];
        for (int step = 0; step < losses.length; step++) {
            int[] tokens = tokenizer.encodeDocument(docs.atStep(step));
            losses[step] = model.loss(tokens);
            model.learn(tokens);
            if (step == 99) {
                assertThat(model.loss(tokenizer.encodeDocument("ava")))
                        .isCloseTo(golden.number("bigram_after_100_documents_ava.mean"), within(1e-9));
            }
        }
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            samples.add(tokenizer.decode(new Sampler(1, 16).sample(model, random)));
        }

        assertThat(losses).satisfies(closeTo(golden.doubles("losses"), 1e-9));
        assertThat(samples).isEqualTo(golden.strings("samples"));
        assertThat(counts(model)).isEqualTo(golden.doubles("final_params"));
        assertThat(heldOutLoss(model, tokenizer, docs))
                .isCloseTo(golden.number("loss_on_docs_1000_to_2000.bigram_of_first_1000_documents"), within(1e-9));
    }

    private static double heldOutLoss(Bigram model, Tokenizer tokenizer, Documents docs) {
        return docs.asList().subList(1000, 2000).stream()
                .flatMapToDouble(doc -> Arrays.stream(model.losses(tokenizer.encodeDocument(doc))))
                .average()
                .orElseThrow();
    }

    private static double[] counts(Bigram model) {
        int v = model.vocabSize();
        double[] counts = new double[v * v];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = model.count(i / v, i % v);
        }
        return counts;
    }

    @Test
    void probabilities_are_smoothed_counts() {
        Bigram model = new Bigram(3);

        model.learn(2, 0, 0, 1, 2);

        assertThat(model.count(0, 0)).isEqualTo(1);
        assertThat(model.count(0, 2)).isZero();
        assertThat(model.probability(0, 1)).isEqualTo((1.0 + 1) / (2 + 3));
        assertThat(model.probability(0, 2)).isEqualTo((0.0 + 1) / (2 + 3));
        assertThat(model.probability(1, 2)).isEqualTo((1.0 + 1) / (1 + 3));
    }

    @Test
    void probabilities_of_every_row_add_up_to_1() {
        Bigram model = learned();

        for (int previous = 0; previous < model.vocabSize(); previous++) {
            double sum = 0;
            for (int next = 0; next < model.vocabSize(); next++) {
                sum += model.probability(previous, next);
            }
            assertThat(sum).isCloseTo(1, within(1e-14));
        }
    }

    @Test
    void is_at_chance_before_it_learns() {
        Bigram model = new Bigram(27);

        assertThat(model.probability(3, 5)).isEqualTo(1.0 / 27);
        assertThat(model.loss(26, 4, 12, 26)).isCloseTo(Math.log(27), within(1e-14));
    }

    @Test
    void logits_are_log_probabilities_and_forget_all_but_the_last_token() {
        Bigram model = learned();
        Context context = model.newContext();

        context.next(7);
        double[] logits = context.next(0);

        for (int next = 0; next < logits.length; next++) {
            assertThat(logits[next]).isEqualTo(Math.log(model.probability(0, next)));
        }
        assertThat(new Sampler(1, 1).probabilities(logits)[13]).isCloseTo(model.probability(0, 13), within(1e-15));
    }

    /**
     * With logits l_j free, a row's pairs (one added to each count) cost −Σ_j (c_j + 1) log softmax(l)_j. Where
     * softmax(l) is the normalized count p, the gradient (Σ_k (c_k + 1)) p_j − (c_j + 1) is 0, and any other logits
     * cost more.
     */
    @Test
    void normalized_counts_are_the_optimum() {
        Bigram model = learned();
        int v = model.vocabSize();
        RandomGenerator random = new SplittableRandom(3);

        for (int previous = 0; previous < v; previous++) {
            double[] logits = model.newContext().next(previous).clone();
            double best = cost(model, previous, logits);
            for (int j = 0; j < v; j++) { // central differences
                double slope =
                        (cost(model, previous, moved(logits, j, 1e-5)) - cost(model, previous, moved(logits, j, -1e-5)))
                                / 2e-5;
                assertThat(slope).isCloseTo(0, within(1e-5));
            }
            for (int trial = 0; trial < 20; trial++) {
                double[] other = logits.clone();
                for (int j = 0; j < v; j++) {
                    other[j] += random.nextGaussian(0, 0.1);
                }
                assertThat(cost(model, previous, other)).isGreaterThan(best);
            }
        }
    }

    private static double cost(Bigram model, int previous, double[] logits) {
        double[] probs = new Sampler(1, 1).probabilities(logits);
        double cost = 0;
        for (int j = 0; j < probs.length; j++) {
            cost -= (model.count(previous, j) + 1) * Math.log(probs[j]);
        }
        return cost;
    }

    private static double[] moved(double[] logits, int index, double by) {
        double[] moved = logits.clone();
        moved[index] += by;
        return moved;
    }

    @Test
    void learns_the_given_names() {
        Documents docs = Documents.givenNames().shuffled(new PythonRandom(42));
        Tokenizer tokenizer = Tokenizer.of(docs);
        Bigram model = new Bigram(tokenizer.vocabSize());

        double late = 0;
        for (int step = 0; step < 1000; step++) {
            int[] tokens = tokenizer.encodeDocument(docs.atStep(step));
            late += step < 900 ? 0 : model.loss(tokens) / 100;
            model.learn(tokens);
        }

        assertThat(late).isLessThan(2.64); // log 27 = 3.2958 at chance
    }

    @Test
    void the_lesson_on_its_package_page_says_the_truth() {
        PythonRandom random = new PythonRandom(42);
        Documents docs = Documents.givenNames().shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(docs);
        Bigram model = new Bigram(tokenizer.vocabSize());
        for (int step = 0; step < 1000; step++) {
            model.learn(tokenizer.encodeDocument(docs.atStep(step)));
        }

        assertThat(tokenizer.decode(new Sampler(1, 16).sample(model, random))).isEqualTo("safhinafirtzan");
    }

    @Test
    void prints_its_size_and_how_much_it_has_counted() {
        assertThat(new Bigram(3)).hasToString("Bigram[vocabSize=3, pairs=0]");
        assertThat(learned()).hasToString("Bigram[vocabSize=27, pairs=21035]");
    }

    @Test
    void works_with_an_empty_word_and_with_bos_alone() {
        Bigram model = new Bigram(1);

        model.learn(0, 0);
        model.learn(0);
        model.learn();

        assertThat(model.count(0, 0)).isEqualTo(1);
        assertThat(model.probability(0, 0)).isEqualTo(1);
        assertThat(model.loss(0, 0)).isZero();
    }

    @Test
    void rejects_a_token_outside_the_vocabulary_and_counts_nothing() {
        Bigram model = new Bigram(3);

        assertRejected(() -> model.learn(2, 0, 3), "tokenId 3 is not in [0, 3)");
        assertRejected(() -> model.count(3, 0), "tokenId 3 is not in [0, 3)");
        assertRejected(() -> model.count(0, -1), "tokenId -1 is not in [0, 3)");
        assertRejected(() -> model.probability(0, 3), "tokenId 3 is not in [0, 3)");
        assertRejected(() -> model.newContext().next(-1), "tokenId -1 is not in [0, 3)");
        assertThat(model.count(2, 0)).isZero();
    }

    @Test
    void rejects_an_empty_vocabulary() {
        assertRejected(() -> new Bigram(0), "vocabSize 0 is not >= 1");
    }

    private static void assertRejected(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Bigram learned() {
        Documents names = Documents.givenNames();
        Tokenizer tokenizer = Tokenizer.of(names);
        Bigram model = new Bigram(tokenizer.vocabSize());
        for (String name : names) {
            model.learn(tokenizer.encodeDocument(name));
        }
        return model;
    }
}
