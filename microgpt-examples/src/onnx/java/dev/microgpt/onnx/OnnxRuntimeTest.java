package dev.microgpt.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ONNX Runtime computes from an exported model: its logits at every position of 200 strings. */
@Tag("proof")
class OnnxRuntimeTest {
    private static final List<String> NAMES = Documents.givenNames().asList();
    private static final List<MicroGpt> MODELS = List.of(
            MicroGpt.train(NAMES, TrainingOptions.of(Preset.STAGE5)),
            MicroGpt.train(NAMES, TrainingOptions.of(Preset.EARLY).withSteps(50)),
            MicroGpt.train(
                    NAMES,
                    TrainingOptions.of(Preset.STAGE5)
                            .withShape(48, 3, 2)
                            .withActivation(Activation.RELU_SQUARED)
                            .withSteps(50)));

    private static final int BATCH = 8;
    private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

    @ParameterizedTest
    @EnumSource
    void agrees_with_the_library_at_every_optimization_level(OptLevel level) throws OrtException {
        for (MicroGpt model : MODELS) {
            assertThat(largestDifference(model, OnnxModel.toBytes(model, Precision.DOUBLE), level))
                    .isLessThan(1e-12);
            assertThat(largestDifference(model, OnnxModel.toBytes(model, Precision.FLOAT), level))
                    .isBetween(1e-9, 1e-4); // it is float
            assertThat(largestDifference(model, OnnxModel.toBytesWithCache(model, Precision.DOUBLE), level))
                    .isLessThan(1e-12);
            assertThat(largestDifference(model, OnnxModel.toBytesWithCache(model, Precision.FLOAT), level))
                    .isBetween(1e-9, 1e-4);
        }
    }

    @Test
    void more_tokens_than_the_model_has_positions_are_an_error() throws OrtException {
        MicroGpt model = MODELS.get(0);
        int blockSize = model.gpt().blockSize();

        try (OrtSession whole = session(OnnxModel.toBytes(model, Precision.DOUBLE), OptLevel.ALL_OPT)) {
            try (OnnxTensor tooLong = OnnxTensor.createTensor(RUNTIME, new long[1][blockSize + 1])) {
                assertThatThrownBy(() -> whole.run(Map.of("input_ids", tooLong)))
                        .isInstanceOf(OrtException.class);
            }
        }
        try (OrtSession cached = session(OnnxModel.toBytesWithCache(model, Precision.DOUBLE), OptLevel.ALL_OPT);
                OnnxTensor all = OnnxTensor.createTensor(RUNTIME, new long[1][blockSize]);
                OnnxTensor one = OnnxTensor.createTensor(RUNTIME, new long[1][1]);
                Cache empty = Cache.empty(cached, 1);
                Cache full = empty.after(cached, all)) {
            assertThatThrownBy(() -> full.after(cached, one)).isInstanceOf(OrtException.class);
        }
    }

    private static OrtSession session(byte[] file, OptLevel level) throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // what a test provokes is not news
            return RUNTIME.createSession(file, options);
        }
    }

    private static double largestDifference(MicroGpt model, byte[] file, OptLevel level) throws OrtException {
        try (OrtSession session = session(file, level)) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("vocabulary", model.tokenizer().vocabulary())
                    .containsEntry("blockSize", "" + model.gpt().blockSize());
            double largest = 0;
            for (int first = 0; first < 200; first += BATCH) {
                List<String> names = NAMES.subList(first, first + BATCH);
                int perCall = 1 + first / BATCH % 3; // with a cache: how many tokens are added at once
                largest = Math.max(largest, difference(model, names, session, perCall));
            }
            return largest;
        }
    }

    /** The largest difference at the positions of the names, which are one batch; the shorter ones are filled up after their ends. */
    private static double difference(MicroGpt model, List<String> names, OrtSession session, int perCall)
            throws OrtException {
        long[][] batch = new long[BATCH][];
        int length = 0;
        for (int b = 0; b < BATCH; b++) {
            int[] tokens = model.tokenizer().encodeDocument(names.get(b));
            int predictions = Math.min(tokens.length - 1, model.gpt().blockSize());
            batch[b] = Arrays.stream(tokens, 0, predictions).asLongStream().toArray();
            length = Math.max(length, predictions);
        }
        double[][][] logits = logits(session, batch, length, perCall);
        double largest = 0;
        for (int b = 0; b < BATCH; b++) {
            Context context = model.gpt().newContext();
            for (int t = 0; t < batch[b].length; t++) {
                double[] expected = context.next((int) batch[b][t]);
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(logits[t][b][i] - expected[i]));
                }
            }
        }
        return largest;
    }

    /** The logits, shape [length][BATCH][vocabSize]. */
    private static double[][][] logits(OrtSession session, long[][] batch, int length, int perCall)
            throws OrtException {
        double[][][] logits = new double[length][BATCH][];
        boolean cached = session.getNumInputs() > 1;
        int step = cached ? perCall : length;
        Cache cache = Cache.empty(session, BATCH);
        for (int from = 0; from < length; from += step) {
            int to = Math.min(from + step, length);
            long[][] tokens = new long[BATCH][to - from];
            for (int b = 0; b < BATCH; b++) {
                for (int t = from; t < Math.min(to, batch[b].length); t++) {
                    tokens[b][t - from] = batch[b][t];
                }
            }
            try (OnnxTensor input = OnnxTensor.createTensor(RUNTIME, tokens);
                    Cache before = cache) {
                cache = before.after(session, input);
            }
            for (int t = from; t < to; t++) {
                for (int b = 0; b < BATCH; b++) {
                    logits[t][b] = cache.logits(b, t - from);
                }
            }
        }
        cache.close();
        return logits;
    }

    /** What a run leaves to the next one. Without a cache in the file there is nothing to leave. */
    private record Cache(Map<String, OnnxTensor> past, AutoCloseable owner, Object logits) implements AutoCloseable {
        /** Keys and values of no tokens, of the file's own type. */
        static Cache empty(OrtSession session, int batch) throws OrtException {
            Map<String, OnnxTensor> past = new HashMap<>();
            for (NodeInfo input : session.getInputInfo().values()) {
                TensorInfo info = (TensorInfo) input.getInfo();
                if (input.getName().startsWith("past_key_values.")) {
                    assertThat(info.getShape()).hasSize(4);
                    long[] shape = {batch, info.getShape()[1], 0, info.getShape()[3]};
                    past.put(
                            input.getName(),
                            info.type == OnnxJavaType.DOUBLE
                                    ? OnnxTensor.createTensor(RUNTIME, DoubleBuffer.allocate(0), shape)
                                    : OnnxTensor.createTensor(RUNTIME, FloatBuffer.allocate(0), shape));
                }
            }
            return new Cache(past, () -> past.values().forEach(OnnxTensor::close), null);
        }

        Cache after(OrtSession session, OnnxTensor tokens) throws OrtException {
            Map<String, OnnxTensor> inputs = new HashMap<>(past);
            inputs.put("input_ids", tokens);
            OrtSession.Result result = session.run(inputs);
            Map<String, OnnxTensor> present = new HashMap<>();
            for (String name : past.keySet()) {
                present.put(name, (OnnxTensor)
                        result.get(name.replace("past_key_values", "present")).orElseThrow());
            }
            return new Cache(present, result, result.get("logits").orElseThrow().getValue());
        }

        double[] logits(int b, int t) {
            if (logits instanceof double[][][] exact) {
                return exact[b][t];
            }
            float[] row = ((float[][][]) logits)[b][t];
            return IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
        }

        @Override
        public void close() {
            try {
                owner.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
