import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Exercise 3: the way back, from a result to the gradient of every number that it was computed from.
 *
 * <p>The result has gradient 1. Each number hands on to a and to b: local gradient * its own gradient. But a number may
 * hand on only when it has received everything, so the order matters: every number before those that it was computed
 * from. Lists and sets are imported, in case you want them.
 *
 * <p>Run it at the root of the project, as often as you like: java docs/exercises/Backward.java
 */
public class Backward {
    static final class Value {
        final double data; // the number
        double grad; // how fast the result grows with it
        final Value a; // what it was computed from; null if nothing
        final Value b;
        final double da; // how fast it grows with a, and with b: the local gradients
        final double db;

        Value(double data) {
            this(data, null, 0, null, 0);
        }

        Value(double data, Value a, double da, Value b, double db) {
            this.data = data;
            this.a = a;
            this.da = da;
            this.b = b;
            this.db = db;
        }

        Value add(Value other) {
            return new Value(data + other.data, this, 1, other, 1);
        }

        Value mul(Value other) {
            return new Value(data * other.data, this, other.data, other, data);
        }

        Value exp() {
            return new Value(Math.exp(data), this, Math.exp(data), null, 0);
        }

        Value log() {
            return new Value(Math.log(data), this, 1 / data, null, 0);
        }

        /** Sets the gradient of this number to 1, and adds to that of every number that it was computed from. */
        void backward() {
            // Your lines begin here

            // Your lines end here
        }
    }

    // ---- The test: read it, but leave it as it is. ----

    static boolean allRight() {
        check("the result itself", "Its gradient is 1.", () -> {
            Value a = new Value(5);
            a.backward();
            return new double[] {a.grad};
        }, 1);
        check("a * b + a at 2 and -3", "a is used twice: its gradients add up.", () -> {
            Value a = new Value(2);
            Value b = new Value(-3);
            a.mul(b).add(a).backward();
            return new double[] {a.grad, b.grad};
        }, -2, 2);
        check("(a * b + a) squared", "The sum is used twice, and hands on only when it has heard from both.", () -> {
            Value a = new Value(2);
            Value b = new Value(-3);
            Value sum = a.mul(b).add(a);
            sum.mul(sum).backward();
            return new double[] {a.grad, b.grad};
        }, 16, -16);
        check("ln(1 + e^x) at 0.5", "b is null in exp and log.", () -> {
            Value x = new Value(0.5);
            x.exp().add(new Value(1)).log().backward();
            return new double[] {x.grad};
        }, 0.6224593312018546);
        check("-ln softmax of 1, 2, 3, first place", "The gradient of a score is p, p - 1 for the right one.", () -> {
            Value[] scores = {new Value(1), new Value(2), new Value(3)};
            Value sum = scores[0].exp().add(scores[1].exp()).add(scores[2].exp());
            sum.log().add(scores[0].mul(new Value(-1))).backward();
            return new double[] {scores[0].grad, scores[1].grad, scores[2].grad};
        }, -0.9099694268296196, 0.2447284710547976, 0.6652409557748218);
        check("x doubled 20 times", "A million ways lead back to x. Go to each number once, not once a way.", () -> {
            Value x = new Value(1);
            Value y = x;
            for (int i = 0; i < 20; i++) {
                y = y.add(y);
            }
            y.backward();
            return new double[] {x.grad};
        }, 1_048_576);
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
