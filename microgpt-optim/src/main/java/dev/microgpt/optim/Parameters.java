package dev.microgpt.optim;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All weights of a model in one flat array, with named tensors laid over it in a fixed order.
 *
 * <pre>{@code
 * Parameters parameters = Parameters.builder()
 *         .tensor("wte", 27, 16)
 *         .tensor("lm_head", 27, 16)
 *         .build();
 * parameters.set("wte", 2, 3, 0.5);
 * parameters.get("wte", 2, 3);  // 0.5
 * parameters.get("wte", 27, 0); // IndexOutOfBoundsException: row 27 of wte is not in [0, 27)
 * }</pre>
 *
 * <p>Gradients and the moments of an optimizer use the same type, so that the same name finds the weight, its gradient
 * and its moments. Many threads may read while none writes.
 *
 * @since 0.1
 */
public final class Parameters {
    private static final int SHOWN = 3; // tensors that toString shows

    private final Map<String, Tensor> byName;
    private final List<Tensor> tensors;
    private final double[] values; // [size], the tensors one after the other, each row-major

    /**
     * A tensor, that is a named matrix within the flat array, row-major: its shape and place, not its numbers. Made by {@link
     * Builder#tensor}.
     */
    public static final class Tensor {
        private final String name;
        private final int rows;
        private final int columns;
        private final int offset;

        private Tensor(String name, int rows, int columns, int offset) {
            Objects.requireNonNull(name, "name is null");
            if (name.isBlank()) {
                throw new IllegalArgumentException("the name of a tensor must not be blank");
            }
            if (rows < 1 || columns < 1) {
                throw new IllegalArgumentException(
                        "shape [" + rows + "][" + columns + "] of " + name + " has a dimension below 1");
            }
            if (offset + (long) rows * columns > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("shape [" + rows + "][" + columns + "] of " + name + " at offset "
                        + offset + " does not fit into one array");
            }
            this.name = name;
            this.rows = rows;
            this.columns = columns;
            this.offset = offset;
        }

        /**
         * What the tensor is called.
         *
         * @return the name, unique within its parameters, for instance {@code layer0.attn_wq}
         */
        public String name() {
            return name;
        }

        /**
         * Number of rows.
         *
         * @return at least 1
         */
        public int rows() {
            return rows;
        }

        /**
         * Number of columns.
         *
         * @return at least 1
         */
        public int columns() {
            return columns;
        }

        /**
         * Where the first element lies.
         *
         * @return the index into {@link Parameters#values()}, at least 0
         */
        public int offset() {
            return offset;
        }

        /**
         * Number of elements.
         *
         * @return {@code rows * columns}
         */
        public int size() {
            return rows * columns;
        }

        /**
         * Where an element lies in the flat array.
         *
         * @param row in [0, rows)
         * @param column in [0, columns)
         * @return the index into {@link Parameters#values()}, {@code offset + row * columns + column}
         * @throws IndexOutOfBoundsException if the element is outside the shape
         */
        public int index(int row, int column) {
            if (row < 0 || row >= rows) {
                throw new IndexOutOfBoundsException("row " + row + " of " + name + " is not in [0, " + rows + ")");
            }
            if (column < 0 || column >= columns) {
                throw new IndexOutOfBoundsException(
                        "column " + column + " of " + name + " is not in [0, " + columns + ")");
            }
            return offset + row * columns + column;
        }

        /** Two tensors are equal if they have the same name, shape and place. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Tensor tensor
                    && name.equals(tensor.name)
                    && rows == tensor.rows
                    && columns == tensor.columns
                    && offset == tensor.offset;
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + offset;
        }

        @Override
        public String toString() {
            return "Tensor[name=" + name + ", rows=" + rows + ", columns=" + columns + ", offset=" + offset + "]";
        }
    }

    /** Collects the tensors of a model in their order. */
    public static final class Builder {
        private final Map<String, Tensor> byName = new LinkedHashMap<>();
        private int size;

        private Builder() {}

        /**
         * Appends a tensor after those added so far.
         *
         * @param name its name, not used before
         * @param rows number of rows, at least 1
         * @param columns number of columns, at least 1
         * @return this builder
         * @throws IllegalArgumentException if the name is taken or the shape is not valid
         */
        public Builder tensor(String name, int rows, int columns) {
            Tensor tensor = new Tensor(name, rows, columns, size);
            if (byName.putIfAbsent(name, tensor) != null) {
                throw new IllegalArgumentException("tensor " + name + " is named twice");
            }
            size += tensor.size();
            return this;
        }

        /**
         * Makes the parameters.
         *
         * @return new parameters with these tensors, all zero
         */
        public Parameters build() {
            List<Tensor> tensors = List.copyOf(byName.values());
            return new Parameters(new HashMap<>(byName), tensors, new double[size]);
        }
    }

    private Parameters(Map<String, Tensor> byName, List<Tensor> tensors, double[] values) {
        this.byName = byName;
        this.tensors = tensors;
        this.values = values;
    }

    /**
     * Starts a layout without tensors.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The weights themselves.
     *
     * @return the live flat array, shape [{@link #size()}]: what is written into it is written into these parameters
     */
    public double[] values() {
        return values;
    }

    /**
     * Number of weights.
     *
     * @return the sum of the sizes of all tensors
     */
    public int size() {
        return values.length;
    }

    /**
     * All tensors.
     *
     * @return names, shapes and places in the order in which they were added; immutable
     */
    public List<Tensor> tensors() {
        return tensors;
    }

    /**
     * One tensor.
     *
     * @param name its name
     * @return its shape and place
     * @throws IllegalArgumentException if there is no tensor of that name; the message lists those there are
     */
    public Tensor tensor(String name) {
        Tensor tensor = byName.get(Objects.requireNonNull(name, "name is null"));
        if (tensor == null) {
            List<String> names = tensors.stream().map(Tensor::name).toList();
            throw new IllegalArgumentException("there is no tensor " + name + " in " + names);
        }
        return tensor;
    }

    /**
     * One weight.
     *
     * @param name name of the tensor
     * @param row in [0, rows)
     * @param column in [0, columns)
     * @return the weight
     * @throws IllegalArgumentException if the name is unknown
     * @throws IndexOutOfBoundsException if the element is outside the shape
     */
    public double get(String name, int row, int column) {
        return values[tensor(name).index(row, column)];
    }

    /**
     * Writes one weight.
     *
     * @param name name of the tensor
     * @param row in [0, rows)
     * @param column in [0, columns)
     * @param value the new weight
     * @throws IllegalArgumentException if the name is unknown
     * @throws IndexOutOfBoundsException if the element is outside the shape
     */
    public void set(String name, int row, int column, double value) {
        values[tensor(name).index(row, column)] = value;
    }

    /**
     * The same layout with the same numbers.
     *
     * @return independent parameters
     */
    public Parameters copy() {
        return new Parameters(byName, tensors, values.clone());
    }

    /**
     * The same layout with zeros, for a gradient or a moment.
     *
     * @return independent parameters
     */
    public Parameters zeros() {
        return new Parameters(byName, tensors, new double[values.length]);
    }

    /** Number of weights and the first tensors, such as {@code Parameters[size=12: wte [2][3], lm_head [2][3]]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Parameters[size=").append(size());
        for (int i = 0; i < Math.min(SHOWN, tensors.size()); i++) {
            Tensor tensor = tensors.get(i);
            text.append(i == 0 ? ": " : ", ").append(tensor.name());
            text.append(" [")
                    .append(tensor.rows())
                    .append("][")
                    .append(tensor.columns())
                    .append(']');
        }
        return text.append(tensors.size() > SHOWN ? ", …]" : "]").toString();
    }

    /**
     * Checks that another set of parameters has the same names and shapes in the same order.
     *
     * @param role what the other one is, named in the message, which also names the first difference
     */
    void requireSameLayout(String role, Parameters other) {
        if (tensors == other.tensors) {
            return; // made from one another by copy() or zeros()
        }
        for (int i = 0; i < Math.max(tensors.size(), other.tensors.size()); i++) {
            Object mine = i < tensors.size() ? tensors.get(i) : "nothing";
            Object theirs = i < other.tensors.size() ? other.tensors.get(i) : "nothing";
            if (!mine.equals(theirs)) {
                throw new IllegalArgumentException(
                        "the layout of " + role + " differs: it has " + theirs + " where the parameters have " + mine);
            }
        }
    }
}
