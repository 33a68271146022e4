package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where a training stands after some updates: enough to go on with the same bits. In the file, the weights have their
 * original names, the moments {@code m.} and {@code v.} in front, the best model {@code best.}; all in F64, into which a
 * float fits.
 *
 * @param options how the model is trained
 * @param tokenizer the vocabulary
 * @param model the weights as they are now
 * @param moments what the optimizer remembers
 * @param best the best model on the held-out strings, if there are any and one was evaluated
 * @param state all else
 */
record Checkpoint(
        TrainingOptions options,
        Tokenizer tokenizer,
        Gpt model,
        Moments moments,
        Optional<Trainer.Best> best,
        State state) {
    private static final String FORMAT = "microgpt checkpoint 1";

    /**
     * What a file keeps as one object.
     *
     * @param step updates made
     * @param every after how many updates a checkpoint is written
     * @param engine what computed the updates
     * @param dataSha256 hash of the documents
     * @param random where the random numbers stand
     * @param vectorBits width of the vectors that computed, 0 without SIMD
     * @param bestStep updates made by the best model; 0 if there is none
     * @param bestLoss its loss on the held-out strings
     * @param heldOutLoss the loss of the last evaluation
     * @param evaluationsSinceBest evaluations that brought nothing better
     * @param recentLosses losses of the last updates
     * @param earlierSteps updates made in earlier trainings
     * @param earlierFingerprints of the lists of earlier trainings
     */
    record State(
            int step,
            int every,
            Engine.Kind engine,
            String dataSha256,
            PythonRandom.State random,
            int vectorBits,
            int bestStep,
            OptionalDouble bestLoss,
            OptionalDouble heldOutLoss,
            int evaluationsSinceBest,
            List<Double> recentLosses,
            int earlierSteps,
            List<String> earlierFingerprints) {}

    void write(Path file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("config", Json.write(Records.toMap(model.config())));
        metadata.put("vocabulary", tokenizer.vocabulary());
        metadata.put("options", Json.write(options.toMap()));
        metadata.put("state", Json.write(Records.toMap(state)));
        List<Tensor> tensors = new ArrayList<>(ModelFile.tensors("", model.parameters(), DataType.F64));
        moments.first().ifPresent(m -> tensors.addAll(ModelFile.tensors("m.", m, DataType.F64)));
        moments.second().ifPresent(v -> tensors.addAll(ModelFile.tensors("v.", v, DataType.F64)));
        best.ifPresent(b -> tensors.addAll(ModelFile.tensors("best.", b.model().parameters(), DataType.F64)));
        new Safetensors(metadata, tensors).write(file);
    }

    /**
     * The way back.
     *
     * @throws InvalidModelException if the file is not a checkpoint
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    static Checkpoint read(Path file) {
        return ModelFile.read(file, Checkpoint::of);
    }

    private static Checkpoint of(Safetensors file) {
        ModelFile.requireFormat(file, FORMAT);
        GptConfig config = ModelFile.config(file);
        State state = ModelFile.record(file, "state", State.class);
        TrainingOptions options = TrainingOptions.fromMap(ModelFile.json(file, "options"));
        Moments moments = options.optimizer() instanceof Adam
                ? Moments.of(
                        state.step, ModelFile.parameters(file, "m.", config), ModelFile.parameters(file, "v.", config))
                : Moments.of(state.step);
        Optional<Trainer.Best> best = Optional.empty();
        if (state.bestLoss.isPresent()) {
            Gpt model = new Gpt(config, ModelFile.parameters(file, "best.", config));
            best = Optional.of(new Trainer.Best(model, state.bestStep, state.bestLoss.getAsDouble()));
        }
        return new Checkpoint(
                options,
                ModelFile.tokenizer(file, config),
                new Gpt(config, ModelFile.parameters(file, "", config)),
                moments,
                best,
                state);
    }
}
