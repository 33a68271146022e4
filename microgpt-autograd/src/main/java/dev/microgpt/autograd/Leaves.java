package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

/**
 * The parameters of a model as leaves of a computation graph: one {@link Value} for every element of a flat array.
 * Gradients are computed on the leaves, an optimizer works on the array; {@link #load} and {@link #gradient} carry numbers
 * from one to the other.
 *
 * <pre>{@code
 * double[] parameters = {0.5, -1};
 * double[] gradient = new double[2];
 * Leaves leaves = new Leaves(parameters);
 * Value[][] weights = leaves.matrix(0, 1, 2);
 * Value loss = weights[0][0].mul(weights[0][1]);
 * loss.backward();
 * leaves.gradient(gradient); // for the optimizer, which changes the parameters
 * leaves.load(parameters);
 * leaves.get(2); // IllegalArgumentException: index 2 is not in [0, 2)
 * }</pre>
 *
 * @since 0.1
 */
public final class Leaves {
    private final Value[] leaves; // [size]

    /**
     * Makes one leaf for every number.
     *
     * @param data the numbers; read once, not kept
     */
    public Leaves(double[] data) {
        requireNonNull(data, "data is null");
        leaves = new Value[data.length];
        for (int i = 0; i < data.length; i++) {
            leaves[i] = new Value(data[i]);
        }
    }

    /**
     * The number of leaves.
     *
     * @return the length of the array they were made from
     */
    public int size() {
        return leaves.length;
    }

    /**
     * The leaf of one element.
     *
     * @param index its place in the array, in [0, size)
     * @return always the same leaf for the same index
     * @throws IllegalArgumentException if {@code index} is outside the array
     */
    public Value get(int index) {
        if (index < 0 || index >= leaves.length) {
            throw new IllegalArgumentException("index " + index + " is not in [0, " + leaves.length + ")");
        }
        return leaves[index];
    }

    /**
     * The leaves of a matrix that is stored row after row.
     *
     * @param offset the place of its first element in the array
     * @param rows the number of rows, at least 0
     * @param columns the number of columns, at least 0
     * @return new arrays of the same leaves that {@link #get} returns, shape [rows][columns]
     * @throws IllegalArgumentException if an argument is negative or the matrix reaches beyond the array
     */
    public Value[][] matrix(int offset, int rows, int columns) {
        if (offset < 0 || rows < 0 || columns < 0 || offset + (long) rows * columns > leaves.length) {
            throw new IllegalArgumentException("a matrix of " + rows + " x " + columns + " at offset " + offset
                    + " is not inside the " + leaves.length + " leaves");
        }
        Value[][] matrix = new Value[rows][columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(leaves, offset + row * columns, matrix[row], 0, columns);
        }
        return matrix;
    }

    /**
     * Sets every leaf to its number and clears its gradient: the start of a step.
     *
     * @param data the numbers, shape [size]; not modified
     * @throws IllegalArgumentException if {@code data} does not have one number for every leaf
     */
    public void load(double[] data) {
        requireSize("data", data);
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].set(data[i]);
            leaves[i].clearGrad();
        }
    }

    /**
     * Copies the gradients out of the leaves.
     *
     * @param into receives the gradient of every leaf, shape [size]
     * @throws IllegalArgumentException if {@code into} does not have one element for every leaf
     */
    public void gradient(double[] into) {
        requireSize("into", into);
        for (int i = 0; i < leaves.length; i++) {
            into[i] = leaves[i].grad();
        }
    }

    private void requireSize(String name, double[] array) {
        if (array == null) {
            throw new NullPointerException(name + " is null");
        }
        if (array.length != leaves.length) {
            throw new IllegalArgumentException(
                    name + " has " + array.length + " elements, the leaves are " + leaves.length);
        }
    }

    /**
     * The number of leaves.
     *
     * @return for example {@code Leaves[size=2]}
     */
    @Override
    public String toString() {
        return "Leaves[size=" + leaves.length + "]";
    }
}
