package dev.microgpt.playground;

import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a derivative is: the loss of a word over one weight of stage 1, while all other weights are held still. */
final class DerivativePage {
    private static final int POINTS = 261; // of a curve
    private static final double LEFT = -2.5;
    private static final double RIGHT = 2.7;
    private static final double MARGIN = 0.5; // beyond a weight that lies further out
    private static final int COLUMN = 10; // of the embedding, whose loss has a curve that is easy to see

    private final Classroom classroom;

    DerivativePage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("derivative/curve", this::curve);
        api.answer("derivative/secants", this::secants);
    }

    /** {@code losses[i]}, in nats per token, is that at {@code w[i]}; {@code choices}: weights that the word depends on. */
    record Curve(List<String> symbols, List<Weight> choices, Weight weight, double trained, double[] w, double[] losses)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols choices weight trained w losses", symbols, choices, weight, trained, w, losses);
        }
    }

    private Curve curve(Question question) {
        int[] tokens = tokens(question);
        List<Weight> choices = choices(tokens);
        Weight weight = question.text("tensor", 40).isEmpty() ? choices.get(0) : Weight.of(question);
        Parameters parameters = parameters(question);
        MlpByHand model = model(parameters);
        double here = weight.in(parameters);
        double left = Math.min(LEFT, here - MARGIN);
        double right = Math.max(RIGHT, here + MARGIN);
        double[] w = new double[POINTS];
        double[] losses = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            w[i] = left + (right - left) * i / (POINTS - 1);
            parameters.set(weight.tensor(), weight.row(), weight.column(), w[i]);
            losses[i] = model.loss(tokens);
        }
        return new Curve(classroom.symbols(), choices, weight, here, w, losses);
    }

    /**
     * At a weight's value: the loss, its derivative as backward finds it, and for each ε the loss at w + ε and the slope of the secant
     * to there.
     */
    record Secants(double loss, double slope, double[] losses, double[] secants) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("loss slope losses secants", loss, slope, losses, secants);
        }
    }

    private Secants secants(Question question) {
        int[] tokens = tokens(question);
        Weight weight = Weight.of(question);
        double w = question.number("w", -100, 100);
        double[] epsilons = question.numbers("epsilons", 1, 60);
        Parameters parameters = parameters(question);
        weight.in(parameters);
        MlpByHand model = model(parameters);
        parameters.set(weight.tensor(), weight.row(), weight.column(), w);
        Parameters gradient = parameters.zeros();
        double loss = model.lossAndGradient(gradient, tokens);
        double[] losses = new double[epsilons.length];
        double[] secants = new double[epsilons.length];
        for (int i = 0; i < epsilons.length; i++) {
            if (epsilons[i] == 0) {
                throw new IllegalArgumentException(
                        "epsilons[" + i + "] " + epsilons[i] + " is 0: a secant goes through two points");
            }
            parameters.set(weight.tensor(), weight.row(), weight.column(), w + epsilons[i]);
            losses[i] = model.loss(tokens);
            secants[i] = (losses[i] - loss) / epsilons[i];
        }
        return new Secants(loss, weight.in(gradient), losses, secants);
    }

    /** One number of the embedding of each letter that is read, the third token's first, and one of each other tensor. */
    private List<Weight> choices(int... tokens) {
        Set<Weight> choices = new LinkedHashSet<>();
        choices.add(new Weight("wte", tokens[Math.min(2, tokens.length - 2)], COLUMN));
        Arrays.stream(tokens).forEach(token -> choices.add(new Weight("wte", token, COLUMN)));
        choices.add(new Weight("mlp_fc1", 0, COLUMN));
        choices.add(new Weight("mlp_fc2", tokens[1], 0));
        return new ArrayList<>(choices);
    }

    private int[] tokens(Question question) {
        return classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
    }

    private Parameters parameters(Question question) {
        int steps = question.integer("steps", 0, Run.STEPS);
        return classroom.run("1").before(steps).state().parameters();
    }

    private MlpByHand model(Parameters parameters) {
        return new MlpByHand(MlpPreset.STAGE1.config(classroom.tokenizer().vocabSize()), parameters);
    }
}
