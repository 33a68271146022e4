package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OperationsTest {
    @Test
    void two_positions_of_a_tiny_model_need_the_operations_that_can_be_counted_by_hand() {
        GptConfig config = new GptConfig(3, 2, 2, 1, 1, Activation.RELU);

        // Multiplications of the forward pass: q, k, v and output 4 each, fc1 and fc2 16 each, three logits of 2: 54 at
        // each position. Position 0 looks at 1 position, position 1 at 2; each look is a q·k and a p·v of 2: 12.
        int multiplications = 2 * (4 * 4 + 2 * 16 + 3 * 2) + 3 * (2 + 2);
        assertThat(multiplications).isEqualTo(120);
        assertThat(Operations.training(config, 2))
                .isEqualTo(2.0 * 3 * multiplications); // an addition each; backward twice
    }

    @Test
    void heads_do_not_change_their_number_and_layers_multiply_that_of_a_layer() {
        double logits = 6.0 * 5 * 3 * 8;
        double oneLayer = Operations.training(new GptConfig(3, 5, 8, 1, 1, Activation.RELU), 5) - logits;

        assertThat(Operations.training(new GptConfig(3, 5, 8, 4, 1, Activation.RELU), 5))
                .isEqualTo(oneLayer + logits);
        assertThat(Operations.training(new GptConfig(3, 5, 8, 4, 3, Activation.RELU), 5))
                .isEqualTo(3 * oneLayer + logits);
    }

    @Test
    void attention_needs_a_third_of_its_operations_without_the_gradient() {
        // 16 positions look at 1 + 2 + … + 16 = 136
        assertThat(Operations.attentionForward(16, 64)).isEqualTo(2.0 * 136 * (64 + 64));
        assertThat(Operations.attentionForwardAndBackward(16, 64)).isEqualTo(3 * 2.0 * 136 * (64 + 64));
    }

    @Test
    void a_step_of_stage_5_has_the_operations_that_its_documents_need() {
        // d = 16, V = 27, one layer: 3,504 weights are multiplied at each position and 32 numbers for each pair of them
        double mean = Arrays.stream(new Workload().batches(1))
                .mapToInt(batch -> Math.min(16, batch[0].length - 1))
                .mapToDouble(n -> 6.0 * (3504 * n + 16 * n * (n + 1)))
                .average()
                .orElseThrow();

        assertThat(new Workload().operationsPerStep()).isCloseTo(mean, within(1e-6));
    }
}
