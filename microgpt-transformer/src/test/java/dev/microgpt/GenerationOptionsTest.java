package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {
    private static final List<Function<GenerationOptions, Object>> SETTINGS = List.of(
            GenerationOptions::temperature,
            GenerationOptions::topK,
            GenerationOptions::topP,
            GenerationOptions::prefix,
            GenerationOptions::pattern,
            GenerationOptions::minLength,
            GenerationOptions::maxLength,
            GenerationOptions::unique,
            GenerationOptions::novelOnly,
            GenerationOptions::seed,
            GenerationOptions::maxAttempts);

    private static final List<UnaryOperator<GenerationOptions>> CHANGES = List.of(
            options -> options.withTemperature(0),
            options -> options.withTopK(1),
            options -> options.withTopP(0.9),
            options -> options.withPrefix("em"),
            options -> options.withPattern("[a-z]+"),
            options -> options.withMinLength(3),
            options -> options.withMaxLength(9),
            options -> options.withUnique(true),
            options -> options.withNovelOnly(true),
            options -> options.withSeed(-1),
            options -> options.withMaxAttempts(1));

    private final GenerationOptions defaults = new GenerationOptions();

    @Test
    void has_the_documented_defaults() {
        assertThat(defaults.temperature()).isEmpty();
        assertThat(defaults.topK()).isEqualTo(Integer.MAX_VALUE);
        assertThat(defaults.topP()).isEqualTo(1);
        assertThat(defaults.prefix()).isEmpty();
        assertThat(defaults.pattern()).isEmpty();
        assertThat(defaults.minLength()).isEqualTo(1);
        assertThat(defaults.maxLength()).isEqualTo(Integer.MAX_VALUE);
        assertThat(defaults.unique()).isFalse();
        assertThat(defaults.novelOnly()).isFalse();
        assertThat(defaults.seed()).isEmpty();
        assertThat(defaults.maxAttempts()).isEmpty();
    }

    @Test
    void each_method_changes_one_setting_of_a_copy() {
        for (int i = 0; i < CHANGES.size(); i++) {
            GenerationOptions changed = CHANGES.get(i).apply(defaults);

            for (int j = 0; j < SETTINGS.size(); j++) {
                Function<GenerationOptions, Object> setting = SETTINGS.get(j);
                if (i == j) {
                    assertThat(setting.apply(changed)).isNotEqualTo(setting.apply(defaults));
                } else {
                    assertThat(setting.apply(changed)).isEqualTo(setting.apply(defaults));
                }
            }
        }
        has_the_documented_defaults();
    }

    @Test
    void options_are_equal_if_their_settings_are() {
        for (UnaryOperator<GenerationOptions> change : CHANGES) {
            GenerationOptions changed = change.apply(defaults);

            assertThat(changed)
                    .isEqualTo(change.apply(new GenerationOptions()))
                    .hasSameHashCodeAs(change.apply(new GenerationOptions()))
                    .isNotEqualTo(defaults);
        }
        assertThat(defaults.withSeed(1)).isNotEqualTo(defaults.withSeed(2)).isNotEqualTo("seed 1");
        assertThat(defaults.withPrefix("a").withTopK(3))
                .isEqualTo(defaults.withTopK(3).withPrefix("a"));
    }

    @Test
    void a_default_that_is_set_is_the_default() {
        assertThat(defaults.withTopK(5)
                        .withTopK(Integer.MAX_VALUE)
                        .withTopP(1)
                        .withPrefix("")
                        .withMaxLength(Integer.MAX_VALUE)
                        .withUnique(false)
                        .withNovelOnly(false))
                .isEqualTo(defaults)
                .hasSameHashCodeAs(defaults);
    }

    @Test
    void an_empty_string_is_allowed_if_it_is_asked_for() {
        assertThat(defaults.withMinLength(0).minLength()).isZero();
        assertThat(defaults.withMinLength(0)).isNotEqualTo(defaults);
    }

    @Test
    void prints_what_differs_from_the_defaults() {
        assertThat(defaults).hasToString("GenerationOptions{}");
        assertThat(CHANGES.stream().reduce(defaults, (options, change) -> change.apply(options), (a, b) -> b))
                .hasToString(
                        "GenerationOptions{maxAttempts=1, maxLength=9, minLength=3, novelOnly=true, pattern=[a-z]+,"
                                + " prefix=em, seed=-1, temperature=0.0, topK=1, topP=0.9, unique=true}");
    }

    @Test
    void counts_the_prefix_in_code_points() {
        assertThat(defaults.withPrefix("🙂🙃").withMaxLength(2).prefix()).isEqualTo("🙂🙃");
    }

    @Test
    void names_what_is_wrong() {
        assertRejected(() -> defaults.withTemperature(-0.1), "temperature -0.1 is not a finite number >= 0");
        assertRejected(() -> defaults.withTemperature(Double.NaN), "temperature NaN is not a finite number >= 0");
        assertRejected(
                () -> defaults.withTemperature(Double.POSITIVE_INFINITY),
                "temperature Infinity is not a finite number >= 0");
        assertRejected(() -> defaults.withTopK(0), "topK 0 is not >= 1");
        assertRejected(() -> defaults.withTopP(0), "topP 0.0 is not in (0, 1]");
        assertRejected(() -> defaults.withTopP(1.01), "topP 1.01 is not in (0, 1]");
        assertRejected(() -> defaults.withTopP(Double.NaN), "topP NaN is not in (0, 1]");
        assertRejected(() -> defaults.withMinLength(-1), "minLength -1 is not >= 0");
        assertRejected(() -> defaults.withMaxLength(0), "maxLength 0 is not >= 1");
        assertRejected(() -> defaults.withMaxLength(5).withMinLength(6), "minLength 6 is not <= maxLength 5");
        assertRejected(() -> defaults.withMinLength(6).withMaxLength(5), "minLength 6 is not <= maxLength 5");
        assertRejected(
                () -> defaults.withPrefix("emma").withMaxLength(3), "length of the prefix 4 is not <= maxLength 3");
        assertRejected(
                () -> defaults.withMaxLength(3).withPrefix("emma"), "length of the prefix 4 is not <= maxLength 3");
        assertRejected(() -> defaults.withMaxAttempts(0), "maxAttempts 0 is not >= 1");
        assertRejected(
                () -> defaults.withPattern("a(?=b)"), "pattern \"a(?=b)\" has (?= at index 1, which is not supported");
    }

    private static void assertRejected(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
