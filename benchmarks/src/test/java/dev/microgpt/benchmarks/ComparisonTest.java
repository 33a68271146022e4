package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.benchmarks.EngineProcess.Turn;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void prints_a_row_for_each_engine_and_a_limit_for_each_precision() throws IOException {
        List<String> table = Comparison.table(0, 1).lines().toList();

        assertThat(table.get(4))
                .matches(
                        "engine +precision +step +middle half +x value +x limit +attention +x limit +backward +x limit");
        assertThat(table.subList(5, 10))
                .satisfiesExactly(
                        row -> assertThat(row).matches("value +double( +[0-9.]+){2} - +[0-9.]+ +1\\.0( +[0-9.]+){5}"),
                        row -> assertThat(row).startsWith("tape    double "),
                        row -> assertThat(row).startsWith("array   double ").endsWith(" -"),
                        row -> assertThat(row).startsWith("vector  double "),
                        row -> assertThat(row).startsWith("vector  float "));
        assertThat(table.subList(11, 13))
                .satisfiesExactly(
                        limit -> assertThat(limit)
                                .matches("limit in double +[0-9.]+ us: the operations at the peak of "
                                        + "one core, [0-9.]+ GFLOP/s, and an update by Adam, [0-9.]+ us"),
                        limit -> assertThat(limit).startsWith("limit in float "));
    }

    @Test
    void columns_stay_apart_however_slow_the_machine_is() {
        Turn[][] turns = new Turn[EngineVariant.values().length][];
        Arrays.setAll(turns, i -> new Turn[] {turn(12_345_678.5 / (i + 1), i < 2 ? 2_000 : Double.NaN, 1)});

        List<String> table = new Comparison(turns).table().lines().toList();

        assertThat(table.subList(4, 10)).allMatch(row -> row.split(" {2,}").length == 10);
        assertThat(table.get(5).split(" {2,}"))
                .containsExactly(
                        "value",
                        "double",
                        "12345678.50",
                        "12345678.50 - 12345678.50",
                        "1.0",
                        "12345.7",
                        "30.00",
                        "15.0",
                        "2000.0",
                        "20.0");
        assertThat(table.get(6)).contains("  2.0   6172.8  ");
        assertThat(table.get(7)).endsWith("  -        -");
    }

    @Test
    void says_so_if_the_machine_is_busy() {
        Turn[][] turns = new Turn[EngineVariant.values().length][];
        Arrays.setAll(turns, i -> new Turn[] {turn(10, 5, 0.5)});

        assertThat(new Comparison(turns).table())
                .endsWith(
                        "the machine is busy: an engine had a processor for 50 % of its time; trust the ratios, not the times\n");
        Arrays.setAll(turns, i -> new Turn[] {turn(10, 5, 1)});
        assertThat(new Comparison(turns).table()).doesNotContain("busy");
    }

    private static Turn turn(double step, double backward, double share) {
        return new Turn(step, 1_000, 500, 0.001, 30, 2, backward, 100, share);
    }
}
