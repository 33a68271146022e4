package dev.microgpt.playground;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Trainings of several stages side by side, watched while they run: the loss curves of pages 1 and 5. */
final class TrainingPage {
    static final long EVENT_NANOS = 40_000_000; // work between two events: the pace of a picture that moves
    private static final int LAST = 100; // steps that a mean loss is taken over

    private final Classroom classroom;

    TrainingPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.stream("training/run", this::run);
    }

    /** Of steps {@code from}, {@code from + 1}, …, for each stage: the losses, and the means of the last 100 up to there. */
    record Progress(int from, int steps, double[][] losses, double[][] means) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("from steps losses means", from, steps, losses, means);
        }
    }

    /** Mean loss of the last 100 steps, and per token on up to 1,000 documents after those trained on; −1 if none. */
    record End(boolean done, double[] meanOfLast, double[] unseen, int unseenDocuments) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("done meanOfLast unseen unseenDocuments", done, meanOfLast, unseen, unseenDocuments);
        }
    }

    private void run(Question question, Events events) throws IOException {
        int steps = question.integer("steps", 1, Limits.STEPS);
        List<Training<?>> trainings = new ArrayList<>();
        for (String program : question.programs("stages", 7)) {
            trainings.add(Training.of(program, classroom, steps));
        }
        run(trainings, steps, question.number("stepsPerSecond", 1, 100_000), events);
    }

    /** Runs trainings side by side and sends their progress, and in the end their results. */
    void run(List<Training<?>> trainings, int steps, double stepsPerSecond, Events events) throws IOException {
        double[][] losses = new double[trainings.size()][steps];
        int sent = 0;
        long start = System.nanoTime();
        long due = start;
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < losses.length; i++) {
                losses[i][step] = trainings.get(i).step();
            }
            waitUntil(start + (long) ((step + 1) / stepsPerSecond * 1e9));
            if (System.nanoTime() >= due || step + 1 == steps) {
                events.send(new Progress(sent, steps, slice(losses, sent, step + 1), means(losses, sent, step + 1)));
                sent = step + 1;
                due = System.nanoTime() + EVENT_NANOS;
            }
        }
        events.send(end(trainings, losses, steps));
    }

    static void waitUntil(long nanos) throws IOException {
        long millis = (nanos - System.nanoTime()) / 1_000_000;
        if (millis > 0) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IOException("the playground is closed", e);
            }
        }
    }

    private static double[][] slice(double[][] losses, int from, int to) {
        return Arrays.stream(losses).map(l -> Arrays.copyOfRange(l, from, to)).toArray(double[][]::new);
    }

    static double[][] means(double[][] losses, int from, int to) {
        double[][] means = new double[losses.length][to - from];
        for (int i = 0; i < losses.length; i++) {
            for (int step = from; step < to; step++) {
                means[i][step - from] = meanOfLast(losses[i], step + 1);
            }
        }
        return means;
    }

    private static double meanOfLast(double[] losses, int steps) {
        return Arrays.stream(losses, Math.max(0, steps - LAST), steps).average().orElseThrow();
    }

    private End end(List<Training<?>> trainings, double[][] losses, int steps) {
        double[] mean =
                Arrays.stream(losses).mapToDouble(l -> meanOfLast(l, steps)).toArray();
        int unseen = Math.max(0, Math.min(1000, classroom.documents().size() - steps));
        double[] unseenLoss = trainings.stream()
                .mapToDouble(training -> classroom.meanLoss(training.model(), steps, steps + unseen))
                .toArray();
        return new End(true, mean, unseenLoss, unseen);
    }
}
