package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.microgpt.evaluation.Score;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is refused at every door of generation and scoring, by the name of the parameter. */
class GenerationNullTest {
    private static final List<String> NO_LIST = null;

    private static final MicroGpt MODEL = MicroGpt.train(
            Documents.givenNames().asList(), TrainingOptions.of(Preset.STAGE5).withSteps(1));
    private static final GenerationOptions DEFAULTS = new GenerationOptions();

    static Stream<Arguments> doors() {
        return Stream.of(
                door("withPrefix", "prefix is null", model -> DEFAULTS.withPrefix(null)),
                door("generate", "options is null", model -> model.generate(1, null)),
                door("generate from random", "options is null", model -> model.generate(1, null, model.random())),
                door("generate from null", "random is null", model -> model.generate(1, DEFAULTS, null)),
                door("generateAt", "options is null", model -> model.generateAt(0, null)),
                door("stream", "options is null", model -> model.stream(null)),
                door("candidates of a prefix", "prefix is null", model -> model.candidates((String) null)),
                door("candidates", "options is null", model -> model.candidates((GenerationOptions) null)),
                door("loss", "string is null", model -> model.loss(null)),
                door("score", "string is null", model -> model.score(null)),
                door("scores", "strings is null", model -> model.scores(null)),
                door("scores of null", "strings[1] is null", model -> model.scores(Arrays.asList("a", null))),
                door("rank", "strings is null", model -> model.rank(null)),
                door("rank of null", "strings[0] is null", model -> model.rank(Arrays.asList(null, "a"))),
                door("isKnown", "string is null", model -> model.isKnown(null)),
                door("Score.of", "model is null", model -> Score.of(null, model.tokenizer(), "a")),
                door("Score.of", "tokenizer is null", model -> Score.of(model.gpt(), null, "a")),
                door("Score.of", "text is null", model -> Score.of(model.gpt(), model.tokenizer(), (String) null)),
                door("Score.of many", "texts is null", model -> Score.of(model.gpt(), model.tokenizer(), NO_LIST)),
                door(
                        "Score.of many",
                        "texts[1] is null",
                        model -> Score.of(model.gpt(), model.tokenizer(), Arrays.asList("a", null))),
                door("Prediction.of", "character is null", model -> Score.Prediction.of(null, 1)));
    }

    private static Arguments door(String name, String message, Consumer<MicroGpt> call) {
        return Arguments.of(Named.of(name, call), message);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void is_refused_by_name(Consumer<MicroGpt> call, String message) {
        assertThatNullPointerException().isThrownBy(() -> call.accept(MODEL)).withMessage(message);
    }
}
