package dev.microgpt.transformer.vector;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import dev.microgpt.transformer.kernels.DoubleNaiveProducts;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast products are those of three loops, for all sizes around those of tiles and vectors. */
class ProductsTest {
    private static final int MOST = 40;
    private static final int BEFORE = 3; // numbers of other matrices before the weights
    private static final Layout LAYOUT = new Layout(MOST, 16, MOST, 1, 1, false);

    @Test
    void plain_products_are_the_naive_ones() {
        agreeWithNaive(new DoubleKernels(MOST, 4 * MOST, 1, 16));
    }

    @Test
    void products_on_simd_are_the_naive_ones() {
        assumeTrue(Simd.isPresent(), "NOT CHECKED in this run: products on SIMD; the run with SIMD does");

        agreeWithNaive(Simd.doubleKernels(LAYOUT));
    }

    /** Rows of b that are a multiple of 512 bytes apart are copied first. */
    @Test
    void how_far_apart_rows_lie_changes_no_bit() {
        assumeTrue(Simd.isPresent(), "NOT CHECKED in this run: products on SIMD; the run with SIMD does");
        VectorDoubleProducts products = new VectorDoubleProducts();
        Random random = new Random(4);
        for (int trial = 0; trial < 100; trial++) {
            int rows = 56 + random.nextInt(20);
            int count = 60 + random.nextInt(20);
            int columns = 16 + random.nextInt(100);
            String size = rows + " x " + count + " x " + columns;
            VectorDoubleView b = view(random(new double[count * 128 + 64], random), 128);
            VectorDoubleView apart = view(new double[count * 131 + 64], 131);
            for (int k = 0; k < count; k++) {
                System.arraycopy(b.values, k * 128, apart.values, k * 131, columns);
            }
            double[] numbers = random(new double[rows * count], random);
            VectorDoubleView y = view(new double[rows * columns + 64], columns);
            VectorDoubleView expected = view(y.values.clone(), columns);

            products.product(view(numbers, count), b, y, rows, count, columns);
            products.product(view(numbers, count), apart, expected, rows, count, columns);
            assertThat(y.values).as(size).isEqualTo(expected.values);

            products.transposedProduct(view(numbers, rows), b, y, rows, count, columns);
            products.transposedProduct(view(numbers, rows), apart, expected, rows, count, columns);
            assertThat(y.values).as(size + ", transposed").isEqualTo(expected.values);
        }
    }

    private static VectorDoubleView view(double[] values, int row) {
        return new VectorDoubleView().of(values, 0, row);
    }

    private static void agreeWithNaive(DoubleKernels kernels) {
        Random random = new Random(3);
        for (int trial = 0; trial < 400; trial++) {
            int rows = 1 + random.nextInt(20);
            int in = 1 + random.nextInt(MOST);
            int out = 1 + random.nextInt(MOST);
            String size = rows + " rows, " + in + " to " + out;
            double[] x = random(kernels.matrix(rows, in), random);
            double[] dY = random(kernels.matrix(rows, out), random);
            double[] w = random(new double[BEFORE + out * in + 64], random); // a vector may reach over the end

            double[] y = kernels.matrix(rows, out);
            double[] expected = y.clone();
            kernels.linear(x, w, BEFORE, y, rows, in, out);
            DoubleNaiveProducts.linear(x, w, BEFORE, expected, rows, in, out);
            agree(size, y, expected, rows * out);

            double[] dX = kernels.matrix(rows, in);
            expected = dX.clone();
            kernels.linearBackwardInput(dY, w, BEFORE, dX, rows, in, out);
            DoubleNaiveProducts.linearBackwardInput(dY, w, BEFORE, expected, rows, in, out);
            agree(size, dX, expected, rows * in);

            double[] dW = w.clone();
            expected = w.clone();
            kernels.linearBackwardWeight(dY, x, dW, BEFORE, rows, in, out);
            DoubleNaiveProducts.linearBackwardWeight(dY, x, expected, BEFORE, rows, in, out);
            agree(size, dW, expected, BEFORE + out * in);
        }
    }

    private static void agree(String size, double[] actual, double[] expected, int count) {
        assertThat(Arrays.copyOf(actual, count))
                .as(size)
                .satisfies(closeTo(Arrays.copyOf(expected, count), 1e-14 * MOST));
    }

    private static double[] random(double[] matrix, Random random) {
        Arrays.setAll(matrix, i -> random.nextGaussian());
        return matrix;
    }
}
