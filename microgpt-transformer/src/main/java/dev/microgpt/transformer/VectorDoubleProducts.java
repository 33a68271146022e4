package dev.microgpt.transformer;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices on the Vector API. One factor is broadcast number by number as it lies, the other is read by
 * vectors; a tile keeps as many sums in registers as there are. The tiles differ in how many rows, or columns, and how
 * many vectors they hold: the products here are small, and the wide ones would leave most of their registers unused.
 */
final class VectorDoubleProducts {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private VectorDoubleProducts() {}

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    /** y [columns][rows] of x [rows][columns], four rows at a time. */
    static void transpose(double[] x, int xAt, int xRow, double[] y, int yRow, int rows, int columns) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            int x0 = xAt + r * xRow, x1 = x0 + xRow, x2 = x1 + xRow, x3 = x2 + xRow;
            for (int c = 0; c < columns; c++) {
                int at = c * yRow + r;
                y[at] = x[x0 + c];
                y[at + 1] = x[x1 + c];
                y[at + 2] = x[x2 + c];
                y[at + 3] = x[x3 + c];
            }
        }
        for (; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                y[c * yRow + r] = x[xAt + r * xRow + c];
            }
        }
    }

    /**
     * y = A·b: y_rc = Σ_k A_rk·b_kc for the listed rows r, with A_rk at aAt + r·aRow + k, b_kc at bAt + k·bStep + c, y_rc at yAt + r·yRow + c;
     * the number of columns is a multiple of LANES. A tile has eight sums or more that need not wait for each other.
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
            int[] rows,
            int rowCount,
            int columns) {
        int c = 0;
        for (; c <= columns - 2 * LANES && rowCount >= 8; c += 2 * LANES) {
            for (int r = 0; r < rowCount; r += 8) {
                int row = Math.min(r, rowCount - 8); // the last tile reaches back over what is done already
                eightRowsWide(a, aAt, aRow, b, bAt + c, bStep, count, y, yAt + c, yRow, rows, row);
            }
        }
        for (; c < columns; c += LANES) {
            int r = 0;
            for (; r <= rowCount - 16; r += 16) {
                sixteenRows(a, aAt, aRow, b, bAt + c, bStep, count, y, yAt + c, yRow, rows, r);
            }
            for (; r < rowCount - 4 && rowCount >= 8; r += 8) {
                int row = Math.min(r, rowCount - 8);
                eightRows(a, aAt, aRow, b, bAt + c, bStep, count, y, yAt + c, yRow, rows, row);
            }
            for (; r < rowCount && rowCount >= 4; r += 4) {
                int row = Math.min(r, rowCount - 4);
                fourRows(a, aAt, aRow, b, bAt + c, bStep, count, y, yAt + c, yRow, rows, row);
            }
            for (; r < rowCount; r++) {
                oneRow(a, aAt, aRow, b, bAt + c, bStep, count, y, yAt + c, yRow, rows, r);
            }
        }
    }

    private static void eightRowsWide(
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
            int[] rows,
            int r) {
        int a0 = aAt + rows[r] * aRow;
        int a1 = aAt + rows[r + 1] * aRow;
        int a2 = aAt + rows[r + 2] * aRow;
        int a3 = aAt + rows[r + 3] * aRow;
        int a4 = aAt + rows[r + 4] * aRow;
        int a5 = aAt + rows[r + 5] * aRow;
        int a6 = aAt + rows[r + 6] * aRow;
        int a7 = aAt + rows[r + 7] * aRow;
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector z0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector z1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector z2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector z3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector z4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector z5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector z6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        DoubleVector z7 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int at = bAt + k * bStep;
            DoubleVector b0 = load(b, at);
            DoubleVector b1 = load(b, at + LANES);
            DoubleVector w0 = all(a[a0 + k]);
            y0 = w0.fma(b0, y0);
            z0 = w0.fma(b1, z0);
            DoubleVector w1 = all(a[a1 + k]);
            y1 = w1.fma(b0, y1);
            z1 = w1.fma(b1, z1);
            DoubleVector w2 = all(a[a2 + k]);
            y2 = w2.fma(b0, y2);
            z2 = w2.fma(b1, z2);
            DoubleVector w3 = all(a[a3 + k]);
            y3 = w3.fma(b0, y3);
            z3 = w3.fma(b1, z3);
            DoubleVector w4 = all(a[a4 + k]);
            y4 = w4.fma(b0, y4);
            z4 = w4.fma(b1, z4);
            DoubleVector w5 = all(a[a5 + k]);
            y5 = w5.fma(b0, y5);
            z5 = w5.fma(b1, z5);
            DoubleVector w6 = all(a[a6 + k]);
            y6 = w6.fma(b0, y6);
            z6 = w6.fma(b1, z6);
            DoubleVector w7 = all(a[a7 + k]);
            y7 = w7.fma(b0, y7);
            z7 = w7.fma(b1, z7);
        }
        y0.intoArray(y, yAt + rows[r] * yRow);
        z0.intoArray(y, yAt + rows[r] * yRow + LANES);
        y1.intoArray(y, yAt + rows[r + 1] * yRow);
        z1.intoArray(y, yAt + rows[r + 1] * yRow + LANES);
        y2.intoArray(y, yAt + rows[r + 2] * yRow);
        z2.intoArray(y, yAt + rows[r + 2] * yRow + LANES);
        y3.intoArray(y, yAt + rows[r + 3] * yRow);
        z3.intoArray(y, yAt + rows[r + 3] * yRow + LANES);
        y4.intoArray(y, yAt + rows[r + 4] * yRow);
        z4.intoArray(y, yAt + rows[r + 4] * yRow + LANES);
        y5.intoArray(y, yAt + rows[r + 5] * yRow);
        z5.intoArray(y, yAt + rows[r + 5] * yRow + LANES);
        y6.intoArray(y, yAt + rows[r + 6] * yRow);
        z6.intoArray(y, yAt + rows[r + 6] * yRow + LANES);
        y7.intoArray(y, yAt + rows[r + 7] * yRow);
        z7.intoArray(y, yAt + rows[r + 7] * yRow + LANES);
    }

    private static void sixteenRows(
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
            int[] rows,
            int r) {
        int a0 = aAt + rows[r] * aRow;
        int a1 = aAt + rows[r + 1] * aRow;
        int a2 = aAt + rows[r + 2] * aRow;
        int a3 = aAt + rows[r + 3] * aRow;
        int a4 = aAt + rows[r + 4] * aRow;
        int a5 = aAt + rows[r + 5] * aRow;
        int a6 = aAt + rows[r + 6] * aRow;
        int a7 = aAt + rows[r + 7] * aRow;
        int a8 = aAt + rows[r + 8] * aRow;
        int a9 = aAt + rows[r + 9] * aRow;
        int a10 = aAt + rows[r + 10] * aRow;
        int a11 = aAt + rows[r + 11] * aRow;
        int a12 = aAt + rows[r + 12] * aRow;
        int a13 = aAt + rows[r + 13] * aRow;
        int a14 = aAt + rows[r + 14] * aRow;
        int a15 = aAt + rows[r + 15] * aRow;
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        DoubleVector y8 = DoubleVector.zero(SPECIES);
        DoubleVector y9 = DoubleVector.zero(SPECIES);
        DoubleVector y10 = DoubleVector.zero(SPECIES);
        DoubleVector y11 = DoubleVector.zero(SPECIES);
        DoubleVector y12 = DoubleVector.zero(SPECIES);
        DoubleVector y13 = DoubleVector.zero(SPECIES);
        DoubleVector y14 = DoubleVector.zero(SPECIES);
        DoubleVector y15 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int at = bAt + k * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[a0 + k]).fma(b0, y0);
            y1 = all(a[a1 + k]).fma(b0, y1);
            y2 = all(a[a2 + k]).fma(b0, y2);
            y3 = all(a[a3 + k]).fma(b0, y3);
            y4 = all(a[a4 + k]).fma(b0, y4);
            y5 = all(a[a5 + k]).fma(b0, y5);
            y6 = all(a[a6 + k]).fma(b0, y6);
            y7 = all(a[a7 + k]).fma(b0, y7);
            y8 = all(a[a8 + k]).fma(b0, y8);
            y9 = all(a[a9 + k]).fma(b0, y9);
            y10 = all(a[a10 + k]).fma(b0, y10);
            y11 = all(a[a11 + k]).fma(b0, y11);
            y12 = all(a[a12 + k]).fma(b0, y12);
            y13 = all(a[a13 + k]).fma(b0, y13);
            y14 = all(a[a14 + k]).fma(b0, y14);
            y15 = all(a[a15 + k]).fma(b0, y15);
        }
        y0.intoArray(y, yAt + rows[r] * yRow);
        y1.intoArray(y, yAt + rows[r + 1] * yRow);
        y2.intoArray(y, yAt + rows[r + 2] * yRow);
        y3.intoArray(y, yAt + rows[r + 3] * yRow);
        y4.intoArray(y, yAt + rows[r + 4] * yRow);
        y5.intoArray(y, yAt + rows[r + 5] * yRow);
        y6.intoArray(y, yAt + rows[r + 6] * yRow);
        y7.intoArray(y, yAt + rows[r + 7] * yRow);
        y8.intoArray(y, yAt + rows[r + 8] * yRow);
        y9.intoArray(y, yAt + rows[r + 9] * yRow);
        y10.intoArray(y, yAt + rows[r + 10] * yRow);
        y11.intoArray(y, yAt + rows[r + 11] * yRow);
        y12.intoArray(y, yAt + rows[r + 12] * yRow);
        y13.intoArray(y, yAt + rows[r + 13] * yRow);
        y14.intoArray(y, yAt + rows[r + 14] * yRow);
        y15.intoArray(y, yAt + rows[r + 15] * yRow);
    }

    private static void eightRows(
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
            int[] rows,
            int r) {
        int a0 = aAt + rows[r] * aRow;
        int a1 = aAt + rows[r + 1] * aRow;
        int a2 = aAt + rows[r + 2] * aRow;
        int a3 = aAt + rows[r + 3] * aRow;
        int a4 = aAt + rows[r + 4] * aRow;
        int a5 = aAt + rows[r + 5] * aRow;
        int a6 = aAt + rows[r + 6] * aRow;
        int a7 = aAt + rows[r + 7] * aRow;
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int at = bAt + k * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[a0 + k]).fma(b0, y0);
            y1 = all(a[a1 + k]).fma(b0, y1);
            y2 = all(a[a2 + k]).fma(b0, y2);
            y3 = all(a[a3 + k]).fma(b0, y3);
            y4 = all(a[a4 + k]).fma(b0, y4);
            y5 = all(a[a5 + k]).fma(b0, y5);
            y6 = all(a[a6 + k]).fma(b0, y6);
            y7 = all(a[a7 + k]).fma(b0, y7);
        }
        y0.intoArray(y, yAt + rows[r] * yRow);
        y1.intoArray(y, yAt + rows[r + 1] * yRow);
        y2.intoArray(y, yAt + rows[r + 2] * yRow);
        y3.intoArray(y, yAt + rows[r + 3] * yRow);
        y4.intoArray(y, yAt + rows[r + 4] * yRow);
        y5.intoArray(y, yAt + rows[r + 5] * yRow);
        y6.intoArray(y, yAt + rows[r + 6] * yRow);
        y7.intoArray(y, yAt + rows[r + 7] * yRow);
    }

    private static void fourRows(
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
            int[] rows,
            int r) {
        int a0 = aAt + rows[r] * aRow;
        int a1 = aAt + rows[r + 1] * aRow;
        int a2 = aAt + rows[r + 2] * aRow;
        int a3 = aAt + rows[r + 3] * aRow;
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int at = bAt + k * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[a0 + k]).fma(b0, y0);
            y1 = all(a[a1 + k]).fma(b0, y1);
            y2 = all(a[a2 + k]).fma(b0, y2);
            y3 = all(a[a3 + k]).fma(b0, y3);
        }
        y0.intoArray(y, yAt + rows[r] * yRow);
        y1.intoArray(y, yAt + rows[r + 1] * yRow);
        y2.intoArray(y, yAt + rows[r + 2] * yRow);
        y3.intoArray(y, yAt + rows[r + 3] * yRow);
    }

    private static void oneRow(
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
            int[] rows,
            int r) {
        int a0 = aAt + rows[r] * aRow;
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int at = bAt + k * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[a0 + k]).fma(b0, y0);
        }
        y0.intoArray(y, yAt + rows[r] * yRow);
    }

    /** y = Aᵀ·b: y_rc = Σ_k A_kr·b_kc over the listed k, with A_kr at aAt + k·aStep + r; the rest as in {@link #product}. */
    static void transposedProduct(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow,
            int rows,
            int columns) {
        int c = 0;
        for (; c <= columns - 2 * LANES && rows >= 8; c += 2 * LANES) {
            for (int r = 0; r < rows; r += 8) {
                int row = Math.min(r, rows - 8); // the last tile reaches back over what is done already
                eightColumnsWide(a, aAt + row, aStep, b, bAt + c, bStep, steps, count, y, yAt + c + row * yRow, yRow);
            }
        }
        for (; c < columns; c += LANES) {
            int r = 0;
            for (; r <= rows - 16; r += 16) {
                sixteenColumns(a, aAt + r, aStep, b, bAt + c, bStep, steps, count, y, yAt + c + r * yRow, yRow);
            }
            for (; r < rows - 4 && rows >= 8; r += 8) {
                int row = Math.min(r, rows - 8);
                eightColumns(a, aAt + row, aStep, b, bAt + c, bStep, steps, count, y, yAt + c + row * yRow, yRow);
            }
            for (; r < rows && rows >= 4; r += 4) {
                int row = Math.min(r, rows - 4);
                fourColumns(a, aAt + row, aStep, b, bAt + c, bStep, steps, count, y, yAt + c + row * yRow, yRow);
            }
            for (; r < rows; r++) {
                oneColumn(a, aAt + r, aStep, b, bAt + c, bStep, steps, count, y, yAt + c + r * yRow, yRow);
            }
        }
    }

    private static void eightColumnsWide(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow) {
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector z0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector z1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector z2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector z3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector z4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector z5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector z6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        DoubleVector z7 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int p = aAt + steps[k] * aStep;
            int at = bAt + steps[k] * bStep;
            DoubleVector b0 = load(b, at);
            DoubleVector b1 = load(b, at + LANES);
            DoubleVector w0 = all(a[p]);
            y0 = w0.fma(b0, y0);
            z0 = w0.fma(b1, z0);
            DoubleVector w1 = all(a[p + 1]);
            y1 = w1.fma(b0, y1);
            z1 = w1.fma(b1, z1);
            DoubleVector w2 = all(a[p + 2]);
            y2 = w2.fma(b0, y2);
            z2 = w2.fma(b1, z2);
            DoubleVector w3 = all(a[p + 3]);
            y3 = w3.fma(b0, y3);
            z3 = w3.fma(b1, z3);
            DoubleVector w4 = all(a[p + 4]);
            y4 = w4.fma(b0, y4);
            z4 = w4.fma(b1, z4);
            DoubleVector w5 = all(a[p + 5]);
            y5 = w5.fma(b0, y5);
            z5 = w5.fma(b1, z5);
            DoubleVector w6 = all(a[p + 6]);
            y6 = w6.fma(b0, y6);
            z6 = w6.fma(b1, z6);
            DoubleVector w7 = all(a[p + 7]);
            y7 = w7.fma(b0, y7);
            z7 = w7.fma(b1, z7);
        }
        y0.intoArray(y, yAt);
        z0.intoArray(y, yAt + LANES);
        y1.intoArray(y, yAt + yRow);
        z1.intoArray(y, yAt + yRow + LANES);
        y2.intoArray(y, yAt + 2 * yRow);
        z2.intoArray(y, yAt + 2 * yRow + LANES);
        y3.intoArray(y, yAt + 3 * yRow);
        z3.intoArray(y, yAt + 3 * yRow + LANES);
        y4.intoArray(y, yAt + 4 * yRow);
        z4.intoArray(y, yAt + 4 * yRow + LANES);
        y5.intoArray(y, yAt + 5 * yRow);
        z5.intoArray(y, yAt + 5 * yRow + LANES);
        y6.intoArray(y, yAt + 6 * yRow);
        z6.intoArray(y, yAt + 6 * yRow + LANES);
        y7.intoArray(y, yAt + 7 * yRow);
        z7.intoArray(y, yAt + 7 * yRow + LANES);
    }

    private static void sixteenColumns(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow) {
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        DoubleVector y8 = DoubleVector.zero(SPECIES);
        DoubleVector y9 = DoubleVector.zero(SPECIES);
        DoubleVector y10 = DoubleVector.zero(SPECIES);
        DoubleVector y11 = DoubleVector.zero(SPECIES);
        DoubleVector y12 = DoubleVector.zero(SPECIES);
        DoubleVector y13 = DoubleVector.zero(SPECIES);
        DoubleVector y14 = DoubleVector.zero(SPECIES);
        DoubleVector y15 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int p = aAt + steps[k] * aStep;
            int at = bAt + steps[k] * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[p]).fma(b0, y0);
            y1 = all(a[p + 1]).fma(b0, y1);
            y2 = all(a[p + 2]).fma(b0, y2);
            y3 = all(a[p + 3]).fma(b0, y3);
            y4 = all(a[p + 4]).fma(b0, y4);
            y5 = all(a[p + 5]).fma(b0, y5);
            y6 = all(a[p + 6]).fma(b0, y6);
            y7 = all(a[p + 7]).fma(b0, y7);
            y8 = all(a[p + 8]).fma(b0, y8);
            y9 = all(a[p + 9]).fma(b0, y9);
            y10 = all(a[p + 10]).fma(b0, y10);
            y11 = all(a[p + 11]).fma(b0, y11);
            y12 = all(a[p + 12]).fma(b0, y12);
            y13 = all(a[p + 13]).fma(b0, y13);
            y14 = all(a[p + 14]).fma(b0, y14);
            y15 = all(a[p + 15]).fma(b0, y15);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + yRow);
        y2.intoArray(y, yAt + 2 * yRow);
        y3.intoArray(y, yAt + 3 * yRow);
        y4.intoArray(y, yAt + 4 * yRow);
        y5.intoArray(y, yAt + 5 * yRow);
        y6.intoArray(y, yAt + 6 * yRow);
        y7.intoArray(y, yAt + 7 * yRow);
        y8.intoArray(y, yAt + 8 * yRow);
        y9.intoArray(y, yAt + 9 * yRow);
        y10.intoArray(y, yAt + 10 * yRow);
        y11.intoArray(y, yAt + 11 * yRow);
        y12.intoArray(y, yAt + 12 * yRow);
        y13.intoArray(y, yAt + 13 * yRow);
        y14.intoArray(y, yAt + 14 * yRow);
        y15.intoArray(y, yAt + 15 * yRow);
    }

    private static void eightColumns(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow) {
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        DoubleVector y4 = DoubleVector.zero(SPECIES);
        DoubleVector y5 = DoubleVector.zero(SPECIES);
        DoubleVector y6 = DoubleVector.zero(SPECIES);
        DoubleVector y7 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int p = aAt + steps[k] * aStep;
            int at = bAt + steps[k] * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[p]).fma(b0, y0);
            y1 = all(a[p + 1]).fma(b0, y1);
            y2 = all(a[p + 2]).fma(b0, y2);
            y3 = all(a[p + 3]).fma(b0, y3);
            y4 = all(a[p + 4]).fma(b0, y4);
            y5 = all(a[p + 5]).fma(b0, y5);
            y6 = all(a[p + 6]).fma(b0, y6);
            y7 = all(a[p + 7]).fma(b0, y7);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + yRow);
        y2.intoArray(y, yAt + 2 * yRow);
        y3.intoArray(y, yAt + 3 * yRow);
        y4.intoArray(y, yAt + 4 * yRow);
        y5.intoArray(y, yAt + 5 * yRow);
        y6.intoArray(y, yAt + 6 * yRow);
        y7.intoArray(y, yAt + 7 * yRow);
    }

    private static void fourColumns(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow) {
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        DoubleVector y1 = DoubleVector.zero(SPECIES);
        DoubleVector y2 = DoubleVector.zero(SPECIES);
        DoubleVector y3 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int p = aAt + steps[k] * aStep;
            int at = bAt + steps[k] * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[p]).fma(b0, y0);
            y1 = all(a[p + 1]).fma(b0, y1);
            y2 = all(a[p + 2]).fma(b0, y2);
            y3 = all(a[p + 3]).fma(b0, y3);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + yRow);
        y2.intoArray(y, yAt + 2 * yRow);
        y3.intoArray(y, yAt + 3 * yRow);
    }

    private static void oneColumn(
            double[] a,
            int aAt,
            int aStep,
            double[] b,
            int bAt,
            int bStep,
            int[] steps,
            int count,
            double[] y,
            int yAt,
            int yRow) {
        DoubleVector y0 = DoubleVector.zero(SPECIES);
        for (int k = 0; k < count; k++) {
            int p = aAt + steps[k] * aStep;
            int at = bAt + steps[k] * bStep;
            DoubleVector b0 = load(b, at);
            y0 = all(a[p]).fma(b0, y0);
        }
        y0.intoArray(y, yAt);
    }
}
