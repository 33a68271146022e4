package dev.microgpt.transformer;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.optim.Sgd;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A null is refused by the parameter's name. */
class NullTest {
    private static final Gpt MODEL = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(42));
    private static final Engine ENGINE = Engine.of(Engine.Kind.ARRAY, MODEL, new Sgd());
    private static final Initialization INITIALIZATION = Preset.STAGE5.initialization();

    static Stream<Arguments> calls() {
        return Stream.of(
                call("activation", () -> new GptConfig(27, 16, 16, 4, 1, null)),
                call("zeroed", () -> new Initialization(1, false, null)),
                call("config", () -> INITIALIZATION.draw(null, new Random())),
                call("random", () -> INITIALIZATION.draw(MODEL.config(), null)),
                call("config", () -> new Gpt(null, MODEL.parameters())),
                call("parameters", () -> new Gpt(MODEL.config(), null)),
                call("preset", () -> Gpt.initial(null, 27, new Random())),
                call("random", () -> Gpt.initial(Preset.STAGE5, 27, null)),
                call("precision", () -> MODEL.newContext(null)),
                call("precision", () -> MODEL.newBatch(1, null)),
                call("tokenIds", () -> MODEL.trace((int[]) null)),
                call("documents", () -> MODEL.losses((int[][]) null)),
                call("documents[1]", () -> MODEL.losses(new int[][] {{26, 0}, null})),
                call("tokenIds", () -> MODEL.newBatch(1, Precision.DOUBLE).next((int[]) null)),
                call(
                        "tokenIds",
                        () -> MODEL.newBatch(1, Precision.DOUBLE).draw(new Sampler(1, 1), new Random(), (int[]) null)),
                call("sampler", () -> MODEL.newBatch(1, Precision.DOUBLE).draw(null, new Random(), 26)),
                call("random", () -> MODEL.newBatch(1, Precision.DOUBLE).draw(new Sampler(1, 1), null, 26)),
                call("kind", () -> Engine.of(null, MODEL, new Sgd())),
                call("precision", () -> Engine.of(Engine.Kind.ARRAY, null, MODEL, new Sgd())),
                call("start", () -> Engine.of(Engine.Kind.ARRAY, null, new Sgd())),
                call("optimizer", () -> Engine.of(Engine.Kind.ARRAY, MODEL, null)),
                call("config", () -> Engine.Kind.auto(null, 1)),
                call("config", () -> Engine.Kind.vectorPays(null, 1)),
                call("documents", () -> ENGINE.lossAndGradient((int[][]) null)),
                call("documents[1]", () -> ENGINE.lossAndGradient(new int[] {26, 0, 26}, null)),
                call("documents", () -> ENGINE.losses((int[][]) null)),
                call("documents[1]", () -> ENGINE.losses(new int[] {26, 0, 26}, null)),
                call("earlier", () -> ENGINE.restore(null)));
    }

    private static Arguments call(String parameter, ThrowingCallable call) {
        return arguments(parameter, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void is_refused_by_its_name(String parameter, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(parameter + " is null");
    }
}
