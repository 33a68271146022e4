package dev.microgpt.autograd;

import java.util.ArrayList;
import java.util.List;

/**
 * The dot product Σ_i a_i·b_i as one value, with local gradient b_i for a_i and a_i for b_i. There for speed: 2·n − 1 values
 * that only multiply and add compute the same number.
 */
final class Dot extends Value {
    final Factors a;
    final Factors b;

    Dot(Factors a, Factors b) {
        super(Operation.DOT, sum(a.numbers, b.numbers), 1 + Math.max(a.level, b.level));
        this.a = a;
        this.b = b;
        a.use();
        b.use();
    }

    /** In the order of single multiplications and additions, so that not even rounding differs. */
    private static double sum(double[] a, double[] b) {
        double sum = a[0] * b[0];
        for (int i = 1; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** a_0, b_0, a_1, b_1, …: as they are written. */
    List<Value> pairs() {
        List<Value> pairs = new ArrayList<>(2 * a.values.length);
        for (int i = 0; i < a.values.length; i++) {
            pairs.add(a.values[i]);
            pairs.add(b.values[i]);
        }
        return pairs;
    }

    /** Local gradient for an element of {@link #pairs}: the number of its partner. */
    double pairGrad(int i) {
        return (i % 2 == 0 ? b : a).numbers[i / 2];
    }
}
