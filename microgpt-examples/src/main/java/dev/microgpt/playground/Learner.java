package dev.microgpt.playground;

import dev.microgpt.autograd.Value;
import dev.microgpt.mlp.Mlp;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;

/** What the loops of stages 1 to 5 have in common: a model with weights, its gradient, and their update. For one thread. */
interface Learner {
    /** Computes the loss of a document, in nats per token, and keeps its gradient. */
    double lossAndGradient(int... tokens);

    /** The gradient that was computed last, in the layout of the weights. */
    Parameters gradient();

    /** Moves the weights against the gradient that was computed last. */
    void update(double learningRate);

    /** The model as it is now. */
    LanguageModel model();

    /** Where this one stands: copies. */
    State state();

    /** Weights, and what the optimizer remembers; not modified by those who begin with it. */
    record State(Parameters parameters, Moments moments) {}

    /** Stage 1, whose gradient is derived by hand. */
    static Learner byHand(MlpConfig config, State from) {
        Parameters parameters = from.parameters().copy();
        MlpByHand model = new MlpByHand(config, parameters);
        return perceptron(model, parameters, from, (tokens, into) -> model.lossAndGradient(into, tokens));
    }

    /** Stage 2, the same model, whose gradient autograd finds. */
    static Learner byAutograd(MlpConfig config, State from) {
        Parameters parameters = from.parameters().copy();
        Mlp model = new Mlp(config, parameters);
        return perceptron(model, parameters, from, (tokens, into) -> {
            Value loss = model.lossGraph(tokens);
            loss.backward();
            model.gradient(into);
            return loss.data();
        });
    }

    /** Computes the loss of a document and its gradient. */
    interface LossAndGradient {
        double of(int[] tokens, Parameters into);
    }

    private static Learner perceptron(
            LanguageModel model, Parameters parameters, State from, LossAndGradient lossAndGradient) {
        Parameters gradient = parameters.zeros();
        Moments moments = Moments.of(from.moments().updates());
        return new Learner() {
            @Override
            public double lossAndGradient(int... tokens) {
                return lossAndGradient.of(tokens, gradient);
            }

            @Override
            public Parameters gradient() {
                return gradient;
            }

            @Override
            public void update(double learningRate) {
                new Sgd().update(parameters, gradient, moments, learningRate);
            }

            @Override
            public LanguageModel model() {
                return model;
            }

            @Override
            public State state() {
                return new State(parameters.copy(), Moments.of(moments.updates()));
            }
        };
    }

    /** Stages 3 to 5 and the early program. */
    static Learner gpt(Preset preset, int vocabSize, State from) {
        Engine engine =
                Engine.of(Engine.Kind.ARRAY, new Gpt(preset.config(vocabSize), from.parameters()), preset.optimizer());
        engine.restore(from.moments());
        return new Learner() {
            @Override
            public double lossAndGradient(int... tokens) {
                return engine.lossAndGradient(tokens);
            }

            @Override
            public Parameters gradient() {
                return engine.gradient();
            }

            @Override
            public void update(double learningRate) {
                engine.update(learningRate);
            }

            @Override
            public LanguageModel model() {
                return engine.model();
            }

            @Override
            public State state() {
                return new State(engine.model().parameters(), engine.moments());
            }
        };
    }
}
