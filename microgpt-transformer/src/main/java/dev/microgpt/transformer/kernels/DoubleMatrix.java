package dev.microgpt.transformer.kernels;

/**
 * A matrix that a vector is multiplied with, laid out as the loops that read it like it. The order of additions is fixed,
 * inputs by fours, so that all layouts give the same bits.
 *
 * <p>What a product reads and writes may be longer than said: see {@link Kind#beyond}.
 */
public interface DoubleMatrix {
    /** Sets the weights of an output, one for each input; they begin at {@code at}. */
    void set(int output, double[] x, int at, int inputs);

    /** y_o = max(floor, factor·(b_o + Σ_i a_i·w_io)), of the first inputs and outputs; y may be b. */
    void times(double[] a, int inputs, double[] b, double factor, double floor, double[] y, int outputs);

    /** A layout. */
    interface Kind {
        /** A matrix of zeros. */
        DoubleMatrix create(int outputs, int inputs);

        /** Numbers in a vector: what is read by vectors has a multiple of them in a row. */
        int lanes();

        /** How many numbers after the last must exist: as inputs of a product they must be finite, as outputs they are lost. */
        int beyond();
    }
}
