package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.evaluation.Report;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is null is named at the door: the parameter, and the index in a collection. */
class NullTest {
    private static final List<String> NAMES = Documents.givenNames().asList().subList(0, 50);
    private static final List<String> WITH_NULL = Arrays.asList("anna", "bob", " ", null);
    private static final Collection<String> NONE = null;
    private static final Path DIRECTORY = Path.of("checkpoints");
    private static final TrainingOptions OPTIONS =
            TrainingOptions.of(Preset.STAGE5).withSteps(1);

    static Stream<Arguments> doors() {
        MicroGpt model = MicroGpt.train(NAMES, OPTIONS);
        Trainer trainer = new Trainer(NAMES, OPTIONS);
        Gpt gpt = model.gpt();
        Tokenizer tokenizer = model.tokenizer();
        return Stream.of(
                door("strings is null", () -> MicroGpt.train(null)),
                door("strings is null", () -> MicroGpt.train(null, OPTIONS)),
                door("strings[3] is null", () -> MicroGpt.train(WITH_NULL)),
                door("strings[3] is null", () -> MicroGpt.train(WITH_NULL, OPTIONS)),
                door("options is null", () -> MicroGpt.train(NAMES, null)),
                door(
                        "strings is null",
                        () -> Trainer.furtherTraining(model, null, OPTIONS).train()),
                door(
                        "strings[3] is null",
                        () -> Trainer.furtherTraining(model, WITH_NULL, OPTIONS).train()),
                door(
                        "options is null",
                        () -> Trainer.furtherTraining(model, NAMES, null).train()),
                door("file is null", () -> MicroGpt.load((Path) null)),
                door("in is null: is there no such resource?", () -> MicroGpt.load((InputStream) null)),
                door("file is null", () -> MicroGpt.loadUnverified(null)),
                door("file is null", () -> model.save((Path) null)),
                door("out is null", () -> model.save((OutputStream) null)),
                door("strings is null", () -> new Trainer(NONE, OPTIONS)),
                door("strings[3] is null", () -> new Trainer(WITH_NULL, OPTIONS)),
                door("options is null", () -> new Trainer(NAMES, null)),
                door("model is null", () -> Trainer.furtherTraining(null, NAMES, OPTIONS)),
                door("strings is null", () -> Trainer.furtherTraining(model, null, OPTIONS)),
                door("strings[3] is null", () -> Trainer.furtherTraining(model, WITH_NULL, OPTIONS)),
                door("options is null", () -> Trainer.furtherTraining(model, NAMES, null)),
                door("directory is null", () -> Trainer.resuming(null, NAMES)),
                door("strings is null", () -> Trainer.resuming(DIRECTORY, null)),
                door("strings[3] is null", () -> Trainer.resuming(DIRECTORY, WITH_NULL)),
                door("listener is null", () -> trainer.onProgress(null)),
                door("directory is null", () -> trainer.checkpoints(null, 1)),
                door("preset is null", () -> TrainingOptions.of((Preset) null)),
                door("strings is null", () -> TrainingOptions.forStrings(null)),
                door("strings[3] is null", () -> TrainingOptions.forStrings(WITH_NULL)),
                door("activation is null", () -> OPTIONS.withActivation(null)),
                door("initialization is null", () -> OPTIONS.withInitialization(null)),
                door("optimizer is null", () -> OPTIONS.withOptimizer(null)),
                door("learningRate is null", () -> OPTIONS.withLearningRate(null)),
                door("engine is null", () -> OPTIONS.withEngine(null)),
                door("precision is null", () -> OPTIONS.withPrecision(null)),
                door("model is null", () -> Report.of(null, tokenizer, NAMES, NAMES, 1, NAMES)),
                door("tokenizer is null", () -> Report.of(gpt, null, NAMES, NAMES, 1, NAMES)),
                door("trained is null", () -> Report.of(gpt, tokenizer, null, NAMES, 1, NAMES)),
                door("trained[3] is null", () -> Report.of(gpt, tokenizer, WITH_NULL, NAMES, 1, NAMES)),
                door("heldOut is null", () -> Report.of(gpt, tokenizer, NAMES, null, 1, NAMES)),
                door("heldOut[3] is null", () -> Report.of(gpt, tokenizer, NAMES, WITH_NULL, 1, NAMES)),
                door("samples is null", () -> Report.of(gpt, tokenizer, NAMES, NAMES, 1, null)),
                door("samples[3] is null", () -> Report.of(gpt, tokenizer, NAMES, NAMES, 1, WITH_NULL)),
                door("json is null", () -> Report.fromJson(null)));
    }

    private static Arguments door(String message, ThrowingCallable call) {
        return arguments(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("doors")
    void is_named(String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }
}
