package dev.microgpt.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GraphExportTest {
    private static final Locale LOCALE = Locale.getDefault();

    private final Value a = new Value(2);
    private final Value b = new Value(-3);
    private final Value loss = a.mul(b).add(10).pow(2);
    private final Map<Value, String> labels = Map.of(a, "a", b, "b", loss, "loss");

    @AfterEach
    void restore_the_locale() {
        Locale.setDefault(LOCALE);
    }

    @Test
    void prints_a_table_with_operands_before_results() {
        loss.backward();

        String table = new GraphExport(loss, labels, 100).table();

        assertThat(table).isEqualTo("""
                        value  operation          data      gradient  operands (local gradient)
                        a      leaf            2.00000      -24.0000
                        b      leaf           -3.00000       16.0000
                        v3     *              -6.00000       8.00000  a (-3.00000)  b (2.00000)
                        v4     leaf            10.0000       8.00000
                        v5     +               4.00000       8.00000  v3 (1.00000)  v4 (1.00000)
                        v6     leaf            2.00000       0.00000
                        loss   pow             16.0000       1.00000  v5 (8.00000)  v6 (0.00000)
                        """);
    }

    @Test
    void hands_out_every_number_in_full() {
        loss.backward();

        List<GraphExport.Node> nodes = new GraphExport(loss, labels, 100).nodes();

        assertThat(nodes).extracting(GraphExport.Node::name).containsExactly("a", "b", "v3", "v4", "v5", "v6", "loss");
        assertThat(nodes).extracting(GraphExport.Node::id).containsExactly("v1", "v2", "v3", "v4", "v5", "v6", "v7");
        assertThat(nodes.get(0)).isEqualTo(new GraphExport.Node("v1", "a", "leaf", 2, -24, List.of()));
        assertThat(nodes.get(2))
                .isEqualTo(new GraphExport.Node(
                        "v3",
                        "v3",
                        "*",
                        -6,
                        8,
                        List.of(new GraphExport.Operand("v1", -3), new GraphExport.Operand("v2", 2))));
        assertThat(nodes.get(6).operands())
                .containsExactly(new GraphExport.Operand("v5", 8), new GraphExport.Operand("v6", 0));
    }

    @Test
    void writes_a_digraph() {
        loss.backward();

        String dot = new GraphExport(loss, labels, 100).dot();

        assertThat(dot).isEqualTo("""
                        digraph {
                          rankdir=LR;
                          node [shape=box];
                          v1 [label="a: leaf\\ndata 2.00000\\ngrad -24.0000"];
                          v2 [label="b: leaf\\ndata -3.00000\\ngrad 16.0000"];
                          v3 [label="v3: *\\ndata -6.00000\\ngrad 8.00000"];
                          v1 -> v3 [label="-3.00000"];
                          v2 -> v3 [label="2.00000"];
                          v4 [label="v4: leaf\\ndata 10.0000\\ngrad 8.00000"];
                          v5 [label="v5: +\\ndata 4.00000\\ngrad 8.00000"];
                          v3 -> v5 [label="1.00000"];
                          v4 -> v5 [label="1.00000"];
                          v6 [label="v6: leaf\\ndata 2.00000\\ngrad 0.00000"];
                          v7 [label="loss: pow\\ndata 16.0000\\ngrad 1.00000"];
                          v5 -> v7 [label="8.00000"];
                          v6 -> v7 [label="0.00000"];
                        }
                        """);
    }

    @Test
    void the_arrows_of_the_digraph_carry_the_chain_rule() {
        Value x = new Value(0.7);
        Value root =
                Functions.crossEntropy(new Value[] {x.mul(a), x.tanh(), a.add(x).mul(x)}, 1);
        root.backward();

        String dot = new GraphExport(root).dot();

        Map<String, Double> grads = new HashMap<>();
        match("  (v\\d+) \\[label=\".*\\\\ngrad (\\S+)\"\\];", dot)
                .forEach(node -> grads.put(node.group(1), Double.valueOf(node.group(2))));
        Map<String, Double> sums = new HashMap<>();
        match("  (v\\d+) -> (v\\d+) \\[label=\"(\\S+)\"\\];", dot)
                .forEach(arrow -> sums.merge(
                        arrow.group(1), Double.parseDouble(arrow.group(3)) * grads.get(arrow.group(2)), Double::sum));
        assertThat(grads).hasSize(sums.size() + 1);
        sums.forEach((id, sum) -> assertThat(Math.abs(sum - grads.get(id))).isLessThan(1e-4));
    }

    private static List<Matcher> match(String regex, String text) {
        return text.lines()
                .map(Pattern.compile(regex)::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    @Test
    void lists_a_value_once_and_an_operand_as_often_as_it_was_used() {
        Value square = a.mul(a);

        String table = new GraphExport(square).table();

        assertThat(table.lines().skip(1))
                .containsExactly(
                        "v1     leaf            2.00000       0.00000",
                        "v2     *               4.00000       0.00000  v1 (2.00000)  v1 (2.00000)");
    }

    @Test
    void prints_a_single_leaf() {
        assertThat(new GraphExport(a).table().lines()).hasSize(2);
    }

    @Test
    void prints_what_is_not_finite() {
        String table = new GraphExport(new Value(0).log()).table();

        assertThat(table).endsWith("v2     log           -Infinity       0.00000  v1 (Infinity)\n");
    }

    @Test
    void shows_the_numbers_at_the_time_of_printing() {
        GraphExport export = new GraphExport(loss);
        String before = export.table();

        loss.backward();

        assertThat(before).doesNotContain("-24.0000");
        assertThat(export.table()).contains("-24.0000");
    }

    @Test
    void escapes_labels() {
        String dot = new GraphExport(a, Map.of(a, "say \"a\" \\ b"), 1).dot();

        assertThat(dot).contains("v1 [label=\"say \\\"a\\\" \\\\ b: leaf\\n");
    }

    @Test
    void makes_room_for_long_labels() {
        List<String> lines = new GraphExport(a.exp(), Map.of(a, "lm_head[26][5]"), 10)
                .table()
                .lines()
                .toList();

        assertThat(lines)
                .containsExactly(
                        "value           operation          data      gradient  operands (local gradient)",
                        "lm_head[26][5]  leaf            2.00000       0.00000",
                        "v2              exp             7.38906       0.00000  lm_head[26][5] (7.38906)");
    }

    @Test
    void writes_the_same_in_every_locale() {
        GraphExport export = new GraphExport(loss, labels, 100);
        String table = export.table();
        String dot = export.dot();

        Locale.setDefault(Locale.GERMANY);

        assertThat(export.table()).isEqualTo(table);
        assertThat(export.dot()).isEqualTo(dot);
    }

    @Test
    void a_label_stays_on_its_line() {
        GraphExport export = new GraphExport(loss, Map.of(loss, "the\nloss\u2028of\tall"), 100);

        assertThat(export.table().lines()).hasSize(8).last().asString().startsWith("the\uFFFDloss\uFFFDof\uFFFDall  ");
        assertThat(export.dot()).contains("[label=\"the\uFFFDloss\uFFFDof\uFFFDall: ");
        assertThat(export).hasToString("GraphExport[values=7, root=the\uFFFDloss\uFFFDof\uFFFDall]");
    }

    @Test
    void prints_the_size_of_the_graph() {
        assertThat(new GraphExport(loss, labels, 100)).hasToString("GraphExport[values=7, root=loss]");
        assertThat(new GraphExport(a)).hasToString("GraphExport[values=1, root=v1]");
    }

    @Test
    void writes_deep_graphs() {
        Value root = a;
        for (int i = 0; i < 100_000; i++) {
            root = root.exp();
        }

        String dot = new GraphExport(root, Map.of(), 100_001).dot();

        assertThat(dot.lines().filter(line -> line.contains("->"))).hasSize(100_000);
    }

    @Test
    void exports_as_many_values_as_allowed_and_no_more() {
        assertThat(new GraphExport(loss, labels, 7).table().lines()).hasSize(8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GraphExport(loss, labels, 6))
                .withMessage("the graph has more values than maxValues 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GraphExport(loss, labels, 0))
                .withMessage("maxValues 0 is less than 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GraphExport(loss, Map.of(loss, "v2"), 100))
                .withMessage("label v2 could be the name of a value without a label");
    }
}
