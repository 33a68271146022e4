package dev.microgpt.autograd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The graph behind a value, to look at: every value the root was computed from, operands before results, with its data,
 * its gradient and the local gradients.
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
 */
public final class GraphExport {
    /** The number of values that is exported unless another limit is given: {@value}. */
    public static final int MAX_VALUES = 1000;

    private final Map<Value, String> ids = new LinkedHashMap<>(); // v1, v2, …, operands before results
    private final Map<Value, String> labels;

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
        if (maxValues < 1) {
            throw new IllegalArgumentException("maxValues " + maxValues + " is less than 1");
        }
        for (String label : labels.values()) {
            if (label.matches("v[0-9]+")) {
                throw new IllegalArgumentException("label " + label + " could be the name of a value without a label");
            }
        }
        this.labels = Map.copyOf(labels);
        collect(root, maxValues);
    }

    private void collect(Value root, int maxValues) {
        Deque<Value> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Value value = open.peek();
            int before = open.size();
            pushUnlessCollected(open, value.right);
            pushUnlessCollected(open, value.left);
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
        if (operand != null && !ids.containsKey(operand)) {
            open.push(operand);
        }
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
        ids.forEach((value, id) -> {
            String name = name(value).replace("\\", "\\\\").replace("\"", "\\\"");
            dot.append(format(
                    "  %s [label=\"%s: %s\\ndata %.6g\\ngrad %.6g\"];\n",
                    id, name, value.operation().symbol, value.data(), value.grad()));
            String arrow = "  %s -> " + id + " [label=\"%.6g\"];\n";
            if (value.left != null) {
                dot.append(format(arrow, ids.get(value.left), value.leftGrad));
            }
            if (value.right != null) {
                dot.append(format(arrow, ids.get(value.right), value.rightGrad));
            }
        });
        return dot.append("}\n").toString();
    }

    /**
     * The graph as text: a line for every value, with the operation that made it, its data, its gradient, and its
     * operands, each with the local gradient behind it.
     *
     * @return lines that end with {@code \n}, the first one a heading
     */
    public String table() {
        int width = ids.keySet().stream()
                .mapToInt(value -> name(value).length())
                .max()
                .orElse(0);
        String columns = "%-" + Math.max(width, "value".length()) + "s  %-9s  %12s  %12s  %s";
        StringBuilder table = new StringBuilder();
        table.append(format(columns, "value", "operation", "data", "gradient", "operands (local gradient)\n"));
        for (Value value : ids.keySet()) {
            String operands = "";
            if (value.left != null) {
                operands += format("%s (%.6g)", name(value.left), value.leftGrad);
            }
            if (value.right != null) {
                operands += format("  %s (%.6g)", name(value.right), value.rightGrad);
            }
            String line = format(
                    columns,
                    name(value),
                    value.operation().symbol,
                    format("%.6g", value.data()),
                    format("%.6g", value.grad()),
                    operands);
            table.append(line.stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private String name(Value value) {
        return labels.getOrDefault(value, ids.get(value));
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
