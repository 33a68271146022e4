package dev.microgpt.playground;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parts of the model are taken away, and what that costs is measured: once while one looks on, and with 50 seeds. */
final class AblationPage {

    /** The rows that the page shows at first. */
    private static final List<String> ROWS = List.of(
            "whole",
            "perceptron",
            "one-head",
            "position",
            "attention",
            "descent",
            "norm",
            "residual",
            "attention position",
            "mask",
            "zeros");

    private final Classroom classroom;
    private final Map<Integer, Double> whole =
            new ConcurrentHashMap<>(); // of each seed the loss, as far as it is known
    private Map<String, double[]> measured; // of variants, before anybody trains; null until somebody asks

    AblationPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("ablation/rows", question -> rows());
        api.stream("ablation/train", this::train);
        api.stream("ablation/seeds", this::seeds);
    }

    /** {@code unused}: weights that nothing uses without the missing parts; {@code losses} and {@code luck}: null if not measured. */
    record Row(String key, int unused, double[] losses, Luck luck) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("key unused losses luck", key, unused, losses, luck);
        }
    }

    /** {@code learned} and {@code unseen}: documents; {@code chance}: ln V. */
    record Rows(long firstSeed, int seeds, int learned, int unseen, double chance, List<Row> rows)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "firstSeed seeds learned unseen chance rows", firstSeed, seeds, learned, unseen, chance, rows);
        }
    }

    private Rows rows() {
        return new Rows(
                MeasuredSeeds.FIRST,
                MeasuredSeeds.COUNT,
                LessonRun.learned(classroom.given(), Run.STEPS),
                LessonRun.unseen(classroom.given(), Run.STEPS),
                chance(),
                ROWS.stream()
                        .map(key -> row(Variant.of(key), measured().get(key)))
                        .toList());
    }

    private synchronized Map<String, double[]> measured() {
        if (measured == null) {
            measured = classroom.hasGivenNames() ? MeasuredSeeds.givenNames() : Map.of();
        }
        return measured;
    }

    private Row row(Variant variant, double... losses) {
        Luck luck = losses == null ? null : Luck.of(variant, losses, measured().get("whole"), chance());
        return new Row(variant.key(), variant.unused(classroom.tokenizer().vocabSize()), losses, luck);
    }

    private double chance() {
        return Math.log(classroom.tokenizer().vocabSize());
    }

    private LessonRun run(Variant variant, long seed) {
        return new LessonRun(variant, classroom.given(), classroom.tokenizer(), seed, Run.STEPS);
    }

    /** Means of the last 100 losses up to some steps, of the whole model and of the variant. */
    record Progress(int from, double[] whole, double[] variant) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("from whole variant", from, whole, variant);
        }
    }

    /** Unseen losses, in nats per token. */
    record End(boolean done, double whole, double variant) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("done whole variant", done, whole, variant);
        }
    }

    private void train(Question question, Events events) throws IOException {
        Variant variant = variant(question);
        double stepsPerSecond = question.number("stepsPerSecond", 1, 100_000);
        List<LessonRun> runs = List.of(run(Variant.WHOLE, MeasuredSeeds.FIRST), run(variant, MeasuredSeeds.FIRST));
        double[][] losses = new double[2][Run.STEPS];
        int sent = 0;
        long start = System.nanoTime();
        long due = start;
        for (int step = 0; step < Run.STEPS; step++) {
            losses[0][step] = runs.get(0).step();
            losses[1][step] = runs.get(1).step();
            TrainingPage.waitUntil(start + (long) ((step + 1) / stepsPerSecond * 1e9));
            if (System.nanoTime() >= due || step + 1 == Run.STEPS) {
                double[][] means = TrainingPage.means(losses, sent, step + 1);
                events.send(new Progress(sent, means[0], means[1]));
                sent = step + 1;
                due = System.nanoTime() + TrainingPage.EVENT_NANOS;
            }
        }
        events.send(new End(true, runs.get(0).unseenLoss(), runs.get(1).unseenLoss()));
    }

    /** What came out with the next seed, and what all of them so far say. */
    record Seed(long seed, double loss, double whole, Luck luck, int unused) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("seed loss whole luck unused", seed, loss, whole, luck, unused);
        }
    }

    private void seeds(Question question, Events events) throws IOException {
        Variant variant = variant(question);
        int unused = variant.unused(classroom.tokenizer().vocabSize());
        double[] losses = new double[MeasuredSeeds.COUNT];
        double[] beside = new double[MeasuredSeeds.COUNT];
        for (int i = 0; i < losses.length; i++) {
            long seed = MeasuredSeeds.FIRST + i;
            losses[i] = unseenLoss(variant, seed);
            beside[i] = variant.equals(Variant.WHOLE) ? losses[i] : whole(i);
            Luck luck = Luck.of(variant, Arrays.copyOf(losses, i + 1), beside, chance());
            events.send(new Seed(seed, losses[i], beside[i], luck, unused));
        }
    }

    /** Of the whole model with a seed; any number of threads may find it anew, and all find the same. */
    private double whole(int i) {
        double[] all = measured().get("whole");
        if (all != null) {
            return all[i];
        }
        Double known = whole.get(i);
        if (known == null) {
            known = unseenLoss(Variant.WHOLE, MeasuredSeeds.FIRST + i);
            whole.put(i, known);
        }
        return known;
    }

    private double unseenLoss(Variant variant, long seed) {
        LessonRun run = run(variant, seed);
        for (int step = 0; step < Run.STEPS; step++) {
            run.step();
        }
        return run.unseenLoss();
    }

    private static Variant variant(Question question) {
        return Variant.of(question.text("variant", Limits.WORD));
    }
}
