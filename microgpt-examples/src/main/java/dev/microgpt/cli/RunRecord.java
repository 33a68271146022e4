package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import java.util.List;

/**
 * A training and what came of it.
 *
 * @param model the result
 * @param losses of every update, in nats per token
 * @param heldOutLosses of every measurement on the held-out strings, in nats per token
 * @param seconds how long it took
 */
record RunRecord(MicroGpt model, List<Point> losses, List<Point> heldOutLosses, double seconds) {
    /**
     * A point of a curve.
     *
     * @param step number of steps made, from 1 on
     * @param loss nats per token
     */
    record Point(int step, double loss) {}
}
