package dev.microgpt.cli;

import dev.microgpt.cli.RunRecord.Point;
import dev.microgpt.evaluation.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The loss curves of a run as SVG: the loss of each step faint, their running mean strong, and what to compare with. */
final class LossChart {
    private static final int WIDTH = 920;
    private static final int HEIGHT = 400;
    private static final int LEFT = 52;
    private static final int RIGHT = 214; // for the names of the lines
    private static final int TOP = 34;
    private static final int BOTTOM = 46;
    private static final int COLUMNS = 500; // more points cannot be seen
    private static final int LINE = 17; // between two names

    private final List<Point> losses;
    private final List<Point> means;
    private final List<Point> heldOut;
    private final List<Name> names = new ArrayList<>();
    private final StringBuilder svg = new StringBuilder();
    private final int meanOf;
    private final double firstStep;
    private final double lastStep;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    /** What stands at the end of a line. */
    private record Name(double y, String style, String text) {}

    private LossChart(RunRecord run) {
        losses = run.losses();
        heldOut = run.heldOutLosses();
        meanOf = meanOf(losses.size());
        means = means(losses, meanOf);
        firstStep = losses.get(0).step() - 1;
        lastStep = losses.get(losses.size() - 1).step();
    }

    /**
     * Draws a run.
     *
     * @param run with the loss of at least one update
     * @return an element {@code svg}, well-formed, with classes instead of colours
     */
    static String of(RunRecord run) {
        return new LossChart(run).draw(run.model().report());
    }

    /** How many losses the running mean is taken over. */
    static int meanOf(int steps) {
        return Math.min(100, Math.max(1, steps / 20));
    }

    static List<Point> means(List<Point> losses, int meanOf) {
        List<Point> means = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < losses.size(); i++) {
            sum += losses.get(i).loss();
            if (i >= meanOf) {
                sum -= losses.get(i - meanOf).loss();
            }
            means.add(new Point(losses.get(i).step(), sum / Math.min(meanOf, i + 1)));
        }
        return means;
    }

    private String draw(Report report) {
        losses.forEach(this::include);
        heldOut.forEach(this::include);
        include(report.chance());
        report.heldOutLoss().ifPresent(loss -> include(loss.bigram()));
        double margin = Math.max(0.05, 0.04 * (high - low));
        low -= margin;
        high += margin;

        add(
                "<svg viewBox='0 0 %d %d' role='img' aria-label='loss against the number of updates; the tables below have"
                        + " its numbers'>",
                WIDTH, HEIGHT);
        axes();
        line("raw", envelope());
        line("mean", thinned(means));
        name("mean", means.get(means.size() - 1).loss(), meanOf > 1 ? "training, mean of " + meanOf : "training");
        if (!heldOut.isEmpty()) {
            line("held", heldOut);
            heldOut.forEach(p -> add("<circle class='held' cx='%.1f' cy='%.1f' r='3'/>", x(p.step()), y(p.loss())));
            name("held", heldOut.get(heldOut.size() - 1).loss(), "held out");
        }
        reference("chance", report.chance(), "chance, ln " + report.vocabSize());
        report.heldOutLoss().ifPresent(loss -> reference("bigram", loss.bigram(), "held out, counting pairs"));
        writeNames();
        return svg.append("</svg>").toString();
    }

    private void include(Point point) {
        include(point.loss());
    }

    private void include(double loss) {
        low = Math.min(low, loss);
        high = Math.max(high, loss);
    }

    private double x(double step) {
        return LEFT + (step - firstStep) / (lastStep - firstStep) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double loss) {
        return TOP + (high - loss) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }

    private void axes() {
        for (double loss : ticks(low, high, 6)) {
            add("<path class='grid' d='M%d,%.1fH%d'/>", LEFT, y(loss), WIDTH - RIGHT);
            add("<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 8, y(loss) + 4, shortest(loss));
        }
        for (double step : ticks(firstStep, lastStep, 8)) {
            if (step == Math.rint(step)) {
                add(
                        "<text x='%.1f' y='%d' text-anchor='middle'>%,d</text>",
                        x(step), HEIGHT - BOTTOM + 19, (long) step);
            }
        }
        add("<text x='0' y='14'>loss, nats per token</text>");
        add("<text x='%d' y='%d' text-anchor='middle'>steps made</text>", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
    }

    /** Round numbers in [from, to], about so many. */
    static List<Double> ticks(double from, double to, int about) {
        double raw = (to - from) / about;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double factor = raw / power;
        double step = power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static String shortest(double tick) {
        return String.format(Locale.ROOT, "%.3f", tick).replaceAll("0{1,2}$", "");
    }

    private void line(String style, List<Point> points) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(String.format(Locale.ROOT, "%.1f,%.1f", x(point.step()), y(point.loss())));
        }
        add("<path class='%s' d='%s'/>", style, path);
    }

    private void reference(String style, double loss, String name) {
        add("<path class='%s' d='M%d,%.1fH%d'/>", style, LEFT, y(loss), WIDTH - RIGHT);
        name(style, loss, name);
    }

    /** The lowest and the highest loss of each column. */
    private List<Point> envelope() {
        int every = Math.max(1, losses.size() / COLUMNS);
        List<Point> envelope = new ArrayList<>();
        for (int from = 0; from < losses.size(); from += every) {
            List<Point> column = losses.subList(from, Math.min(losses.size(), from + every));
            envelope.add(
                    column.stream().min(Comparator.comparingDouble(Point::loss)).orElseThrow());
            if (every > 1) {
                envelope.add(column.stream()
                        .max(Comparator.comparingDouble(Point::loss))
                        .orElseThrow());
            }
        }
        return envelope;
    }

    private static List<Point> thinned(List<Point> points) {
        int every = Math.max(1, points.size() / COLUMNS);
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < points.size(); i += every) {
            some.add(points.get(i));
        }
        some.add(points.get(points.size() - 1));
        return some;
    }

    private void name(String style, double loss, String text) {
        names.add(new Name(y(loss), style, String.format(Locale.ROOT, "%s: %.3f", text, loss)));
    }

    /** Each beside the end of its line, or below the one above it. */
    private void writeNames() {
        names.sort(Comparator.comparingDouble(Name::y));
        double room = HEIGHT - BOTTOM - LINE * names.size();
        double least = 0;
        for (Name name : names) {
            least = Math.max(Math.min(name.y(), room), least);
            add("<text class='%s' x='%d' y='%.1f'>%s</text>", name.style(), WIDTH - RIGHT + 10, least + 4, name.text());
            least += LINE;
            room += LINE;
        }
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
