package dev.microgpt.playground;

import dev.microgpt.autograd.GraphExport;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.mlp.Mlp;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stage 2: graphs of values, from a typed formula and from a neuron of the perceptron. */
final class AutogradPage {
    private static final int MOST_VALUES = 120; // of a graph that is drawn
    private static final int MOST_VARIABLES = 12;

    private final Classroom classroom;

    AutogradPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("autograd/graph", this::graph);
        api.answer("autograd/neuron", this::neuron);
    }

    /** The values, operands before results: the order of the forward pass; the backward pass may take the reverse. */
    record Graph(List<Node> nodes, Map<String, Double> variables) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("nodes variables", nodes, variables);
        }
    }

    /**
     * A value. {@code inner}: it is inside an operation that is made of others, such as a − b = a + b·(−1);
     * {@code made}: what that operation is made of, on its result, else empty.
     */
    record Node(
            String id,
            String name,
            String operation,
            boolean inner,
            String made,
            double data,
            double gradient,
            int level,
            List<Edge> edges)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "id name operation inner made data gradient level edges",
                    id,
                    name,
                    operation,
                    inner,
                    made,
                    data,
                    gradient,
                    level,
                    edges);
        }
    }

    /** From an operand to its result: {@code contribution = incoming · local}. */
    record Edge(String from, double incoming, double local, double contribution) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("from incoming local contribution", from, incoming, local, contribution);
        }
    }

    private Graph graph(Question question) {
        Expression expression =
                new Expression(question.text("expression", Limits.WORD), question.namedNumbers("variables", 100));
        if (expression.variables().size() > MOST_VARIABLES) {
            throw new IllegalArgumentException(
                    "expression has " + expression.variables().size() + " variables, more than " + MOST_VARIABLES);
        }
        Map<String, Double> variables = new LinkedHashMap<>();
        expression.variables().forEach((name, leaf) -> variables.put(name, leaf.data()));
        return new Graph(nodes(expression.root(), expression.labels()), variables);
    }

    private static List<Node> nodes(Value root, Map<Value, String> labels) {
        root.backward();
        List<GraphExport.Node> nodes = new GraphExport(root, labels, MOST_VALUES).nodes();
        Map<String, GraphExport.Node> byId = new HashMap<>();
        Map<String, Integer> levels = new HashMap<>();
        List<Node> result = new ArrayList<>();
        for (GraphExport.Node node : nodes) {
            byId.put(node.id(), node);
            List<Edge> edges = new ArrayList<>();
            int level = 0;
            for (GraphExport.Operand operand : node.operands()) {
                level = Math.max(level, levels.get(operand.id()) + 1);
                double contribution = node.gradient() * operand.localGradient();
                edges.add(new Edge(operand.id(), node.gradient(), operand.localGradient(), contribution));
            }
            levels.put(node.id(), level);
            boolean inner = node.name().equals(node.id());
            result.add(new Node(
                    node.id(),
                    inner ? "" : node.name(),
                    node.operation(),
                    inner,
                    inner ? "" : made(node, byId),
                    node.data(),
                    node.gradient(),
                    level,
                    edges));
        }
        return result;
    }

    /** How a derived operation is written with the primitive ones; it shows in operands that have no name. */
    private static String made(GraphExport.Node node, Map<String, GraphExport.Node> byId) {
        if (node.operands().size() < 2) {
            return "";
        }
        GraphExport.Node right = byId.get(node.operands().get(1).id());
        if (!right.name().equals(right.id())) {
            return "";
        }
        return switch (node.operation()) {
            case "+" -> "a − b = a + b·(−1)";
            case "*" -> right.operation().equals("pow") ? "a / b = a·b⁻¹" : "−a = a·(−1)";
            default -> "";
        };
    }

    /**
     * One hidden unit and its incoming weights: what autograd and the derivation by hand say of each, for the loss of a
     * word.
     */
    record Neuron(
            String word,
            double loss,
            int unit,
            String token,
            double[] inputs,
            double[] weights,
            double[] autograd,
            double[] byHand,
            double largestDifference,
            List<Node> graph)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "word loss unit token inputs weights autograd byHand largestDifference graph",
                    word,
                    loss,
                    unit,
                    token,
                    inputs,
                    weights,
                    autograd,
                    byHand,
                    largestDifference,
                    graph);
        }
    }

    private Neuron neuron(Question question) {
        String word = classroom.word(question, "word");
        int[] tokens = classroom.tokenizer().encodeDocument(word);
        MlpConfig config = MlpPreset.STAGE2.config(classroom.tokenizer().vocabSize());
        int unit = question.integer("unit", 0, config.hiddenDim() - 1);
        int position = question.integer("position", 0, tokens.length - 2);
        Parameters parameters = config.initialParameters(classroom.afterShuffle());

        Mlp mlp = new Mlp(config, parameters);
        Value loss = mlp.lossGraph(tokens);
        loss.backward();
        Parameters autograd = parameters.zeros();
        mlp.gradient(autograd);

        MlpByHand model = new MlpByHand(config, parameters);
        Parameters byHand = parameters.zeros();
        model.lossAndGradient(byHand, tokens);

        double largest = 0;
        for (int i = 0; i < parameters.size(); i++) {
            largest = Math.max(largest, Math.abs(autograd.values()[i] - byHand.values()[i]));
        }
        double[] inputs = model.forward(tokens[position]).embedding();
        double[] weights = row(parameters, unit);
        return new Neuron(
                word,
                loss.data(),
                unit,
                classroom.symbol(tokens[position]),
                inputs,
                weights,
                row(autograd, unit),
                row(byHand, unit),
                largest,
                neuronGraph(inputs, weights));
    }

    private static double[] row(Parameters parameters, int unit) {
        double[] row = new double[parameters.tensor("mlp_fc1").columns()];
        for (int k = 0; k < row.length; k++) {
            row[k] = parameters.get("mlp_fc1", unit, k);
        }
        return row;
    }

    /** relu(Σ_k w_k·x_k): {@code Functions.linear} and {@code Functions.relu} for one unit, each value with its name. */
    private static List<Node> neuronGraph(double[] inputs, double[] weights) {
        Map<Value, String> labels = new HashMap<>();
        Value sum = null;
        for (int k = 0; k < inputs.length; k++) {
            Value w = new Leaves(weights).get(k);
            Value x = new Leaves(inputs).get(k);
            Value product = w.mul(x);
            labels.put(w, "w" + k);
            labels.put(x, "x" + k);
            labels.put(product, "w" + k + "·x" + k);
            sum = sum == null ? product : sum.add(product);
            labels.putIfAbsent(sum, "Σ 0…" + k);
        }
        Value unit = sum.relu();
        labels.put(unit, "h");
        return nodes(unit, labels);
    }
}
