package dev.microgpt.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
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

    @ParameterizedTest
    @EnumSource
    void agrees_with_the_library_at_every_optimization_level(OptLevel level) throws OrtException {
        for (MicroGpt model : MODELS) {
            assertThat(largestDifference(model, Precision.DOUBLE, level)).isLessThan(1e-12);
            assertThat(largestDifference(model, Precision.FLOAT, level)).isBetween(1e-9, 1e-4); // it is float
        }
    }

    private static double largestDifference(MicroGpt model, Precision precision, OptLevel level) throws OrtException {
        OrtEnvironment runtime = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(level);
            options.setIntraOpNumThreads(1);
            try (OrtSession session = runtime.createSession(OnnxModel.toBytes(model, precision), options)) {
                assertThat(session.getMetadata().getCustomMetadata())
                        .containsEntry("vocabulary", model.tokenizer().vocabulary())
                        .containsEntry("blockSize", "" + model.gpt().blockSize());
                double largest = 0;
                for (String name : NAMES.subList(0, 200)) {
                    int[] tokens = model.tokenizer().encodeDocument(name);
                    int length = Math.min(tokens.length - 1, model.gpt().blockSize());
                    largest = Math.max(largest, difference(model, Arrays.copyOf(tokens, length), runtime, session));
                }
                return largest;
            }
        }
    }

    private static double difference(MicroGpt model, int[] tokens, OrtEnvironment runtime, OrtSession session)
            throws OrtException {
        long[] input = Arrays.stream(tokens).asLongStream().toArray();
        Context context = model.gpt().newContext();
        double largest = 0;
        try (OnnxTensor tensor = OnnxTensor.createTensor(runtime, input);
                OrtSession.Result result = session.run(Map.of("tokens", tensor))) {
            Object logits = result.get(0).getValue();
            for (int t = 0; t < tokens.length; t++) {
                double[] expected = context.next(tokens[t]);
                for (int i = 0; i < expected.length; i++) {
                    double actual = logits instanceof double[][] exact ? exact[t][i] : ((float[][]) logits)[t][i];
                    largest = Math.max(largest, Math.abs(actual - expected[i]));
                }
            }
        }
        return largest;
    }
}
