package dev.microgpt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.bigram.Bigram;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LanguageModelTest {

    @Test
    void pays_the_negative_log_of_the_softmax() {
        LanguageModel model = constant(Integer.MAX_VALUE, 1, 2, 3);
        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);

        double[] losses = model.losses(2, 0, 1, 2);

        assertThat(losses)
                .containsExactly(
                        new double[] {
                            -Math.log(Math.exp(1) / sum), -Math.log(Math.exp(2) / sum), -Math.log(Math.exp(3) / sum)
                        },
                        within(1e-15));
        assertThat(model.loss(2, 0, 1, 2)).isCloseTo((losses[0] + losses[1] + losses[2]) / 3, within(1e-15));
    }

    @Test
    void pays_log_vocabSize_at_chance() {
        LanguageModel model = constant(Integer.MAX_VALUE, new double[27]);

        assertThat(model.loss(26, 4, 12, 12, 0, 26)).isCloseTo(Math.log(27), within(1e-15));
    }

    @Test
    void pays_the_same_when_a_constant_is_added_to_all_logits() {
        LanguageModel model = constant(Integer.MAX_VALUE, 1, 2, 3);
        LanguageModel shifted = constant(Integer.MAX_VALUE, 1001, 1002, 1003);

        assertThat(shifted.loss(0, 1, 2)).isCloseTo(model.loss(0, 1, 2), within(1e-12));
    }

    @Test
    void counts_at_most_blockSize_predictions() {
        LanguageModel model = constant(2, 1, 2, 3);

        assertThat(model.losses(2, 0, 1, 2)).hasSize(2).isEqualTo(model.losses(2, 0, 1));
        assertThat(model.losses(2, 0)).hasSize(1);
    }

    @Test
    void reads_the_tokens_in_order_and_not_the_last() {
        StringBuilder read = new StringBuilder();
        LanguageModel model = new LanguageModel() {
            @Override
            public int vocabSize() {
                return 4;
            }

            @Override
            public Context newContext() {
                read.append("new ");
                return tokenId -> {
                    read.append(tokenId).append(' ');
                    return new double[4];
                };
            }
        };

        model.losses(3, 0, 1, 2, 3);

        assertThat(read).hasToString("new 3 0 1 2 ");
        assertThat(model.blockSize()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void an_impossible_token_costs_infinity_and_nan_stays_nan() {
        double never = Double.NEGATIVE_INFINITY;

        assertThat(constant(Integer.MAX_VALUE, 0, never).losses(0, 0, 1)).containsExactly(0, Double.POSITIVE_INFINITY);
        assertThat(constant(Integer.MAX_VALUE, 0, Double.NaN).loss(0, 0)).isNaN();
    }

    @Test
    void rejects_too_few_tokens() {
        LanguageModel model = constant(Integer.MAX_VALUE, 1, 2, 3);

        assertThatThrownBy(() -> model.loss())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens has length 0, at least 2 are needed: one to read and one to predict");
        assertThatThrownBy(() -> model.losses(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens has length 1, at least 2 are needed: one to read and one to predict");
    }

    @Test
    void rejects_a_token_outside_the_vocabulary_even_beyond_blockSize() {
        LanguageModel model = constant(1, 1, 2, 3);

        assertThatThrownBy(() -> model.loss(2, 0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokenId 3 is not in [0, 3)");
        assertThatThrownBy(() -> model.losses(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokenId -1 is not in [0, 3)");
    }

    @Test
    void many_documents_have_the_losses_of_each() {
        LanguageModel model = constant(2, 1, 2, 3);
        int[][] documents = {{2, 0, 1, 2}, {2, 2}};

        assertThat(model.losses(documents))
                .isDeepEqualTo(new double[][] {model.losses(2, 0, 1, 2), model.losses(2, 2)});
        assertThat(model.losses(new int[0][])).isEmpty();
        assertThatThrownBy(() -> model.losses(new int[][] {{2, 0}, {2, 3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("documents[1]: tokenId 3 is not in [0, 3)");
    }

    @Test
    void a_mixture_has_the_mixed_probabilities() {
        LanguageModel a = constant(5, Math.log(0.7), Math.log(0.2), Math.log(0.1));
        LanguageModel b = constant(3, 1 + Math.log(0.1), 1 + Math.log(0.3), 1 + Math.log(0.6));

        LanguageModel mixture = LanguageModel.mix(a, b, 0.75);

        double[] probs =
                Arrays.stream(mixture.newContext().next(2)).map(Math::exp).toArray();
        assertThat(probs).containsExactly(new double[] {0.55, 0.225, 0.225}, within(1e-15));
        assertThat(mixture.vocabSize()).isEqualTo(3);
        assertThat(mixture.blockSize()).isEqualTo(3);
        assertThat(mixture.losses(2, 0, 1, 1, 1))
                .containsExactly(new double[] {-Math.log(0.55), -Math.log(0.225), -Math.log(0.225)}, within(1e-15));
    }

    @Test
    void a_mixture_reads_with_both_models_and_at_its_ends_is_one_of_them() {
        Documents names = Documents.givenNames();
        Tokenizer tokenizer = Tokenizer.of(names);
        Bigram a = new Bigram(tokenizer.vocabSize());
        names.forEach(name -> a.learn(tokenizer.encodeDocument(name)));
        Bigram b = new Bigram(tokenizer.vocabSize());
        int[] emma = tokenizer.encodeDocument("emma");

        double[] half = LanguageModel.mix(a, b, 0.5).losses(emma);

        for (int t = 0; t < half.length; t++) {
            assertThat(half[t])
                    .isCloseTo(
                            -Math.log((Math.exp(-a.losses(emma)[t]) + Math.exp(-b.losses(emma)[t])) / 2),
                            within(1e-13));
        }
        assertThat(LanguageModel.mix(a, b, 1).loss(emma)).isCloseTo(a.loss(emma), within(1e-14));
        assertThat(LanguageModel.mix(a, b, 0).loss(emma)).isCloseTo(b.loss(emma), within(1e-14));
    }

    @Test
    void rejects_models_of_different_vocabularies_and_weights_that_are_no_share() {
        LanguageModel three = constant(1, 1, 2, 3);

        assertThatThrownBy(() -> LanguageModel.mix(three, constant(1, 1, 2), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vocabSize 2 of b is not 3, that of a");
        assertThatThrownBy(() -> LanguageModel.mix(three, three, 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight 1.5 is not in [0, 1]");
        assertThatThrownBy(() -> LanguageModel.mix(three, three, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight NaN is not in [0, 1]");
    }

    private static LanguageModel constant(int blockSize, double... logits) {
        return new LanguageModel() {
            @Override
            public int vocabSize() {
                return logits.length;
            }

            @Override
            public int blockSize() {
                return blockSize;
            }

            @Override
            public Context newContext() {
                return tokenId -> logits;
            }
        };
    }
}
