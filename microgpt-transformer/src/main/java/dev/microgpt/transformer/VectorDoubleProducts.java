package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices on the Vector API: y = A·b, where the numbers of A are broadcast one by one and b is read by vectors.
 * A tile is some rows of y by one or two vectors, whose sums stay in registers. Rows and vectors that would stand over are
 * computed twice instead, in the same order of additions: at the end, tiles reach back over what is done already.
 */
final class VectorDoubleProducts {
    // No method here or in the kernels takes or returns a vector: C2 would box those of a call that it does not inline.
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private VectorDoubleProducts() {}

    /**
     * y = A·b: y_rc = Σ_k A_rk·b_kc, k < count, with A_rk at aAt + r·aRow + k, b_kc at bAt + k·bStep + c and y_rc at yAt + r·yRow + c, for LANES
     * columns or more.
     */
    static void product(
            double[] a,
            int aAt,
            int aRow,
            double[] b,
            int bAt,
            int bStep,
            int count,
            double[] y,
            int yAt,
            int yRow,
            int rows,
            int columns) {
        int last = rows - 1;
        int c = 0;
        for (; columns - c > LANES && columns >= 2 * LANES; c += 2 * LANES) {
            int at = Math.min(c, columns - 2 * LANES);
            int r = 0;
            for (; rows - r > 4; r += 8) {
                VectorDoubleTiles.rows8x2(a, aAt, aRow, b, bAt + at, bStep, count, y, yAt + at, yRow, r, last);
            }
            for (; r < rows; r += 4) {
                VectorDoubleTiles.rows4x2(a, aAt, aRow, b, bAt + at, bStep, count, y, yAt + at, yRow, r, last);
            }
        }
        for (; c < columns; c += LANES) {
            int at = Math.min(c, columns - LANES);
            int r = 0;
            for (; rows - r > 4; r += 8) {
                VectorDoubleTiles.rows8x1(a, aAt, aRow, b, bAt + at, bStep, count, y, yAt + at, yRow, r, last);
            }
            for (; r < rows; r += 4) {
                VectorDoubleTiles.rows4x1(a, aAt, aRow, b, bAt + at, bStep, count, y, yAt + at, yRow, r, last);
            }
        }
    }

    /** y = Aᵀ·b: y_rc = Σ_k A_kr·b_kc, with A_kr at aAt + k·aStep + r; the rest as in {@link #product}. */
    static void transposedProduct(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int count,
            double[] y,
            int yAt,
            int yRow,
            int rows,
            int columns) {
        int c = 0;
        for (; columns - c > LANES && columns >= 2 * LANES && rows >= 8; c += 2 * LANES) {
            int at = Math.min(c, columns - 2 * LANES);
            for (int r = 0; r < rows; r += 8) {
                int row = Math.min(r, rows - 8);
                VectorDoubleTiles.columns8x2(a, aAt, aStep, b, bAt + at, bStep, count, y, yAt + at, yRow, row);
            }
        }
        for (; c < columns; c += LANES) {
            int at = Math.min(c, columns - LANES);
            int r = 0;
            for (; r < rows - 8 && rows >= 16; r += 16) {
                int row = Math.min(r, rows - 16);
                VectorDoubleTiles.columns16x1(a, aAt, aStep, b, bAt + at, bStep, count, y, yAt + at, yRow, row);
            }
            for (; r < rows && rows >= 8; r += 8) {
                int row = Math.min(r, rows - 8);
                VectorDoubleTiles.columns8x1(a, aAt, aStep, b, bAt + at, bStep, count, y, yAt + at, yRow, row);
            }
            for (; r < rows; r++) {
                VectorDoubleTiles.columns1x1(a, aAt, aStep, b, bAt + at, bStep, count, y, yAt + at, yRow, r);
            }
        }
    }

    // ---- transposed copy, in tiles of four by four

    private static final VectorSpecies<Double> FOUR =
            VectorSpecies.of(double.class, VectorShape.forBitSize(Math.min(4, LANES) * Double.SIZE));

    private static final VectorShuffle<Double> SWAP_PAIRS = VectorShuffle.fromOp(FOUR, lane -> lane ^ 1);
    private static final VectorShuffle<Double> SWAP_HALVES =
            VectorShuffle.fromOp(FOUR, lane -> (lane ^ 2) % FOUR.length());
    private static final VectorMask<Double> ODD = VectorMask.fromLong(FOUR, 0b1010);
    private static final VectorMask<Double> EVEN = VectorMask.fromLong(FOUR, 0b0101);
    private static final VectorMask<Double> HIGH = VectorMask.fromLong(FOUR, 0b1100);
    private static final VectorMask<Double> LOW = VectorMask.fromLong(FOUR, 0b0011);

    /** y [columns][rows] of x [rows][columns]. */
    static void transpose(double[] x, int xAt, int xRow, double[] y, int yRow, int rows, int columns) {
        if (rows < 4 || columns < 4 || LANES < 4) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    y[c * yRow + r] = x[xAt + r * xRow + c];
                }
            }
            return;
        }
        int wholeRows = rows & ~3;
        int wholeColumns = columns & ~3;
        transposeTiles(x, xAt, xRow, y, 0, yRow, wholeRows, wholeColumns);
        if (wholeColumns < columns) {
            transposeTiles(x, xAt + columns - 4, xRow, y, (columns - 4) * yRow, yRow, wholeRows, 4);
        }
        if (wholeRows < rows) {
            int last = rows - 4;
            transposeTiles(x, xAt + last * xRow, xRow, y, last, yRow, 4, wholeColumns);
            transposeTiles(x, xAt + last * xRow + columns - 4, xRow, y, (columns - 4) * yRow + last, yRow, 4, 4);
        }
    }

    private static void transposeTiles(
            double[] x, int xAt, int xRow, double[] y, int yAt, int yRow, int rows, int columns) {
        for (int c = 0; c < columns; c += 4) {
            int from = xAt + c;
            int to = yAt + c * yRow;
            for (int r = 0; r < rows; r += 4) {
                DoubleVector x0 = DoubleVector.fromArray(FOUR, x, from);
                DoubleVector x1 = DoubleVector.fromArray(FOUR, x, from + xRow);
                DoubleVector x2 = DoubleVector.fromArray(FOUR, x, from + 2 * xRow);
                DoubleVector x3 = DoubleVector.fromArray(FOUR, x, from + 3 * xRow);
                DoubleVector even01 = x0.blend(x1.rearrange(SWAP_PAIRS), ODD); // 00 10 02 12
                DoubleVector odd01 = x1.blend(x0.rearrange(SWAP_PAIRS), EVEN); // 01 11 03 13
                DoubleVector even23 = x2.blend(x3.rearrange(SWAP_PAIRS), ODD); // 20 30 22 32
                DoubleVector odd23 = x3.blend(x2.rearrange(SWAP_PAIRS), EVEN); // 21 31 23 33
                even01.blend(even23.rearrange(SWAP_HALVES), HIGH).intoArray(y, to + r);
                odd01.blend(odd23.rearrange(SWAP_HALVES), HIGH).intoArray(y, to + yRow + r);
                even23.blend(even01.rearrange(SWAP_HALVES), LOW).intoArray(y, to + 2 * yRow + r);
                odd23.blend(odd01.rearrange(SWAP_HALVES), LOW).intoArray(y, to + 3 * yRow + r);
                from += 4 * xRow;
            }
        }
    }
}
