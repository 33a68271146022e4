package dev.microgpt.autograd;

/**
 * One side of a {@link Dot}: the values, and the numbers that they have at that moment, since a leaf may be set later. The
 * dot products of a linear layer share their input.
 */
final class Factors {
    final Value[] values; // [n]
    final double[] numbers; // [n]
    final int level; // the highest of the values'
    private int uses; // in how many dot products: 0, 1, or 2 for more

    Factors(Value[] x) {
        values = x.clone();
        numbers = new double[x.length];
        int highest = 0;
        for (int i = 0; i < x.length; i++) {
            numbers[i] = values[i].data();
            highest = Math.max(highest, values[i].level);
        }
        level = highest;
    }

    /** Counts one more use of every value; {@link Value#use} counts to 2, so the third time there is nothing to do. */
    void use() {
        if (uses < 2) {
            uses++;
            for (Value value : values) {
                value.use();
            }
        }
    }
}
