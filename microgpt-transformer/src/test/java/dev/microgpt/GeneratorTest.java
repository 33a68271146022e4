package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.microgpt.testing.Golden;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {
    private static final GoldenGptRun RUN = GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY);
    private static final Subject TRAINED = Subject.of(RUN);
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

    // ---- the random numbers of a given generator, as in the original programs

    @ParameterizedTest
    @EnumSource
    void the_numbers_after_the_training_give_the_samples_of_the_original(Preset preset) {
        GoldenGptRun run = GoldenGptRun.of(preset, true, Engine.Kind.ARRAY);
        PythonRandom random = new PythonRandom(42); // as it is when the training is done
        Documents.givenNames().shuffled(random);
        Gpt.initial(preset, 27, random);
        Generator generator = Generator.of(
                new Completer(run.model(), run.tokenizer(), DEFAULTS, Unset.ORIGINAL), name -> false, random);

        List<String> samples = Stream.of(7, 13)
                .flatMap(count -> generator.list(count).stream())
                .toList();

        assertThat(samples)
                .isEqualTo(Golden.read("given-" + preset.name().toLowerCase(Locale.ROOT))
                        .strings("samples"));
    }

    @Test
    void draws_one_string_after_the_other_from_a_given_generator() {
        Sampler sampler = new Sampler(0.5, 16);
        PythonRandom random = new PythonRandom(5);
        List<String> expected = Stream.generate(() -> RUN.tokenizer().decode(sampler.sample(RUN.model(), random)))
                .limit(50)
                .toList();
        List<String> novel = expected.stream()
                .filter(string -> !TRAINED.strings().contains(string))
                .toList();

        assertThat(TRAINED.generator(DEFAULTS, new PythonRandom(5)).list(50)).isEqualTo(expected);
        assertThat(TRAINED.generator(DEFAULTS.withNovelOnly(true), new PythonRandom(5))
                        .list(novel.size()))
                .isEqualTo(novel);
        assertThat(TRAINED.generator(DEFAULTS.withUnique(true), new PythonRandom(5))
                        .list(30))
                .isEqualTo(expected.stream().distinct().limit(30).toList());
    }

    // ---- random numbers of its own for each string

    @Test
    void draws_each_string_from_the_seed_and_its_index() {
        Completer completer = TRAINED.completer(DEFAULTS);

        List<String> strings = TRAINED.generator(DEFAULTS.withSeed(3)).list(100);

        for (int i = 0; i < 100; i++) {
            assertThat(strings.get(i)).isEqualTo(completer.complete(SplitMix64.of(3, i)));
        }
        assertThat(TRAINED.generator(DEFAULTS.withSeed(4)).list(100)).isNotEqualTo(strings);
    }

    @Test
    void draws_a_string_that_is_dropped_again_from_its_own_numbers() {
        GenerationOptions options = DEFAULTS.withSeed(3);
        Completer completer = TRAINED.completer(options);

        List<String> strings = TRAINED.generator(options.withNovelOnly(true)).list(200);

        int redrawn = 0;
        for (int i = 0; i < 200; i++) {
            SplitMix64 random = SplitMix64.of(3, i);
            String string = completer.complete(random);
            while (TRAINED.strings().contains(string)) {
                string = completer.complete(random);
                redrawn++;
            }
            assertThat(strings.get(i)).isEqualTo(string);
        }
        assertThat(redrawn).isPositive();
    }

    @Test
    void gives_each_string_by_its_index() {
        for (GenerationOptions options : List.of(
                DEFAULTS,
                DEFAULTS.withNovelOnly(true),
                DEFAULTS.withPrefix("ka").withNovelOnly(true))) {
            Generator generator = TRAINED.generator(options.withSeed(8));
            List<String> strings = generator.list(100);

            assertThat(IntStream.range(0, 100).mapToObj(generator::at)).isEqualTo(strings);
            assertThat(generator.at(1L << 40)).isEqualTo(generator.at(1L << 40)).isNotEmpty();
        }
    }

    @Test
    void gives_the_same_strings_in_any_number_of_threads() {
        GenerationOptions seeded = DEFAULTS.withSeed(42);
        for (GenerationOptions options :
                List.of(seeded, seeded.withNovelOnly(true), seeded.withUnique(true), seeded.withTopP(0.9))) {
            Generator generator = TRAINED.generator(options.withMaxAttempts(1500));
            List<String> expected = generator.stream().toList();
            List<String> first = TRAINED.generator(options).list(300);

            assertThat(expected).startsWith(first.toArray(String[]::new));
            for (int threads : new int[] {1, 2, 3, 8}) {
                assertThat(Subject.inPool(threads, () -> generator.stream().parallel()))
                        .isEqualTo(expected);
                assertThat(Subject.inPool(
                                threads, () -> generator.stream().parallel().limit(300)))
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void a_parallel_stream_of_new_strings_draws_no_more_than_it_is_asked_for() {
        AtomicInteger contexts = new AtomicInteger();
        Completer completer = new Completer(
                counting(contexts), RUN.tokenizer(), DEFAULTS.withSeed(1).withNovelOnly(true), Unset.ORIGINAL);

        assertThat(Subject.inPool(
                        3,
                        () -> Generator.of(completer, name -> false).stream()
                                .parallel()
                                .limit(50)))
                .hasSize(50);
        assertThat(contexts).hasValue(50);
    }

    // ---- whole strings

    @Test
    void draws_a_string_again_that_is_empty_or_comes_to_no_end() {
        GenerationOptions wild = DEFAULTS.withTemperature(1.3).withSeed(4);
        Completer original = TRAINED.completer(wild);
        Completer completer = new Completer(RUN.model(), RUN.tokenizer(), wild, Unset.whole(0.5, OptionalInt.of(9)));

        List<String> strings = TRAINED.whole(wild).list(500);

        int cut = 0;
        for (int i = 0; i < 500; i++) {
            SplitMix64 random = SplitMix64.of(4, i);
            String string = completer.complete(random);
            while (string.length() == 16) {
                string = completer.complete(random);
                cut++;
            }
            assertThat(strings.get(i)).isEqualTo(string).isNotEmpty();
        }
        assertThat(cut).isPositive();
        assertThat(TRAINED.whole(wild).stream().limit(500)).isEqualTo(strings);
        assertThat(IntStream.range(0, 500).mapToObj(i -> original.complete(SplitMix64.of(4, i))))
                .contains("")
                .anyMatch(string -> string.length() == 16);
    }

    @Test
    void hands_out_what_is_empty_or_ends_at_maxLength_if_it_is_asked_for() {
        GenerationOptions wild = DEFAULTS.withTemperature(1.3).withSeed(4);

        assertThat(TRAINED.whole(wild.withMinLength(0).withMaxLength(16)).list(500))
                .isEqualTo(TRAINED.generator(wild).list(500));
        assertThat(TRAINED.whole(wild.withMaxLength(5)).list(100))
                .allMatch(string -> string.length() <= 5)
                .anyMatch(string -> string.length() == 5);
        assertThat(TRAINED.whole(wild.withMaxLength(17)).list(500)).allMatch(string -> string.length() < 16);
    }

    @Test
    void a_model_that_comes_to_no_end_ends_in_an_exception_that_says_so() {
        Completer endless = new Completer(
                new FixedLogits(1, 1, -1e300),
                Tokenizer.ofVocabulary("ab"),
                DEFAULTS.withSeed(1),
                Unset.whole(0.5, OptionalInt.of(3)));
        Generator generator = Generator.of(endless, name -> false);
        String message = "string 0 was drawn 101 times and dropped each time, 101 times because it had no end within 64"
                + " characters; another temperature, fewer conditions or a maxLength may find more";

        assertThatThrownBy(() -> generator.at(0))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> generator.stream().findFirst()).hasMessage(message);
        assertThatThrownBy(() -> generator.list(2)).hasMessage("found 0 of 2: " + message);
    }

    @Test
    void maxLength_is_four_times_the_longest_string_unless_something_longer_is_asked_for() {
        assertThat(maxLength(3, DEFAULTS)).isEqualTo(64);
        assertThat(maxLength(100, DEFAULTS)).isEqualTo(400);
        assertThat(maxLength(Integer.MAX_VALUE, DEFAULTS)).isEqualTo(Integer.MAX_VALUE);
        assertThat(maxLength(3, DEFAULTS.withMinLength(70))).isEqualTo(140);
        assertThat(maxLength(3, DEFAULTS.withPrefix("ab".repeat(40)))).isEqualTo(160);
        assertThat(maxLength(3, DEFAULTS.withMaxLength(1000))).isEqualTo(1000);
        assertThat(new Completer(
                                new FixedLogits(1, 1, 1),
                                Tokenizer.ofVocabulary("ab"),
                                DEFAULTS,
                                Unset.whole(0.5, OptionalInt.empty()))
                        .maxLength())
                .isEqualTo(Integer.MAX_VALUE);
    }

    private static int maxLength(int longest, GenerationOptions options) {
        return new Completer(
                        new FixedLogits(1, 1, 1),
                        Tokenizer.ofVocabulary("ab"),
                        options,
                        Unset.whole(0.5, OptionalInt.of(longest)))
                .maxLength();
    }

    // ---- without a seed

    @Test
    void without_a_seed_each_generator_gives_other_strings_and_repeats_its_own() {
        Generator generator = TRAINED.generator(DEFAULTS);

        List<String> strings = generator.list(100);

        assertThat(generator.stream().limit(100)).isEqualTo(strings);
        assertThat(TRAINED.generator(DEFAULTS).list(100)).isNotEqualTo(strings);
    }

    @Test
    void an_endless_stream_is_drawn_only_as_far_as_it_is_asked_for() {
        AtomicInteger contexts = new AtomicInteger();
        Generator generator = Generator.of(
                new Completer(counting(contexts), RUN.tokenizer(), DEFAULTS, Unset.ORIGINAL), name -> false);

        assertThat(generator.stream().limit(3)).hasSize(3);
        assertThat(generator.list(4)).hasSize(4);
        assertThat(generator.list(0)).isEmpty();
        assertThat(contexts).hasValue(7);
    }

    /** The trained model, which counts how often it begins to read. */
    private static LanguageModel counting(AtomicInteger contexts) {
        return new LanguageModel() {
            @Override
            public int vocabSize() {
                return RUN.model().vocabSize();
            }

            @Override
            public int blockSize() {
                return RUN.model().blockSize();
            }

            @Override
            public Context newContext() {
                contexts.incrementAndGet();
                return RUN.model().newContext();
            }
        };
    }

    @Test
    void names_what_is_wrong() {
        GenerationOptions seeded = DEFAULTS.withSeed(1);

        assertRejected(() -> TRAINED.generator(DEFAULTS).list(-1), "count -1 is not >= 0");
        assertRejected(() -> TRAINED.generator(seeded).at(-1), "index -1 is not >= 0");
        assertRejected(() -> TRAINED.generator(seeded.withMaxAttempts(5)).at(5), "index 5 is not < maxAttempts 5");
        assertRejected(
                () -> TRAINED.generator(DEFAULTS).at(0),
                "seed is not set, and without one each call gives other strings");
        assertRejected(
                () -> TRAINED.generator(seeded.withUnique(true)).at(0),
                "unique is true, but one string alone cannot be compared with those before it");
        assertRejected(
                () -> TRAINED.generator(seeded, new PythonRandom(1)),
                "seed 1 is set, but the random numbers come from the given generator");
    }

    private static void assertRejected(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
