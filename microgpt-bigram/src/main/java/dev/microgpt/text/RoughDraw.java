package dev.microgpt.text;

/**
 * A draw from softmax(logits / temperature) with rough exponentials, in a third of the time that exact ones take. It
 * gives the same token, or none where exact ones might have given another.
 */
final class RoughDraw {
    /** In place of a token: the number drawn is too close to where one token ends, or a logit is too large or too small for this. */
    static final int UNDECIDED = -1;

    // A power of two lies on a grid of 1/256, times e^r with |r| ≤ ln 2 / 512.
    private static final int STEPS = 256;
    private static final double STEPS_PER_E = STEPS / Math.log(2);
    // Bits of 2^(j/256), less what adding j·2^44 puts into the exponent.
    private static final long[] POWERS = new long[STEPS];
    private static final double ROUND = 0x1.8p52; // a sum with it has no bits left for the fraction
    private static final double LIMIT = 500 * STEPS; // 2^-500 stands for everything below 1 / 2^500
    private static final double SMALLEST = 0x1p-400; // total in which that is nothing
    private static final double ERROR = 1e-6; // of a rough power, relative: 1 + r stands for e^r

    static {
        for (int j = 0; j < STEPS; j++) {
            POWERS[j] = Double.doubleToRawLongBits(Math.pow(2, (double) j / STEPS)) - ((long) j << 44);
        }
    }

    private RoughDraw() {}

    /**
     * The first token whose running sum of e^(logit/temperature) exceeds {@code uniform} times the total, or {@link
     * #UNDECIDED}, also if the logits are too large or too small for this. The sums are made in four parts that need not wait for
     * each other; then the one is searched.
     *
     * @param temperature above 0
     * @param uniform in [0, 1)
     * @param share of the total by which running sums of other logits may differ that must have the same token
     */
    static int choose(double[] logits, double temperature, double uniform, double share) {
        double scale = STEPS_PER_E / temperature;
        int n = logits.length;
        int part = n / 4;
        double end1 = sum(logits, 0, part, scale);
        double end2 = end1 + sum(logits, part, 2 * part, scale);
        double end3 = end2 + sum(logits, 2 * part, 3 * part, scale);
        double total = end3 + sum(logits, 3 * part, n, scale);
        if (!(total >= SMALLEST)) {
            return UNDECIDED;
        }
        double threshold = uniform * total;
        double margin = (2 * ERROR + share) * total; // of the running sum and of the threshold
        int token = threshold < end1 ? 0 : threshold < end2 ? part : threshold < end3 ? 2 * part : 3 * part;
        double sum = threshold < end1 ? 0 : threshold < end2 ? end1 : threshold < end3 ? end2 : end3;
        for (; token < n; token++) {
            double before = sum;
            sum += power(logits[token] * scale);
            if (sum > threshold) {
                boolean certain = (token == 0 || threshold - before > margin) && sum - threshold > margin;
                return certain ? token : UNDECIDED;
            }
        }
        return UNDECIDED;
    }

    private static double sum(double[] logits, int from, int to, double scale) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += power(logits[i] * scale);
        }
        return sum;
    }

    /** 2^(x/256), that is 2^(k/256)·e^r with k = round(x) and 1 + r for e^r; NaN if x is NaN or too large. */
    private static double power(double x) {
        if (!(x <= LIMIT)) {
            return Double.NaN;
        }
        double inRange = x < -LIMIT ? -LIMIT : x;
        double shifted = inRange + ROUND;
        long k = Double.doubleToRawLongBits(shifted);
        double r = (inRange - (shifted - ROUND)) * (1 / STEPS_PER_E);
        double power = Double.longBitsToDouble(POWERS[(int) k & STEPS - 1] + (k << 44));
        return Math.fma(power, r, power);
    }
}
