package dev.microgpt.bigram;

/**
 * How much Kneser–Ney smoothing takes away from n-grams that were counted once, twice, or more often: what is taken goes to
 * those that were not. From n_r, how many n-grams were counted r times (Chen and Goodman 1998):
 *
 * <pre>
 * Y   = n_1 / (n_1 + 2 n_2)
 * D_r = r − (r + 1) Y n_(r+1) / n_r                 r = 1, 2, 3
 * </pre>
 *
 * A short or repeated list leaves some n_r at 0. Where the formula has no value between 0 and r, the discount is Y; and
 * where Y is not between 0 and 1, it is one half.
 */
record Discounts(double once, double twice, double more) {

    /** The discounts that fit these counts; a count of 0 is no n-gram. */
    static Discounts of(int[] counts) {
        int[] countOfCounts = new int[5];
        for (int count : counts) {
            if (count < countOfCounts.length) {
                countOfCounts[count]++;
            }
        }
        double y = countOfCounts[1] / (countOfCounts[1] + 2.0 * countOfCounts[2]); // NaN for 0 / 0
        double fallback = y > 0 && y < 1 ? y : 0.5;
        return new Discounts(
                discount(1, countOfCounts, fallback),
                discount(2, countOfCounts, fallback),
                discount(3, countOfCounts, fallback));
    }

    private static double discount(int r, int[] countOfCounts, double y) {
        double discount = r - (r + 1) * y * countOfCounts[r + 1] / countOfCounts[r];
        return discount > 0 && discount < r ? discount : y;
    }

    /** What is taken away from a count; less than the count, unless that is 0. */
    double of(int count) {
        return switch (count) {
            case 0 -> 0;
            case 1 -> once;
            case 2 -> twice;
            default -> more;
        };
    }
}
