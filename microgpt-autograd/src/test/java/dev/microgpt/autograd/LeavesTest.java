package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LeavesTest {
    private final Leaves leaves = new Leaves(new double[] {0, 1, 2, 3, 4, 5, 6});

    @Test
    void makes_one_leaf_for_every_number() {
        assertThat(leaves.size()).isEqualTo(7);
        assertThat(leaves.get(3).data()).isEqualTo(3);
        assertThat(leaves.get(3)).isSameAs(leaves.get(3));
    }

    @Test
    void shows_a_part_of_the_array_as_a_matrix_of_the_same_leaves() {
        Value[][] matrix = leaves.matrix(1, 2, 3);

        assertThat(matrix).hasDimensions(2, 3);
        assertThat(matrix[0]).containsExactly(leaves.get(1), leaves.get(2), leaves.get(3));
        assertThat(matrix[1]).containsExactly(leaves.get(4), leaves.get(5), leaves.get(6));
    }

    @Test
    void loads_numbers_and_clears_gradients() {
        leaves.get(0).backward();

        leaves.load(new double[] {10, 11, 12, 13, 14, 15, 16});

        assertThat(leaves.get(0).data()).isEqualTo(10);
        assertThat(leaves.get(6).data()).isEqualTo(16);
        assertThat(leaves.get(0).grad()).isZero();
    }

    @Test
    void copies_gradients_out() {
        double[] gradient = {9, 9, 9, 9, 9, 9, 9};

        leaves.get(2).mul(leaves.get(5)).backward();
        leaves.gradient(gradient);

        assertThat(gradient).containsExactly(0, 0, 5, 0, 0, 2, 0);
    }

    @Test
    void does_not_keep_the_array_it_was_made_from() {
        double[] data = {1};
        Leaves one = new Leaves(data);

        data[0] = 2;

        assertThat(one.get(0).data()).isEqualTo(1);
    }

    @Test
    void prints_their_number() {
        assertThat(leaves).hasToString("Leaves[size=7]");
    }

    @Test
    void rejects_an_index_outside_the_array() {
        assertThatIllegalArgumentException().isThrownBy(() -> leaves.get(7)).withMessage("index 7 is not in [0, 7)");
        assertThatIllegalArgumentException().isThrownBy(() -> leaves.get(-1)).withMessage("index -1 is not in [0, 7)");
    }

    @Test
    void rejects_a_matrix_that_reaches_beyond_the_array() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leaves.matrix(2, 2, 3))
                .withMessage("a matrix of 2 x 3 at offset 2 is not inside the 7 leaves");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leaves.matrix(-1, 1, 1))
                .withMessage("a matrix of 1 x 1 at offset -1 is not inside the 7 leaves");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leaves.matrix(0, 65536, 65536))
                .withMessage("a matrix of 65536 x 65536 at offset 0 is not inside the 7 leaves");
    }

    @Test
    void rejects_arrays_of_another_size() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leaves.load(new double[6]))
                .withMessage("data has 6 elements, the leaves are 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leaves.gradient(new double[8]))
                .withMessage("into has 8 elements, the leaves are 7");
    }
}
