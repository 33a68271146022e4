package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.optim.LearningRate;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every constant has a text in a file, and comes back from it. */
class FileKeysTest {
    @ParameterizedTest
    @EnumSource
    void an_activation_comes_back(Activation activation) {
        assertThat(FileKeys.activation(json("activation", FileKeys.text(activation))))
                .isEqualTo(activation);
    }

    @ParameterizedTest
    @EnumSource
    void an_engine_comes_back(Engine.Kind engine) {
        assertThat(FileKeys.engine(json("engine", FileKeys.text(engine)))).isEqualTo(engine);
    }

    @ParameterizedTest
    @EnumSource
    void a_precision_comes_back(Precision precision) {
        assertThat(FileKeys.optionalPrecision(json("precision", FileKeys.text(precision))))
                .contains(precision);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_order_of_the_first_draws_comes_back(boolean headLast) {
        Initialization initialization = new Initialization(0.1, headLast, Set.of("attn_wo"));

        assertThat(FileKeys.initialization(
                        JsonObject.of("initialization", Json.parse(Json.write(FileKeys.of(initialization))))))
                .isEqualTo(initialization);
    }

    @ParameterizedTest
    @EnumSource
    void a_learning_rate_comes_back(LearningRate.Decay decay) {
        LearningRate rate = new LearningRate(decay, 0.1, 10, 2);

        assertThat(FileKeys.learningRate(JsonObject.of("learningRate", Json.parse(Json.write(FileKeys.of(rate))))))
                .isEqualTo(rate);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_the_loss_is_the_mean_of_comes_back(boolean tokens) {
        assertThat(FileKeys.isLossOverTokens(json("lossOver", FileKeys.lossOver(tokens))))
                .isEqualTo(tokens);
        assertThat(FileKeys.isLossOverTokens(json("steps", "7"))).isFalse(); // a file of before
    }

    @Test
    void the_tape_of_multiply_adds_in_an_old_file_is_the_tape() {
        assertThat(FileKeys.engine(json("engine", "TAPE_OF_MULTIPLY_ADDS"))).isEqualTo(Engine.Kind.TAPE);
    }

    private static JsonObject json(String key, String text) {
        return JsonObject.of("file", Map.of(key, text));
    }
}
