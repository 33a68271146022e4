package dev.microgpt.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A picture of results: a bar as long as the median on a logarithmic scale, a whisker over the middle half of the
 * iterations, and a mark where the limit is, if the benchmark counts it.
 *
 * <p>Run with: {@code java -cp benchmarks/target/benchmarks.jar dev.microgpt.benchmarks.Chart results.json chart.svg
 * TrainingStep Batch:document}; what stands after a colon is one of the numbers that the benchmark counts.
 */
public final class Chart {
    private static final int WIDTH = 900;
    private static final int LEFT = 330; // where bars begin
    private static final int RIGHT = 800; // where the scale ends; numbers may stand after it
    private static final int ROW = 24;
    private static final String STYLE = """
            text { font: 13px system-ui, sans-serif; fill: #24292f }
            .title { font-size: 15px; font-weight: 600 }
            .small { font-size: 11px; fill: #57606a }
            .bar { fill: #4c8ed9 }
            .whisker { stroke: #24292f; stroke-width: 1.5 }
            .grid { stroke: #8c959f; stroke-opacity: 0.35 }
            .limit { stroke: #d1242f; stroke-width: 3 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .small { fill: #9da7b3 }
              .whisker { stroke: #e6edf3 }
              .limit { stroke: #ff7b72 }
            }
            """;

    private final List<JmhResult> results;
    private final StringBuilder svg = new StringBuilder();
    private int y = 8;

    private Chart(List<JmhResult> results) {
        this.results = results;
    }

    /** The scale of a panel: whole powers of ten at both ends. */
    private record Scale(int first, int last) {
        static Scale of(double least, double greatest) {
            int first = (int) Math.floor(Math.log10(least));
            return new Scale(first, Math.max(first + 1, (int) Math.ceil(Math.log10(greatest))));
        }

        double x(double value) {
            return LEFT + (RIGHT - LEFT) * (Math.log10(value) - first) / (last - first);
        }
    }

    /** A bar; limit is NaN where there is none. */
    private record Bar(String label, Spread spread, double limit) {}

    /**
     * Reads results and writes a picture.
     *
     * @param args the results in JSON, the SVG, and which benchmarks it is to show, all of them in one panel each
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String... args) throws IOException {
        if (args.length < 3) {
            System.err.println("usage: Chart RESULTS.json CHART.svg BENCHMARK[:COUNTER]...");
            System.exit(2);
        }
        List<JmhResult> results = JmhResult.read(Path.of(args[0]));
        Files.writeString(Path.of(args[1]), svg(results, Arrays.copyOfRange(args, 2, args.length)));
    }

    static String svg(List<JmhResult> results, String... panels) {
        Chart chart = new Chart(results);
        chart.header();
        for (String panel : panels) {
            String[] parts = panel.split(":", 2);
            chart.panel(parts[0], parts.length > 1 ? parts[1] : "");
        }
        chart.legend();
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n<style>\n%s</style>\n%s</svg>\n"
                .formatted(WIDTH, chart.y, STYLE, chart.svg);
    }

    private void header() {
        JmhResult any = results.stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there are no results to show"));
        text(
                "title",
                "start",
                10,
                y += 18,
                "Java " + any.jdk() + machine(any, Machine.CPU) + machine(any, Machine.DATE));
    }

    private static String machine(JmhResult result, String property) {
        String value = result.property(property);
        return value.isEmpty() ? "" : " · " + value;
    }

    private void panel(String benchmark, String counter) {
        List<JmhResult> shown = results.stream()
                .filter(result -> result.name().startsWith(benchmark))
                .toList();
        if (shown.isEmpty()) {
            throw new IllegalArgumentException("there is no result of " + benchmark);
        }
        List<Bar> bars =
                shown.stream().map(result -> bar(result, shown, counter)).toList();
        Scale scale =
                Scale.of(numbers(bars).min().orElseThrow(), numbers(bars).max().orElseThrow());
        String unit = shown.get(0).metric(counter).unit();
        text("title", "start", 10, y += 34, title(shown.get(0).name(), unit, counter));
        y += 8;
        grid(scale, bars.size());
        bars.forEach(bar -> draw(bar, scale));
        y += 20;
    }

    private static DoubleStream numbers(List<Bar> bars) {
        return bars.stream()
                .flatMapToDouble(bar -> DoubleStream.of(bar.spread.low(), bar.spread.high(), bar.limit))
                .filter(number -> number > 0);
    }

    /** "us/op" are µs, or µs a document where documents are counted. */
    private static String title(String name, String unit, String counter) {
        String readable = unit.endsWith("/op")
                ? unit.replace("/op", counter.isEmpty() ? "" : " a " + counter).replace("us", "µs")
                : unit.replace("ops", counter.isEmpty() ? "calls" : counter);
        return name.replace("Benchmark", "") + ", " + readable;
    }

    private static Bar bar(JmhResult result, List<JmhResult> panel, String counter) {
        Spread spread = result.metric(counter).spread();
        JmhResult.Metric limit = result.counters().get("limit");
        return new Bar(
                label(result, panel),
                spread,
                limit == null ? Double.NaN : spread.median() / limit.spread().median());
    }

    /** What distinguishes a bar from the others: method and parameters that not all of them have, and the collector. */
    private static String label(JmhResult result, List<JmhResult> panel) {
        List<String> parts = new ArrayList<>();
        if (panel.stream().anyMatch(other -> !other.name().equals(result.name()))) {
            parts.add(result.name().substring(result.name().indexOf('.') + 1));
        }
        result.params().forEach((name, value) -> {
            if (panel.stream().anyMatch(other -> !value.equals(other.params().get(name)))) {
                parts.add(value.matches("\\d+") ? name + " " + value : value.replace('_', ' '));
            }
        });
        result.jvmArgs().stream()
                .filter(flag -> flag.matches("-XX:\\+Use\\w+GC"))
                .forEach(flag -> parts.add(flag.substring("-XX:+Use".length())));
        return String.join(", ", parts);
    }

    private void grid(Scale scale, int rows) {
        int bottom = y + rows * ROW;
        for (int power = scale.first; power <= scale.last; power++) {
            double x = scale.x(Math.pow(10, power));
            line("grid", x, y, x, bottom);
            text("small", "middle", x, bottom + 14, number(Math.pow(10, power)));
        }
    }

    private void draw(Bar bar, Scale scale) {
        double middle = y + ROW / 2.0;
        double end = scale.x(bar.spread.median());
        text("label", "end", LEFT - 8, middle + 4, bar.label);
        svg.append(format(
                "<rect class=\"bar\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>\n",
                LEFT, middle - 8, end - LEFT, 16));
        double low = scale.x(bar.spread.low());
        double high = scale.x(bar.spread.high());
        line("whisker", low, middle, high, middle);
        line("whisker", low, middle - 4, low, middle + 4);
        line("whisker", high, middle - 4, high, middle + 4);
        if (!Double.isNaN(bar.limit)) {
            line("limit", scale.x(bar.limit), middle - 10, scale.x(bar.limit), middle + 10);
        }
        text("value", "start", Math.max(high, end) + 6, middle + 4, number(bar.spread.median()));
        y += ROW;
    }

    private void legend() {
        text(
                "small",
                "start",
                10,
                y += 18,
                "Logarithmic scales. Bar: median; whisker: middle half of the iterations; red: limit in the same run.");
        y += 10;
    }

    private static String number(double value) {
        if (value >= 1e6) {
            return number(value / 1e6) + " M";
        }
        String number = GoalTable.number(value);
        return number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        svg.append(format(
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", style, x1, y1, x2, y2));
    }

    private void text(String style, String anchor, double x, double y, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(format(
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                style, anchor, x, y, escaped));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
