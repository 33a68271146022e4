package dev.microgpt;

import dev.microgpt.text.Context;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.vector.Simd;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains a model: shuffles the strings, holds some of them out for validation, makes one step after the other, and keeps the
 * model that did best on those that were held out. A trainer trains once, in the thread that calls {@link #train}; only
 * {@link #cancel} may come from another. An interrupt of that thread is as good as a cancel; the thread stays interrupted.
 *
 * <pre>{@code
 * List<String> names = Documents.givenNames().asList();
 * Trainer trainer = new Trainer(names, TrainingOptions.of(Preset.STAGE5));
 * trainer.onProgress(progress -> System.out.println(progress.step() + ": " + progress.loss()));
 * MicroGpt model = trainer.train();
 * trainer.train(); // IllegalStateException: this trainer has trained already; make a new one
 * }</pre>
 *
 * <p>A step computes the loss of a batch of strings and updates the weights once. Step s (from 0 on) learns from the
 * {@code batchSize} strings from s·batchSize on; after the last string the first follows again, as in the original programs.
 *
 * @since 0.1
 */
public final class Trainer {
    static final int RECENT = 100; // losses whose mean tells how training went
    private static final double MOST_LOSS = 1e4; // nats per token; chance costs ln vocabSize, which is below 14

    private final TrainingOptions options;
    private final TrainingData data;
    private final Tokenizer tokenizer;
    private final Past past;
    private final PythonRandom.State random; // after the shuffle and the first weights
    private final Engine engine;
    private final Deque<Double> recentLosses = new ArrayDeque<>(); // of the last steps, at most RECENT
    private Optional<Checkpoint.Best> best = Optional.empty();
    private Optional<KnownLosses> bestLosses = Optional.empty(); // of the best model, unless it comes from a checkpoint
    private OptionalDouble heldOutLoss = OptionalDouble.empty(); // of the last evaluation
    private int evaluationsSinceBest;
    private int step; // steps made
    private int evaluatedStep; // at the last evaluation
    private final String run; // whose checkpoints these are
    private Optional<UncheckedIOException> checkpointFailure = Optional.empty();
    private boolean started;
    private Consumer<Progress> listener = progress -> {};
    private Optional<CheckpointDirectory> checkpoints = Optional.empty();
    private int checkpointEvery;
    private volatile boolean cancelled;

    /**
     * How far training has come, told after each step.
     *
     * @param step steps made, from 1 on
     * @param steps steps to make, unless training ends early
     * @param loss of the batch that the step learned from, before it; nats per token
     * @param heldOutLoss validation loss of the last evaluation, nats per token; empty before the first
     * @param tokensPerSecond predictions learned from in a second, on average
     * @param timeLeft estimate of the time that the remaining steps take
     * @since 0.1
     */
    public record Progress(
            int step, int steps, double loss, OptionalDouble heldOutLoss, double tokensPerSecond, Duration timeLeft) {}

    /**
     * What the training before this one left.
     *
     * @param fingerprints which strings the model has seen
     * @param steps how many steps it had
     * @param longest characters of the longest string; empty if that is not known
     */
    record Past(List<Fingerprint> fingerprints, int steps, OptionalInt longest) {
        static final Past NONE = new Past(List.of(), 0, OptionalInt.of(0));
    }

    /**
     * A trainer of a new model.
     *
     * @param strings what to learn from, in any order; blanks around them do not count, blank ones are skipped
     * @param options how
     * @throws IllegalArgumentException if there is no string that is not blank, or the model is too large
     * @throws IllegalStateException if the options name an engine that is not available
     */
    public Trainer(Collection<String> strings, TrainingOptions options) {
        this(TrainingData.documents(strings), options);
    }

    Trainer(Documents documents, TrainingOptions options) {
        Objects.requireNonNull(options, "options is null");
        this.options = options;
        this.data = TrainingData.of(documents, options, List.of());
        this.tokenizer = Tokenizer.of(documents);
        this.past = Past.NONE;
        PythonRandom drawing = PythonRandom.restore(data.random());
        GptConfig config = options.newConfig(tokenizer.vocabSize());
        Gpt untrained = new Gpt(config, options.initialization().draw(config, drawing));
        this.random = drawing.state();
        this.engine = newEngine(options, untrained, data);
        this.run = UUID.randomUUID().toString();
    }

    private Trainer(MicroGpt model, Documents documents, TrainingOptions options) {
        this.options = options;
        this.data = TrainingData.of(documents, options, model.contents().fingerprints());
        this.tokenizer = model.tokenizer();
        Provenance provenance = model.provenance();
        this.past = new Past(model.contents().fingerprints(), provenance.steps(), provenance.longest());
        this.random = data.random();
        this.engine = newEngine(options, model.gpt(), data);
        this.run = UUID.randomUUID().toString();
    }

    private Trainer(Checkpoint checkpoint, TrainingData data) {
        Checkpoint.State state = checkpoint.state();
        this.options = checkpoint.options();
        this.data = data;
        this.tokenizer = checkpoint.tokenizer();
        this.past = new Past(state.earlierFingerprints(), state.earlierSteps(), state.earlierLongest());
        this.random = state.random();
        this.engine = newEngine(options.withEngine(state.engine()), checkpoint.model(), data);
        engine.restore(checkpoint.moments());
        recentLosses.addAll(state.recentLosses());
        best = checkpoint.best();
        heldOutLoss = state.heldOutLoss();
        evaluationsSinceBest = state.evaluationsSinceBest();
        step = state.step();
        run = state.run();
    }

    /**
     * A trainer that trains a model further, with a fresh state of the optimizer, on the same strings or on others. Only strings
     * that the model has not seen before are held out.
     *
     * @param model what to begin with; not modified
     * @param strings what to learn from, in any order; blanks around them do not count, blank ones are skipped
     * @param options how; in shape as the model, as {@link MicroGpt#trainingOptions()} are
     * @return a new trainer
     * @throws IllegalArgumentException if there is no string that is not blank, the shape differs, the model does not know a
     *     character of the strings, or it has been trained on 10,000 lists already
     * @throws IllegalStateException if the options name an engine that is not available
     */
    public static Trainer furtherTraining(MicroGpt model, Collection<String> strings, TrainingOptions options) {
        Objects.requireNonNull(model, "model is null");
        Documents documents = TrainingData.documents(strings);
        Objects.requireNonNull(options, "options is null");
        GptConfig config = options.newConfig(model.tokenizer().vocabSize());
        if (!config.equals(model.gpt().config())) {
            throw new IllegalArgumentException("the options are for " + config + ", but the model is "
                    + model.gpt().config());
        }
        documents.forEach(model.tokenizer()::encode);
        if (model.contents().fingerprints().size() == ModelFile.MOST_LISTS) {
            throw new IllegalArgumentException(
                    "the model has been trained on " + ModelFile.MOST_LISTS + " lists already, which is the most");
        }
        return new Trainer(model, documents, options);
    }

    /**
     * A trainer that goes on from the newest checkpoint that is whole, and ends with the same bits as if it had never
     * stopped. It writes checkpoints as the stopped one did.
     *
     * @param directory where the checkpoints are
     * @param strings the same as before
     * @return a new trainer
     * @throws IllegalArgumentException if the strings differ, or there is no checkpoint
     * @throws InvalidModelException if no checkpoint is whole, or none can come from a run
     * @throws IllegalStateException if the engine of the checkpoint is not available
     * @throws UncheckedIOException if the directory cannot be read
     */
    public static Trainer resuming(Path directory, Collection<String> strings) {
        Objects.requireNonNull(directory, "directory is null");
        Documents documents = TrainingData.documents(strings);
        Resumed resumed = new CheckpointDirectory(directory).newest(checkpoint -> resumed(checkpoint, documents));
        if (!resumed.data.sha256().equals(resumed.state.dataSha256())) {
            throw new IllegalArgumentException("the strings (SHA-256 " + resumed.data.sha256()
                    + ") are not those of the checkpoint (" + resumed.state.dataSha256() + ")");
        }
        Trainer trainer = resumed.trainer.orElseThrow();
        trainer.warnIfBitsDiffer(resumed.state.vectorBits());
        return trainer.checkpoints(directory, resumed.state.every());
    }

    /** A run that goes on; none if the strings are others than before. */
    private record Resumed(TrainingData data, Checkpoint.State state, Optional<Trainer> trainer) {}

    /** Refuses a checkpoint that no run has written. */
    private static Resumed resumed(Checkpoint checkpoint, Documents documents) {
        Checkpoint.State state = checkpoint.state();
        TrainingData data = TrainingData.of(documents, checkpoint.options(), state.earlierFingerprints());
        if (!data.sha256().equals(state.dataSha256())) {
            return new Resumed(data, state, Optional.empty());
        }
        documents.forEach(checkpoint.tokenizer()::encode);
        return new Resumed(data, state, Optional.of(new Trainer(checkpoint, data)));
    }

    private static Engine newEngine(TrainingOptions options, Gpt start, TrainingData data) {
        Engine engine = Engine.of(
                options.engine().orElseGet(() -> auto(options, start.config(), data)),
                options.precision(),
                start,
                options.optimizer());
        engine.useLossOverTokens(options.lossOverTokens());
        engine.useThreads(Math.min(options.threads(), Runtime.getRuntime().availableProcessors()));
        return engine;
    }

    private static Kind auto(TrainingOptions options, GptConfig config, TrainingData data) {
        if (options.precision() == Precision.FLOAT) {
            return Kind.VECTOR;
        }
        double mean = data.trained().stream()
                .mapToInt(string -> Math.min(config.blockSize(), string.codePointCount(0, string.length()) + 1))
                .average()
                .orElseThrow();
        return Kind.auto(config, (long) (mean * options.steps() * options.batchSize()));
    }

    /**
     * Sets who is told after each step, in the thread that trains. An exception that it throws ends the training.
     *
     * @param listener called with the progress; it may call {@link #cancel}
     * @return this trainer
     */
    public Trainer onProgress(Consumer<Progress> listener) {
        this.listener = Objects.requireNonNull(listener, "listener is null");
        return this;
    }

    /**
     * Writes checkpoints, of which the last two are kept, for {@link #resuming}. One more is written when training is
     * cancelled or interrupted. Where one cannot be written, as on a full disk, the system logger warns, training goes on, and
     * {@link #checkpointFailure} tells. While training, the trainer owns the directory: nobody else can train there.
     *
     * @param directory where to; made if it does not exist
     * @param everySteps after how many steps, at least 1
     * @return this trainer
     * @throws IllegalArgumentException if {@code everySteps} is below 1
     */
    public Trainer checkpoints(Path directory, int everySteps) {
        Objects.requireNonNull(directory, "directory is null");
        if (everySteps < 1) {
            throw new IllegalArgumentException("everySteps " + everySteps + " is below 1");
        }
        this.checkpoints = Optional.of(new CheckpointDirectory(directory));
        this.checkpointEvery = everySteps;
        return this;
    }

    /**
     * The model as it is now, to look at while it learns; for the thread that trains, such as in a listener.
     *
     * @return an immutable copy
     */
    public Gpt model() {
        return engine.model();
    }

    /**
     * The vocabulary that the model is trained with.
     *
     * @return what turns strings into token ids
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Ends the training after the present step; may be called from any thread, at any time. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Trains. A training runs away if a loss exceeds 10,000 nats per token or a weight 1e30, or is not a number. If one does
     * after its held-out loss was evaluated, the model that was best by then is returned, and the system logger warns.
     *
     * @return the model that was best on the held-out strings; the last one if none are held out. After {@link #cancel} or
     *     an interrupt it is as good as the steps so far have made it
     * @throws IllegalStateException if the training runs away and no model was evaluated before, the trainer has trained
     *     already, or the directory has checkpoints of another training or belongs to one that is under way; the message names
     *     its process
     * @throws UncheckedIOException if the directory for checkpoints cannot be made
     */
    public MicroGpt train() {
        if (started) {
            throw new IllegalStateException("this trainer has trained already; make a new one");
        }
        started = true;
        if (checkpoints.isEmpty()) {
            return trainToTheEnd();
        }
        try (DirectoryLock lock = checkpoints.get().begin(run)) {
            return trainToTheEnd();
        }
    }

    private MicroGpt trainToTheEnd() {
        Clock clock = new Clock();
        while (step < options.steps() && !isStopped() && !isStale()) {
            int[][] batch = batch();
            double loss = engine.lossAndGradient(batch);
            if (!(loss < MOST_LOSS)) {
                return ranAway("the loss is " + loss + " after");
            }
            if (options.maxGradientNorm() < Double.POSITIVE_INFINITY) {
                engine.clipGradient(options.maxGradientNorm());
            }
            engine.update(options.learningRate().at(step));
            step++;
            remember(loss);
            boolean evaluated = step % options.evaluateEvery() == 0 || step == options.steps();
            boolean kept = checkpoints.isPresent() && step % checkpointEvery == 0;
            if (evaluated || kept) {
                Gpt model = engine.model();
                Optional<String> reason = evaluated ? evaluate(model) : reasonToStop(model);
                if (reason.isPresent()) {
                    return ranAway(reason.get());
                }
            }
            if (kept) {
                keep(checkpoints.get());
            }
            listener.accept(clock.progress(batch, loss));
        }
        boolean stopped = isStopped();
        boolean interrupted = Thread.interrupted(); // the report and files are still to be written
        try {
            return end(stopped);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Writes a checkpoint. What goes wrong there must not cost what was learned. */
    private void keep(CheckpointDirectory directory) {
        try {
            directory.write(checkpoint());
        } catch (UncheckedIOException e) {
            checkpointFailure = Optional.of(e);
            System.getLogger("dev.microgpt.transformer").log(Level.WARNING, e.getMessage() + "; training goes on");
        }
    }

    /**
     * Whether all checkpoints could be written, and the old ones be deleted.
     *
     * @return what went wrong last; empty if nothing did
     */
    public Optional<UncheckedIOException> checkpointFailure() {
        return checkpointFailure;
    }

    private boolean isStopped() {
        return cancelled || Thread.currentThread().isInterrupted();
    }

    private MicroGpt end(boolean stopped) {
        Gpt last = engine.model();
        Optional<String> reason = reasonToStop(last);
        if (stopped && checkpoints.isPresent() && reason.isEmpty()) {
            keep(checkpoints.get());
        }
        if (evaluatedStep != step) {
            reason = evaluate(last); // what was learned since the last time counts, too
        }
        return reason.isPresent() ? ranAway(reason.get()) : result(last);
    }

    private boolean isStale() {
        return options.patience() > 0 && evaluationsSinceBest >= options.patience();
    }

    private int[][] batch() {
        int[][] batch = new int[options.batchSize()][];
        int size = data.trained().size();
        Arrays.setAll(batch, i -> i < size ? tokenizer.encodeDocument(string(step, i)) : batch[i - size]);
        return batch;
    }

    /** String {@code i} of the batch of a step. */
    private String string(int step, int i) {
        long index = (long) step * options.batchSize() + i;
        return data.trained().get((int) (index % data.trained().size()));
    }

    private List<String> lastBatch() {
        return step == 0
                ? List.of(string(0, 0))
                : IntStream.range(0, options.batchSize())
                        .mapToObj(i -> string(step - 1, i))
                        .toList();
    }

    /** Ends a run that diverges: with the best model so far, if one was evaluated. */
    private MicroGpt ranAway(String reason) {
        String message = String.format(
                Locale.ROOT,
                "%s step %d of %d: training has run away. A smaller learning rate than %s may help, or a limit for the"
                        + " length of the gradient, such as a maxGradientNorm of 1",
                reason,
                step,
                options.steps(),
                options.learningRate().peak());
        Checkpoint.Best kept = best.orElseThrow(() -> new IllegalStateException(message));
        System.getLogger("dev.microgpt.transformer")
                .log(Level.WARNING, message + ". The model is the best so far, that of step " + kept.step());
        return result(kept.model());
    }

    /** Why it makes no sense to go on from here, if so. */
    private static Optional<String> reasonToStop(Gpt model) {
        return ModelFile.isModerate(model.parameters())
                ? Optional.empty()
                : Optional.of(
                        "the model has weights that are too large to compute with after"); // no loss has seen them
    }

    private void remember(double loss) {
        recentLosses.addLast(loss);
        if (recentLosses.size() > RECENT) {
            recentLosses.removeFirst();
        }
    }

    /**
     * Looks at the model: its loss on the held-out strings, else on the last batch, which the last update may have spoilt. Returns
     * why it makes no sense to go on from here, if so.
     */
    private Optional<String> evaluate(Gpt model) {
        evaluatedStep = step;
        Optional<String> reason = reasonToStop(model);
        if (reason.isPresent()) {
            return reason;
        }
        boolean heldOut = !data.heldOut().isEmpty();
        int[][] documents = documents(heldOut ? data.heldOut() : lastBatch());
        double[][] losses = engine.losses(documents);
        double loss = mean(losses);
        if (!(loss < MOST_LOSS)) {
            return Optional.of("the loss" + (heldOut ? " on the held-out strings" : "") + " is " + loss + " after");
        }
        if (!heldOut) {
            return Optional.empty();
        }
        heldOutLoss = OptionalDouble.of(loss);
        evaluationsSinceBest++;
        if (best.isEmpty() || loss < best.get().heldOutLoss()) {
            best = Optional.of(new Checkpoint.Best(model, step, loss));
            bestLosses = Optional.of(new KnownLosses(model, documents, losses));
            evaluationsSinceBest = 0;
        }
        return Optional.empty();
    }

    private int[][] documents(List<String> strings) {
        return strings.stream().map(tokenizer::encodeDocument).toArray(int[][]::new);
    }

    /** Mean over all predictions of the documents. */
    private static double mean(double[]... losses) {
        double sum = 0;
        long count = 0;
        for (double[] document : losses) {
            for (double loss : document) {
                sum += loss;
                count++;
            }
        }
        return sum / count;
    }

    private MicroGpt result(Gpt last) {
        Provenance provenance = new Provenance(
                MicroGpt.VERSION,
                data.sha256(),
                data.all().size(),
                past.longest().isPresent()
                        ? OptionalInt.of(Math.max(past.longest().getAsInt(), data.longest()))
                        : OptionalInt.empty(),
                (int) Math.min(Integer.MAX_VALUE, (long) past.steps() + step),
                engine.kind(),
                recentLosses.stream().mapToDouble(Double::doubleValue).average(),
                best.map(b -> OptionalDouble.of(b.heldOutLoss())).orElse(OptionalDouble.empty()));
        Gpt chosen = best.map(Checkpoint.Best::model).orElse(last);
        StoredModel contents = new StoredModel(
                chosen,
                tokenizer,
                options,
                provenance,
                Fingerprint.with(past.fingerprints(), data.forms()),
                random,
                Optional.empty());
        LanguageModel reader = bestLosses.isPresent() ? bestLosses.get() : chosen;
        return MicroGpt.trained(contents, reader, data, past.fingerprints(), (long) step * options.batchSize());
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(
                options,
                tokenizer,
                engine.model(),
                engine.moments(),
                best,
                new Checkpoint.State(
                        step,
                        checkpointEvery,
                        engine.kind(),
                        data.sha256(),
                        random,
                        vectorBits(),
                        best.map(Checkpoint.Best::step).orElse(0),
                        best.map(b -> OptionalDouble.of(b.heldOutLoss())).orElse(OptionalDouble.empty()),
                        heldOutLoss,
                        evaluationsSinceBest,
                        List.copyOf(recentLosses),
                        past.steps(),
                        past.longest(),
                        past.fingerprints(),
                        run));
    }

    private int vectorBits() {
        return engine.kind() == Kind.VECTOR ? Simd.vectorBits() : 0;
    }

    private void warnIfBitsDiffer(int earlier) {
        if (vectorBits() != earlier) {
            System.getLogger("dev.microgpt.transformer")
                    .log(
                            Level.WARNING,
                            "the checkpoint was computed with vectors of {0} bits, this machine has {1}: the last bits of"
                                    + " the model may differ",
                            earlier,
                            vectorBits());
        }
    }

    /** How far the training is, of what and on what. */
    @Override
    public String toString() {
        return "Trainer[step " + step + " of " + options.steps() + ", "
                + data.all().size() + " strings, " + options.newConfig(tokenizer.vocabSize()) + "]";
    }

    /**
     * A model whose losses of some documents are known already: the training has asked for those of the held-out strings, and the
     * report asks again.
     *
     * @param documents token ids
     * @param losses of the documents, in the precision of the training
     */
    private record KnownLosses(Gpt gpt, int[][] documents, double[][] losses) implements LanguageModel {
        @Override
        public int vocabSize() {
            return gpt.vocabSize();
        }

        @Override
        public int blockSize() {
            return gpt.blockSize();
        }

        @Override
        public Context newContext() {
            return gpt.newContext();
        }

        @Override
        public double[][] losses(int[][] asked) {
            return Arrays.deepEquals(asked, documents) ? losses : gpt.losses(asked);
        }
    }

    /** Tells how fast the steps since its making were. */
    private final class Clock {
        private final long start = System.nanoTime();
        private final int firstStep = step;
        private long tokens;

        Progress progress(int[][] batch, double loss) {
            for (int[] document : batch) {
                tokens += Math.min(options.blockSize(), document.length - 1);
            }
            double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
            double secondsLeft = seconds / (step - firstStep) * (options.steps() - step);
            return new Progress(
                    step,
                    options.steps(),
                    loss,
                    heldOutLoss,
                    tokens / seconds,
                    Duration.ofMillis(Math.round(1000 * secondsLeft)));
        }
    }
}
