package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.function.BiFunction;

/**
 * A stage learning the documents of a classroom, one a step, exactly as its program does. Belongs to one thread.
 *
 * @param <M> what it learns
 */
interface Training<M extends LanguageModel> {
    /** Learns the next document and returns what it cost before that, in nats per token. */
    double step();

    /** The model as it is now; stage 0 goes on counting in it, the others leave it as it is. */
    M model();

    /** The training of a program: 0, 1, …, 5 or early. */
    static Training<?> of(String program, Classroom classroom, int steps) {
        return switch (program) {
            case "0" -> counting(classroom);
            case "1" -> byHand(classroom, steps);
            case "2" -> byAutograd(classroom, steps);
            case "3" -> gpt(Preset.STAGE3, classroom, steps);
            case "4" -> gpt(Preset.STAGE4, classroom, steps);
            case "5" -> gpt(Preset.STAGE5, classroom, steps);
            case "early" -> gpt(Preset.EARLY, classroom, steps);
            default ->
                throw new IllegalArgumentException("stage " + program + " is not one of 0, 1, 2, 3, 4, 5, early");
        };
    }

    static Training<Bigram> counting(Classroom classroom) {
        Bigram model = new Bigram(classroom.tokenizer().vocabSize());
        return new Training<>() {
            private long step;

            @Override
            public double step() {
                int[] tokens = classroom.tokensAtStep(step++);
                double loss = model.loss(tokens);
                model.learn(tokens);
                return loss;
            }

            @Override
            public Bigram model() {
                return model;
            }
        };
    }

    static Training<MlpByHand> byHand(Classroom classroom, int steps) {
        return perceptron(MlpPreset.STAGE1, classroom, steps, Learner::byHand);
    }

    static Training<MlpByHand> byAutograd(Classroom classroom, int steps) {
        return perceptron(MlpPreset.STAGE2, classroom, steps, Learner::byAutograd);
    }

    private static Training<MlpByHand> perceptron(
            MlpPreset preset, Classroom classroom, int steps, BiFunction<MlpConfig, Learner.State, Learner> start) {
        MlpConfig config = preset.config(classroom.tokenizer().vocabSize());
        Parameters weights = config.initialParameters(classroom.afterShuffle());
        Learner learner = start.apply(
                config, new Learner.State(weights, preset.optimizer().start(weights)));
        LearningRate rate = preset.learningRate(steps);
        return new Training<>() {
            private long step;

            @Override
            public double step() {
                double loss = learner.lossAndGradient(classroom.tokensAtStep(step));
                learner.update(rate.at(step++));
                return loss;
            }

            @Override
            public MlpByHand model() {
                return new MlpByHand(config, learner.state().parameters());
            }
        };
    }

    static Training<Gpt> gpt(Preset preset, Classroom classroom, int steps) {
        PythonRandom random = classroom.afterShuffle();
        Gpt untrained = Gpt.initial(preset, classroom.tokenizer().vocabSize(), random);
        return gpt(untrained, preset.optimizer(), preset.learningRate(steps), classroom);
    }

    static Training<Gpt> gpt(Gpt untrained, Optimizer optimizer, LearningRate rate, Classroom classroom) {
        Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, optimizer);
        return new Training<>() {
            private long step;

            @Override
            public double step() {
                double loss = engine.lossAndGradient(classroom.tokensAtStep(step));
                engine.update(rate.at(step++));
                return loss;
            }

            @Override
            public Gpt model() {
                return engine.model();
            }
        };
    }
}
