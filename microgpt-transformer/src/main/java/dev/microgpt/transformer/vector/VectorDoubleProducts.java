package dev.microgpt.transformer.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices on the Vector API: y = A·b, where the numbers of A are broadcast one by one and b is read by vectors.
 * A tile is some rows of y by one, two or four vectors, whose sums stay in registers; of fewer than four rows the last one comes
 * again. Where vectors would stand over the end they reach back, and what is done already is computed twice, in the same order
 * of additions. How large a tile may be, and why, is in docs/decisions/014. Scratch of one thread.
 */
final class VectorDoubleProducts {
    // No method here or in any class on the Vector API takes or returns a vector: docs/decisions/007 says why.
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final boolean REGISTERS_32 = SPECIES.vectorBitSize() == 512; // for 5 rows by 4 vectors
    private static final boolean REGISTERS_16 = SPECIES.vectorBitSize() == 256; // for 4 by 2, of few rows 6 by 2

    /** Rows of 512 bytes, or a multiple, begin in an eighth of the sets of a usual cache; this is that in numbers. */
    private static final int IN_CONFLICT = 512 / Double.BYTES;

    private static final int FAR = 65_536 / Double.BYTES; // from the first row of b to the last, in numbers
    private static final int MANY = 64; // rows of y

    private final VectorDoubleView panel = new VectorDoubleView();
    private double[] values = new double[0]; // of the panel

    /** y = A·b: y_rc = Σ_k A_rk·b_kc, k < count, for LANES columns or more. */
    void product(VectorDoubleView a, VectorDoubleView b, VectorDoubleView y, int rows, int count, int columns) {
        int c = 0;
        int tiles = tiles(rows, 5);
        for (; REGISTERS_32 && columns - c >= 4 * LANES; c += 4 * LANES) {
            VectorDoubleView near = panel(b, rows, count, c, 4 * LANES);
            for (int tile = 0; tile < tiles; tile++) {
                int r = tile * rows / tiles;
                VectorDoubleTiles.rowsx4((tile + 1) * rows / tiles - r, a, near, y, r, c, count);
            }
        }
        tiles = REGISTERS_16 && rows > 6 ? tiles(rows, 4) : tiles(rows, 8);
        for (; columns - c > LANES; c += 2 * LANES) {
            int gap = Math.min(LANES, columns - LANES - c);
            VectorDoubleView near = panel(b, rows, count, c, LANES + gap);
            for (int tile = 0; tile < tiles; tile++) {
                int r = tile * rows / tiles;
                VectorDoubleTiles.rowsx2((tile + 1) * rows / tiles - r, a, near, y, r, c, count, gap);
            }
        }
        tiles = tiles(rows, 8);
        for (; c < columns; c += LANES) {
            int column = Math.min(c, columns - LANES);
            for (int tile = 0; tile < tiles; tile++) {
                int r = tile * rows / tiles;
                VectorDoubleTiles.rowsx1((tile + 1) * rows / tiles - r, a, b, y, r, column, count);
            }
        }
    }

    /** How many tiles of at most so many rows; they have about as many each: 9 rows are 4 and 5. */
    private static int tiles(int rows, int most) {
        return (rows + most - 1) / most;
    }

    /** y = Aᵀ·b: y_rc = Σ_k A_kr·b_kc; the rest as in {@link #product}. */
    void transposedProduct(
            VectorDoubleView a, VectorDoubleView b, VectorDoubleView y, int rows, int count, int columns) {
        int c = 0;
        for (; REGISTERS_16 && columns - c > LANES && rows >= 6; c += 2 * LANES) {
            int gap = Math.min(LANES, columns - LANES - c);
            VectorDoubleView near = panel(b, rows, count, c, LANES + gap);
            for (int r = 0; r < rows; r += 6) {
                VectorDoubleTiles.columns6x2(a, near, y, Math.min(r, rows - 6), c, count, gap);
            }
        }
        for (; columns - c > LANES && rows >= 8; c += 2 * LANES) {
            int gap = Math.min(LANES, columns - LANES - c);
            VectorDoubleView near = panel(b, rows, count, c, LANES + gap);
            for (int r = 0; r < rows; r += 8) {
                VectorDoubleTiles.columns8x2(a, near, y, Math.min(r, rows - 8), c, count, gap);
            }
        }
        for (; c < columns; c += LANES) {
            int column = Math.min(c, columns - LANES);
            int r = 0;
            for (; r < rows - 8 && rows >= 16; r += 16) {
                VectorDoubleTiles.columns16x1(a, b, y, Math.min(r, rows - 16), column, count);
            }
            for (; r < rows && rows >= 8; r += 8) {
                VectorDoubleTiles.columns8x1(a, b, y, Math.min(r, rows - 8), column, count);
            }
            for (; r < rows; r++) {
                VectorDoubleTiles.columns1x1(a, b, y, r, column, count);
            }
        }
    }

    /** Columns of b from c on; a copy, row behind row, where they do not stay in the cache as they lie and many tiles read them. */
    private VectorDoubleView panel(VectorDoubleView b, int rows, int count, int c, int width) {
        if (b.row % IN_CONFLICT != 0 || count * b.row < FAR || rows < MANY) {
            return b;
        }
        if (values.length < count * width) {
            values = new double[count * width];
        }
        copy(b, c, values, count, width);
        return panel.of(values, -c, width);
    }

    private static void copy(VectorDoubleView b, int c, double[] y, int count, int width) {
        double[] x = b.values;
        int at = b.at + c;
        int row = b.row;
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < width; i += LANES) {
                int column = Math.min(i, width - LANES);
                DoubleVector.fromArray(SPECIES, x, at + k * row + column).intoArray(y, k * width + column);
            }
        }
    }

    // ---- transposed copy, in tiles of as many rows as a vector has lanes

    /** y [columns][rows] of x [rows][columns]. */
    static void transpose(double[] x, int xAt, int xRow, double[] y, int yRow, int rows, int columns) {
        if (rows < LANES || columns < LANES) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    y[c * yRow + r] = x[xAt + r * xRow + c];
                }
            }
            return;
        }
        for (int c = 0; c < columns; c += LANES) {
            int column = Math.min(c, columns - LANES);
            for (int r = 0; r < rows; r += LANES) {
                int row = Math.min(r, rows - LANES);
                transposeTile(x, xAt + row * xRow + column, xRow, y, column * yRow + row, yRow);
            }
        }
    }

    private static void transposeTile(double[] x, int xAt, int xRow, double[] y, int yAt, int yRow) {
        if (LANES == 2) {
            VectorDoubleTiles.transpose2(x, xAt, xRow, y, yAt, yRow);
        } else if (LANES == 4) {
            VectorDoubleTiles.transpose4(x, xAt, xRow, y, yAt, yRow);
        } else if (LANES == 8) {
            VectorDoubleTiles.transpose8(x, xAt, xRow, y, yAt, yRow);
        } else {
            VectorDoubleTiles.transpose16(x, xAt, xRow, y, yAt, yRow);
        }
    }
}
