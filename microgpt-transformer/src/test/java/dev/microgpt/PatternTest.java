package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Score.Prediction;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Preset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Strings that must fit a pattern, with all that options can ask for beside it. */
class PatternTest {
    private static final List<String> CODES = IntStream.range(0, 200)
            .mapToObj(i -> "" + (char) ('A' + i % 5) + (char) ('A' + i % 7) + '-' + (1000 + 37 * i)
                    + (i % 3 == 0 ? "-S" : i % 3 == 1 ? "-M" : ""))
            .toList();
    private static final String FORM = "[A-Z]{2}-\\d{4}(-[SML])?";
    private static final MicroGpt MODEL =
            MicroGpt.train(CODES, TrainingOptions.of(Preset.STAGE5).withSteps(150));
    private static final GenerationOptions SEEDED =
            new GenerationOptions().withSeed(5).withPattern(FORM);

    static Stream<GenerationOptions> options() {
        return Stream.of(
                SEEDED,
                SEEDED.withPattern("^(A|B)[^-]-\\d+$"),
                SEEDED.withPattern("(?:\\w|-)+?"),
                SEEDED.withPattern(".*"),
                SEEDED.withPattern("-{15,}"),
                SEEDED.withPattern(".{16}"),
                SEEDED.withPattern("(A|AB|ABA)*D?"),
                SEEDED.withPrefix("BC-"),
                SEEDED.withPrefix("BC-4711"),
                SEEDED.withMinLength(8),
                SEEDED.withMaxLength(8),
                SEEDED.withMinLength(9).withMaxLength(9).withPrefix("A"),
                SEEDED.withPattern("[A-E]*").withMinLength(0),
                SEEDED.withPattern("[A-E]*").withMinLength(5).withMaxLength(7),
                SEEDED.withTopK(1),
                SEEDED.withTopK(3),
                SEEDED.withTopP(0.2),
                SEEDED.withTopP(0.9).withTopK(10),
                SEEDED.withTemperature(0),
                SEEDED.withTemperature(2),
                SEEDED.withTemperature(2).withNovelOnly(true),
                SEEDED.withTemperature(2).withUnique(true),
                SEEDED.withPrefix("A")
                        .withTemperature(1)
                        .withTopK(9)
                        .withUnique(true)
                        .withNovelOnly(true));
    }

    @ParameterizedTest
    @MethodSource("options")
    void every_string_matches_whatever_else_is_asked_for(GenerationOptions options) {
        Pattern pattern = Pattern.compile(options.pattern().orElseThrow());

        List<String> strings = MODEL.generate(150, options);

        assertThat(strings)
                .allMatch(text -> pattern.matcher(text).matches())
                .allMatch(text -> text.startsWith(options.prefix()))
                .allMatch(text -> text.length() >= options.minLength() && text.length() <= options.maxLength());
        if (options.unique()) {
            assertThat(strings).doesNotHaveDuplicates();
        } else {
            assertThat(IntStream.range(0, 150).mapToObj(i -> MODEL.generateAt(i, options)))
                    .isEqualTo(strings);
        }
        if (options.novelOnly()) {
            assertThat(strings).doesNotContainAnyElementsOf(CODES);
        }
        assertThat(MODEL.generate(150, options)).isEqualTo(strings);
        assertThat(MODEL.stream(options).limit(150)).isEqualTo(strings);
        assertThat(MODEL.stream(options).parallel().limit(150)).isEqualTo(strings);
    }

    @Test
    void a_pattern_that_allows_everything_changes_nothing() {
        GenerationOptions free = new GenerationOptions().withSeed(5).withMaxLength(12);

        assertThat(MODEL.generate(300, free.withPattern("(.|\\n)*"))).isEqualTo(MODEL.generate(300, free));
    }

    /** No draw is in vain: what is drawn first is what comes. */
    @Test
    void nothing_is_drawn_again_because_of_pattern_or_length() {
        for (GenerationOptions options : options().toList()) {
            Completer completer = completer(MODEL, options);
            Attempts attempts = Generator.of(completer, text -> false).attempts(7);

            assertThat(attempts.isLast(completer.complete(attempts.random()))).isTrue();
        }
    }

    @Test
    void each_step_draws_in_the_ratios_of_the_model_from_what_is_allowed() {
        GenerationOptions options = SEEDED.withTemperature(1).withPattern("[A-C]{2}(-[12].*)?");
        Map<String, Double> all = probabilities(MODEL.candidates("AB"));
        Map<String, Double> allowed = probabilities(MODEL.candidates(options.withPrefix("AB")));

        double rest = all.get("-") + all.get("");
        assertThat(allowed.get("-")).isCloseTo(all.get("-") / rest, within(1e-12));
        assertThat(allowed.get("")).isCloseTo(all.get("") / rest, within(1e-12));
        assertThat(allowed.values().stream().filter(p -> p > 0)).hasSize(2);
        assertThat(allowed.keySet()).isEqualTo(all.keySet());
    }

    @Test
    void the_pattern_comes_before_topK_and_topP() {
        String unlikely = probabilities(MODEL.candidates("")).entrySet().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        GenerationOptions options = SEEDED.withPattern(unlikely + "[A-E]").withMinLength(0);

        assertThat(probabilities(MODEL.candidates(options.withTopK(1)))).containsEntry(unlikely, 1.0);
        assertThat(probabilities(MODEL.candidates(options.withTopP(1e-9)))).containsEntry(unlikely, 1.0);
        assertThat(probabilities(MODEL.candidates(options.withTemperature(0)))).containsEntry(unlikely, 1.0);
    }

    @Test
    void candidates_are_those_that_lead_to_a_match_within_maxLength() {
        GenerationOptions options = SEEDED.withPattern("A*(B{3})?");

        assertThat(possible(options)).containsExactlyInAnyOrder("A", "B");
        assertThat(possible(options.withPrefix("AA").withMaxLength(4))).containsExactlyInAnyOrder("A", "");
        assertThat(possible(options.withPrefix("AA").withMaxLength(4).withMinLength(4)))
                .containsExactly("A");
        assertThat(possible(options.withPrefix("AB"))).containsExactly("B");
        assertThat(possible(options.withPrefix("ABBB"))).containsExactly("");
    }

    private static Set<String> possible(GenerationOptions options) {
        return probabilities(MODEL.candidates(options)).entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Map<String, Double> probabilities(List<Prediction> candidates) {
        return candidates.stream()
                .collect(Collectors.toMap(
                        Prediction::character, Prediction::probability, (a, b) -> a + b, TreeMap::new));
    }

    @Test
    void a_pattern_with_few_strings_gives_them_all_and_ends() {
        GenerationOptions options =
                SEEDED.withPattern("[AB][AB]?").withTemperature(2).withUnique(true);

        assertThat(MODEL.generate(6, options)).containsExactlyInAnyOrder("A", "B", "AA", "AB", "BA", "BB");
        assertThat(MODEL.stream(options)).hasSize(6);
        assertRefused(
                () -> MODEL.generate(7, options),
                "count 7 is not <= 6, the number of different strings that match pattern \"[AB][AB]?\"");
        assertRefused(
                () -> MODEL.generate(4, options.withPrefix("B")),
                "count 4 is not <= 3, the number of different strings that match pattern \"[AB][AB]?\"");
        assertThat(MODEL.generate(7, options.withUnique(false))).hasSize(7);
    }

    @Test
    void only_known_strings_cannot_be_new() {
        assertThatExceptionOfType(ExhaustedException.class)
                .isThrownBy(
                        () -> MODEL.generate(3, SEEDED.withPattern(CODES.get(0)).withNovelOnly(true)))
                .withMessageContaining("was drawn 101 times and dropped each time");
    }

    @Test
    void what_cannot_be_is_said_at_once() {
        assertRefused(
                () -> MODEL.stream(SEEDED.withPattern("[a-z]+")),
                "pattern \"[a-z]+\" matches no string of 1 (minLength) to 16 characters (maxLength or blockSize), and the"
                        + " vocabulary has no [a-z]");
        assertRefused(
                () -> MODEL.stream(SEEDED.withPattern("\\d{17}")),
                "pattern \"\\d{17}\" matches no string of 1 (minLength) to 16 characters (maxLength or blockSize)");
        assertRefused(
                () -> MODEL.stream(SEEDED.withMaxLength(6)),
                "pattern \"" + FORM + "\" matches no string of 1 (minLength) to 6 characters (maxLength or blockSize)");
        assertRefused(
                () -> MODEL.stream(SEEDED.withPrefix("A1")),
                "prefix \"A1\" begins no string of 1 to 16 characters that pattern \"" + FORM + "\" matches");
        assertRefused(
                () -> MODEL.stream(SEEDED.withMinLength(8).withPrefix("AA-1000-A")),
                "prefix \"AA-1000-A\" begins no string of 8 to 16 characters that pattern \"" + FORM + "\" matches");
        assertRefused(
                () -> MODEL.candidates(SEEDED.withPrefix("AA-1000").withMaxLength(7)),
                "prefix of 7 characters leaves no room in maxLength 7");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    /** A little model that knows nothing, in whose strings anything may come. */
    private static Gpt wild(int vocabSize) {
        GptConfig config = new GptConfig(vocabSize, 12, 4, 1, 1, Activation.RELU);
        Initialization wide = new Initialization(0.6, false, Set.of());
        return new Gpt(config, wide.draw(config, new PythonRandom(1)));
    }

    private static Completer completer(MicroGpt model, GenerationOptions options) {
        return new Completer(model.gpt(), model.tokenizer(), options, Unset.whole(OptionalInt.of(9)));
    }

    @Test
    @Tag("proof")
    void of_a_million_strings_java_util_regex_refuses_none() {
        Tokenizer tokenizer = Tokenizer.ofVocabulary("\n -.0123459AMSXYZ_abcxyzé🙂");
        Gpt model = wild(tokenizer.vocabSize());
        List<String> patterns = List.of(
                "[A-Z]{2}-\\d{4}(-[SML])?",
                "\\w+( \\w+)*",
                "(?:[a-c]+|\\d{1,3}\\.)*[^a]",
                "[^\\w\\s]+.?",
                ".{0,4}(abc|a.c|\\S\\s)+",
                "(a|ab|abc)*?(x|y*z){2,}",
                "((\\d|_)?[xyz]){3,5}|🙂+é?",
                "[\\d-]+(\\.[\\d-]+){1,3}");
        int drawn = 0;
        for (String pattern : patterns) {
            Pattern java = Pattern.compile(pattern);
            GenerationOptions options = new GenerationOptions()
                    .withSeed(pattern.length())
                    .withTemperature(1)
                    .withPattern(pattern);
            Completer completer = new Completer(model, tokenizer, options, Unset.ORIGINAL);
            Generator generator = Generator.of(completer, text -> false);
            Lanes lanes = new Lanes(generator, completer, 0, 125_000);
            Set<String> different = new HashSet<>();
            for (int i = 0; i < 125_000; i++) {
                Attempts attempts = lanes.next();
                String text = attempts.string().orElseThrow();
                assertThat(java.matcher(text).matches())
                        .as("%s: %s", pattern, text)
                        .isTrue();
                assertThat(attempts.draws()).isOne();
                if (i % 100 == 0) {
                    assertThat(generator.at(i)).isEqualTo(text);
                }
                different.add(text);
                drawn++;
            }
            assertThat(different).as(pattern).hasSizeGreaterThan(100);
        }
        assertThat(drawn).isEqualTo(1_000_000);
    }
}
