package dev.microgpt.cli;

import static dev.microgpt.cli.Commands.override;

import dev.microgpt.TrainingOptions;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.LearningRate.Decay;
import dev.microgpt.optim.Sgd;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Precision;
import picocli.CommandLine.Option;

/** The options of {@code train} that override what the preset says. What is null was not given. */
final class Overrides {
    /** Values of {@code --optimizer}. */
    enum Rule {
        ADAM,
        SGD
    }

    /** Values of {@code --activation}. */
    enum Activation {
        RELU,
        RELU2
    }

    /** Values of {@code --loss-over}. */
    enum LossOver {
        STRINGS,
        TOKENS
    }

    /** Values of {@code --engine}. */
    enum EngineName {
        AUTO,
        VALUE,
        TAPE,
        ARRAY,
        VECTOR
    }

    @Option(names = "--seed", paramLabel = "N", description = "seed of all random numbers (42); -N is as N")
    private Long seed;

    @Option(names = "--layers", paramLabel = "N", description = "layers")
    private Integer layers;

    @Option(names = "--heads", paramLabel = "N", description = "heads of attention, a divisor of --embed")
    private Integer heads;

    @Option(names = "--embed", paramLabel = "N", description = "numbers that stand for a character")
    private Integer embed;

    @Option(
            names = "--block",
            paramLabel = "N",
            description = "most characters of a string that count, its end being one")
    private Integer block;

    @Option(names = "--steps", paramLabel = "N", description = "updates; the schedule is stretched to them")
    private Integer steps;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "strings that each update learns from: the next N of the shuffled list, after whose end it begins again")
    private Integer batch;

    @Option(
            names = "--loss-over",
            paramLabel = "strings|tokens",
            description =
                    "of what the loss of an update is the mean: of its strings, however long, or of all their characters")
    private LossOver lossOver;

    @Option(
            names = "--optimizer",
            paramLabel = "adam|sgd",
            description =
                    "rule of the updates; sgd keeps the learning rate, which --learning-rate can raise (stage 4 has 0.1)")
    private Rule optimizer;

    @Option(names = "--learning-rate", paramLabel = "X", description = "largest learning rate")
    private Double learningRate;

    @Option(names = "--beta1", paramLabel = "X", description = "Adam: how much of the average gradient is kept")
    private Double beta1;

    @Option(names = "--beta2", paramLabel = "X", description = "Adam: how much of the average square is kept")
    private Double beta2;

    @Option(names = "--schedule", paramLabel = "linear|cosine|constant", description = "how the learning rate falls")
    private Decay schedule;

    @Option(names = "--activation", paramLabel = "relu|relu2", description = "ReLU or its square")
    private Activation activation;

    @Option(names = "--init-std", paramLabel = "X", description = "standard deviation of the first weights")
    private Double initStd;

    @Option(
            names = "--engine",
            paramLabel = "auto|value|tape|array|vector",
            description = "way of computing; auto: vector (SIMD) where it pays, else array")
    private EngineName engine;

    @Option(names = "--precision", paramLabel = "double|float", description = "float needs the engine vector")
    private Precision precision;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads that share a batch; the result stays the same")
    private Integer threads;

    @Option(
            names = "--held-out",
            paramLabel = "X",
            description =
                    "share of the different strings, rounded to the nearest number, that is kept back to tell how good"
                            + " the model is; without --steps, auto counts its updates for the rest")
    private Double heldOut;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "measurements without a better loss on them, after which training ends; 0: none")
    private Integer patience;

    /**
     * The preset's settings with these instead where given.
     *
     * @throws IllegalArgumentException if one breaks its rule; the message names the option
     */
    TrainingOptions applyTo(TrainingOptions preset) {
        TrainingOptions options = preset;
        options = override(options, "--seed", seed, TrainingOptions::withSeed);
        options = withShape(options);
        options = override(options, "--block", block, TrainingOptions::withBlockSize);
        options = steps == null && options.basis().equals("auto")
                ? override(options, "--held-out", heldOut, Overrides::withAsManyPasses)
                : override(options, "--steps", steps, Overrides::withSteps);
        options = override(options, "--batch", batch, TrainingOptions::withBatchSize);
        options = override(
                options, "--loss-over", lossOver, (before, over) -> before.withLossOverTokens(over == LossOver.TOKENS));
        options = withOptimizer(options);
        options = override(options, "--schedule", schedule, Overrides::withSchedule);
        options = override(options, "--learning-rate", learningRate, Overrides::withPeak);
        options = override(options, "--activation", activation, Overrides::withActivation);
        options = override(options, "--init-std", initStd, Overrides::withDeviation);
        options = override(options, "--precision", precision, TrainingOptions::withPrecision);
        options = override(options, "--engine", engine, Overrides::withEngine);
        options = override(options, "--threads", threads, TrainingOptions::withThreads);
        options = override(options, "--held-out", heldOut, TrainingOptions::withHeldOutFraction);
        options = override(options, "--patience", patience, TrainingOptions::withPatience);
        requireVectorModule(options);
        return options;
    }

    /** Embedding, heads and layers at once: in between they may not fit together. */
    private TrainingOptions withShape(TrainingOptions options) {
        GptConfig before = options.newConfig(2);
        try {
            return options.withShape(
                    embed == null ? before.embedDim() : embed,
                    heads == null ? before.headCount() : heads,
                    layers == null ? before.layerCount() : layers);
        } catch (IllegalArgumentException e) {
            String given = given("--embed", embed) + given("--heads", heads) + given("--layers", layers);
            throw new IllegalArgumentException("option" + given + ": " + e.getMessage(), e);
        }
    }

    private static String given(String option, Integer value) {
        return value == null ? "" : " " + option + " " + value;
    }

    /** Holds out another share, and reads the rest as often as before. */
    private static TrainingOptions withAsManyPasses(TrainingOptions options, double heldOut) {
        TrainingOptions changed = options.withHeldOutFraction(heldOut);
        double rest = (1 - heldOut) / (1 - options.heldOutFraction());
        int steps = (int) Math.max(10, Math.round(rest * options.steps()));
        return changed.withSteps(steps).withEvaluateEvery(Math.max(1, steps / 10));
    }

    private static TrainingOptions withSteps(TrainingOptions options, int steps) {
        TrainingOptions changed = options.withSteps(steps);
        return options.basis().equals("auto") ? changed.withEvaluateEvery(Math.max(1, steps / 20)) : changed;
    }

    private TrainingOptions withOptimizer(TrainingOptions options) {
        if (optimizer == Rule.SGD) {
            refuseWithSgd("--beta1", beta1);
            refuseWithSgd("--beta2", beta2);
            return options.withOptimizer(new Sgd());
        }
        Adam adam = (Adam) options.optimizer(); // of all presets here
        adam = override(adam, "--beta1", beta1, (before, beta) -> new Adam(beta, before.beta2(), before.epsilon()));
        adam = override(adam, "--beta2", beta2, (before, beta) -> new Adam(before.beta1(), beta, before.epsilon()));
        return options.withOptimizer(adam);
    }

    private static void refuseWithSgd(String option, Double beta) {
        if (beta != null) {
            throw new IllegalArgumentException("option " + option + " " + beta + " needs --optimizer adam, not sgd");
        }
    }

    private static TrainingOptions withSchedule(TrainingOptions options, Decay schedule) {
        return options.withLearningRate(rate(schedule, options.learningRate().peak(), options.steps()));
    }

    private static TrainingOptions withPeak(TrainingOptions options, double peak) {
        return options.withLearningRate(rate(options.learningRate().decay(), peak, options.steps()));
    }

    private static LearningRate rate(Decay decay, double peak, int steps) {
        return decay == Decay.CONSTANT ? LearningRate.constant(peak) : new LearningRate(decay, peak, steps, 0);
    }

    private static TrainingOptions withActivation(TrainingOptions options, Activation activation) {
        return options.withActivation(
                activation == Activation.RELU ? GptConfig.Activation.RELU : GptConfig.Activation.RELU_SQUARED);
    }

    private static TrainingOptions withDeviation(TrainingOptions options, double deviation) {
        Initialization before = options.initialization();
        return options.withInitialization(new Initialization(deviation, before.headLast(), before.zeroed()));
    }

    private static TrainingOptions withEngine(TrainingOptions options, EngineName engine) {
        return engine == EngineName.AUTO ? options : options.withEngine(Kind.valueOf(engine.name()));
    }

    private static void requireVectorModule(TrainingOptions options) {
        boolean vector = options.engine().filter(Kind.VECTOR::equals).isPresent();
        if (!vector && options.precision() == Precision.DOUBLE) {
            return;
        }
        VectorModule.load();
        if (!Kind.VECTOR.isAvailable()) {
            throw new IllegalArgumentException(
                    "option " + (vector ? "--engine vector" : "--precision float")
                            + " needs the module jdk.incubator.vector: java --add-modules jdk.incubator.vector -jar microgpt.jar");
        }
    }
}
