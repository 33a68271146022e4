package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TokenLossesTest {
    private static final double LN2 = Math.log(2);
    private static final double LN4 = Math.log(4);

    @Test
    void mean_and_standard_error_count_tokens_and_pair_strings() {
        TokenLosses a = new TokenLosses(new double[][] {{1, 3}, {2}});
        TokenLosses b = new TokenLosses(new double[][] {{1, 1}, {2.5}});

        assertThat(a.mean()).isEqualTo(2);
        assertThat(b.mean()).isEqualTo(1.5);
        // differences 2 and -0.5, mean 0.5 a token: deviations 1 and -1
        assertThat(a.standardErrorAgainst(b)).isCloseTo(Math.sqrt(2 * 2 / 1.0) / 3, within(1e-15));
        assertThat(b.standardErrorAgainst(a)).isEqualTo(a.standardErrorAgainst(b));
        assertThat(a.standardErrorAgainst(a)).isZero();
    }

    @Test
    void each_half_has_the_weight_that_is_best_on_the_other() {
        TokenLosses a = new TokenLosses(new double[][] {{LN2}, {LN4}, {LN2}, {LN4}});
        TokenLosses b = new TokenLosses(new double[][] {{LN4}, {LN2}, {LN4}, {LN2}});

        TokenLosses mixed = a.mixedWith(b).losses();

        // strings 0 and 2 want weight 1 and get 0, that of strings 1 and 3
        assertThat(mixed.losses()).isDeepEqualTo(new double[][] {{LN4}, {LN4}, {LN4}, {LN4}});
        assertThat(a.mixedWith(b).weight()).isEqualTo(0.5);
    }

    @Test
    void the_weight_is_the_best_of_a_grid() {
        TokenLosses a = new TokenLosses(new double[][] {{-Math.log(0.9), -Math.log(0.1), -Math.log(0.9)}});
        TokenLosses b = new TokenLosses(new double[][] {{-Math.log(0.4), -Math.log(0.6), -Math.log(0.5)}});
        double best = Double.POSITIVE_INFINITY;
        double weight = -1;
        for (int step = 0; step <= 20; step++) {
            double w = step / 20.0;
            double loss = -Math.log(w * 0.9 + (1 - w) * 0.4)
                    - Math.log(w * 0.1 + (1 - w) * 0.6)
                    - Math.log(w * 0.9 + (1 - w) * 0.5);
            if (loss < best) {
                best = loss;
                weight = w;
            }
        }

        assertThat(weight).isStrictlyBetween(0.0, 1.0);
        assertThat(a.mixedWith(b).weight()).isEqualTo(weight);
        assertThat(b.mixedWith(a).weight()).isCloseTo(1 - weight, within(1e-15));
    }

    @Test
    void of_a_single_string_nothing_is_known() {
        TokenLosses a = new TokenLosses(new double[][] {{LN2, LN2}});
        TokenLosses b = new TokenLosses(new double[][] {{LN4, LN4}});

        assertThat(a.mixedWith(b).losses().mean()).isCloseTo(-Math.log(0.375), within(1e-15)); // weight 1/2
        assertThat(a.standardErrorAgainst(b)).isCloseTo(LN2, within(1e-15));
    }

    @Test
    void a_loss_too_large_for_a_probability_is_no_obstacle() {
        TokenLosses a = new TokenLosses(new double[][] {{2000}, {2000}});
        TokenLosses b = new TokenLosses(new double[][] {{LN2}, {LN2}});

        assertThat(a.mixedWith(b).weight()).isZero();
        assertThat(b.mixedWith(a).weight()).isEqualTo(1);
        assertThat(a.mixedWith(b).losses().mean()).isEqualTo(LN2);
    }
}
