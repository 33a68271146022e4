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

        assertThat(table.get(3)).matches("engine +precision +us/step +middle half +documents/s +x value +x limit");
        assertThat(table.subList(4, 9))
                .satisfiesExactly(
                        row -> assertThat(row).matches("value +double( +[0-9.]+){2} -( +[0-9.]+){2} +1\\.0 +[0-9.]+"),
                        row -> assertThat(row).startsWith("tape    double "),
                        row -> assertThat(row).startsWith("array   double "),
                        row -> assertThat(row).startsWith("vector  double "),
                        row -> assertThat(row).startsWith("vector  float "));
        assertThat(table.subList(10, 12))
                .satisfiesExactly(
                        limit -> assertThat(limit)
                                .matches("limit in double +[0-9.]+ us: the operations at the peak of "
                                        + "one core, [0-9.]+ GFLOP/s, and an update by Adam, [0-9.]+ us"),
                        limit -> assertThat(limit).startsWith("limit in float "));
    }

    @Test
    void columns_stay_apart_however_slow_the_machine_is() {
        Turn[][] turns = new Turn[EngineVariant.values().length][];
        Arrays.setAll(turns, i -> new Turn[] {new Turn(12_345_678.5 / (i + 1), 1_000, 500, 0.001)});

        List<String> table = new Comparison(turns).table().lines().toList();

        assertThat(table.subList(3, 6))
                .containsExactly(
                        "engine  precision      us/step                middle half  documents/s  x value  x limit",
                        "value   double     12345678.50  12345678.50 - 12345678.50            0      1.0  12345.7",
                        "tape    double      6172839.25    6172839.25 - 6172839.25            0      2.0   6172.8");
        assertThat(table.subList(3, 9)).allMatch(row -> row.split(" {2,}").length == 7);
    }
}
