package dev.microgpt.playground;

import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The run of a program with weights, exactly as it trains, at every step of which one can look: it keeps where it stood every
 * {@value #EVERY} steps and goes on from there. It takes place when somebody first asks. Any number of threads may ask.
 *
 * @param <M> what is trained
 */
final class Run<M extends LanguageModel> {
    static final int STEPS = 1000; // of stages 0 to 5
    static final int EVERY = 50;

    private final Classroom classroom;
    private final Optimizer optimizer;
    private final LearningRate rate;
    private final Learner.State start;
    private final Function<Learner.State, Learner> fast; // for all steps of the run
    private final Function<Learner.State, Learner> shown; // for the one that is looked at
    private final Function<Parameters, M> model;
    private final List<Learner.State> states = new ArrayList<>(); // before step 0, 50, 100, … and at the end
    private final double[] losses;
    private boolean trained;

    private Run(
            Classroom classroom,
            Optimizer optimizer,
            LearningRate rate,
            Parameters weights,
            Function<Learner.State, Learner> fast,
            Function<Learner.State, Learner> shown,
            Function<Parameters, M> model) {
        this.classroom = classroom;
        this.optimizer = optimizer;
        this.rate = rate;
        this.start = new Learner.State(weights, optimizer.start(weights));
        this.fast = fast;
        this.shown = shown;
        this.model = model;
        this.losses = new double[rate.steps()];
    }

    /** Stages 1 and 2. The run of stage 2 is that of stage 1: only the step that is looked at is taken by autograd. */
    static Run<MlpByHand> of(MlpPreset preset, Classroom classroom) {
        MlpConfig config = preset.config(classroom.tokenizer().vocabSize());
        return new Run<>(
                classroom,
                preset.optimizer(),
                preset.learningRate(preset.steps()),
                config.initialParameters(classroom.afterShuffle()),
                from -> Learner.byHand(config, from),
                from -> preset == MlpPreset.STAGE1 ? Learner.byHand(config, from) : Learner.byAutograd(config, from),
                parameters -> new MlpByHand(config, parameters));
    }

    /** Stages 3 to 5 and the early program. */
    static Run<Gpt> of(Preset preset, Classroom classroom) {
        int vocabSize = classroom.tokenizer().vocabSize();
        Function<Learner.State, Learner> learner = from -> Learner.gpt(preset, vocabSize, from);
        return new Run<>(
                classroom,
                preset.optimizer(),
                preset.learningRate(preset.steps()),
                Gpt.initial(preset, vocabSize, classroom.afterShuffle()).parameters(),
                learner,
                learner,
                parameters -> new Gpt(preset.config(vocabSize), parameters));
    }

    Optimizer optimizer() {
        return optimizer;
    }

    LearningRate rate() {
        return rate;
    }

    /** The loss of each step's document before it was learned, in nats per token, shape [steps]. */
    double[] losses() {
        train();
        return losses.clone();
    }

    private synchronized void train() {
        if (!trained) {
            states.clear(); // a run that was interrupted by an error begins anew
            Learner learner = fast.apply(start);
            for (int step = 0; step < losses.length; step++) {
                if (step % EVERY == 0) {
                    states.add(learner.state());
                }
                losses[step] = learn(learner, step);
            }
            states.add(learner.state());
            trained = true;
        }
    }

    /**
     * The model after some steps.
     *
     * @throws IllegalArgumentException if {@code steps} is not a multiple of {@value #EVERY} in [0, number of steps of the run]
     */
    M model(int steps) {
        if (steps < 0 || steps > losses.length || steps % EVERY != 0) {
            throw new IllegalArgumentException(
                    "steps " + steps + " is not a multiple of " + EVERY + " in [0, " + losses.length + "]");
        }
        if (steps == 0) {
            return model.apply(start.parameters().copy());
        }
        train();
        return model.apply(states.get(steps / EVERY).parameters().copy());
    }

    /** The learner as it stands before a step, in [0, steps]; where that is steps, the run is over. */
    Learner before(int step) {
        Learner.State from = start;
        int at = 0;
        if (step > 0) {
            train();
            int index = Math.min(step / EVERY, states.size() - 1);
            from = states.get(index);
            at = index * EVERY;
        }
        Learner learner = fast.apply(from);
        while (at < step) {
            learn(learner, at++);
        }
        return shown.apply(learner.state());
    }

    private double learn(Learner learner, int step) {
        double loss = learner.lossAndGradient(classroom.tokensAtStep(step));
        learner.update(rate.at(step));
        return loss;
    }
}
