package dev.microgpt.bigram;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NGramTest {
    private static final int BOS = 3; // of the vocabulary abc
    private static final List<String> NAMES = Documents.givenNames().asList();

    /**
     * ab and ac at order 2. Pairs: BOS a twice; a b, a c, b BOS, c BOS once: n_1 = 4, n_2 = 1, so Y = 4 / 6, and all discounts
     * are 2/3. Tokens by how many different ones came before: a, b, c after one, BOS after two: n_1 = 3, n_2 = 1, Y = 3 / 5.
     */
    @Test
    void has_the_probabilities_of_the_example_worked_by_hand() {
        NGram model = NGram.train(List.of("ab", "ac"), 2);

        double taken = 4 * 0.6 / 5; // by the discounts, of five continuations
        double a = (1 - 0.6) / 5 + taken / 4;
        double end = (2 - 0.6) / 5 + taken / 4;
        assertThat(a).isCloseTo(0.2, within(1e-15));
        assertThat(end).isCloseTo(0.4, within(1e-15));
        double third = 1.0 / 3; // 1 − 2/3
        assertThat(probabilities(model, BOS)) // BOS a was counted twice, of two
                .satisfies(closeTo(new double[] {4 * third / 2 + third * a, third * a, third * a, third * end}, 1e-15));
        assertThat(probabilities(model, BOS, 0)) // a b and a c once each, of two
                .satisfies(closeTo(new double[] {2 * third * a, 0.3, 0.3, 2 * third * end}, 1e-15));
        assertThat(probabilities(model, BOS, 0, 1)) // b BOS once, of one
                .satisfies(closeTo(new double[] {2 * third * a, 2 * third * a, 2 * third * a, 0.6}, 1e-15));
        assertThat(model.loss("ab"))
                .isCloseTo(-(Math.log(22.0 / 30) + Math.log(0.3) + Math.log(0.6)) / 3, within(1e-15));
    }

    /** abb twice and bb at order 3: b b was there three times, but after two different tokens, a and BOS, and counts 2. */
    @Test
    void counts_of_a_shorter_context_are_different_tokens_before() {
        NGram model = NGram.train(List.of("abb", "bb", "abb"), 3);

        // tokens 0, 1, 2 are a, b, BOS; triples: BOS a b 2, a b b 2, b b BOS 3, BOS b b 1
        // pairs, by tokens before: a b 1 (BOS), b b 2 (a, BOS), b BOS 1 (b); as often as it came: BOS a 2, BOS b 1
        // tokens, by tokens before: a 1 (BOS), b 3 (BOS, a, b), BOS 1 (b)
        double[] tokens = level(new int[] {1, 3, 1}, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, 0.5);
        double pairs = 3.0 / (3 + 2 * 2); // n_1 = 3 (a b, b BOS, BOS b), n_2 = 2 (b b, BOS a)
        double[] afterB = level(new int[] {0, 2, 1}, tokens, pairs);
        double triples = 1.0 / (1 + 2 * 2); // n_1 = 1, n_2 = 2
        double twice = 2 - 3 * triples * 1 / 2; // n_3 = 1
        double[] afterAb = level(new int[] {0, 2, 0}, afterB, twice);
        assertThat(probabilities(model, 2, 0, 1)).satisfies(closeTo(afterAb, 1e-15));
        assertThat(probabilities(model, 1)).satisfies(closeTo(afterB, 1e-15));
    }

    /** One level of the formula, where each count that is not 0 has the same discount. */
    private static double[] level(int[] counts, double[] shorter, double discount) {
        double sum = Arrays.stream(counts).sum();
        double taken = Arrays.stream(counts).filter(count -> count > 0).count() * discount;
        double[] probs = new double[counts.length];
        for (int i = 0; i < probs.length; i++) {
            probs[i] = Math.max(0, counts[i] - discount) / sum + taken / sum * shorter[i];
        }
        return probs;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void agrees_with_the_formula_word_for_word(int order) {
        SplittableRandom random = new SplittableRandom(order);
        for (int trial = 0; trial < 20; trial++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 1 + trial; i++) {
                words.add(random.ints(1 + random.nextInt(6), 'a', 'a' + 1 + trial % 4)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
            }
            NGram model = NGram.train(words, order);
            List<List<Integer>> documents = words.stream()
                    .map(word -> Arrays.stream(model.tokenizer().encodeDocument(word))
                            .boxed()
                            .toList())
                    .toList();
            NaiveNGram naive = new NaiveNGram(documents, order, model.vocabSize());
            for (List<Integer> document : documents) {
                Context context = model.newContext();
                for (int t = 0; t + 1 < document.size(); t++) {
                    double[] logits = context.next(document.get(t));
                    for (int token = 0; token < logits.length; token++) {
                        assertThat(Math.exp(logits[token]))
                                .as("%s after %s of %s", token, document.subList(0, t + 1), words)
                                .isCloseTo(naive.probability(document.subList(0, t + 1), token), within(1e-13));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void probabilities_add_up_to_1_after_any_context(int order) {
        NGram model = NGram.train(NAMES, order);
        RandomGenerator random = new SplittableRandom(order);

        assertThat(model.order()).isEqualTo(order);
        for (int trial = 0; trial < 300; trial++) {
            int[] context = trial % 2 == 0
                    ? random.ints(1 + trial % 12, 0, 27).toArray() // BOS anywhere
                    : model.tokenizer().encodeDocument(NAMES.get(random.nextInt(NAMES.size())));
            double[] probs = probabilities(model, Arrays.copyOf(context, 1 + random.nextInt(context.length)));
            assertThat(Arrays.stream(probs).sum()).isCloseTo(1, within(1e-13));
            assertThat(Arrays.stream(probs).min().orElseThrow()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 8})
    void losses_are_those_of_its_logits(int order) {
        NGram model = NGram.train(NAMES.subList(0, 1000), order, Tokenizer.of(NAMES));
        LanguageModel logits = new LanguageModel() {
            @Override
            public int vocabSize() {
                return model.vocabSize();
            }

            @Override
            public Context newContext() {
                return model.newContext();
            }
        };

        for (String name : List.of("emma", "xqzzv", "a")) {
            int[] tokens = model.tokenizer().encodeDocument(name);
            assertThat(model.losses(tokens)).satisfies(closeTo(logits.losses(tokens), 1e-13));
        }
        int[] inTheMiddle = {0, 26, 26, 4, 26, 0, 1};
        assertThat(model.losses(inTheMiddle)).satisfies(closeTo(logits.losses(inTheMiddle), 1e-13));
    }

    @Test
    void knows_the_end_of_the_context_when_a_document_begins_in_the_middle() {
        NGram model = NGram.train(NAMES, 4);

        assertThat(probabilities(model, 0, 4, 12, 12)).isEqualTo(probabilities(model, 4, 12, 12));
        assertThat(probabilities(model, 0, 26)).isEqualTo(probabilities(model, 26));
    }

    @Test
    void a_longer_context_makes_counted_names_likelier() {
        double[] own = {2, 4, 6, 8};
        for (int i = 0; i < own.length; i++) {
            NGram model = NGram.train(NAMES, (int) own[i]);
            own[i] = NAMES.stream().mapToDouble(model::loss).average().orElseThrow();
        }

        assertThat(own).isSortedAccordingTo(Collections.reverseOrder());
    }

    /** The loss on names that were not counted; 2.4870 was measured with another program. */
    @Test
    void predicts_unseen_given_names() {
        Documents names = Documents.givenNames().shuffled(new PythonRandom(42));

        assertThat(HeldOut.loss(names, 6)).isCloseTo(2.4870, within(0.003));
        assertThat(NGram.train(NAMES).order()).isEqualTo(6);
    }

    @Test
    void one_string_or_the_same_one_again_can_be_counted() {
        NGram once = NGram.train(List.of("ab"));
        NGram often = NGram.train(Collections.nCopies(1000, "ab"));

        assertThat(once.order()).isEqualTo(2);
        assertThat(often.order()).isEqualTo(2);
        assertThat(once.loss("ab")).isBetween(0.0, Math.log(3));
        assertThat(often.loss("ab")).isBetween(0.0, once.loss("ab"));
        assertThat(often.loss("ba")).isGreaterThan(Math.log(3)).isFinite();
    }

    @Test
    void strings_may_be_shorter_than_the_order() {
        NGram model = NGram.train(List.of("ab", "ac"), 8);

        assertThat(model.order()).isEqualTo(8);
        assertThat(model.loss("ab"))
                .isEqualTo(NGram.train(List.of("ab", "ac"), 5).loss("ab"));
        assertThat(NGram.train(List.of("a", "b")).loss("a")).isFinite();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8})
    void the_order_is_the_first_that_is_best_on_the_last_tenth(int best) {
        List<String> words = wordsOfPeriod(best);
        List<String> shuffled = new ArrayList<>(words);
        new PythonRandom(42).shuffle(shuffled);
        List<String> counted = shuffled.subList(0, 9 * shuffled.size() / 10);
        List<String> heldOut = shuffled.subList(counted.size(), shuffled.size());
        Tokenizer tokenizer = Tokenizer.of(Documents.of(words));
        double[] losses = IntStream.rangeClosed(2, 8)
                .mapToObj(order -> NGram.train(counted, order, tokenizer))
                .mapToDouble(model -> heldOut.stream()
                        .flatMapToDouble(unseen -> Arrays.stream(model.losses(tokenizer.encodeDocument(unseen))))
                        .sum())
                .toArray();

        assertThat(NGram.train(words).order()).isEqualTo(best);
        assertThat(Arrays.stream(losses).min()).hasValue(losses[best - 2]);
        assertThat(Arrays.stream(losses).limit(best - 2))
                .allSatisfy(loss -> assertThat(loss).isGreaterThan(losses[best - 2]));
    }

    /** Different words in which a letter tells the one that comes period − 1 later. */
    private static List<String> wordsOfPeriod(int period) {
        SplittableRandom random = new SplittableRandom(period);
        return Stream.generate(() -> {
                    StringBuilder word = new StringBuilder();
                    for (int i = 0; i < 40; i++) {
                        boolean free = i < period - 1 || random.nextInt(5) == 0;
                        word.append(free ? (char) ('a' + random.nextInt(3)) : word.charAt(i - period + 1));
                    }
                    return word.toString();
                })
                .distinct()
                .limit(400)
                .toList();
    }

    @Test
    void copies_count_but_do_not_choose_the_order() {
        List<String> eight = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            eight.addAll(NAMES);
        }

        NGram model = NGram.train(eight);

        assertThat(model.order()).isEqualTo(NGram.train(NAMES).order());
        assertThat(model.loss("emma")).isLessThan(NGram.train(NAMES).loss("emma"));
    }

    @Test
    void blanks_around_a_string_do_not_count() {
        NGram model = NGram.train(List.of(" anna ", "", "anton"), 3);

        assertThat(model.tokenizer().vocabulary()).isEqualTo("anot");
        assertThat(model.loss(" anna")).isEqualTo(model.loss("anna"));
        assertThat(model.loss("")).isEqualTo(model.loss(model.tokenizer().encodeDocument("")));
    }

    @Test
    void a_string_with_an_unknown_character_is_infinitely_surprising() {
        assertThat(NGram.train(NAMES, 2).loss("zoé")).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void takes_characters_beyond_the_list_from_the_tokenizer() {
        NGram model = NGram.train(List.of("ab", "ac"), 3, Tokenizer.ofVocabulary("abcd"));

        assertThat(model.vocabSize()).isEqualTo(5);
        assertThat(model.loss("ad")).isFinite();
        assertRejected(
                () -> NGram.train(List.of("ab"), 3, Tokenizer.ofVocabulary("a")),
                "character 'b' (U+0062) at index 1 of \"ab\" is not in the vocabulary");
    }

    @Test
    void generates_as_the_sampler_does_and_writes_names() {
        NGram model = NGram.train(NAMES);

        List<String> names = model.generate(500, new PythonRandom(1));

        PythonRandom random = new PythonRandom(1);
        Sampler sampler = new Sampler(1, 1000);
        for (String name : names) {
            assertThat(name).isEqualTo(model.tokenizer().decode(sampler.sample(model, random)));
        }
        double length = names.stream().mapToInt(String::length).average().orElseThrow();
        double inList = NAMES.stream().mapToInt(String::length).average().orElseThrow();
        assertThat(length).isCloseTo(inList, within(1.0));
        assertThat(model.generate(0, random)).isEmpty();
    }

    @Test
    void rejects_what_is_out_of_range() {
        NGram model = NGram.train(List.of("ab"), 2);

        assertRejected(() -> NGram.train(NAMES, 1), "order 1 is not in [2, 8]");
        assertRejected(() -> NGram.train(NAMES, 9), "order 9 is not in [2, 8]");
        assertRejected(() -> NGram.train(List.of(" ")), "documents has no text that is not blank");
        assertRejected(() -> model.newContext().next(3), "tokenId 3 is not in [0, 3)");
        assertRejected(() -> model.losses(2, -1), "tokenId -1 is not in [0, 3)");
        assertRejected(
                () -> model.losses(2), "tokens has length 1, at least 2 are needed: one to read and one to predict");
        assertRejected(() -> model.generate(-1, new PythonRandom(1)), "count -1 is not >= 0");
    }

    @Test
    void prints_its_size() {
        assertThat(NGram.train(List.of("ab", "ac"), 2)).hasToString("NGram[vocabSize=4, order=2, ngrams=9]");
        assertThat(NGram.train(NAMES)).hasToString("NGram[vocabSize=27, order=6, ngrams=31910]");
    }

    private static double[] probabilities(LanguageModel model, int... context) {
        Context reading = model.newContext();
        double[] logits = {};
        for (int token : context) {
            logits = reading.next(token);
        }
        return Arrays.stream(logits).map(Math::exp).toArray();
    }

    private static void assertRejected(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
