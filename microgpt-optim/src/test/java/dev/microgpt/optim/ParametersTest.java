package dev.microgpt.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ParametersTest {
    private final Parameters parameters =
            Parameters.builder().tensor("wte", 3, 2).tensor("lm_head", 2, 4).build();

    @Test
    void lays_the_tensors_one_after_the_other_row_by_row() {
        parameters.set("lm_head", 1, 2, 7);

        assertThat(parameters.size()).isEqualTo(14);
        assertThat(parameters.tensors().toString())
                .isEqualTo("[Tensor[name=wte, rows=3, columns=2, offset=0],"
                        + " Tensor[name=lm_head, rows=2, columns=4, offset=6]]");
        assertThat(parameters.tensor("lm_head").index(1, 2)).isEqualTo(6 + 4 + 2);
        assertThat(parameters.values()[6 + 4 + 2]).isEqualTo(7);
        assertThat(parameters.get("lm_head", 1, 2)).isEqualTo(7);
    }

    @Test
    void a_copy_and_zeros_are_independent() {
        parameters.set("wte", 0, 0, 1);

        Parameters copy = parameters.copy();
        Parameters zeros = parameters.zeros();
        parameters.set("wte", 0, 0, 2);

        assertThat(copy.get("wte", 0, 0)).isEqualTo(1);
        assertThat(zeros.values()).containsOnly(0);
        assertThat(zeros.tensors()).isEqualTo(parameters.tensors());
    }

    @Test
    void names_what_is_wrong_with_an_element() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> parameters.get("wte", 3, 0))
                .withMessage("row 3 of wte is not in [0, 3)");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> parameters.set("wte", 0, -1, 0))
                .withMessage("column -1 of wte is not in [0, 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.tensor("wpe"))
                .withMessage("there is no tensor wpe in [wte, lm_head]");
    }

    @Test
    void rejects_a_layout_that_cannot_be() {
        Parameters.Builder builder = Parameters.builder().tensor("wte", 3, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tensor("wte", 1, 1))
                .withMessage("tensor wte is named twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tensor("wpe", 0, 2))
                .withMessage("shape [0][2] of wpe has a dimension below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tensor("wpe", 65536, 65536))
                .withMessage("shape [65536][65536] of wpe at offset 6 does not fit into one array");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tensor(" ", 1, 1))
                .withMessage("the name of a tensor must not be blank");
    }

    @Test
    void a_rejected_tensor_leaves_the_builder_as_it_was() {
        Parameters.Builder builder = Parameters.builder().tensor("wte", 3, 2);
        assertThatThrownBy(() -> builder.tensor("wte", 1, 1)).isInstanceOf(IllegalArgumentException.class);

        Parameters built = builder.build();

        assertThat(built.tensors()).hasToString("[Tensor[name=wte, rows=3, columns=2, offset=0]]");
        assertThat(built.size()).isEqualTo(6);
    }

    @Test
    void prints_its_size_and_the_first_tensors_on_one_line() {
        Parameters four = Parameters.builder()
                .tensor("a", 1, 1)
                .tensor("b", 2, 1)
                .tensor("c", 3, 1)
                .tensor("d", 4, 1)
                .build();

        assertThat(parameters).hasToString("Parameters[size=14: wte [3][2], lm_head [2][4]]");
        assertThat(four).hasToString("Parameters[size=10: a [1][1], b [2][1], c [3][1], …]");
        assertThat(Parameters.builder().build()).hasToString("Parameters[size=0]");
    }

    @Test
    void compares_layouts_by_name_shape_and_order() {
        Parameters same =
                Parameters.builder().tensor("wte", 3, 2).tensor("lm_head", 2, 4).build();
        Parameters shorter = Parameters.builder().tensor("wte", 3, 2).build();

        parameters.requireSameLayout("the gradient", same);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parameters.requireSameLayout("the gradient", shorter))
                .withMessage("the layout of the gradient differs: it has nothing where the parameters have "
                        + "Tensor[name=lm_head, rows=2, columns=4, offset=6]");
    }
}
