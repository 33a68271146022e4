package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A scalar with automatic differentiation (autograd): a number that remembers how it was computed, so that
 * {@link #backward()} finds its gradient with respect to every number it was computed from.
 *
 * <pre>{@code
 * Value a = new Value(2);
 * Value b = new Value(-3);
 * Value loss = a.mul(b).add(10).pow(2);
 * loss.backward();
 * loss.data(); // (a·b + 10)² = 16
 * a.grad(); // dloss/da = 2·(a·b + 10)·b = -24
 * b.grad(); // dloss/db = 2·(a·b + 10)·a = 16
 * }</pre>
 *
 * <p>A value made by {@link #Value(double)} is a <em>leaf</em>: a parameter, an input, a constant. Every operation makes
 * a new value that keeps its operands and its local gradients, the derivatives of its result with respect to them, as
 * they are at that moment. Setting a leaf later changes nothing that was already computed from it: {@link #backward()}
 * differentiates the forward pass that took place. A plain {@code double} operand becomes a leaf of its own.
 *
 * <p>Arithmetic is that of {@code double}: the logarithm of 0 is negative infinity, never an exception. Two values are
 * equal only if they are the same object.
 *
 * <p>A graph belongs to one thread. Several threads may each work on their own graph, also if the graphs share leaves, as
 * long as no two of them call {@link #backward()} at the same time: that adds to the shared leaves and would lose
 * contributions.
 *
 * <p>The class is sealed: its subclasses are internal, and more may come.
 *
 * @see <a href="https://github.com/karpathy/micrograd">micrograd</a>
 * @since 0.1
 */
public sealed class Value permits Product, Function, Dot {
    private double data;
    double grad;
    final Value left; // what it was computed from; null in a leaf, and in a Dot, which has its own
    final Value right; // null there, too, and in a function of one value

    /**
     * Makes a leaf with gradient 0.
     *
     * @param data its number
     */
    public Value(double data) {
        this(Operation.LEAF, data, null, null, 0);
    }

    /**
     * The number itself.
     *
     * @return the result of the forward pass, or what a leaf was last set to
     */
    public double data() {
        return data;
    }

    /**
     * The gradient: how fast the root of {@link #backward()} changes with this value.
     *
     * @return in a leaf the sum over all backward passes since it was made or cleared; in the result of an operation the
     *     gradient of the last backward pass that reached it; 0 before the first one
     */
    public double grad() {
        return grad;
    }

    /**
     * Gives a leaf another number; its gradient stays. Nothing that was already computed from the leaf changes.
     *
     * @param data the new number
     * @throws IllegalStateException if this value is the result of an operation
     */
    public void set(double data) {
        if (level > 0) {
            throw new IllegalStateException(
                    "only a leaf can be set, this value is the result of " + operation().symbol);
        }
        this.data = data;
    }

    /** Sets the gradient to 0: in a leaf, the start of a new sum. */
    public void clearGrad() {
        grad = 0;
    }

    // The primitive operations: the result, and after each operand its local gradient.

    /**
     * Addition: a + b, with local gradients 1 and 1.
     *
     * @param b the second summand
     * @return a new value
     */
    public Value add(Value b) {
        requireNonNull(b, "b is null");
        return result(Operation.ADD, data + b.data, this, 1, b, 1);
    }

    /**
     * Multiplication: a·b, with local gradients b and a.
     *
     * @param b the second factor
     * @return a new value
     */
    public Value mul(Value b) {
        requireNonNull(b, "b is null");
        return result(Operation.MUL, data * b.data, this, b.data, b, data);
    }

    /**
     * The larger of two values: max(a, b), with local gradients 1 for the larger one and 0 for the other. If they are
     * equal, b takes the gradient, so that {@code a.max(0)} has the gradient of {@code a.relu()}.
     *
     * @param b the value to compare with
     * @return a new value
     */
    public Value max(Value b) {
        requireNonNull(b, "b is null");
        double aGrad = data > b.data ? 1 : 0;
        return result(Operation.MAX, Math.max(data, b.data), this, aGrad, b, 1 - aGrad);
    }

    /**
     * Power: aᵏ for a constant k, with local gradient k·aᵏ⁻¹, which is 0 for k = 0.
     *
     * @param k the exponent; it is a constant and gets no gradient
     * @return a new value
     */
    public Value pow(double k) {
        double aGrad = k == 0 ? 0 : k * Math.pow(data, k - 1);
        return result(Operation.POW, Math.pow(data, k), this, aGrad, new Value(k), 0);
    }

    /**
     * Natural logarithm: ln a, with local gradient 1/a.
     *
     * @return a new value
     */
    public Value log() {
        return result(Operation.LOG, Math.log(data), this, 1 / data);
    }

    /**
     * Exponential: eᵃ, with local gradient eᵃ.
     *
     * @return a new value
     */
    public Value exp() {
        double exp = Math.exp(data);
        return result(Operation.EXP, exp, this, exp);
    }

    /**
     * Rectifier: max(a, 0), with local gradient 1 if a &gt; 0 and else 0.
     *
     * @return a new value
     */
    public Value relu() {
        return result(Operation.RELU, Math.max(data, 0), this, data > 0 ? 1 : 0);
    }

    /**
     * Hyperbolic tangent: tanh a, with local gradient 1 − tanh² a.
     *
     * @return a new value
     */
    public Value tanh() {
        double tanh = Math.tanh(data);
        return result(Operation.TANH, tanh, this, 1 - tanh * tanh);
    }

    /**
     * Logistic function: σ(a) = 1/(1 + e⁻ᵃ), with local gradient σ(a)·(1 − σ(a)).
     *
     * @return a new value
     */
    public Value sigmoid() {
        double sigmoid = 1 / (1 + Math.exp(-data));
        return result(Operation.SIGMOID, sigmoid, this, sigmoid * (1 - sigmoid));
    }

    /**
     * Square root: √a, with local gradient 1/(2√a).
     *
     * @return a new value
     */
    public Value sqrt() {
        double sqrt = Math.sqrt(data);
        return result(Operation.SQRT, sqrt, this, 1 / (2 * sqrt));
    }

    /**
     * Absolute value: |a|, with local gradient −1, 0 or 1, the sign of a.
     *
     * @return a new value
     */
    public Value abs() {
        return result(Operation.ABS, Math.abs(data), this, Math.signum(data));
    }

    /**
     * Backpropagation: computes the gradient of this value, the root, with respect to every value it was computed from. It
     * starts with gradient 1 at the root and visits results before their operands, applying the chain rule to each:
     *
     * <pre>
     * left.grad  += local gradient for left  · grad
     * right.grad += local gradient for right · grad
     * </pre>
     *
     * <p>Leaves add to the gradient they have, so that two calls give the sum; results of operations start again from 0.
     * Values that the root was not computed from are not touched. Time grows with the number of values the root was
     * computed from; there is no recursion, and nothing outlives the call.
     */
    public void backward() {
        Backward.from(this);
    }

    // The derived operations: made of the primitive ones.

    /**
     * Negation: −a = a·(−1).
     *
     * @return a new value
     */
    public Value neg() {
        return mul(-1);
    }

    /**
     * Subtraction: a − b = a + (−b).
     *
     * @param b the value to subtract
     * @return a new value
     */
    public Value sub(Value b) {
        requireNonNull(b, "b is null");
        return add(b.neg());
    }

    /**
     * Division: a/b = a·b⁻¹.
     *
     * @param b the divisor
     * @return a new value
     */
    public Value div(Value b) {
        requireNonNull(b, "b is null");
        return mul(b.pow(-1));
    }

    // A plain number on the right, or on the left where the order matters.

    /**
     * Addition of a number: a + b.
     *
     * @param b the second summand
     * @return a new value
     */
    public Value add(double b) {
        return add(new Value(b));
    }

    /**
     * Multiplication by a number: a·b.
     *
     * @param b the second factor
     * @return a new value
     */
    public Value mul(double b) {
        return mul(new Value(b));
    }

    /**
     * Subtraction of a number: a − b = a + (−b).
     *
     * @param b the number to subtract
     * @return a new value
     */
    public Value sub(double b) {
        return add(-b);
    }

    /**
     * Subtraction from a number: a − b = (−b) + a.
     *
     * @param a the number to subtract from
     * @param b the value to subtract
     * @return a new value
     */
    public static Value sub(double a, Value b) {
        requireNonNull(b, "b is null");
        return b.neg().add(a);
    }

    /**
     * Division by a number: a/b = a·b⁻¹.
     *
     * @param b the divisor
     * @return a new value
     */
    public Value div(double b) {
        return mul(1 / b);
    }

    /**
     * Division of a number: a/b = b⁻¹·a.
     *
     * @param a the number to divide
     * @param b the divisor
     * @return a new value
     */
    public static Value div(double a, Value b) {
        requireNonNull(b, "b is null");
        return b.pow(-1).mul(a);
    }

    /**
     * The larger of a value and a number: max(a, b), with local gradient 1 if a &gt; b and else 0.
     *
     * @param b the number to compare with
     * @return a new value
     */
    public Value max(double b) {
        return max(new Value(b));
    }

    /**
     * The number and its gradient, for people.
     *
     * @return for example {@code Value(data=2.0, grad=0.5)}
     */
    @Override
    public String toString() {
        return "Value(data=" + data + ", grad=" + grad + ")";
    }

    // The idea ends here. What follows is there for memory and speed: a model makes tens of thousands of values a step,
    // and memory is what that costs. A Value itself, 48 bytes with its header, is a leaf or a sum, with local gradients
    // of 1; other results are a Product or a Function. A Dot is a whole dot product in one value of 56 bytes, and each
    // side of it
    // that it does not share takes 64 and 12 a factor; Functions makes one if it is told to. Backward says what level,
    // uses
    // and next are for.

    final int level; // longest path to a leaf: 0 in a leaf, else 1 + max(level of the operands)
    byte uses; // how often it is an operand: 0, 1, or 2 for more
    private final byte operation; // ordinal of its Operation
    Value next; // link of Backward, else null

    private Value(Operation operation, double data, Value left, Value right, int level) {
        this.operation = (byte) operation.ordinal();
        this.data = data;
        this.left = left;
        this.right = right;
        this.level = level;
    }

    /** The result of an operation on one value. */
    Value(Operation operation, double data, Value a) {
        this(operation, data, a.use(), null, 1 + a.level);
    }

    /** The result of an operation on two values. */
    Value(Operation operation, double data, Value a, Value b) {
        this(operation, data, a.use(), b.use(), 1 + Math.max(a.level, b.level));
    }

    /** The result of an operation that keeps its operands itself. */
    Value(Operation operation, double data, int level) {
        this(operation, data, null, null, level);
    }

    final Value use() {
        if (uses < 2) {
            uses++;
        }
        return this;
    }

    private static Value result(Operation operation, double data, Value a, double aGrad) {
        return new Function(operation, data, a, aGrad);
    }

    /** The smallest object that can still tell its local gradients. */
    private static Value result(Operation operation, double data, Value a, double aGrad, Value b, double bGrad) {
        if (operation == Operation.ADD) { // local gradients 1 and 1
            return new Value(operation, data, a, b);
        }
        boolean ofLeaves = a.level == 0 && b.level == 0;
        return operation == Operation.MUL && !ofLeaves
                ? new Product(data, a, b)
                : new Function(operation, data, a, aGrad, b, bGrad);
    }

    // By instanceof: HotSpot inlines no method that three classes override, and these are called for every value.

    /** Local gradient ∂this/∂left of a result. */
    final double leftGrad() {
        return this instanceof Product product
                ? product.rightFactor()
                : this instanceof Function function ? function.leftGrad : 1;
    }

    /** Local gradient ∂this/∂right of a result of two values. */
    final double rightGrad() {
        return this instanceof Product product
                ? product.leftFactor()
                : this instanceof Function function ? function.rightGrad : 1;
    }

    /** What it was computed from, in the order in which it is written: to look at a graph. */
    final List<Value> operands() {
        return this instanceof Dot dot
                ? dot.pairs()
                : Stream.of(left, right).takeWhile(Objects::nonNull).toList();
    }

    /** Local gradient for one of the {@link #operands}. */
    final double localGrad(int operand) {
        return this instanceof Dot dot ? dot.pairGrad(operand) : operand == 0 ? leftGrad() : rightGrad();
    }

    Operation operation() {
        return Operation.values()[operation];
    }
}
