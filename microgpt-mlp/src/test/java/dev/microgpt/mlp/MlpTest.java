package dev.microgpt.mlp;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.GradientCheck;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class MlpTest {
    private final MlpConfig config = new MlpConfig(5, 3, 7);
    private final Parameters parameters = config.initialParameters(new PythonRandom(1));
    private final MlpByHand model = new MlpByHand(config, parameters);
    private final Parameters gradient = parameters.zeros();

    @RepeatedTest(20)
    void by_hand_equals_autograd_equals_central_differences_for_any_shape(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        MlpConfig shape = new MlpConfig(2 + random.nextInt(9), 1 + random.nextInt(6), 1 + random.nextInt(9));
        Parameters weights = shape.newParameters();
        for (int i = 0; i < weights.size(); i++) {
            weights.values()[i] = random.nextGaussian();
        }
        int[] tokens = random.ints(2 + random.nextInt(6), 0, shape.vocabSize()).toArray();
        Parameters byHand = weights.zeros();
        Parameters byValue = weights.zeros();

        MlpByHand hand = new MlpByHand(shape, weights);
        double loss = hand.lossAndGradient(byHand, tokens);
        Mlp mlp = new Mlp(shape, weights);
        Value graph = mlp.lossGraph(tokens);
        graph.backward();
        mlp.gradient(byValue);

        assertThat(graph.data()).isCloseTo(loss, within(1e-12));
        assertThat(hand.loss(tokens)).isCloseTo(loss, within(1e-12));
        assertThat(mlp.loss(tokens)).isCloseTo(loss, within(1e-12));
        assertThat(byValue.values()).satisfies(closeTo(byHand.values(), 1e-12));
        double[] central = centralDifferences(shape, weights, tokens);
        assertThat(byHand.values()).satisfies(closeTo(central, 1e-6));
    }

    @Test
    void the_numerical_gradient_is_off_by_about_epsilon_and_leaves_the_weights_alone() {
        double[] before = parameters.values().clone();
        model.lossAndGradient(gradient, 4, 0, 1, 4);

        Parameters numerical = model.numericalGradient(1e-5, 4, 0, 1, 4);

        assertThat(numerical.values()).satisfies(closeTo(gradient.values(), 1e-5));
        assertThat(numerical.values()).isNotEqualTo(gradient.values());
        assertThat(parameters.values()).isEqualTo(before);
    }

    @Test
    void the_gradient_is_of_one_document_however_often_it_is_asked_for() {
        model.lossAndGradient(gradient, 4, 0, 1, 4);
        double[] first = gradient.values().clone();

        model.lossAndGradient(gradient, 4, 3, 3, 3, 4);
        model.lossAndGradient(gradient, 4, 0, 1, 4);

        assertThat(gradient.values()).isEqualTo(first);
    }

    @Test
    void forward_gives_every_intermediate() {
        MlpByHand.Activations activations = model.forward(2);

        assertThat(activations.embedding()).hasSize(3).startsWith(parameters.get("wte", 2, 0));
        assertThat(activations.hidden()).hasSize(7);
        for (int i = 0; i < 7; i++) {
            assertThat(activations.hidden()[i])
                    .isEqualTo(Math.max(0, activations.preActivation()[i]));
        }
        assertThat(activations.logits()).hasSize(5).isEqualTo(model.newContext().next(2));
    }

    @Test
    void learns_one_name_by_heart() {
        Tokenizer tokenizer = Tokenizer.of(List.of("emily"));
        MlpConfig shape = MlpConfig.original(tokenizer.vocabSize());
        Parameters weights = shape.initialParameters(new PythonRandom(42));
        MlpByHand learner = new MlpByHand(shape, weights);
        Parameters step = weights.zeros();
        int[] tokens = tokenizer.encodeDocument("emily");

        for (int i = 0; i < 300; i++) {
            learner.lossAndGradient(step, tokens);
            for (int p = 0; p < weights.size(); p++) {
                weights.values()[p] -= step.values()[p];
            }
        }

        assertThat(learner.loss(tokens)).isLessThan(0.02);
    }

    @Test
    void the_loss_stays_finite_where_a_probability_rounds_to_zero() {
        for (int i = 0; i < parameters.size(); i++) {
            parameters.values()[i] *= 1000;
        }
        Mlp onValues = new Mlp(config, parameters);
        double loss = model.lossAndGradient(gradient, 4, 0, 1, 4);

        assertThat(loss).isGreaterThan(800).isFinite();
        assertThat(model.loss(4, 0, 1, 4)).isCloseTo(loss, within(1e-9 * loss));
        assertThat(onValues.lossGraph(4, 0, 1, 4).data()).isCloseTo(loss, within(1e-9 * loss));
    }

    @Test
    void a_nan_among_the_weights_shows_in_the_loss() {
        parameters.set("mlp_fc2", 1, 1, Double.NaN);
        parameters.set("mlp_fc1", 1, 0, 1);
        Mlp onValues = new Mlp(config, parameters);

        assertThat(model.lossAndGradient(gradient, 4, 0, 4)).isNaN();
        assertThat(model.loss(4, 0, 4)).isNaN();
        assertThat(onValues.lossGraph(4, 0, 4).data()).isNaN();
    }

    @Test
    void has_the_size_of_the_original() {
        assertThat(MlpConfig.original(27).newParameters().size()).isEqualTo(3184);
    }

    @Test
    void models_print_their_shape() {
        assertThat(model).hasToString("MlpByHand[vocabSize=5, embedDim=3, hiddenDim=7]");
        assertThat(new Mlp(config, parameters)).hasToString("Mlp[vocabSize=5, embedDim=3, hiddenDim=7]");
    }

    @Test
    void names_what_is_wrong() {
        Mlp onValues = new Mlp(config, parameters);
        String tooShort = "a document of 1 tokens has nothing to predict; it needs 2 or more";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MlpConfig(1, 16, 64))
                .withMessage("vocabSize 1 is below 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MlpConfig(27, 0, 64))
                .withMessage("embedDim 0 is below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MlpByHand(MlpConfig.original(5), parameters))
                .withMessage("the layout of the model's parameters differs: it has Tensor[name=wte, rows=5, columns=3,"
                        + " offset=0] where the parameters have Tensor[name=wte, rows=5, columns=16, offset=0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.lossAndGradient(gradient, 4))
                .withMessage(tooShort);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> onValues.lossGraph(4))
                .withMessage(tooShort);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.lossAndGradient(gradient, 4, 5, 4))
                .withMessage("tokenId 5 is not in [0, 5)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> onValues.newContext().next(-1))
                .withMessage("tokenId -1 is not in [0, 5)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.numericalGradient(0, 4, 0, 4))
                .withMessage("epsilon 0.0 is not a positive finite number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> onValues.gradient(
                        Parameters.builder().tensor("wte", 1, 1).build()))
                .withMessageStartingWith("the layout of the gradient differs");
    }

    private static double[] centralDifferences(MlpConfig shape, Parameters weights, int[] tokens) {
        return GradientCheck.centralDifferences(
                point -> {
                    Parameters at = weights.zeros();
                    System.arraycopy(point, 0, at.values(), 0, point.length);
                    return new MlpByHand(shape, at).loss(tokens);
                },
                weights.values());
    }
}
