package dev.microgpt.autograd;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A computation graph to look at, as a table, as a drawing of Graphviz, or as data: every value the root was computed from,
 * operands before results, with its data, its gradient and the local gradients.
 *
 * <pre>{@code
 * Value a = new Value(2);
 * Value b = new Value(-3);
 * Value loss = a.mul(b).tanh();
 * loss.backward();
 * System.out.print(new GraphExport(loss, Map.of(a, "a", b, "b", loss, "loss"), 100).table());
 * }</pre>
 *
 * <p>Values without a label are called v1, v2, … by their place in the order, which is the same for graphs that were
 * built in the same way. Numbers have six significant digits.
 *
 * @since 0.1
 */
public final class GraphExport {
    /** The number of values that is exported unless another limit is given: {@value}. */
    public static final int MAX_VALUES = 1000;

    private final Value root;
    private final Map<Value, String> ids = new LinkedHashMap<>(); // v1, v2, …, operands before results
    private final Map<Value, String> labels;

    /**
     * One value of the graph.
     *
     * @param id v1, v2, … by its place in the order
     * @param name its label, or its id if it has none
     * @param operation what made it, as in {@link #table()}: {@code leaf}, {@code +}, {@code *}, {@code pow}, {@code dot}, …
     * @param data the result of the forward pass
     * @param gradient how fast the root changes with it
     * @param operands what it was computed from: none for a leaf, else one or two, or all pairs of a dot product in turn
     */
    public record Node(String id, String name, String operation, double data, double gradient, List<Operand> operands) {
        /** One value; the list is copied. */
        public Node {
            requireNonNull(id, "id is null");
            requireNonNull(name, "name is null");
            requireNonNull(operation, "operation is null");
            requireNonNull(operands, "operands is null");
            for (int i = 0; i < operands.size(); i++) {
                requireNonNull(operands.get(i), "operands[" + i + "] is null");
            }
            operands = List.copyOf(operands);
        }
    }

    /**
     * One use of a value.
     *
     * @param id that of the value
     * @param localGradient how fast the result changes with it
     */
    public record Operand(String id, double localGradient) {
        /** One use of a value. */
        public Operand {
            requireNonNull(id, "id is null");
        }
    }

    /**
     * The graph of a root, without labels, of at most {@link #MAX_VALUES} values.
     *
     * @param root the value to explain
     * @throws IllegalArgumentException if the graph is larger than that
     */
    public GraphExport(Value root) {
        this(root, Map.of(), MAX_VALUES);
    }

    /**
     * The graph of a root.
     *
     * @param root the value to explain
     * @param labels names for some of the values, none like v1, v2, …; not kept
     * @param maxValues how large the graph may be, at least 1
     * @throws IllegalArgumentException if the graph has more than {@code maxValues} values, or a label is like v1
     */
    public GraphExport(Value root, Map<Value, String> labels, int maxValues) {
        requireNonNull(root, "root is null");
        requireNonNull(labels, "labels is null");
        labels.forEach((value, label) -> {
            requireNonNull(value, "a key of labels is null");
            requireNonNull(label, () -> "labels[" + value + "] is null");
        });
        if (maxValues < 1) {
            throw new IllegalArgumentException("maxValues " + maxValues + " is less than 1");
        }
        for (String label : labels.values()) {
            if (label.matches("v[0-9]+")) {
                throw new IllegalArgumentException("label " + label + " could be the name of a value without a label");
            }
        }
        this.root = root;
        this.labels = Map.copyOf(labels);
        collect(maxValues);
    }

    private void collect(int maxValues) {
        Deque<Value> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Value value = open.peek();
            int before = open.size();
            List<Value> operands = value.operands();
            for (int i = operands.size() - 1; i >= 0; i--) {
                pushUnlessCollected(open, operands.get(i));
            }
            if (open.size() == before) { // all its operands are collected
                open.pop();
                ids.putIfAbsent(value, "v" + (ids.size() + 1));
            }
            if (ids.size() > maxValues) {
                throw new IllegalArgumentException("the graph has more values than maxValues " + maxValues);
            }
        }
    }

    private void pushUnlessCollected(Deque<Value> open, Value operand) {
        if (!ids.containsKey(operand)) {
            open.push(operand);
        }
    }

    /**
     * The graph as data, for views.
     *
     * @return the values, operands before results; the last one is the root
     */
    public List<Node> nodes() {
        return ids.keySet().stream().map(this::node).toList();
    }

    private Node node(Value value) {
        List<Operand> operands = new ArrayList<>();
        for (Value operand : value.operands()) {
            operands.add(new Operand(ids.get(operand), value.localGrad(operands.size())));
        }
        String symbol = value.operation().symbol;
        return new Node(ids.get(value), name(value), symbol, value.data(), value.grad(), operands);
    }

    /**
     * The graph in the language of Graphviz, to be drawn by {@code dot -Tsvg}: a box for every value, and from every
     * operand to the result an arrow that bears the local gradient.
     *
     * @return a digraph; lines end with {@code \n}
     * @see <a href="https://graphviz.org/doc/info/lang.html">The DOT language</a>
     */
    public String dot() {
        StringBuilder dot = new StringBuilder("digraph {\n  rankdir=LR;\n  node [shape=box];\n");
        for (Node node : nodes()) {
            String name = oneLine(node.name).replace("\\", "\\\\").replace("\"", "\\\"");
            dot.append(format(
                    "  %s [label=\"%s: %s\\ndata %.6g\\ngrad %.6g\"];\n",
                    node.id, name, node.operation, node.data, node.gradient));
            for (Operand operand : node.operands) {
                dot.append(format("  %s -> %s [label=\"%.6g\"];\n", operand.id, node.id, operand.localGradient));
            }
        }
        return dot.append("}\n").toString();
    }

    /**
     * The graph as text: a line for every value, with the operation that made it, its data, its gradient, and its
     * operands, each followed by its local gradient.
     *
     * @return lines that end with {@code \n}, the first one a heading
     */
    public String table() {
        List<Node> nodes = nodes();
        Map<String, String> names = nodes.stream().collect(Collectors.toMap(Node::id, node -> oneLine(node.name)));
        int width = names.values().stream().mapToInt(String::length).max().orElse(0);
        String columns = "%-" + Math.max(width, "value".length()) + "s  %-9s  %12s  %12s  %s";
        StringBuilder table = new StringBuilder();
        table.append(format(columns, "value", "operation", "data", "gradient", "operands (local gradient)\n"));
        for (Node node : nodes) {
            String operands = node.operands.stream()
                    .map(operand -> format("%s (%.6g)", names.get(operand.id), operand.localGradient))
                    .collect(Collectors.joining("  "));
            String line = format(
                    columns,
                    names.get(node.id),
                    node.operation,
                    format("%.6g", node.data),
                    format("%.6g", node.gradient),
                    operands);
            table.append(line.stripTrailing()).append('\n');
        }
        return table.toString();
    }

    /**
     * The size of the graph.
     *
     * @return for example {@code GraphExport[values=7, root=loss]}
     */
    @Override
    public String toString() {
        return "GraphExport[values=" + ids.size() + ", root=" + oneLine(name(root)) + "]";
    }

    private String name(Value value) {
        return labels.getOrDefault(value, ids.get(value));
    }

    /** A label without characters that would break a line or a column. */
    private static String oneLine(String label) {
        return label.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
