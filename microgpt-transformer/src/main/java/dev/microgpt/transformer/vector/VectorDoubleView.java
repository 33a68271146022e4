package dev.microgpt.transformer.vector;

/**
 * A matrix within a flat array: where its first number lies, and how far a row is from the next. The owner points it anew for
 * each product, so that a product allocates nothing.
 */
final class VectorDoubleView {
    double[] values;
    int at;
    int row;

    /** Points at a matrix; returns this view. */
    VectorDoubleView of(double[] values, int at, int row) {
        this.values = values;
        this.at = at;
        this.row = row;
        return this;
    }
}
