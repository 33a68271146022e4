package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Initialization.HeadDraw;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {
    private static final GoldenGptRun RUN = GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY);
    private static final Subject TRAINED = new Subject(
            RUN.model(), RUN.tokenizer(), new HashSet<>(RUN.documents().asList()));
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

    /** What is sampled from. */
    private record Subject(Gpt model, Tokenizer tokenizer, Set<String> strings) {
        /** A model that has learned nothing, of strings in several scripts. */
        static Subject untrained() {
            Set<String> strings = Set.of("🙂🙃", "👩‍💻", "مرحبا", "你好世界", "e\u0301a\u0300", "zoë", "a");
            Tokenizer tokenizer = Tokenizer.of(strings);
            GptConfig config = new GptConfig(tokenizer.vocabSize(), 6, 8, 2, 1, Activation.RELU);
            Initialization wide = new Initialization(0.6, HeadDraw.THIRD, Set.of());
            return new Subject(new Gpt(config, wide.draw(config, new PythonRandom(1))), tokenizer, strings);
        }

        /** As an application draws. */
        Generator whole(GenerationOptions options) {
            Unset unset = Unset.whole(OptionalInt.empty());
            return Generator.of(new Completer(model, tokenizer, options, unset), strings::contains);
        }

        Generator generator(GenerationOptions options) {
            return Generator.of(completer(options), strings::contains);
        }

        Generator generator(GenerationOptions options, RandomGenerator random) {
            return Generator.of(completer(options), strings::contains, random);
        }

        Completer completer(GenerationOptions options) {
            return new Completer(model, tokenizer, options, Unset.ORIGINAL);
        }
    }

    // ---- the random numbers of a given generator, as in the original programs

    @ParameterizedTest
    @EnumSource
    void the_numbers_after_the_training_give_the_samples_of_the_original(Preset preset) {
        GoldenGptRun run = GoldenGptRun.of(preset, true, Engine.Kind.ARRAY);
        PythonRandom random = new PythonRandom(Preset.SEED); // as it is when the training is done
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
                assertThat(inPool(threads, () -> generator.stream().parallel())).isEqualTo(expected);
                assertThat(inPool(threads, () -> generator.stream().parallel().limit(300)))
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void a_parallel_stream_of_new_strings_draws_no_more_than_it_is_asked_for() {
        AtomicInteger contexts = new AtomicInteger();
        Completer completer = new Completer(
                counting(contexts), RUN.tokenizer(), DEFAULTS.withSeed(1).withNovelOnly(true), Unset.ORIGINAL);

        assertThat(inPool(
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
        Completer completer = new Completer(RUN.model(), RUN.tokenizer(), wild, Unset.whole(OptionalInt.of(9)));

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
                logits(1, 1, -1e300),
                Tokenizer.ofVocabulary("ab"),
                DEFAULTS.withSeed(1),
                Unset.whole(OptionalInt.of(3)));
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
                                logits(1, 1, 1),
                                Tokenizer.ofVocabulary("ab"),
                                DEFAULTS,
                                Unset.whole(OptionalInt.empty()))
                        .maxLength())
                .isEqualTo(Integer.MAX_VALUE);
    }

    private static int maxLength(int longest, GenerationOptions options) {
        return new Completer(
                        logits(1, 1, 1), Tokenizer.ofVocabulary("ab"), options, Unset.whole(OptionalInt.of(longest)))
                .maxLength();
    }

    /** A model of a, b and the end that always says the same. */
    private static LanguageModel logits(double... logits) {
        return new LanguageModel() {
            @Override
            public int vocabSize() {
                return logits.length;
            }

            @Override
            public Context newContext() {
                return tokenId -> logits;
            }
        };
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

    // ---- when there are no more

    @Test
    void says_how_many_were_found_and_hands_them_over() {
        GenerationOptions options =
                DEFAULTS.withTopK(2).withMaxLength(6).withUnique(true).withSeed(42);
        Generator generator = TRAINED.generator(options);

        ExhaustedException exhausted = catchThrowableOfType(ExhaustedException.class, () -> generator.list(1000));

        List<String> all = generator.stream().limit(exhausted.found().size()).toList();
        assertThat(exhausted.found()).isEqualTo(all).doesNotHaveDuplicates().hasSizeBetween(10, 126);
        assertThat(exhausted)
                .hasMessage(String.format(
                        Locale.ROOT,
                        "found %d of 1,000 after %,d attempts; a higher temperature,"
                                + " fewer conditions or a larger maxAttempts may find more",
                        all.size(),
                        attempts(TRAINED.completer(options), all.size())));
        assertThat(generator.stream()).isEqualTo(all);
    }

    /** How many strings must be drawn to find so many different ones, and then so many in vain that the search ends. */
    private static long attempts(Completer completer, int count) {
        Set<String> seen = new HashSet<>();
        long index = 0;
        for (long inVain = 0; inVain < Math.max(1_000, 50L * seen.size()); index++) {
            inVain = seen.add(completer.complete(SplitMix64.of(42, index))) ? 0 : inVain + 1;
        }
        assertThat(seen).hasSize(count);
        return index;
    }

    @Test
    void a_search_for_more_than_there_is_takes_no_longer_than_what_there_is() {
        AtomicInteger read = new AtomicInteger();
        LanguageModel two = new LanguageModel() {
            @Override
            public int vocabSize() {
                return 3;
            }

            @Override
            public Context newContext() {
                read.incrementAndGet();
                return tokenId -> new double[] {1, 1, -1e300};
            }
        };
        GenerationOptions options = DEFAULTS.withMaxLength(1).withUnique(true).withSeed(1);
        Generator generator =
                Generator.of(new Completer(two, Tokenizer.ofVocabulary("ab"), options, Unset.ORIGINAL), name -> false);

        assertThatThrownBy(() -> generator.list(100_000)).hasMessageStartingWith("found 2 of 100,000 after 1,00");
        assertThat(generator.stream()).containsExactlyInAnyOrder("a", "b");
        assertThat(read).hasValueLessThan(2_050);
    }

    @Test
    void a_search_goes_on_after_a_string_that_cannot_be_drawn() {
        GenerationOptions options = DEFAULTS.withSeed(9).withUnique(true).withNovelOnly(true);
        List<String> draws = TRAINED.generator(DEFAULTS.withSeed(9)).list(2_000);
        String rare = draws.stream()
                .filter(string -> draws.indexOf(string) > 20 && draws.indexOf(string) < 1_000)
                .findFirst()
                .orElseThrow();
        Generator generator =
                Generator.of(TRAINED.completer(options.withMaxAttempts(1_000)), string -> !string.equals(rare));

        assertThat(generator.stream()).containsExactly(rare);
    }

    @Test
    void a_single_possible_string_ends_every_search() {
        Generator generator =
                TRAINED.generator(DEFAULTS.withTemperature(0).withUnique(true).withMaxAttempts(2000));

        assertThat(generator.stream()).hasSize(1);
        assertThatThrownBy(() -> generator.list(2))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("found 1 of 2 after 2,000 attempts; a higher temperature, fewer conditions"
                        + " or a larger maxAttempts may find more");
        assertThat(TRAINED.generator(DEFAULTS.withTemperature(0)).list(3)).hasSize(3);
    }

    @Test
    void maxAttempts_ends_a_list_and_a_stream_that_drop_nothing() {
        Generator generator = TRAINED.generator(DEFAULTS.withSeed(1).withMaxAttempts(3));

        assertThat(generator.stream()).hasSize(3).isEqualTo(generator.list(3));
        assertThatThrownBy(() -> generator.list(4))
                .isInstanceOf(ExhaustedException.class)
                .hasMessageStartingWith("found 3 of 4 after 3 attempts; ");
    }

    @Test
    void draws_a_string_again_a_hundred_times_and_no_more() {
        GenerationOptions options = DEFAULTS.withNovelOnly(true).withSeed(6);
        Completer completer = TRAINED.completer(options);
        SplitMix64 random = SplitMix64.of(6, 0);
        List<String> draws =
                Stream.generate(() -> completer.complete(random)).limit(101).toList();

        assertThat(Generator.of(completer, dropsTheFirst(100)).at(0)).isEqualTo(draws.get(100));
        assertThatThrownBy(() -> Generator.of(completer, dropsTheFirst(101)).at(0))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("string 0 was drawn 101 times and dropped each time;"
                        + " a higher temperature or fewer conditions may find more");
    }

    private static Predicate<String> dropsTheFirst(int count) {
        AtomicInteger asked = new AtomicInteger();
        return string -> asked.incrementAndGet() <= count;
    }

    @Test
    void a_string_that_cannot_be_drawn_ends_the_list_and_the_stream_but_not_the_strings_after_it() {
        GenerationOptions options = DEFAULTS.withSeed(2).withNovelOnly(true);
        Completer completer = TRAINED.completer(options);
        List<String> strings = Generator.of(completer, string -> false).list(5);
        SplitMix64 third = SplitMix64.of(2, 3);
        Set<String> draws = Stream.generate(() -> completer.complete(third))
                .limit(101)
                .filter(string -> !strings.subList(0, 3).contains(string) && !string.equals(strings.get(4)))
                .collect(Collectors.toSet());
        Predicate<String> known = string -> draws.contains(string) || string.equals(strings.get(3));
        String message = "string 3 was drawn 101 times and dropped each time;"
                + " a higher temperature or fewer conditions may find more";
        Generator generator = Generator.of(completer, known);

        ExhaustedException ofList = catchThrowableOfType(ExhaustedException.class, () -> generator.list(5));
        ExhaustedException ofStream = catchThrowableOfType(
                ExhaustedException.class, () -> generator.stream().limit(5).toList());

        assertThat(ofList).hasMessage("found 3 of 5: " + message);
        assertThat(ofList.found()).isEqualTo(strings.subList(0, 3));
        assertThat(ofStream).hasMessage(message);
        assertThat(ofStream.found()).isEmpty();
        assertThat(inPool(3, () -> generator.stream().parallel().limit(3))).isEqualTo(strings.subList(0, 3));
        assertThat(generator.at(4)).isEqualTo(strings.get(4));
    }

    @Test
    void a_stream_of_unique_strings_ends_where_there_are_none() {
        Generator nothing =
                Generator.of(TRAINED.completer(DEFAULTS.withUnique(true).withNovelOnly(true)), string -> true);

        assertThat(nothing.stream()).isEmpty();
        assertThat(nothing.stream().parallel()).isEmpty();
        assertThatThrownBy(() -> nothing.list(1)).hasMessageStartingWith("found 0 of 1 after 1,010 attempts; ");
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

    // ---- what must hold for any options

    @Test
    void keeps_what_random_options_ask_for_trained() {
        keepsWhatRandomOptionsAskFor(300, TRAINED, new SplittableRandom(11));
    }

    @Test
    void keeps_what_random_options_ask_for_untrained() {
        keepsWhatRandomOptionsAskFor(500, Subject.untrained(), new SplittableRandom(12));
    }

    private static void keepsWhatRandomOptionsAskFor(int sets, Subject subject, SplittableRandom random) {
        int strings = 0;
        for (int set = 0; set < sets; set++) {
            GenerationOptions options = randomOptions(subject, random);
            try {
                strings += keepsWhatIsAskedFor(subject, options);
            } catch (AssertionError e) {
                throw new AssertionError("set " + set + ": " + options, e);
            }
        }
        assertThat(strings).isGreaterThan(5000); // the options do not forbid everything
    }

    /** Returns how many strings could be checked. */
    private static int keepsWhatIsAskedFor(Subject subject, GenerationOptions options) {
        Generator generator = subject.whole(options);
        List<String> drawn = new ArrayList<>();
        ExhaustedException end = catchThrowableOfType(
                ExhaustedException.class, () -> generator.stream().forEach(drawn::add));

        int blockSize = subject.model().blockSize();
        boolean mayBeCut = options.maxLength() > blockSize;
        int longest = mayBeCut ? blockSize - 1 : options.maxLength();
        for (String string : drawn) {
            assertThat(string).startsWith(options.prefix());
            assertThat(string.codePointCount(0, string.length())).isBetween(options.minLength(), longest);
            assertOnlyAllowedTokens(subject, options, string);
        }
        if (options.unique()) {
            assertThat(drawn).doesNotHaveDuplicates();
        }
        if (options.novelOnly()) {
            assertThat(drawn).doesNotContainAnyElementsOf(subject.strings());
        }
        int attempts = (int) options.maxAttempts().orElseThrow();
        if (end == null && !options.unique()) {
            assertThat(drawn).hasSize(attempts);
        } else if (end != null) {
            assertThat((options.novelOnly() || mayBeCut) && !options.unique()).isTrue();
            assertThatThrownBy(() -> generator.at(drawn.size())).hasMessage(end.getMessage());
        }
        if (!options.unique()) {
            assertThat(IntStream.range(0, drawn.size()).mapToObj(generator::at)).isEqualTo(drawn);
        }
        assertThat(generator.list(drawn.size())).isEqualTo(drawn);
        assertThat(inPool(3, () -> generator.stream().parallel().limit(drawn.size())))
                .isEqualTo(drawn);
        return drawn.size();
    }

    private static GenerationOptions randomOptions(Subject subject, SplittableRandom random) {
        int blockSize = subject.model().blockSize();
        List<String> texts = subject.strings().stream().sorted().toList();
        String text = texts.get(random.nextInt(texts.size()));
        int length = random.nextInt(Math.min(blockSize - 1, text.codePointCount(0, text.length())) + 1);
        String prefix = random.nextBoolean() ? "" : text.substring(0, text.offsetByCodePoints(0, length));
        int minLength = random.nextInt(3) == 0 ? random.nextInt(blockSize + 1) : 0;
        int least = Math.max(1, Math.max(minLength, length));
        return DEFAULTS.withTemperature(random.nextInt(8) == 0 ? 0 : 2 * random.nextDouble())
                .withTopK(random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(6))
                .withTopP(random.nextBoolean() ? 1 : 1 - random.nextDouble())
                .withPrefix(prefix)
                .withMinLength(minLength)
                .withMaxLength(random.nextBoolean() ? Integer.MAX_VALUE : least + random.nextInt(blockSize))
                .withUnique(random.nextBoolean())
                .withNovelOnly(random.nextBoolean())
                .withSeed(random.nextLong())
                .withMaxAttempts(1 + random.nextInt(100));
    }

    /** Walks through the string again and looks up, in a plainly sorted list, whether each token was to be had. */
    private static void assertOnlyAllowedTokens(Subject subject, GenerationOptions options, String string) {
        int[] tokens = subject.tokenizer().encodeDocument(string);
        int prefix = options.prefix().codePointCount(0, options.prefix().length());
        int most = Math.min(options.maxLength(), subject.model().blockSize());
        Context context = subject.model().newContext();
        for (int length = 0; length < Math.min(tokens.length - 1, most); length++) {
            double[] logits = context.next(tokens[length]).clone();
            if (length >= prefix) {
                assertThat(allowed(logits, length, subject, options)).contains(tokens[length + 1]);
            }
        }
    }

    private static List<Integer> allowed(double[] logits, int length, Subject subject, GenerationOptions options) {
        if (length < options.minLength()) {
            logits[subject.tokenizer().bos()] = Double.NEGATIVE_INFINITY;
        }
        List<Integer> order = IntStream.range(0, logits.length)
                .boxed()
                .filter(token -> logits[token] > Double.NEGATIVE_INFINITY)
                .sorted(Comparator.comparing((Integer token) -> logits[token])
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .limit(options.temperature().orElseThrow() == 0 ? 1 : options.topK())
                .toList();
        double best = logits[order.get(0)];
        double temperature = options.temperature().orElseThrow() == 0
                ? 1
                : options.temperature().orElseThrow();
        double total = order.stream()
                .mapToDouble(token -> Math.exp((logits[token] - best) / temperature))
                .sum();
        double sum = 0;
        int count = 0;
        while (count < order.size() && sum < options.topP() + 1e-12) { // what rounding may leave in
            sum += Math.exp((logits[order.get(count++)] - best) / temperature) / total;
        }
        return order.subList(0, count);
    }

    private static List<String> inPool(int threads, Supplier<Stream<String>> strings) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(() -> strings.get().toList()).join();
        } finally {
            pool.shutdown();
        }
    }
}
