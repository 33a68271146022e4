package dev.microgpt.examples;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Stage4MultiHeadTest {
    private static final Path MAINS = Path.of("src/main/java/dev/microgpt/examples");
    private static final int[] EMMA = {26, 4, 12, 12, 0, 26};

    @Test
    void heads_and_layers_written_out_equal_the_library() {
        agrees(new GptConfig(27, 16, 16, 4, 1, Activation.RELU), Value::relu);
        agrees(new GptConfig(27, 16, 12, 3, 2, Activation.RELU), Value::relu);
        agrees(
                new GptConfig(27, 4, 16, 1, 3, Activation.RELU_SQUARED),
                a -> a.relu().pow(2));
    }

    private static void agrees(GptConfig config, UnaryOperator<Value> activation) {
        Parameters parameters = Preset.STAGE4.initialization().draw(config, new PythonRandom(5));
        Engine engine = Engine.of(Engine.Kind.VALUE, new Gpt(config, parameters), new Sgd());
        Leaves leaves = new Leaves(parameters.values());
        double[] gradient = new double[parameters.size()];

        Value loss = new Stage4MultiHead(config, parameters, leaves, activation).loss(EMMA);
        loss.backward();
        leaves.gradient(gradient);

        assertThat(loss.data()).isCloseTo(engine.lossAndGradient(EMMA), within(1e-13));
        assertThat(gradient).satisfies(closeTo(engine.gradient().values(), 1e-13));
    }

    @Test
    void has_at_most_120_lines_of_code() throws IOException {
        assertThat(LinesOfCode.of(MAINS.resolve("Stage4MultiHead.java"))).hasSizeLessThanOrEqualTo(120);
    }

    @Test
    void whoever_opens_the_folder_sees_the_mains_and_nothing_else() throws IOException {
        try (Stream<Path> files = Files.list(MAINS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "MicroGptInOneFile.java",
                            "Stage0Bigram.java",
                            "Stage0NGram.java",
                            "Stage1MlpByHand.java",
                            "Stage2Autograd.java",
                            "Stage3Attention.java",
                            "Stage4MultiHead.java",
                            "Stage5Adam.java",
                            "EarlyMicroGpt.java",
                            "package-info.java");
        }
    }
}
