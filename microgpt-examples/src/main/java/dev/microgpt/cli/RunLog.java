package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import dev.microgpt.Trainer.Progress;
import dev.microgpt.cli.RunRecord.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes down the losses of a run. */
final class RunLog {
    private final long start = System.nanoTime();
    private final boolean everyStep;
    private final List<Point> losses = new ArrayList<>();
    private final List<Point> heldOutLosses = new ArrayList<>();
    private OptionalDouble heldOutLoss = OptionalDouble.empty();

    /**
     * A log without entries.
     *
     * @param everyStep whether the losses of all updates are of use to somebody
     */
    RunLog(boolean everyStep) {
        this.everyStep = everyStep;
    }

    void add(Progress progress) {
        int step = progress.step();
        if (everyStep) {
            losses.add(new Point(step, progress.loss()));
        }
        if (!progress.heldOutLoss().equals(heldOutLoss)) {
            heldOutLoss = progress.heldOutLoss();
            heldOutLosses.add(new Point(step, heldOutLoss.getAsDouble()));
        }
    }

    RunRecord record(MicroGpt model) {
        return new RunRecord(model, losses, heldOutLosses, (System.nanoTime() - start) / 1e9);
    }
}
