package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Preset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link Generator} does when there are no more strings to be had. */
class ExhaustionTest {
    private static final Subject TRAINED = Subject.of(GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY));
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

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
        assertThat(Subject.inPool(3, () -> generator.stream().parallel().limit(3)))
                .isEqualTo(strings.subList(0, 3));
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
}
