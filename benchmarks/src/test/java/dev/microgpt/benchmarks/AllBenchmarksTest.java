package dev.microgpt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.Options;

class AllBenchmarksTest {
    @Test
    void every_benchmark_has_a_run_and_every_run_a_benchmark() throws Exception {
        List<String> benchmarks = BenchmarksTest.benchmarks();

        assertThat(benchmarks).allMatch(name -> AllBenchmarks.runs().stream().anyMatch(run -> includes(run, name)));
        assertThat(AllBenchmarks.runs()).allMatch(run -> benchmarks.stream().anyMatch(name -> includes(run, name)));
    }

    @Test
    void parameters_have_values_that_their_benchmark_knows() throws Exception {
        for (String name : BenchmarksTest.benchmarks()) {
            for (Options run : AllBenchmarks.runs()) {
                if (includes(run, name)) {
                    for (Field field : Class.forName(name.substring(0, name.lastIndexOf('.')))
                            .getFields()) {
                        assertKnown(run, field);
                    }
                }
            }
        }
    }

    private static void assertKnown(Options run, Field field) {
        Collection<String> values = run.getParameter(field.getName()).orElse(List.of());
        if (field.getType().isEnum()) {
            assertThat(Arrays.stream(field.getType().getEnumConstants()).map(Object::toString))
                    .containsAll(values);
        }
    }

    private static boolean includes(Options run, String benchmark) {
        return Pattern.compile(run.getIncludes().get(0)).matcher(benchmark).find();
    }
}
