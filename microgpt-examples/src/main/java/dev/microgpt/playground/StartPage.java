package dev.microgpt.playground;

import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The start page: what each stage reaches, and the numbers of its small pictures. */
final class StartPage {
    private static final int MEASURED = 1000; // documents
    private static final int INVENTED = 3;

    private static final int CURVE = 60; // points of the loss over a weight
    private static final int WALK = 8; // steps down that curve
    private static final double REACH = 80; // of the curve, to both sides of the weight
    private static final int MARGIN = 5; // points between an end of the curve and the first step
    private static final double FIRST_STEP = 0.3; // of the reach: the learning rate is chosen for it
    private static final int CANDIDATES = 60; // weights

    private static final double STEEP = 8; // how much steeper a valley is across than along
    private static final int STEPS = 26; // on the way into it

    private final Classroom classroom;
    private final Map<Integer, Stage> stages = new ConcurrentHashMap<>(); // each is measured once
    private Slope slope; // null until somebody asks

    StartPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("start/stage", question -> stages.computeIfAbsent(question.integer("stage", 0, 5), this::measure));
        api.answer("start/slope", question -> slope());
        api.answer("start/bowl", question -> bowl());
    }

    /**
     * What a stage has learned in {@value Run#STEPS} steps: its loss per token on the documents after those, or, if there are none, on
     * the list; and what it writes.
     */
    record Stage(double loss, boolean unseen, List<String> invented) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("loss unseen invented", loss, unseen, invented);
        }
    }

    private Stage measure(int stage) {
        LanguageModel model = model(stage);
        int documents = classroom.documents().size();
        boolean unseen = documents > Run.STEPS;
        int from = unseen ? Run.STEPS : 0;
        Sampler sampler =
                stage == 0 ? CountingPage.SAMPLER : stage <= 2 ? MlpPreset.STAGE1.sampler() : Preset.STAGE5.sampler();
        PythonRandom random = new PythonRandom(Classroom.SEED);
        List<String> invented = Stream.generate(() -> classroom.tokenizer().decode(sampler.sample(model, random)))
                .limit(INVENTED)
                .toList();
        return new Stage(classroom.meanLoss(model, from, Math.min(documents, from + MEASURED)), unseen, invented);
    }

    private LanguageModel model(int stage) {
        return switch (stage) {
            case 0 -> classroom.bigram(Run.STEPS);
            case 1 -> classroom.mlp(Run.STEPS);
            case 2 -> {
                Training<MlpByHand> training = Training.byAutograd(classroom, Run.STEPS);
                for (int step = 0; step < Run.STEPS; step++) {
                    training.step();
                }
                yield training.model();
            }
            default -> classroom.gpt(stage, Run.STEPS);
        };
    }

    /** The loss of the first document over one weight of stage 1, {@code {w, loss}}, and steps of gradient descent on it alone. */
    record Slope(String weight, double[][] curve, double[][] walk) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("weight curve walk", weight, curve, walk);
        }
    }

    private synchronized Slope slope() {
        if (slope == null) {
            slope = newSlope();
        }
        return slope;
    }

    /** Of the weights with the largest gradients, the first whose loss has its lowest point in sight. */
    private Slope newSlope() {
        MlpConfig config = MlpPreset.STAGE1.config(classroom.tokenizer().vocabSize());
        Parameters parameters = config.initialParameters(classroom.afterShuffle());
        MlpByHand model = new MlpByHand(config, parameters);
        int[] tokens = classroom.tokensAtStep(0);
        Parameters gradient = parameters.zeros();
        model.lossAndGradient(gradient, tokens);
        double[] steepness = gradient.values().clone();
        List<Integer> steepest = IntStream.range(0, steepness.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(steepness[i])))
                .toList();
        Parameters.Tensor last = parameters.tensor("mlp_fc2"); // in which the loss has no kinks
        int weight = steepest.stream()
                .filter(i -> i >= last.offset() && i < last.offset() + last.size())
                .limit(CANDIDATES)
                .filter(i -> hasValley(curve(model, parameters, i, tokens)))
                .findFirst()
                .orElse(steepest.get(0));

        double[][] curve = curve(model, parameters, weight, tokens);
        double[][] walk = new double[WALK][];
        double[] weights = parameters.values();
        int start = lowest(curve) < CURVE / 2 ? CURVE - MARGIN : MARGIN; // the side that is farther away
        weights[weight] = curve[start][0];
        double learningRate = 0;
        for (int step = 0; step < WALK; step++) {
            walk[step] = new double[] {weights[weight], model.lossAndGradient(gradient, tokens)};
            if (step == 0) {
                learningRate = FIRST_STEP * REACH / Math.abs(gradient.values()[weight]);
            }
            weights[weight] -= learningRate * gradient.values()[weight];
        }
        return new Slope(name(parameters, weight), curve, walk);
    }

    private static double[][] curve(MlpByHand model, Parameters parameters, int weight, int... tokens) {
        double[] weights = parameters.values();
        double before = weights[weight];
        double[][] curve = new double[CURVE + 1][];
        for (int i = 0; i <= CURVE; i++) {
            weights[weight] = before + REACH * (2.0 * i / CURVE - 1);
            curve[i] = new double[] {weights[weight], model.loss(tokens)};
        }
        weights[weight] = before;
        return curve;
    }

    private static boolean hasValley(double[]... curve) {
        int lowest = lowest(curve);
        return lowest > CURVE / 6 && lowest < CURVE * 5 / 6;
    }

    private static int lowest(double[]... curve) {
        return IntStream.range(0, curve.length)
                .boxed()
                .min(Comparator.comparingDouble(i -> curve[i][1]))
                .orElseThrow();
    }

    private static String name(Parameters parameters, int index) {
        return parameters.tensors().stream()
                .filter(tensor -> index >= tensor.offset() && index < tensor.offset() + tensor.size())
                .map(tensor -> tensor.name() + "[" + (index - tensor.offset()) / tensor.columns() + "]["
                        + (index - tensor.offset()) % tensor.columns() + "]")
                .findFirst()
                .orElseThrow();
    }

    /**
     * The way of two optimizers down f(x, y) = (x² + {@value #STEEP}·y²) / 2, and ellipses of equal height, {@code {rx, ry}}; all of it
     * within ±width and ±height.
     */
    record Bowl(double width, double height, double[][] levels, double[][] sgd, double[][] adam) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("width height levels sgd adam", width, height, levels, sgd, adam);
        }
    }

    private static Bowl bowl() {
        double[][] levels = DoubleStream.of(0.35, 0.7, 1.05, 1.4)
                .mapToObj(rx -> new double[] {rx, rx / Math.sqrt(STEEP)})
                .toArray(double[][]::new);
        return new Bowl(1.4, 0.55, levels, walk(new Sgd(), 0.23), walk(Preset.STAGE5.optimizer(), 0.12));
    }

    private static double[][] walk(Optimizer optimizer, double learningRate) {
        Parameters point = Parameters.builder().tensor("p", 1, 2).build();
        point.set("p", 0, 0, -1);
        point.set("p", 0, 1, 0.45);
        Parameters gradient = point.zeros();
        Moments moments = optimizer.start(point);
        List<double[]> walk = new ArrayList<>();
        for (int step = 0; step <= STEPS; step++) {
            double x = point.get("p", 0, 0);
            double y = point.get("p", 0, 1);
            walk.add(new double[] {x, y});
            gradient.set("p", 0, 0, x);
            gradient.set("p", 0, 1, STEEP * y);
            optimizer.update(point, gradient, moments, learningRate);
        }
        return walk.toArray(double[][]::new);
    }
}
