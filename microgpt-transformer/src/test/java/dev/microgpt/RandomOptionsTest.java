package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.microgpt.text.Context;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What must hold for any options of a {@link Generator}. */
class RandomOptionsTest {
    private static final Subject TRAINED = Subject.of(GoldenGptRun.of(Preset.STAGE5, true, Engine.Kind.ARRAY));
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

    @Test
    void keeps_what_random_options_ask_for_trained() {
        keepsWhatRandomOptionsAskFor(300, TRAINED, new SplittableRandom(11));
    }

    @Tag("proof")
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
        assertThat(Subject.inPool(3, () -> generator.stream().parallel().limit(drawn.size())))
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
}
