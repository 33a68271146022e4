package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingOptionsTest {
    private final TrainingOptions original = TrainingOptions.of(Preset.STAGE5);

    @ParameterizedTest
    @EnumSource
    void a_preset_sets_all(Preset preset) {
        TrainingOptions options = TrainingOptions.of(preset);

        assertThat(options.newConfig(27)).isEqualTo(preset.config(27));
        assertThat(options.initialization()).isEqualTo(preset.initialization());
        assertThat(options.optimizer()).isEqualTo(preset.optimizer());
        assertThat(options.learningRate()).isEqualTo(preset.learningRate(preset.steps()));
        assertThat(options.steps()).isEqualTo(preset.steps());
        assertThat(options.batchSize()).isEqualTo(1);
        assertThat(options.heldOutFraction()).isZero();
        assertThat(options.seed()).isEqualTo(42);
        assertThat(options.basis())
                .isEqualTo(preset == Preset.STAGE5 ? "microgpt" : preset.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void a_small_list_gets_a_small_model_that_reads_it_ten_times() {
        TrainingOptions options =
                TrainingOptions.forStrings(Documents.givenNames().asList().subList(0, 400));

        assertThat(options.newConfig(27)).isEqualTo(new GptConfig(27, 11, 32, 4, 1, GptConfig.Activation.RELU));
        assertThat(options.steps()).isEqualTo(225);
        assertThat(options.heldOutFraction()).isEqualTo(0.1);
        assertThat(options.evaluateEvery()).isEqualTo(22);
        assertThat(options.learningRate()).isEqualTo(LearningRate.linear(0.2 / 32, 225));
        assertThat(options.basis()).isEqualTo("auto");
    }

    @Test
    void a_larger_list_gets_a_larger_model_that_reads_it_five_times() {
        TrainingOptions options =
                TrainingOptions.forStrings(Documents.givenNames().asList());

        assertThat(options.newConfig(27)).isEqualTo(new GptConfig(27, 13, 48, 4, 2, GptConfig.Activation.RELU));
        assertThat(options.steps()).isEqualTo(855);
        assertThat(options.optimizer()).isEqualTo(new Adam(0.9, 0.99, 1e-8));
        assertThat(options.learningRate()).isEqualTo(LearningRate.linear(0.2 / 48, 855));
        assertThat(options.patience()).isEqualTo(5);
    }

    @Test
    void of_a_long_list_no_more_than_two_million_characters_are_read() {
        List<String> list = IntStream.range(0, 400_000)
                .mapToObj(i -> String.format(Locale.ROOT, "%09d", i))
                .toList();

        TrainingOptions options = TrainingOptions.forStrings(list);

        assertThat(options.steps()).isEqualTo(12_469); // ceil(2,000,000 / 4,000,000 · 399,000 / 16)
        assertThat(options.learningRate())
                .isEqualTo(LearningRate.linear(0.2 / 48 * Math.sqrt(6000.0 / 12_469), 12_469));
        assertThat(options.heldOutFraction()).isEqualTo(0.0025);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 16, false",
        "10, 8, true",
        "12, 8, true",
        "15, 4, true",
        "20, 4, true",
        "36, 2, true",
        "300, 2, true"
    })
    void long_strings_get_small_batches_and_the_mean_over_tokens(int length, int batchSize, boolean lossOverTokens) {
        List<String> list = IntStream.range(0, 1_000)
                .mapToObj(i -> String.format(Locale.ROOT, "%0" + length + "d", i))
                .toList();

        TrainingOptions options = TrainingOptions.forStrings(list);

        assertThat(options.batchSize()).isEqualTo(batchSize);
        assertThat(options.lossOverTokens()).isEqualTo(lossOverTokens);
    }

    @Test
    void tiny_long_and_repeated_lists_have_settings_too() {
        TrainingOptions one = TrainingOptions.forStrings(List.of("x".repeat(500)));
        TrainingOptions repeated = TrainingOptions.forStrings(Collections.nCopies(5_000, "anna"));

        assertThat(one.blockSize()).isEqualTo(128);
        assertThat(one.steps()).isEqualTo(10);
        assertThat(one.heldOutFraction()).isZero();
        assertThat(one.evaluateEvery()).isEqualTo(1);
        assertThat(TrainingOptions.forStrings(Collections.nCopies(1_000_000, "anna")))
                .as("a column of a database in which all is the same")
                .isEqualTo(TrainingOptions.forStrings(List.of("anna")));
        assertThat(repeated.blockSize()).isEqualTo(8);
        assertThat(repeated.newConfig(5).embedDim()).isEqualTo(32);
    }

    @Test
    void overriding_leaves_the_options_alone() {
        TrainingOptions changed = original.withSeed(7).withBatchSize(4).withShape(24, 3, 2);

        assertThat(original.seed()).isEqualTo(42);
        assertThat(original.batchSize()).isEqualTo(1);
        assertThat(changed.newConfig(5)).isEqualTo(new GptConfig(5, 16, 24, 3, 2, GptConfig.Activation.RELU));
        assertThat(changed.seed()).isEqualTo(7);
        assertThat(changed.basis()).isEqualTo("microgpt");
    }

    @Test
    void another_number_of_steps_stretches_the_schedule() {
        assertThat(original.withSteps(5000).learningRate()).isEqualTo(LearningRate.linear(0.01, 5000));
        assertThat(original.withLearningRate(LearningRate.cosine(1, 1000).withWarmup(100))
                        .withSteps(10)
                        .learningRate())
                .isEqualTo(LearningRate.cosine(1, 10).withWarmup(1));
        assertThat(original.withLearningRate(LearningRate.constant(0.1))
                        .withSteps(10)
                        .learningRate())
                .isEqualTo(LearningRate.constant(0.1));
    }

    /** Each setting counts, and nothing else: each {@code with} method makes options that are not equal to the others. */
    @Test
    void options_are_equal_if_all_settings_are() {
        List<TrainingOptions> all = List.of(
                original,
                TrainingOptions.of(Preset.EARLY).withSteps(1000),
                original.withBlockSize(9),
                original.withShape(8, 4, 1),
                original.withShape(16, 8, 1),
                original.withShape(16, 4, 2),
                original.withActivation(GptConfig.Activation.RELU_SQUARED),
                original.withInitialization(new Initialization(0.1, false, Set.of())),
                original.withOptimizer(new Adam(0.9, 0.99, 1e-8)),
                original.withOptimizer(new Sgd()),
                original.withLearningRate(LearningRate.constant(0.01)),
                original.withSteps(10),
                original.withBatchSize(2),
                original.withLossOverTokens(true),
                original.withMaxGradientNorm(1),
                original.withHeldOutFraction(0.1),
                original.withEvaluateEvery(7),
                original.withPatience(1),
                original.withEngine(Kind.ARRAY),
                original.withPrecision(Precision.FLOAT),
                original.withThreads(2),
                original.withSeed(1));

        assertThat(all).doesNotHaveDuplicates();
        assertThat(all).extracting(Object::toString).doesNotHaveDuplicates();
        assertThat(original.withSeed(7).withSeed(42))
                .isEqualTo(TrainingOptions.of(Preset.STAGE5))
                .hasSameHashCodeAs(TrainingOptions.of(Preset.STAGE5));
        assertThat(original).isNotEqualTo("").isNotEqualTo(null);
    }

    @Test
    void blanks_around_strings_and_blank_strings_do_not_count() {
        assertThat(TrainingOptions.forStrings(List.of(" anna\n", "", "bob", "\t")))
                .isEqualTo(TrainingOptions.forStrings(List.of("anna", "bob")));
        refused(() -> TrainingOptions.forStrings(List.of(" ", "")), "the list has no string that is not blank");
    }

    @Test
    void names_what_is_wrong() {
        refused(() -> original.withBlockSize(0), "blockSize 0 is below 1");
        refused(() -> original.withShape(16, 5, 1), "embedDim 16 is not a multiple of headCount 5");
        refused(() -> original.withSteps(0), "steps 0 is below 1");
        refused(() -> original.withBatchSize(0), "batchSize 0 is below 1");
        refused(() -> original.withBatchSize(65_537), "batchSize 65537 is above 65536");
        refused(() -> original.withMaxGradientNorm(0), "maxGradientNorm 0.0 is not positive");
        refused(() -> original.withMaxGradientNorm(Double.NaN), "maxGradientNorm NaN is not positive");
        refused(() -> original.withHeldOutFraction(1), "heldOutFraction 1.0 is not in [0, 1)");
        refused(() -> original.withEvaluateEvery(0), "evaluateEvery 0 is below 1");
        refused(() -> original.withPatience(-1), "patience -1 is below 0");
        refused(() -> original.withThreads(0), "threads 0 is below 1");
        refused(
                () -> original.withEngine(Kind.ARRAY).withPrecision(Precision.FLOAT),
                "precision FLOAT needs engine VECTOR, not ARRAY");
    }

    private static void refused(Runnable making, String message) {
        assertThatIllegalArgumentException().isThrownBy(making::run).withMessage(message);
    }
}
