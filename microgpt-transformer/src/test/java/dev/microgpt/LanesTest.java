package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Preset;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Strings that are written side by side are those that are written one by one. The build runs it with and without SIMD. */
class LanesTest {
    private static final GoldenGptRun RUN = GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY);
    private static final Set<String> NAMES = new HashSet<>(RUN.documents().asList());
    private static final GenerationOptions DEFAULTS = new GenerationOptions().withSeed(3);
    private static final int COUNT = 700; // more than are ahead of their turn

    static Stream<GenerationOptions> options() {
        return Stream.of(
                DEFAULTS,
                DEFAULTS.withTemperature(0.05),
                DEFAULTS.withTemperature(3),
                DEFAULTS.withTopK(1),
                DEFAULTS.withTopK(5),
                DEFAULTS.withTopP(0.3),
                DEFAULTS.withTopP(0.9).withTopK(20),
                DEFAULTS.withPrefix("mari"),
                DEFAULTS.withMinLength(0),
                DEFAULTS.withMinLength(7).withMaxLength(9),
                DEFAULTS.withMaxLength(3),
                DEFAULTS.withPrefix("an").withMaxLength(4).withTopP(0.5),
                DEFAULTS.withNovelOnly(true),
                DEFAULTS.withPattern("[a-m]+(n|na)?"),
                DEFAULTS.withPattern("(.[aeiou])+").withTopK(4),
                DEFAULTS.withPattern("k?.a?.{0,2}[^a-k]")
                        .withPrefix("ka")
                        .withTopP(0.8)
                        .withTemperature(1),
                DEFAULTS.withPattern("ann.*|b.{3}").withNovelOnly(true).withMinLength(4));
    }

    @ParameterizedTest
    @MethodSource("options")
    void strings_are_those_written_one_by_one(GenerationOptions options) {
        assertSame(RUN.model(), RUN.tokenizer(), options);
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(new GptConfig(27, 6, 8, 2, 1, Activation.RELU), DEFAULTS),
                Arguments.of(
                        new GptConfig(27, 12, 48, 4, 2, Activation.RELU),
                        DEFAULTS.withTopK(9).withMaxLength(11)),
                Arguments.of(new GptConfig(27, 9, 20, 5, 3, Activation.RELU_SQUARED), DEFAULTS.withTemperature(1)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void so_are_those_of_any_shape(GptConfig config, GenerationOptions options) {
        Initialization wide = new Initialization(0.3, false, Set.of());

        assertSame(new Gpt(config, wide.draw(config, new PythonRandom(1))), RUN.tokenizer(), options);
    }

    /** Where the number drawn lies between two tokens, or two tokens are equal, the rounding of a batch must not decide. */
    @Test
    void so_are_those_of_a_model_that_cannot_tell_its_tokens_apart() {
        GptConfig config = new GptConfig(27, 12, 8, 2, 1, Activation.RELU);
        Gpt even = new Gpt(config, config.newParameters());

        assertSame(even, RUN.tokenizer(), DEFAULTS.withTopK(13).withMaxLength(9));
        assertSame(even, RUN.tokenizer(), DEFAULTS.withTopP(1 / 3.0).withMaxLength(9));
    }

    @Test
    void a_few_strings_and_strings_that_cannot_be_are_drawn_as_well() {
        Completer completer =
                completer(RUN.model(), RUN.tokenizer(), DEFAULTS.withPrefix("e").withNovelOnly(true));
        Generator nothingNew = Generator.of(completer, string -> true);
        Lanes lanes = new Lanes(nothingNew, completer, 0, 3);

        for (int i = 0; i < 3; i++) {
            Attempts attempts = lanes.next();
            assertThat(attempts.index()).isEqualTo(i);
            assertThat(attempts.string()).isEmpty();
            assertThat(attempts.draws()).isEqualTo(101);
        }
    }

    /** The one draws as long as that pays, then the others; nobody sees where. */
    @Test
    @Tag("proof")
    void a_generator_that_has_warmed_up_goes_on_in_lanes() {
        GptConfig config = new GptConfig(27, 16, 64, 4, 4, Activation.RELU); // 2·10⁵ multiplications a token
        Initialization wide = new Initialization(0.1, false, Set.of());
        Gpt model = new Gpt(config, wide.draw(config, new PythonRandom(1)));
        GenerationOptions ofTwelve = DEFAULTS.withMaxLength(12);
        Generator generator = Generator.of(completer(model, RUN.tokenizer(), ofTwelve), string -> false);
        Generator different =
                Generator.of(completer(model, RUN.tokenizer(), ofTwelve.withUnique(true)), string -> false);

        List<String> list = generator.list(10_000);

        assertThat(generator.stream().limit(10_000).toList()).isEqualTo(list);
        assertThat(generator.stream().parallel().limit(5_000).toList()).isEqualTo(list.subList(0, 5_000));
        assertThat(different.list(1_000))
                .isEqualTo(list.stream().distinct().limit(1_000).toList());
        for (int i = 0; i < 10_000; i += 997) {
            assertThat(generator.at(i)).isEqualTo(list.get(i));
        }
    }

    private static Completer completer(Gpt model, Tokenizer tokenizer, GenerationOptions options) {
        return new Completer(model, tokenizer, options, Unset.whole(OptionalInt.of(9)));
    }

    private static void assertSame(Gpt model, Tokenizer tokenizer, GenerationOptions options) {
        Predicate<String> known = NAMES::contains;
        Completer completer = completer(model, tokenizer, options);
        Generator generator = Generator.of(completer, known);
        Lanes lanes = new Lanes(generator, completer, 100, 100 + COUNT);

        List<String> strings = IntStream.range(0, COUNT)
                .mapToObj(i -> lanes.next().string().orElse("(none)"))
                .toList();

        assertThat(strings)
                .isEqualTo(IntStream.range(100, 100 + COUNT)
                        .mapToObj(index -> oneByOne(generator, completer, index))
                        .toList())
                .doesNotContain("");
    }

    private static String oneByOne(Generator generator, Completer completer, long index) {
        Attempts attempts = generator.attempts(index);
        while (!attempts.isLast(completer.complete(attempts.random()))) {}
        return attempts.string().orElse("(none)");
    }
}
