package dev.microgpt.optim;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NullTest {
    private static final Parameters PARAMETERS =
            Parameters.builder().tensor("w", 1, 1).build();

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"optimizers", "states"})
    void names_the_parameter(String door, String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }

    static Arguments[] optimizers() {
        Sgd sgd = new Sgd();
        Adam adam = new Adam(0.85, 0.99, 1e-8);
        Moments ofSgd = sgd.start(PARAMETERS);
        Moments ofAdam = adam.start(PARAMETERS);
        return new Arguments[] {
            door("Sgd.start", "parameters is null", () -> sgd.start(null)),
            door("Adam.start", "parameters is null", () -> adam.start(null)),
            door("Sgd.update", "parameters is null", () -> sgd.update(null, PARAMETERS, ofSgd, 1)),
            door("Sgd.update", "gradient is null", () -> sgd.update(PARAMETERS, null, ofSgd, 1)),
            door("Sgd.update", "moments is null", () -> sgd.update(PARAMETERS, PARAMETERS, null, 1)),
            door("Adam.update", "parameters is null", () -> adam.update(null, PARAMETERS, ofAdam, 1)),
            door("Adam.update", "gradient is null", () -> adam.update(PARAMETERS, null, ofAdam, 1)),
            door("Adam.update", "moments is null", () -> adam.update(PARAMETERS, PARAMETERS, null, 1)),
        };
    }

    static Arguments[] states() {
        return new Arguments[] {
            door("LearningRate", "decay is null", () -> new LearningRate(null, 1, 10, 0)),
            door("Moments.of", "first is null", () -> Moments.of(0, null, PARAMETERS)),
            door("Moments.of", "second is null", () -> Moments.of(0, PARAMETERS, null)),
            door("Builder.tensor", "name is null", () -> Parameters.builder().tensor(null, 1, 1)),
            door("Parameters.tensor", "name is null", () -> PARAMETERS.tensor(null)),
            door("Parameters.get", "name is null", () -> PARAMETERS.get(null, 0, 0)),
            door("Parameters.set", "name is null", () -> PARAMETERS.set(null, 0, 0, 1)),
        };
    }

    private static Arguments door(String name, String message, ThrowingCallable call) {
        return arguments(name, message, call);
    }
}
