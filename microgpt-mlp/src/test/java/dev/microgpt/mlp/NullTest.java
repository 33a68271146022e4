package dev.microgpt.mlp;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.mlp.MlpByHand.Activations;
import dev.microgpt.optim.Parameters;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is accepted nowhere, and the message names the parameter. */
class NullTest {
    private static final MlpConfig CONFIG = new MlpConfig(5, 3, 7);
    private static final Parameters PARAMETERS = CONFIG.newParameters();
    private static final int[] NO_TOKENS = null;
    private static final double[] ONE = {1};

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"settings", "byHand", "onValues"})
    void names_the_parameter_that_is_null(String where, String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }

    private static Arguments door(String where, String message, ThrowingCallable call) {
        return arguments(where, message, call);
    }

    private static Stream<Arguments> settings() {
        return Stream.of(door("initialParameters", "random is null", () -> CONFIG.initialParameters(null)));
    }

    private static Stream<Arguments> byHand() {
        MlpByHand model = new MlpByHand(CONFIG, PARAMETERS);
        return Stream.of(
                door("MlpByHand", "config is null", () -> new MlpByHand(null, PARAMETERS)),
                door("MlpByHand", "parameters is null", () -> new MlpByHand(CONFIG, null)),
                door("lossAndGradient", "gradient is null", () -> model.lossAndGradient(null, 4, 0, 4)),
                door("lossAndGradient", "tokens is null", () -> model.lossAndGradient(PARAMETERS.zeros(), NO_TOKENS)),
                door("numericalGradient", "tokens is null", () -> model.numericalGradient(1e-5, NO_TOKENS)),
                door("Activations", "embedding is null", () -> new Activations(null, ONE, ONE, ONE)),
                door("Activations", "preActivation is null", () -> new Activations(ONE, null, ONE, ONE)),
                door("Activations", "hidden is null", () -> new Activations(ONE, ONE, null, ONE)),
                door("Activations", "logits is null", () -> new Activations(ONE, ONE, ONE, null)));
    }

    private static Stream<Arguments> onValues() {
        Mlp model = new Mlp(CONFIG, PARAMETERS);
        return Stream.of(
                door("Mlp", "config is null", () -> new Mlp(null, PARAMETERS)),
                door("Mlp", "parameters is null", () -> new Mlp(CONFIG, null)),
                door("lossGraph", "tokens is null", () -> model.lossGraph(NO_TOKENS)),
                door("gradient", "into is null", () -> model.gradient(null)));
    }
}
