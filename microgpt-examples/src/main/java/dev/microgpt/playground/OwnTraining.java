package dev.microgpt.playground;

import dev.microgpt.Trainer;
import dev.microgpt.TrainingOptions;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Tells the visitor how a training of {@link OwnPage} goes, from its thread, and ends it when its time is up. */
final class OwnTraining implements Consumer<Trainer.Progress> {
    private static final long EVENT_NANOS = 100_000_000; // work between two events
    private static final int SAMPLES = 8; // of a moment

    private final Trainer trainer;
    private final TrainingOptions options;
    private final Set<String> list;
    private final Events events;
    private final double[] losses; // [steps]
    private final long start = System.nanoTime();
    private long due = start;
    private int sent; // steps that the visitor knows of
    private boolean timeIsUp;

    OwnTraining(Trainer trainer, TrainingOptions options, Set<String> list, Events events) {
        this.trainer = trainer;
        this.options = options;
        this.list = list;
        this.events = events;
        this.losses = new double[options.steps()];
    }

    /** Of steps {@code from}, {@code from + 1}, …: the losses, and the means of the last few up to there. */
    record Steps(int from, double[] losses, double[] means, double tokensPerSecond, double secondsLeft)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "from losses means tokensPerSecond secondsLeft", from, losses, means, tokensPerSecond, secondsLeft);
        }
    }

    /** What the model writes after a step; {@code heldOutLoss} is −1 if it was not measured. */
    record Moment(int step, double heldOutLoss, List<Sample> samples) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("step heldOutLoss samples", step, heldOutLoss, samples);
        }
    }

    /** How many losses a mean is taken over. */
    int meanOf() {
        return Math.min(100, Math.max(1, losses.length / 20));
    }

    boolean isTimeUp() {
        return timeIsUp;
    }

    @Override
    public void accept(Trainer.Progress progress) {
        int step = progress.step();
        losses[step - 1] = progress.loss();
        boolean measured = step % options.evaluateEvery() == 0 || step == losses.length;
        long now = System.nanoTime();
        try {
            if (now >= due || measured) {
                events.send(Map.of("steps", steps(progress)));
                sent = step;
                due = now + EVENT_NANOS;
            }
            if (step == 1 || measured) {
                double heldOutLoss = measured ? progress.heldOutLoss().orElse(-1) : -1;
                events.send(Map.of("moment", new Moment(step, heldOutLoss, samples())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (now - start > Limits.TRAINING_SECONDS * 1_000_000_000L) {
            timeIsUp = true;
            trainer.cancel();
        }
    }

    private Steps steps(Trainer.Progress progress) {
        int to = progress.step();
        double[] means = new double[to - sent];
        Arrays.setAll(means, i -> {
            int last = sent + i + 1;
            return Arrays.stream(losses, Math.max(0, last - meanOf()), last)
                    .average()
                    .orElseThrow();
        });
        return new Steps(
                sent,
                Arrays.copyOfRange(losses, sent, to),
                means,
                progress.tokensPerSecond(),
                progress.timeLeft().toMillis() / 1000.0);
    }

    private List<Sample> samples() {
        Gpt model = trainer.model();
        Tokenizer tokenizer = trainer.tokenizer();
        Sampler sampler = new Sampler(Preset.STAGE5.sampler().temperature(), model.blockSize());
        PythonRandom random = new PythonRandom(options.seed());
        List<String> texts = Stream.generate(() -> tokenizer.decode(sampler.sample(model, random)))
                .limit(SAMPLES)
                .toList();
        return Sample.of(texts, list);
    }
}
