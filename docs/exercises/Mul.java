import java.util.Locale;
import java.util.function.Supplier;

/**
 * Exercise 2: a number that can be multiplied, and knows its derivatives.
 *
 * <p>How fast does a * b grow when a grows? And when b grows? add, below, shows how a Value says such a thing.
 *
 * <p>Run it at the root of the project, as often as you like: java docs/exercises/Mul.java
 */
public class Mul {
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
            double product = 0;
            double growsWithThis = 0;
            double growsWithOther = 0;
            // Your lines begin here

            // Your lines end here
            return new Value(product, this, growsWithThis, other, growsWithOther);
        }

        /** The chain rule along every path; exercise 3 does it better. */
        void backward(double gradient) {
            grad += gradient;
            if (a != null) {
                a.backward(da * gradient);
            }
            if (b != null) {
                b.backward(db * gradient);
            }
        }
    }

    // ---- The test: read it, but leave it as it is. ----

    static boolean allRight() {
        check("2 * (-3)", "product is this number times the other.",
                () -> new double[] {new Value(2).mul(new Value(-3)).data}, -6);
        check("its gradients", "If a grows by 1, then a * b grows by b.", () -> {
            Value a = new Value(2);
            Value b = new Value(-3);
            a.mul(b).backward(1);
            return new double[] {a.grad, b.grad};
        }, -3, 2);
        check("(a * b + 10) squared at 2 and -3: result and gradients", "The README has these three numbers.", () -> {
            Value a = new Value(2);
            Value b = new Value(-3);
            Value sum = a.mul(b).add(new Value(10));
            Value loss = sum.mul(sum);
            loss.backward(1);
            return new double[] {loss.data, a.grad, b.grad};
        }, 16, -24, 16);
        check("a * a at 3", "a is used twice: the two gradients add up, if mul gives each its own.", () -> {
            Value a = new Value(3);
            a.mul(a).backward(1);
            return new double[] {a.grad};
        }, 6);
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
