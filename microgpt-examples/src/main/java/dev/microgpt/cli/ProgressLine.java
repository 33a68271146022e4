package dev.microgpt.cli;

import dev.microgpt.Trainer.Progress;
import dev.microgpt.frame.Visible;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** One line on the terminal that says how far training has come. Does nothing where standard output is not a terminal. */
final class ProgressLine {
    private static final long PAUSE = 100_000_000; // between two updates of the line, in nanoseconds
    private static final int RECENT = 50; // updates whose losses are smoothed
    private static final String BEGIN = "\r\u001b[?7l"; // a line that is too long is cut, not broken
    private static final String END = "\u001b[K\u001b[?7h";

    private final Optional<PrintStream> terminal;
    private final Sparkline curve = new Sparkline(16);
    private final long start = System.nanoTime();
    private long shown;
    private int steps; // updates since the start, those before a --resume not counted
    private double smoothedLoss;

    ProgressLine(Optional<PrintStream> terminal) {
        this.terminal = terminal;
    }

    /** The terminal that standard output goes to, if there is one. */
    static Optional<PrintStream> terminal() {
        return isTerminal() ? Optional.of(new PrintStream(System.out, true, StandardCharsets.UTF_8)) : Optional.empty();
    }

    private static boolean isTerminal() {
        return !"dumb".equals(System.getenv("TERM")) && Visible.isTerminal();
    }

    void show(Progress progress) {
        if (terminal.isEmpty()) {
            return;
        }
        steps++;
        smoothedLoss += (progress.loss() - smoothedLoss) / Math.min(steps, RECENT);
        curve.add((double) progress.step() / progress.steps(), progress.loss());
        long now = System.nanoTime();
        if (now - shown >= PAUSE || progress.step() == progress.steps()) {
            shown = now;
            terminal.get().print(BEGIN + text(progress, smoothedLoss, steps / ((now - start) / 1e9)) + curve + END);
            terminal.get().flush();
        }
    }

    /** Makes room for what comes next. */
    void end() {
        if (steps > 0) {
            terminal.get().print("\n");
        }
    }

    static String text(Progress progress, double smoothedLoss, double stepsPerSecond) {
        String heldOut = progress.heldOutLoss().isPresent()
                ? String.format(
                        Locale.ROOT, " | held out %.3f", progress.heldOutLoss().getAsDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "step %d / %d | loss %.3f%s | %,.0f steps/s | %s left ",
                progress.step(),
                progress.steps(),
                smoothedLoss,
                heldOut,
                stepsPerSecond,
                clock(progress.timeLeft()));
    }

    private static String clock(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutesPart(), time.toSecondsPart());
    }
}
