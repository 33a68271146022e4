package dev.microgpt;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.safetensors.Safetensors;
import dev.microgpt.safetensors.Safetensors.DataType;
import dev.microgpt.safetensors.Safetensors.Tensor;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Where a run stands after some steps: enough to go on with the same bits. In the file, the weights have their
 * original names, the moments {@code m.} and {@code v.} in front, the best model {@code best.}; all in F64, into which a
 * float fits.
 *
 * @param options how the model is trained
 * @param tokenizer the vocabulary
 * @param model the weights as they are now
 * @param moments the state of the optimizer
 * @param best the best model on the held-out strings, if there are any and one was evaluated
 * @param state all else
 */
record Checkpoint(
        TrainingOptions options, Tokenizer tokenizer, Gpt model, Moments moments, Optional<Best> best, State state) {
    private static final String FORMAT = "microgpt checkpoint";

    /** The model that did best on the held-out strings, and when. */
    record Best(Gpt model, int step, double heldOutLoss) {}

    /**
     * What a file keeps as one object.
     *
     * @param step steps made
     * @param every after how many steps a checkpoint is written
     * @param engine what computed the steps
     * @param dataSha256 hash of the strings
     * @param random where the random numbers stand
     * @param vectorBits width of the vectors that computed, 0 without SIMD
     * @param bestStep steps made by the best model; 0 if there is none
     * @param bestLoss its loss on the held-out strings
     * @param heldOutLoss the loss of the last evaluation
     * @param evaluationsSinceBest evaluations that brought nothing better
     * @param recentLosses losses of the last steps
     * @param earlierSteps steps made in earlier runs
     * @param earlierLongest characters of their longest string, 0 if there were none; empty if that is not known, as of a
     *     checkpoint from an earlier version
     * @param earlierFingerprints of the lists of earlier runs
     * @param run the id of this run, which no other has; empty in files of before there were any
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
            OptionalInt earlierLongest,
            List<Fingerprint> earlierFingerprints,
            String run) {
        private Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("step", step);
            json.put("every", every);
            json.put("engine", FileKeys.text(engine));
            json.put("dataSha256", dataSha256);
            json.put("random", FileKeys.of(random));
            json.put("vectorBits", vectorBits);
            json.put("bestStep", bestStep);
            bestLoss.ifPresent(loss -> json.put("bestLoss", loss));
            heldOutLoss.ifPresent(loss -> json.put("heldOutLoss", loss));
            json.put("evaluationsSinceBest", evaluationsSinceBest);
            json.put("recentLosses", recentLosses);
            json.put("earlierSteps", earlierSteps);
            earlierLongest.ifPresent(characters -> json.put("earlierLongest", characters));
            json.put(
                    "earlierFingerprints",
                    earlierFingerprints.stream().map(Fingerprint::encode).toList());
            json.put("run", run);
            return json;
        }

        private static State of(JsonObject json) {
            return json.make(() -> new State(
                    json.requireInt("step"),
                    json.requireInt("every"),
                    FileKeys.engine(json),
                    json.requireString("dataSha256"),
                    FileKeys.random(json.requireObject("random")),
                    json.requireInt("vectorBits"),
                    json.requireInt("bestStep"),
                    json.optionalDouble("bestLoss"),
                    json.optionalDouble("heldOutLoss"),
                    json.requireInt("evaluationsSinceBest"),
                    json.requireDoubles("recentLosses"),
                    json.requireInt("earlierSteps"),
                    json.optionalInt("earlierLongest"),
                    ModelFile.fingerprints(json.requireStrings("earlierFingerprints")),
                    json.optionalString("run", "")));
        }

        /** Checks what no run can have come to. */
        private void require(TrainingOptions options) {
            requireIn(0, options.steps(), "step", step);
            requireIn(1, Integer.MAX_VALUE, "every", every);
            requireIn(0, step, "bestStep", bestStep);
            requireIn(0, step, "evaluationsSinceBest", evaluationsSinceBest);
            requireIn(0, Math.min(step, Trainer.RECENT), "the number of recentLosses", recentLosses.size());
            requireIn(0, Integer.MAX_VALUE, "earlierSteps", earlierSteps);
            if (!dataSha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("state: dataSha256 is not 64 hexadecimal digits");
            }
            options.withEngine(engine); // which has the precision
        }

        private static void requireIn(int least, int most, String name, int value) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        "state: " + name + " " + value + " is not in [" + least + ", " + most + "]");
            }
        }
    }

    void write(Path file) {
        Map<String, String> metadata = ModelFile.metadata(FORMAT, model.config(), tokenizer, options);
        metadata.put("state", Json.write(state.toJson()));
        List<Tensor> tensors = new ArrayList<>(ModelFile.tensors("", model.parameters(), DataType.F64));
        moments.first().ifPresent(m -> tensors.addAll(ModelFile.tensors("m.", m, DataType.F64)));
        moments.second().ifPresent(v -> tensors.addAll(ModelFile.tensors("v.", v, DataType.F64)));
        best.ifPresent(b -> tensors.addAll(ModelFile.tensors("best.", b.model().parameters(), DataType.F64)));
        ModelFile.write(file, new Safetensors(metadata, tensors));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InvalidModelException if the file is not a checkpoint
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    static Checkpoint read(Path file) {
        return ModelFile.read(file, FORMAT, true, Checkpoint::of);
    }

    private static Checkpoint of(ModelFile file) {
        State state = State.of(file.object("state"));
        TrainingOptions options = file.requireOptions();
        state.require(options);
        Moments moments = options.optimizer() instanceof Adam
                ? Moments.of(state.step, file.parameters("m."), file.parameters("v."))
                : Moments.of(state.step);
        moments.second().ifPresent(Checkpoint::requireSquares);
        Optional<Best> best = Optional.empty();
        if (state.bestLoss.isPresent()) {
            Gpt model = file.gpt("best.");
            best = Optional.of(new Best(model, state.bestStep, state.bestLoss.getAsDouble()));
        }
        return new Checkpoint(options, file.tokenizer(), file.gpt(""), moments, best, state);
    }

    private static void requireSquares(Parameters average) {
        for (double square : average.values()) {
            if (square < 0) {
                throw new IllegalArgumentException("the average " + square + " of squares in v. is negative");
            }
        }
    }
}
