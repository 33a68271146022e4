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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

        Generator generator(GenerationOptions options) {
            return new Generator(new Completer(model, tokenizer, options), strings::contains);
        }
    }

    // ---- one stream of random numbers, as in the original programs

    @ParameterizedTest
    @EnumSource
    void continuing_after_the_training_gives_the_samples_of_the_original(Preset preset) {
        GoldenGptRun run = GoldenGptRun.of(preset, true, Engine.Kind.ARRAY);
        PythonRandom random = new PythonRandom(42); // as it is when the training is done
        Documents.givenNames().shuffled(random);
        Gpt.initial(preset, 27, random);
        Generator generator =
                new Generator(new Completer(run.model(), run.tokenizer(), DEFAULTS), name -> false).continuing(random);

        List<String> samples = Stream.of(7, 13)
                .flatMap(count -> generator.list(count).stream())
                .toList();

        assertThat(samples)
                .isEqualTo(Golden.read("given-" + preset.name().toLowerCase(Locale.ROOT))
                        .strings("samples"));
    }

    @Test
    void continuing_begins_with_the_seed() {
        Sampler sampler = new Sampler(0.5, 16);
        PythonRandom random = new PythonRandom(5);
        List<String> expected = Stream.generate(() -> RUN.tokenizer().decode(sampler.sample(RUN.model(), random)))
                .limit(50)
                .toList();
        GenerationOptions options = DEFAULTS.withSeed(5).withContinuing(true);

        assertThat(TRAINED.generator(options).list(50)).isEqualTo(expected);
        assertThat(TRAINED.generator(options).stream().limit(50)).isEqualTo(expected);
        assertThat(TRAINED.generator(options).one(character -> {})).isEqualTo(expected.get(0));
    }

    @Test
    void continuing_in_parallel_gives_the_same_strings_in_the_same_order() {
        GenerationOptions endless = DEFAULTS.withContinuing(true);
        GenerationOptions options = endless.withMaxAttempts(3000);
        List<String> expected = TRAINED.generator(options).stream().toList();

        for (int threads : new int[] {1, 2, 5}) {
            assertThat(inPool(threads, () -> TRAINED.generator(options).stream().parallel()))
                    .isEqualTo(expected);
            assertThat(inPool(
                            threads,
                            () -> TRAINED.generator(endless).stream().parallel().limit(300)))
                    .isEqualTo(expected.subList(0, 300));
        }
    }

    // ---- a stream of random numbers for each string

    @Test
    void draws_each_string_from_the_seed_and_its_index() {
        Completer completer = new Completer(RUN.model(), RUN.tokenizer(), DEFAULTS);

        List<String> strings = TRAINED.generator(DEFAULTS.withSeed(3)).list(100);

        for (int i = 0; i < 100; i++) {
            assertThat(strings.get(i)).isEqualTo(completer.complete(SplitMix64.of(3, i), character -> {}));
        }
        assertThat(TRAINED.generator(DEFAULTS.withSeed(4)).list(100)).isNotEqualTo(strings);
    }

    @Test
    void gives_the_same_strings_in_any_number_of_threads() {
        for (GenerationOptions options :
                List.of(DEFAULTS, DEFAULTS.withNovelOnly(true), DEFAULTS.withUnique(true), DEFAULTS.withTopP(0.9))) {
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
    void an_endless_stream_is_drawn_only_as_far_as_it_is_asked_for() {
        AtomicInteger contexts = new AtomicInteger();
        LanguageModel counting = new LanguageModel() {
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

        for (GenerationOptions options : List.of(DEFAULTS, DEFAULTS.withContinuing(true))) {
            contexts.set(0);
            Generator generator = new Generator(new Completer(counting, RUN.tokenizer(), options), name -> false);

            assertThat(generator.stream().limit(3)).hasSize(3);
            assertThat(generator.list(4)).hasSize(4);
            assertThat(generator.list(0)).isEmpty();
            assertThat(contexts).hasValue(7);
        }
    }

    @Test
    void hands_out_the_first_string_character_by_character() {
        StringBuilder characters = new StringBuilder();
        GenerationOptions options = DEFAULTS.withPrefix("ka").withSeed(9);

        String text = TRAINED.generator(options).one(characters::append);

        assertThat(text).isEqualTo(TRAINED.generator(options).list(1).get(0)).isEqualTo(characters.toString());
    }

    // ---- when there are no more

    @Test
    void says_how_many_were_found_and_hands_them_over() {
        GenerationOptions options = DEFAULTS.withTopK(2).withMaxLength(6).withUnique(true);
        Generator generator = TRAINED.generator(options);

        ExhaustedException exhausted = catchThrowableOfType(ExhaustedException.class, () -> generator.list(1000));

        List<String> all = generator.stream().limit(exhausted.found().size()).toList();
        assertThat(exhausted.found()).isEqualTo(all).doesNotHaveDuplicates().hasSizeBetween(10, 126);
        assertThat(exhausted)
                .hasMessage("found " + all.size() + " of 1,000 after 51,000 attempts; a higher temperature,"
                        + " fewer conditions or a larger maxAttempts may find more");
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
    void a_stream_that_drops_strings_ends_by_itself() {
        LanguageModel nothingButTheEnd = new LanguageModel() {
            @Override
            public int vocabSize() {
                return 2;
            }

            @Override
            public Context newContext() {
                return tokenId -> new double[] {Double.NEGATIVE_INFINITY, 0};
            }
        };
        Completer completer =
                new Completer(nothingButTheEnd, Tokenizer.ofVocabulary("a"), DEFAULTS.withNovelOnly(true));

        assertThat(new Generator(completer, string -> true).stream()).isEmpty();
    }

    @Test
    void names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TRAINED.generator(DEFAULTS).list(-1))
                .withMessage("count -1 is not >= 0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TRAINED.generator(DEFAULTS.withNovelOnly(true)).one(character -> {}))
                .withMessage("novelOnly needs whole strings, it cannot be kept where characters are handed out"
                        + " as they are drawn");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TRAINED.generator(DEFAULTS.withUnique(true)).one(character -> {}))
                .withMessage("unique needs whole strings, it cannot be kept where characters are handed out"
                        + " as they are drawn");
    }

    // ---- what must hold for any options

    @Test
    void keeps_what_random_options_ask_for_trained() {
        keepsWhatRandomOptionsAskFor(TRAINED, new SplittableRandom(11));
    }

    @Test
    void keeps_what_random_options_ask_for_untrained() {
        keepsWhatRandomOptionsAskFor(Subject.untrained(), new SplittableRandom(12));
    }

    private static void keepsWhatRandomOptionsAskFor(Subject subject, SplittableRandom random) {
        int strings = 0;
        for (int set = 0; set < 300; set++) {
            GenerationOptions options = randomOptions(subject, random);
            try {
                strings += keepsWhatIsAskedFor(subject, options);
            } catch (AssertionError e) {
                throw new AssertionError("set " + set + ": " + describe(options), e);
            }
        }
        assertThat(strings).isGreaterThan(5000); // the options do not forbid everything
    }

    /** Returns how many strings could be checked. */
    private static int keepsWhatIsAskedFor(Subject subject, GenerationOptions options) {
        List<String> drawn = subject.generator(options).stream().toList();

        int most = Math.min(options.maxLength(), subject.model().blockSize());
        for (String string : drawn) {
            assertThat(string).startsWith(options.prefix());
            assertThat(string.codePointCount(0, string.length())).isBetween(options.minLength(), most);
            assertOnlyAllowedTokens(subject, options, string);
        }
        if (options.unique()) {
            assertThat(drawn).doesNotHaveDuplicates();
        }
        if (options.novelOnly()) {
            assertThat(drawn).doesNotContainAnyElementsOf(subject.strings());
        }
        if (!options.unique() && !options.novelOnly()) {
            assertThat(drawn).hasSize((int) options.maxAttempts().orElseThrow());
        }
        assertThat(subject.generator(options).list(drawn.size())).isEqualTo(drawn);
        assertThat(inPool(3, () -> subject.generator(options).stream().parallel()))
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
                .withContinuing(random.nextInt(4) == 0)
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
                .limit(options.temperature() == 0 ? 1 : options.topK())
                .toList();
        double best = logits[order.get(0)];
        double temperature = options.temperature() == 0 ? 1 : options.temperature();
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

    private static String describe(GenerationOptions options) {
        return "temperature %s, topK %s, topP %s, prefix %s, length %s to %s, unique %s, novelOnly %s, seed %s, continuing %s"
                .formatted(
                        options.temperature(),
                        options.topK(),
                        options.topP(),
                        options.prefix(),
                        options.minLength(),
                        options.maxLength(),
                        options.unique(),
                        options.novelOnly(),
                        options.seed(),
                        options.continuing());
    }
}
