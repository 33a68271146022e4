package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * A computation graph in flat arrays, for automatic differentiation (backpropagation) without objects: what {@link Value}
 * does with an object for each number, a tape does with a row of a table. A number is a <em>handle</em>, its row. Operands
 * stand before their results, so that {@link #backward} is one walk from the root up to the first row.
 *
 * <pre>{@code
 * Tape tape = new Tape(Tape.DotProducts.AS_ONE_NODE);
 * int a = tape.leaf(2);
 * int b = tape.leaf(-3);
 * int loss = tape.pow(tape.mulAdd(a, b, tape.leaf(10)), 2);
 * tape.backward(loss);
 * tape.data(loss); // (a·b + 10)² = 16
 * tape.grad(a);    // 2·(a·b + 10)·b = -24
 * tape.mul(a, 99); // IllegalArgumentException: handle 99 is not in [0, 6)
 * }</pre>
 *
 * <p>Rows are used again: {@link #truncate} forgets the rows from a place on, so that a training step allocates nothing
 * once the tape has grown to its size. Local gradients are not stored but computed from the operands' numbers during the
 * backward pass; a leaf that is set in between changes them.
 *
 * <p>A row whose gradient is 0 passes nothing on, not even where a local gradient is infinite; {@link Value} gives NaN there.
 *
 * <p>A tape belongs to one thread.
 *
 * @since 0.1
 */
public final class Tape {
    private static final int LEAF = 0;
    private static final int ADD = 1;
    private static final int SUB = 2;
    private static final int MUL = 3;
    private static final int DIV = 4;
    static final int MUL_ADD = 5;
    private static final int DOT = 6;
    private static final int POW = 7;
    private static final int LOG = 8;
    private static final int EXP = 9;
    private static final int RELU = 10;
    private static final int TANH = 11;
    private static final int SIGMOID = 12;
    private static final int SQRT = 13;
    private static final int ABS = 14;
    private static final int MAX = 15;

    private final DotProducts dotProducts;
    private double[] data = new double[1024]; // [capacity]
    private double[] grad = new double[1024]; // [capacity]
    private long[] rows = new long[TapeRow.LONGS * 1024]; // [capacity][LONGS]: operation and operands, see TapeRow
    private int size;
    private int
            reached; // rows that the last backward pass reached: those up to its root, as far as they are still there

    /**
     * How a dot product is recorded: {@link #dot} on a tape, {@link Functions#dot(Value[], Value[], DotProducts)} on values.
     * The gradients are the same. More ways may be added.
     */
    public enum DotProducts {
        /**
         * One multiplication and n − 1 multiply-add rows: every row has at most three operands. On values, n multiplications
         * and n − 1 additions.
         */
        AS_MULTIPLY_ADDS,
        /** One row or value with 2·n operands, the fastest. */
        AS_ONE_NODE
    }

    /**
     * An empty tape.
     *
     * @param dotProducts how {@link #dot} is recorded
     */
    public Tape(DotProducts dotProducts) {
        this.dotProducts = requireNonNull(dotProducts, "dotProducts is null");
    }

    /**
     * Appends a number that depends on nothing: a parameter, an input, a constant.
     *
     * @param number its value
     * @return its handle
     */
    public int leaf(double number) {
        return push(LEAF, 0, 0, 0, number);
    }

    /**
     * Appends leaves, one after another.
     *
     * @param numbers their values
     * @return the handle of the first
     */
    public int leaves(double... numbers) {
        requireNonNull(numbers, "numbers is null");
        int first = size;
        for (double number : numbers) {
            leaf(number);
        }
        return first;
    }

    /**
     * Sets leaves that follow one another to new numbers.
     *
     * @param first handle of the first
     * @param numbers the numbers for it and the leaves after it
     * @throws IllegalArgumentException if they are not all on the tape or one is the result of an operation
     */
    public void set(int first, double... numbers) {
        requireNonNull(numbers, "numbers is null");
        requireRun("numbers", first, 1, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            if (TapeRow.second(rows[TapeRow.LONGS * (first + i) + 1]) != LEAF) {
                throw new IllegalArgumentException("handle " + (first + i) + " is not a leaf but a result");
            }
        }
        System.arraycopy(numbers, 0, data, first, numbers.length);
    }

    /**
     * Appends a + b, with local gradients 1 and 1.
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int add(int a, int b) {
        require(a, b);
        return push(ADD, a, b, 0, data[a] + data[b]);
    }

    /**
     * Appends a − b, with local gradients 1 and −1.
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int sub(int a, int b) {
        require(a, b);
        return push(SUB, a, b, 0, data[a] - data[b]);
    }

    /**
     * Appends a·b, with local gradients b and a.
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int mul(int a, int b) {
        require(a, b);
        return push(MUL, a, b, 0, data[a] * data[b]);
    }

    /**
     * Appends a/b, with local gradients 1/b and −a/b².
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int div(int a, int b) {
        require(a, b);
        return push(DIV, a, b, 0, data[a] / data[b]);
    }

    /**
     * Appends a·b + c, rounded once, with local gradients b, a and 1.
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @param c handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int mulAdd(int a, int b, int c) {
        require(a, b);
        require(c);
        return push(MUL_ADD, a, b, c, Math.fma(data[a], data[b], data[c]));
    }

    /**
     * Appends max(a, b). The larger one has local gradient 1, the other 0; if they are equal, b has it.
     *
     * @param a handle on this tape
     * @param b handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if a handle is not on the tape
     */
    public int max(int a, int b) {
        require(a, b);
        return push(MAX, a, b, 0, Math.max(data[a], data[b]));
    }

    /**
     * Appends a leaf for the exponent and aᵏ, with local gradient k·aᵏ⁻¹.
     *
     * @param a handle on this tape
     * @param k the exponent, a constant
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int pow(int a, double k) {
        require(a);
        return push(POW, a, leaf(k), 0, Math.pow(data[a], k));
    }

    /**
     * Appends ln a, with local gradient 1/a.
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int log(int a) {
        require(a);
        return push(LOG, a, 0, 0, Math.log(data[a]));
    }

    /**
     * Appends eᵃ, with local gradient eᵃ.
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int exp(int a) {
        require(a);
        return push(EXP, a, 0, 0, Math.exp(data[a]));
    }

    /**
     * Appends max(a, 0), with local gradient 1 if a &gt; 0 and else 0.
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int relu(int a) {
        require(a);
        return push(RELU, a, 0, 0, Math.max(data[a], 0));
    }

    /**
     * Appends tanh a, with local gradient 1 − tanh² a.
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int tanh(int a) {
        require(a);
        return push(TANH, a, 0, 0, Math.tanh(data[a]));
    }

    /**
     * Appends σ(a) = 1/(1 + e⁻ᵃ), with local gradient σ(a)·(1 − σ(a)).
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int sigmoid(int a) {
        require(a);
        return push(SIGMOID, a, 0, 0, 1 / (1 + Math.exp(-data[a])));
    }

    /**
     * Appends √a, with local gradient 1/(2√a).
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int sqrt(int a) {
        require(a);
        return push(SQRT, a, 0, 0, Math.sqrt(data[a]));
    }

    /**
     * Appends |a|, with local gradient −1, 0 or 1, the sign of a.
     *
     * @param a handle on this tape
     * @return handle of the result
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public int abs(int a) {
        require(a);
        return push(ABS, a, 0, 0, Math.abs(data[a]));
    }

    /**
     * Appends the dot product Σ_i a_i·b_i of two runs of handles: one row, or n of which the last is the result, as
     * {@link DotProducts} says. So the results of dot products that are appended one after another are 1 or n rows apart.
     *
     * @param a handle of the first factor on one side
     * @param aStride distance from one factor to the next, at least 1
     * @param b handle of the first factor on the other side
     * @param bStride distance from one factor to the next, at least 1
     * @param n how many factors each side has, at least 1
     * @return handle of the result
     * @throws IllegalArgumentException if a run is empty or not on the tape, or a stride is below 1 or, in one row, above 4095
     */
    public int dot(int a, int aStride, int b, int bStride, int n) {
        requireRun("a", a, aStride, n);
        requireRun("b", b, bStride, n);
        return dotProducts == DotProducts.AS_ONE_NODE
                ? dotNode(a, aStride, b, bStride, n)
                : dotChain(a, aStride, b, bStride, n);
    }

    private int dotNode(int a, int aStride, int b, int bStride, int n) {
        int stride = Math.max(aStride, bStride);
        if (stride > TapeRow.MAX_STRIDE) {
            throw new IllegalArgumentException(
                    "stride " + stride + " does not fit into one row, it is above " + TapeRow.MAX_STRIDE);
        }
        double sum = aStride == 1 && bStride == 1
                ? TapeDot.forward(data, a, b, n)
                : TapeDot.forward(data, a, aStride, b, bStride, n);
        return push(TapeRow.withStrides(DOT, aStride, bStride), a, b, n, sum);
    }

    private int dotChain(int a, int aStride, int b, int bStride, int n) {
        reserve(n);
        int first = push(MUL, a, b, 0, data[a] * data[b]);
        size = first + n;
        TapeDot.multiplyAdds(data, rows, first, size, a, aStride, b, bStride);
        return size - 1;
    }

    /**
     * Backpropagation: computes the gradient of one row, the root, with respect to every row before it. The gradients of an
     * earlier pass are forgotten. A row on which the root does not depend has gradient 0, whatever its number is.
     *
     * @param root handle on this tape
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public void backward(int root) {
        require(root);
        Arrays.fill(grad, 0, root, 0);
        grad[root] = 1;
        sweep(root);
        reached = root + 1;
    }

    /** The chain rule, row by row: an operand receives local gradient · gradient of the result. */
    private void sweep(int root) {
        double[] d = data;
        double[] grad = this.grad;
        long[] r = rows;
        // For speed: the summand of a multiply-add is mostly the row before it, which then gets its share in a
        // register.
        double carry = 0;
        for (int i = root; i >= 0; i--) {
            double g = grad[i] + carry;
            grad[i] = g;
            carry = 0;
            long last = r[TapeRow.LONGS * i + 1];
            int operation = TapeRow.second(last);
            if (g == 0 || operation == LEAF) { // nothing to pass on, not even where a local gradient is infinite
                continue;
            }
            long operands = r[TapeRow.LONGS * i];
            int a = TapeRow.first(operands);
            int b = TapeRow.second(operands);
            int c = TapeRow.first(last);
            switch (TapeRow.withoutStrides(operation)) {
                case MUL_ADD -> {
                    grad[a] += g * d[b];
                    grad[b] += g * d[a];
                    if (c == i - 1) {
                        carry = g;
                    } else {
                        grad[c] += g;
                    }
                }
                case DOT -> {
                    if (TapeRow.bothStridesAreOne(operation)) {
                        TapeDot.backward(d, grad, a, b, c, g);
                    } else {
                        TapeDot.backward(d, grad, a, TapeRow.aStride(operation), b, TapeRow.bStride(operation), c, g);
                    }
                }
                case ADD -> {
                    grad[a] += g;
                    grad[b] += g;
                }
                case MUL -> {
                    grad[a] += g * d[b];
                    grad[b] += g * d[a];
                }
                default -> passOn(operation, i, a, b, g);
            }
        }
    }

    /** The chain rule for the operations that a training step has few of. */
    private void passOn(int operation, int i, int a, int b, double g) {
        double x = data[a];
        double y = data[i];
        switch (operation) {
            case SUB -> {
                grad[a] += g;
                grad[b] -= g;
            }
            case DIV -> {
                grad[a] += g / data[b];
                grad[b] -= g * y / data[b];
            }
            case POW -> grad[a] += data[b] == 0 ? 0 : g * data[b] * Math.pow(x, data[b] - 1);
            case LOG -> grad[a] += g / x;
            case EXP -> grad[a] += g * y;
            case RELU -> grad[a] += x > 0 ? g : 0;
            case TANH -> grad[a] += g * (1 - y * y);
            case SIGMOID -> grad[a] += g * y * (1 - y);
            case SQRT -> grad[a] += g / (2 * y);
            case ABS -> grad[a] += g * Math.signum(x);
            case MAX -> grad[x > data[b] ? a : b] += g;
            default -> throw new AssertionError("operation " + operation);
        }
    }

    /**
     * The number of rows in use.
     *
     * @return the handle that the next result gets, or in case of {@link #pow} its exponent
     */
    public int size() {
        return size;
    }

    /**
     * The number of a row.
     *
     * @param handle on this tape
     * @return the result of the forward pass, or what a leaf was last set to
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public double data(int handle) {
        require(handle);
        return data[handle];
    }

    /**
     * The gradient of a row.
     *
     * @param handle on this tape
     * @return how fast the root of the last backward pass changes with this number: 0 for rows that the pass did not reach,
     *     which are those after the root and those appended since, and for all rows before the first pass
     * @throws IllegalArgumentException if the handle is not on the tape
     */
    public double grad(int handle) {
        require(handle);
        return handle < reached ? grad[handle] : 0;
    }

    /**
     * Copies the gradients of rows that follow one another.
     *
     * @param first handle of the first
     * @param into receives them, each as of {@link #grad}
     * @throws IllegalArgumentException if they are not all on the tape
     */
    public void gradients(int first, double[] into) {
        requireNonNull(into, "into is null");
        requireRun("into", first, 1, into.length);
        int there = Math.max(0, Math.min(into.length, reached - first));
        System.arraycopy(grad, first, into, 0, there);
        Arrays.fill(into, there, into.length, 0);
    }

    /**
     * Forgets the rows from a place on; their memory is used again.
     *
     * @param newSize how many rows stay, in [0, {@link #size()}]
     * @throws IllegalArgumentException if {@code newSize} is outside that range
     */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("newSize " + newSize + " is not in [0, " + size + "]");
        }
        size = newSize;
        reached = Math.min(reached, newSize);
    }

    /**
     * The sizes of the tape.
     *
     * @return for example {@code Tape[dotProducts=AS_ONE_NODE, size=6, capacity=1024]}
     */
    @Override
    public String toString() {
        return "Tape[dotProducts=" + dotProducts + ", size=" + size + ", capacity=" + data.length + "]";
    }

    // The idea ends here. What follows adds rows, without allocating anything once the arrays are large enough, and
    // checks handles.

    private int push(int operation, int a, int b, int c, double number) {
        int handle = size;
        if (handle == data.length) {
            reserve(1);
        }
        TapeRow.write(rows, handle, operation, a, b, c);
        data[handle] = number;
        size = handle + 1;
        return handle;
    }

    private void reserve(int more) {
        if (size + more > data.length) {
            int capacity = Math.max(2 * data.length, size + more);
            rows = Arrays.copyOf(rows, TapeRow.LONGS * capacity);
            data = Arrays.copyOf(data, capacity);
            grad = Arrays.copyOf(grad, capacity);
        }
    }

    private void require(int handle) {
        if (handle < 0 || handle >= size) {
            throw new IllegalArgumentException("handle " + handle + " is not in [0, " + size + ")");
        }
    }

    private void require(int a, int b) {
        require(a);
        require(b);
    }

    private void requireRun(String name, int first, int stride, int n) {
        if (n < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "run " + name + " has " + n + " handles at distance " + stride + ", both must be at least 1");
        }
        if (first < 0 || first + (n - 1L) * stride >= size) {
            throw new IllegalArgumentException("run " + name + " of " + n + " handles from " + first + " at distance "
                    + stride + " is not in [0, " + size + ")");
        }
    }
}
