import java.util.Locale;
import java.util.function.Supplier;

/**
 * Exercise 5: Adam, the update of stage 5.
 *
 * <p>For each weight: m = 0.85 * m + 0.15 * g and v = 0.99 * v + 0.01 * g * g. Both begin at 0, which is too low; so in
 * update t = 1, 2, 3, ... divide m by 1 - 0.85^t and v by 1 - 0.99^t, and let the weight go down by
 * learningRate * m / (sqrt(v) + 1e-8). The arrays keep m and v as they were before the division.
 *
 * <p>Run it at the root of the project, as often as you like: java docs/exercises/Adam.java
 */
public class Adam {
    /** One update of all weights, in place. g[i] is the gradient of w[i]; m and v are what the last update left. */
    static void update(double[] w, double[] g, double[] m, double[] v, int t, double learningRate) {
        // Your lines begin here

        // Your lines end here
    }

    // ---- The test: read it, but leave it as it is. ----

    static boolean allRight() {
        // One update of the trained stage 5 for emma: its weight lm_head[26][4]
        double[] w = {-0.36788038686058955};
        double[] m = {0};
        double[] v = {0};
        check("m of the first update", "0.85 * 0 + 0.15 * g.", () -> {
            update(w, new double[] {0.24338660629819392}, m, v, 1, 0.01);
            return m;
        }, 0.03650799094472909);
        check("v of the first update", "0.99 * 0 + 0.01 * g * g.", () -> v, 0.000592370401253521);
        check("the weight after it", "It goes down by nearly the learning rate. Did you correct m and v?",
                () -> w, -0.3778803864497206);
        double[] three = new double[3];
        double[] m3 = new double[3];
        double[] v3 = new double[3];
        check("gradients 1000, 0 and 1", "A gradient of 0 moves nothing: that is what the 1e-8 is for.", () -> {
            update(three, new double[] {1000, 0, 1}, m3, v3, 1, 0.01);
            return three;
        }, -0.0099999999999, 0, -0.0099999999);
        check("the second update: gradients 1000, 0 and -1", "0.85^t: in Java Math.pow(0.85, t).", () -> {
            update(three, new double[] {1000, 0, -1}, m3, v3, 2, 0.01);
            return three;
        }, -0.0199999999998, 0, -0.009189189097297299);
        check("the third: gradients 1000, 0 and 1", "Are m and v kept as they are before the correction?", () -> {
            update(three, new double[] {1000, 0, 1}, m3, v3, 3, 0.01);
            return three;
        }, -0.0299999999997, 0, -0.01258083143461508);
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
