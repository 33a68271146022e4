import java.util.Locale;
import java.util.function.Supplier;

/**
 * Exercise 4: one head of attention, at one position.
 *
 * <p>The query is compared with the key of each position so far: score_t = (query . key_t) / sqrt(d), where d is how
 * many numbers the query has. Softmax makes shares of the scores. The result is the sum of all values, each times its
 * share.
 *
 * <p>Run it at the root of the project, as often as you like: java docs/exercises/Head.java
 */
public class Head {
    /** keys[t] and values[t] belong to position t; all have as many numbers as the query, and so has the result. */
    static double[] head(double[] query, double[][] keys, double[][] values) {
        double[] mix = new double[query.length];
        // Your lines begin here

        // Your lines end here
        return mix;
    }

    /** Exercise 1, done. */
    static double[] softmax(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        double[] shares = new double[scores.length];
        for (int t = 0; t < scores.length; t++) {
            shares[t] = Math.exp(scores[t] - largest);
            sum += shares[t];
        }
        for (int t = 0; t < scores.length; t++) {
            shares[t] /= sum;
        }
        return shares;
    }

    // ---- The test: read it, but leave it as it is. ----

    static boolean allRight() {
        // Head 3 of stage 5 after 1,000 given names, at the last letter of emma; three decimals of each number
        double[] query = {-0.683, 1.887, 1.164, -0.509};
        double[][] keys = {
            {0.723, -0.712, -0.097, 1.141}, // BOS
            {0.607, -0.465, -0.582, -0.299}, // e
            {-0.084, 0.130, 0.275, 0.783}, // m
            {0.339, -0.048, 0.049, 0.321}, // m
            {1.637, -0.685, -1.184, -0.559} // a
        };
        double[][] values = {
            {0.024, 0.540, -0.080, -0.209},
            {-0.310, -1.075, 0.273, -0.076},
            {-0.231, 1.034, -0.139, 0.350},
            {-0.022, 0.796, -0.163, 0.418},
            {-0.624, -0.029, 0.511, 0.345}
        };
        check("one position", "There is nothing to choose: its share is 1, and the result is its value.",
                () -> head(query, new double[][] {keys[0]}, new double[][] {values[0]}), 0.024, 0.54, -0.08, -0.209);
        check("two positions with the same key", "Their shares are equal, so the result is the mean of the two values.",
                () -> head(query, new double[][] {keys[1], keys[1]}, new double[][] {values[0], values[1]}),
                -0.143, -0.2675, 0.0965, -0.1425);
        check("scores 4 and 0", "4 . 2 / sqrt(4) = 4: did you divide by the root of d?",
                () -> head(new double[] {4, 0, 0, 0}, new double[][] {{2, 0, 0, 0}, {0, 2, 0, 0}},
                        new double[][] {{1, 0, 0, 0}, {0, 1, 0, 0}}),
                0.9820137900379085, 0.01798620996209156, 0, 0);
        check("emma", "Each number of the result is a sum over all five positions.",
                () -> head(query, keys, values),
                -0.18048875895847388, 0.5434556308390968, -0.039858588432276194, 0.2510984803483714);
        System.out.println(right + " of " + checks + " right");
        return right == checks;
    }

    private static int right;
    private static int checks;

    public static void main(String[] args) {
        if (!allRight()) {
            System.exit(1);
        }
    }

    /** Compares your numbers with the right ones and says how far off the first wrong one is. */
    private static void check(String what, String hint, Supplier<double[]> yours, double... expected) {
        String wrong;
        try {
            wrong = difference(yours.get(), expected);
        } catch (RuntimeException | StackOverflowError e) {
            wrong = "your lines throw " + e;
        }
        checks++;
        right += wrong.isEmpty() ? 1 : 0;
        System.out.println(wrong.isEmpty() ? "right    " + what : "not yet  " + what + ": " + wrong);
        if (!wrong.isEmpty()) {
            System.out.println("         hint: " + hint);
        }
    }

    private static String difference(double[] yours, double... expected) {
        if (yours == null || yours.length != expected.length) {
            return expected.length + " numbers are expected, yours are " + (yours == null ? "null" : yours.length);
        }
        for (int i = 0; i < expected.length; i++) {
            double off = yours[i] - expected[i];
            if (!(Math.abs(off) <= 1e-9 * Math.max(1, Math.abs(expected[i])))) {
                String far = Double.isNaN(off) ? "" : ": " + text(Math.abs(off)) + (off > 0 ? " too high" : " too low");
                return "number " + (i + 1) + " is " + text(yours[i]) + ", should be " + text(expected[i]) + far;
            }
        }
        return "";
    }

    private static String text(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1e9;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.6g", number);
    }
}
