package dev.microgpt.transformer.vector;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two ways of attention on the Vector API must agree where a shape suits both. */
class VectorAttentionTest {
    private static final int START = 3; // rows of another document before

    @ParameterizedTest(name = "{0} numbers in {1} heads, {2} positions")
    @CsvSource({"16, 16, 1", "16, 8, 7", "32, 16, 20", "16, 4, 16", "16, 4, 9", "32, 4, 16", "48, 12, 5", "64, 8, 31"})
    void heads_within_a_vector_and_heads_one_by_one_agree(int embedDim, int headCount, int count) {
        assumeTrue(Engine.Kind.VECTOR.isAvailable(), "NOT CHECKED in this run: attention; the run with SIMD does");
        Layout layout = new Layout(5, 32, embedDim, headCount, 1, false);
        assumeTrue(
                VectorDoubleSmallHeads.suits(layout),
                "NOT CHECKED in this run: " + embedDim / headCount + " numbers a head; vectors are too narrow");
        DoubleKernels kernels = new VectorDoubleKernels(layout);
        int rows = START + count;
        double[] qkv = random(kernels.matrix(rows, 3 * embedDim));
        double[] dMixed = random(kernels.matrix(rows, embedDim));

        VectorDoubleSmallHeads together = new VectorDoubleSmallHeads(layout);
        double[] p = kernels.matrix(rows, together.weightsPerPosition());
        double[] mixed = kernels.matrix(rows, embedDim);
        double[] dQkv = kernels.matrix(rows, 3 * embedDim);
        together.forward(qkv, p, mixed, START, count);
        together.backward(dMixed, qkv, p, mixed, dQkv, START, count);

        VectorDoubleLargeHeads oneByOne = new VectorDoubleLargeHeads(layout);
        double[] otherP = kernels.matrix(rows, oneByOne.weightsPerPosition());
        double[] otherMixed = kernels.matrix(rows, embedDim);
        double[] otherDQkv = kernels.matrix(rows, 3 * embedDim);
        oneByOne.forward(qkv, otherP, otherMixed, START, count);
        oneByOne.backward(dMixed, qkv, otherP, otherMixed, otherDQkv, START, count);

        assertThat(mixed).satisfies(closeTo(otherMixed, 1e-13));
        assertThat(dQkv).satisfies(closeTo(otherDQkv, 1e-13));
        assertThat(mixed[START * embedDim])
                .isEqualTo(qkv[START * 3 * embedDim + 2 * embedDim]); // v, seeing itself only
    }

    private static double[] random(double[] matrix) {
        Random random = new Random(1);
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = random.nextGaussian();
        }
        return matrix;
    }
}
