import java.util.Locale;
import java.util.function.Supplier;

/**
 * Exercise 1: softmax turns scores into probabilities.
 *
 * <p>p_i = e^(score_i) / (e^(score_1) + e^(score_2) + ...)
 *
 * <p>Run it at the root of the project, as often as you like: java docs/exercises/Softmax.java
 */
public class Softmax {
    /** As many probabilities as there are scores. They add up to 1. */
    static double[] softmax(double[] scores) {
        double[] probabilities = new double[scores.length];
        // Your lines begin here

        // Your lines end here
        return probabilities;
    }

    // ---- The test: read it, but leave it as it is. ----

    static boolean allRight() {
        check("1, 2, 3", "Math.exp of each score, divided by the sum of all three.",
                () -> softmax(new double[] {1, 2, 3}), 0.09003057317038045, 0.2447284710547976, 0.6652409557748218);
        check("two that are equal", "They share the 1: do your probabilities add up to 1?",
                () -> softmax(new double[] {-7, -7}), 0.5, 0.5);
        check("1000 and 1001", "e^1000 is too large for a double. Subtract the largest score from all first.",
                () -> softmax(new double[] {1000, 1001}), 0.26894142136999516, 0.7310585786300049);
        check("where head 3 of stage 5 looks from the last letter of emma", "It is the same function.",
                () -> softmax(new double[] {-1.265515, -0.9086465, 0.1121175, -0.214233, -1.7521555}),
                0.101313477643398, 0.144761556255726, 0.401758816344738, 0.289889973489741, 0.0622761762663969);
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
