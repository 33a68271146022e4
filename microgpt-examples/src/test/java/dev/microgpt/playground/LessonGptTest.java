package dev.microgpt.playground;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Parameters;
import dev.microgpt.playground.Variant.Part;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model whose parts can be taken away: with all of them it is the library's, and each switch does what it says. */
class LessonGptTest {
    private static final Documents NAMES = Documents.givenNames();
    private static final Tokenizer TOKENIZER = Tokenizer.of(NAMES);
    private static final int[] MARIA = TOKENIZER.encodeDocument("maria");
    private static final int[] PARIA = TOKENIZER.encodeDocument("paria"); // another letter at position 1
    private static final int[] MARIO = TOKENIZER.encodeDocument("mario"); // another letter at position 5

    @Test
    void with_all_parts_it_is_stage_5() {
        Golden golden = Golden.read("given-stage5");
        LessonRun run = new LessonRun(Variant.WHOLE, NAMES, TOKENIZER, 42, 1000);

        double[] losses = IntStream.range(0, 1000).mapToDouble(i -> run.step()).toArray();

        assertThat(losses).satisfies(closeTo(golden.doubles("losses"), 1e-9));
        assertThat(run.parameters().values()).satisfies(closeTo(golden.doubles("final_params"), 1e-9));
        assertThat(run.unseenLoss()).isCloseTo(2.4836, within(5e-5)); // of stage 5 on the page that compares
    }

    @Test
    void with_one_head_and_plain_descent_it_is_the_engine_of_that_shape() {
        Variant variant = new Variant(Set.of(), 1, false, true);
        LessonRun run = new LessonRun(variant, NAMES, TOKENIZER, 7, 50);
        PythonRandom random = new PythonRandom(7);
        Documents shuffled = NAMES.shuffled(random);
        Parameters first = Preset.STAGE5.initialization().draw(variant.config(27), random);
        Engine engine = Engine.of(Engine.Kind.ARRAY, new Gpt(variant.config(27), first), variant.optimizer());

        for (int step = 0; step < 50; step++) {
            double expected = engine.lossAndGradient(TOKENIZER.encodeDocument(shuffled.atStep(step)));
            engine.update(variant.learningRate(50).at(step));

            assertThat(run.step()).isCloseTo(expected, within(1e-9));
        }
    }

    private static Parameters weights() {
        return Preset.STAGE5.initialization().draw(Preset.STAGE5.config(27), new PythonRandom(42));
    }

    private static double[][] logits(Variant variant, int... tokens) {
        return new LessonGpt(variant, 27, weights()).logits(tokens);
    }

    private static double[][] logits(Part missing, int... tokens) {
        return logits(Variant.without(missing), tokens);
    }

    @Test
    void the_whole_model_looks_back_and_never_ahead() {
        double[][] maria = logits(Variant.WHOLE, MARIA);

        assertThat(logits(Variant.WHOLE, PARIA)[4]).isNotEqualTo(maria[4]);
        double[][] mario = logits(Variant.WHOLE, MARIO);
        assertThat(Arrays.copyOf(mario, 5)).isDeepEqualTo(Arrays.copyOf(maria, 5));
        assertThat(mario[5]).isNotEqualTo(maria[5]);
    }

    @Test
    void without_attention_earlier_tokens_do_not_count() {
        double[][] paria = logits(Part.ATTENTION, PARIA);

        double[][] maria = logits(Part.ATTENTION, MARIA);
        assertThat(paria[1]).isNotEqualTo(maria[1]);
        assertThat(Arrays.copyOfRange(paria, 2, 6)).isDeepEqualTo(Arrays.copyOfRange(maria, 2, 6));
    }

    @Test
    void without_position_the_order_of_what_came_does_not_count() {
        int[] abc = TOKENIZER.encodeDocument("abc");
        int[] bac = TOKENIZER.encodeDocument("bac");

        assertThat(logits(Variant.WHOLE, bac)[3][0]).isNotCloseTo(logits(Variant.WHOLE, abc)[3][0], within(1e-6));
        assertThat(logits(Part.POSITION, bac)[3]).satisfies(closeTo(logits(Part.POSITION, abc)[3], 1e-12));
    }

    @Test
    void without_attention_and_position_a_token_is_all_that_counts() {
        double[][] logits = logits(Variant.without(Part.ATTENTION, Part.POSITION), TOKENIZER.encodeDocument("emma"));

        assertThat(logits[3]).isEqualTo(logits[2]); // the two m
        assertThat(logits(Part.ATTENTION, TOKENIZER.encodeDocument("emma"))[3]).isNotEqualTo(logits[2]);
    }

    @Test
    void without_mask_later_tokens_count() {
        double[][] mario = logits(Part.MASK, MARIO);

        double[][] maria = logits(Part.MASK, MARIA);
        for (int t = 0; t < 6; t++) {
            assertThat(mario[t]).as("position " + t).isNotEqualTo(maria[t]);
        }
    }

    @Test
    void without_norm_the_size_of_a_vector_counts() {
        Parameters large = weights();
        for (String name : new String[] {"wte", "wpe"}) {
            for (int i = 0; i < large.tensor(name).size(); i++) {
                large.values()[large.tensor(name).offset() + i] *= 4;
            }
        }

        double[] whole = new LessonGpt(Variant.WHOLE, 27, large).logits(MARIA)[2];
        double[] bare = new LessonGpt(Variant.without(Part.NORM), 27, large).logits(MARIA)[2];
        assertThat(whole).satisfies(closeTo(logits(Variant.WHOLE, MARIA)[2], 0.01));
        assertThat(norm(bare)).isGreaterThan(3 * norm(logits(Part.NORM, MARIA)[2]));
    }

    private static double norm(double... x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    }

    @Test
    void without_residual_what_a_block_makes_of_nothing_is_nothing() {
        Parameters mute = weights();
        Parameters.Tensor fc2 = mute.tensor("layer0.mlp_fc2");
        Arrays.fill(mute.values(), fc2.offset(), fc2.offset() + fc2.size(), 0);

        assertThat(new LessonGpt(Variant.without(Part.RESIDUAL), 27, mute).logits(MARIA)[1])
                .containsOnly(0);
        assertThat(new LessonGpt(Variant.WHOLE, 27, mute).logits(MARIA)[1])
                .isEqualTo(logits(Part.PERCEPTRON, MARIA)[1]); // all that came before goes through
    }

    @ParameterizedTest
    @EnumSource
    void the_gradient_is_the_slope_of_the_loss(Part missing) {
        Parameters weights = weights();
        Parameters gradient = weights.zeros();
        LessonGpt model = new LessonGpt(Variant.without(missing), 27, weights);
        model.lossAndGradient(gradient, MARIA);

        for (Parameters.Tensor tensor : weights.tensors()) {
            int index = tensor.index(1, 2);
            double before = weights.values()[index];
            weights.values()[index] = before + 1e-5;
            double above = Arrays.stream(model.losses(MARIA)).average().orElseThrow();
            weights.values()[index] = before - 1e-5;
            double below = Arrays.stream(model.losses(MARIA)).average().orElseThrow();
            weights.values()[index] = before;

            assertThat(gradient.values()[index]).as(tensor.name()).isCloseTo((above - below) / 2e-5, within(1e-8));
        }
    }

    @Test
    void weights_that_start_at_0_stay_there() {
        LessonRun run = new LessonRun(new Variant(Set.of(), 4, true, false), NAMES, TOKENIZER, 42, 20);
        for (int step = 0; step < 20; step++) {
            assertThat(run.step()).isCloseTo(Math.log(27), within(1e-12));
        }

        assertThat(run.parameters().values()).containsOnly(0);
    }

    @Test
    void a_seed_gives_all_variants_the_same_first_weights_and_the_same_names() {
        LessonRun whole = new LessonRun(Variant.WHOLE, NAMES, TOKENIZER, 43, 10);
        LessonRun part = new LessonRun(new Variant(Set.of(Part.NORM), 1, false, true), NAMES, TOKENIZER, 43, 10);

        assertThat(part.parameters().values())
                .isEqualTo(whole.parameters().values())
                .isNotEqualTo(new LessonRun(Variant.WHOLE, NAMES, TOKENIZER, 42, 10)
                        .parameters()
                        .values());
    }

    @Test
    void other_numbers_of_heads_are_refused() {
        assertThatThrownBy(() -> new Variant(Set.of(), 2, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headCount 2 is not one of 1, 4");
    }
}
