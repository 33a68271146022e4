package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The whole loop on one screen: each program's training at any of its steps, with the visitor's word in the place of the document
 * that the step reads. Only the word is new: weights and moments are those of the run.
 */
final class LoopPage {
    private static final int MEAN_OF = 50; // losses in a smoothed curve
    private static final int SHADES = 100; // of a gradient in the map, to each side of 0

    private final Classroom classroom;

    LoopPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("loop/run", this::run);
        api.answer("loop/step", this::step);
    }

    /**
     * A program's loop and the losses of its run; {@code means}: of the last {@value #MEAN_OF} up to each step; {@code rates}: the
     * learning rate of each step, none in stage 0.
     */
    record Whole(List<LoopLines.Part> parts, double[] losses, double[] means, double[] rates, double chance)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("parts losses means rates chance", parts, losses, means, rates, chance);
        }
    }

    private Whole run(Question question) {
        String stage = question.text("stage", 10);
        List<LoopLines.Part> parts = LoopLines.of(stage);
        double[] losses =
                stage.equals("0") ? countingLosses() : classroom.run(stage).losses();
        double[] means = new double[losses.length];
        for (int step = 0; step < losses.length; step++) {
            means[step] = Arrays.stream(losses, Math.max(0, step + 1 - MEAN_OF), step + 1)
                    .average()
                    .orElseThrow();
        }
        double[] rates = stage.equals("0")
                ? new double[0]
                : IntStream.range(0, losses.length)
                        .mapToDouble(classroom.run(stage).rate()::at)
                        .toArray();
        return new Whole(
                parts, losses, means, rates, Math.log(classroom.tokenizer().vocabSize()));
    }

    private double[] countingLosses() {
        Training<Bigram> training = Training.counting(classroom);
        double[] losses = new double[Run.STEPS];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = training.step();
        }
        return losses;
    }

    /**
     * One step. {@code document}: what the run itself reads there; {@code cut}: predictions that do not fit into blockSize;
     * {@code printed}: the line that the program would print; {@code lossAfter}: what the word costs when it has been learned.
     */
    record Step(
            String document,
            List<String> tokens,
            int[] ids,
            int cut,
            double[] probabilities, // of the tokens that came
            double[] losses,
            double loss,
            String printed,
            double lossAfter,
            List<Increment> increments, // of stage 0, else empty
            Update update)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "document tokens ids cut probabilities losses loss printed lossAfter increments update",
                    document,
                    tokens,
                    ids,
                    cut,
                    probabilities,
                    losses,
                    loss,
                    printed,
                    lossAfter,
                    increments,
                    update);
        }
    } // null in stage 0

    /** A pair that is counted. */
    record Increment(String previous, String next, int before, int after) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("previous next before after", previous, next, before, after);
        }
    }

    /**
     * The gradient of all weights and the update of one. {@code map}: the gradients in the order of the tensors, as whole numbers in
     * [−{@value #SHADES}, {@value #SHADES}] that go with the root of their size.
     */
    record Update(
            List<AdamPage.Tensor> tensors,
            int[] map,
            double largest, // |gradient|
            Weight weight,
            double gradient,
            String decay, // of the learning rate: linear or cosine
            double peak,
            int steps,
            double learningRate,
            Averages adam, // null where gradient descent moves the weights
            double before,
            double after)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "tensors map largest weight gradient decay peak steps learningRate adam before after",
                    tensors,
                    map,
                    largest,
                    weight,
                    gradient,
                    decay,
                    peak,
                    steps,
                    learningRate,
                    adam,
                    before,
                    after);
        }
    }

    /** What Adam remembers of that weight, before and after, and what it makes of it. */
    record Averages(
            double beta1,
            double beta2,
            double epsilon,
            double mBefore,
            double vBefore,
            double m,
            double v,
            double mHat,
            double vHat)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "beta1 beta2 epsilon mBefore vBefore m v mHat vHat",
                    beta1,
                    beta2,
                    epsilon,
                    mBefore,
                    vBefore,
                    m,
                    v,
                    mHat,
                    vHat);
        }
    }

    private Step step(Question question) {
        String stage = question.text("stage", 10);
        LoopLines.sources(stage); // refuses what is none
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        return stage.equals("0") ? counted(question, tokens) : learned(question, classroom.run(stage), tokens);
    }

    private Step counted(Question question, int... tokens) {
        int step = question.integer("step", 0, Run.STEPS - 1);
        Bigram model = classroom.bigram(step);
        double[] losses = model.losses(tokens);
        double loss = model.loss(tokens);
        List<Increment> increments = new ArrayList<>();
        for (int t = 0; t + 1 < tokens.length; t++) {
            int before = model.count(tokens[t], tokens[t + 1]);
            model.learn(tokens[t], tokens[t + 1]);
            increments.add(new Increment(
                    classroom.symbol(tokens[t]),
                    classroom.symbol(tokens[t + 1]),
                    before,
                    model.count(tokens[t], tokens[t + 1])));
        }
        return answer(step, Run.STEPS, tokens, losses, new double[] {loss, model.loss(tokens)}, increments, null);
    }

    private Step learned(Question question, Run<?> run, int... tokens) {
        LearningRate rate = run.rate();
        int step = question.integer("step", 0, rate.steps() - 1);
        Learner learner = run.before(step);
        LanguageModel model = learner.model();
        double[] losses = model.losses(tokens);
        Learner.State before = learner.state();
        double loss = learner.lossAndGradient(tokens);
        Parameters gradient = learner.gradient();
        learner.update(rate.at(step));
        Weight weight = weight(question, gradient, tokens[losses.length]);
        Update update = update(weight, run, step, before, gradient, learner.state());
        double[] beforeAndAfter = {loss, learner.model().loss(tokens)};
        return answer(step, rate.steps(), tokens, losses, beforeAndAfter, List.of(), update);
    }

    /** The one that was asked for, else the one of the last target's logit whose gradient is the largest. */
    private static Weight weight(Question question, Parameters gradient, int lastTarget) {
        if (!question.text("tensor", 40).isEmpty()) {
            return Weight.of(question);
        }
        boolean gpt =
                gradient.tensors().stream().anyMatch(tensor -> tensor.name().equals("lm_head"));
        Parameters.Tensor logits = gradient.tensor(gpt ? "lm_head" : "mlp_fc2");
        int largest = 0;
        for (int j = 1; j < logits.columns(); j++) {
            if (Math.abs(gradient.get(logits.name(), lastTarget, j))
                    > Math.abs(gradient.get(logits.name(), lastTarget, largest))) {
                largest = j;
            }
        }
        return new Weight(logits.name(), lastTarget, largest);
    }

    private static Update update(
            Weight weight, Run<?> run, int step, Learner.State before, Parameters gradient, Learner.State after) {
        double largest = Arrays.stream(gradient.values()).map(Math::abs).max().orElseThrow();
        LearningRate rate = run.rate();
        return new Update(
                AdamPage.Tensor.of(gradient),
                shades(gradient, largest),
                largest,
                weight,
                weight.in(gradient),
                rate.decay().name().toLowerCase(Locale.ROOT),
                rate.peak(),
                rate.steps(),
                rate.at(step),
                averages(weight, run.optimizer(), before.moments(), after.moments()),
                weight.in(before.parameters()),
                weight.in(after.parameters()));
    }

    private static Averages averages(Weight weight, Optimizer optimizer, Moments before, Moments after) {
        if (!(optimizer instanceof Adam adam)) {
            return null;
        }
        double m = weight.in(after.first().orElseThrow());
        double v = weight.in(after.second().orElseThrow());
        return new Averages(
                adam.beta1(),
                adam.beta2(),
                adam.epsilon(),
                weight.in(before.first().orElseThrow()),
                weight.in(before.second().orElseThrow()),
                m,
                v,
                m / (1 - Math.pow(adam.beta1(), after.updates())),
                v / (1 - Math.pow(adam.beta2(), after.updates())));
    }

    private static int[] shades(Parameters gradient, double largest) {
        return Arrays.stream(gradient.values())
                .mapToInt(g -> (int)
                        Math.round(SHADES * Math.signum(g) * Math.sqrt(Math.abs(g) / (largest == 0 ? 1 : largest))))
                .toArray();
    }

    private Step answer(
            int step,
            int steps,
            int[] tokens,
            double[] losses,
            double[] meanBeforeAndAfter,
            List<Increment> increments,
            Update update) {
        return new Step(
                classroom.documents().atStep(step),
                classroom.symbols(tokens),
                tokens,
                tokens.length - 1 - losses.length,
                Arrays.stream(losses).map(loss -> Math.exp(-loss)).toArray(),
                losses,
                meanBeforeAndAfter[0],
                String.format(Locale.ROOT, "step %4d / %4d | loss %.4f", step + 1, steps, meanBeforeAndAfter[0]),
                meanBeforeAndAfter[1],
                increments,
                update);
    }
}
