package dev.microgpt.playground;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpConfig;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.optim.Parameters;
import dev.microgpt.text.Sampler;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Stage 1: the perceptron, its gradient by hand, and the check of it. */
final class GradientPage {
    private static final int MOST_ROWS = 6; // of the matrix that a visitor edits

    private final Classroom classroom;
    private final MlpConfig config;

    GradientPage(Classroom classroom) {
        this.classroom = classroom;
        this.config = MlpPreset.STAGE1.config(classroom.tokenizer().vocabSize());
    }

    void register(Api api) {
        api.answer("gradient/linear", this::linear);
        api.answer("gradient/softmax", this::softmax);
        api.answer("gradient/way", this::way);
        api.answer("gradient/check", this::check);
        api.stream("gradient/errors", this::errors);
    }

    private double[] linear(Question question) {
        double[] x = question.numbers("x", 1, MOST_ROWS);
        int rows = question.integer("rows", 1, MOST_ROWS);
        double[][] w = question.matrix("w", rows, x.length);
        Value[][] weights = Arrays.stream(w).map(GradientPage::leaves).toArray(Value[][]::new);
        return data(Functions.linear(leaves(x), weights));
    }

    /** {@code gradient[i]}: derivative of the loss by logit i, which is p_i − 1 for the target and p_i for the others. */
    record Softmax(double[] probabilities, double loss, double[] gradient) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("probabilities loss gradient", probabilities, loss, gradient);
        }
    }

    private Softmax softmax(Question question) {
        double[] logits = question.numbers("logits", 1, MOST_ROWS);
        int target = question.integer("target", 0, logits.length - 1);
        Value[] leaves = leaves(logits);
        Value loss = Functions.crossEntropy(leaves, target);
        loss.backward();
        double[] gradient = Arrays.stream(leaves).mapToDouble(Value::grad).toArray();
        return new Softmax(data(Functions.softmax(leaves(logits))), loss.data(), gradient);
    }

    record Way(
            String token,
            List<String> symbols,
            double[] embedding,
            double[] preActivation,
            double[] hidden,
            double[] logits,
            double[] probabilities)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "token symbols embedding preActivation hidden logits probabilities",
                    token,
                    symbols,
                    embedding,
                    preActivation,
                    hidden,
                    logits,
                    probabilities);
        }
    }

    private Way way(Question question) {
        int token = question.integer("token", 0, config.vocabSize() - 1);
        MlpByHand.Activations a =
                classroom.mlp(question.integer("steps", 0, Run.STEPS)).forward(token);
        return new Way(
                classroom.symbol(token),
                classroom.symbols(),
                a.embedding(),
                a.preActivation(),
                a.hidden(),
                a.logits(),
                new Sampler(1, 1).probabilities(a.logits()));
    }

    /** Both gradients of all weights; {@code tensors[i]} are those from {@code offsets[i]} on, in rows of {@code columns[i]}. */
    record Check(
            String document,
            double loss,
            double epsilon,
            List<String> tensors,
            List<Integer> offsets,
            List<Integer> columns,
            double[] byHand,
            double[] numerical,
            double largest,
            double mean)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "document loss epsilon tensors offsets columns byHand numerical largest mean",
                    document,
                    loss,
                    epsilon,
                    tensors,
                    offsets,
                    columns,
                    byHand,
                    numerical,
                    largest,
                    mean);
        }
    }

    private Check check(Question question) {
        double epsilon = Math.pow(10, question.number("exponent", -15, 0));
        int[] tokens = classroom.tokensAtStep(0);
        MlpByHand model = classroom.mlp(0);
        double[] byHand = byHand(tokens);
        double[] numerical = model.numericalGradient(epsilon, tokens).values();
        double[] error = differences(byHand, numerical);
        List<Parameters.Tensor> tensors = config.newParameters().tensors();
        return new Check(
                classroom.documents().atStep(0),
                model.loss(tokens),
                epsilon,
                tensors.stream().map(Parameters.Tensor::name).toList(),
                tensors.stream().map(Parameters.Tensor::offset).toList(),
                tensors.stream().map(Parameters.Tensor::columns).toList(),
                byHand,
                numerical,
                Arrays.stream(error).max().orElseThrow(),
                Arrays.stream(error).average().orElseThrow());
    }

    /** How far the numerical gradient is off with a nudge of 10^exponent: at most, and on average over all weights. */
    record Error(double exponent, double largest, double mean) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("exponent largest mean", exponent, largest, mean);
        }
    }

    private void errors(Question question, Events events) throws IOException {
        int[] tokens = classroom.tokensAtStep(0);
        double[] byHand = byHand(tokens);
        for (double exponent = 0; exponent >= -15; exponent -= 0.5) {
            double[] numerical = classroom
                    .mlp(0)
                    .numericalGradient(Math.pow(10, exponent), tokens)
                    .values();
            double[] error = differences(byHand, numerical);
            events.send(new Error(
                    exponent,
                    Arrays.stream(error).max().orElseThrow(),
                    Arrays.stream(error).average().orElseThrow()));
        }
    }

    private double[] byHand(int... tokens) {
        Parameters gradient = config.newParameters();
        classroom.mlp(0).lossAndGradient(gradient, tokens);
        return gradient.values();
    }

    private static double[] differences(double[] a, double[] b) {
        double[] differences = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            differences[i] = Math.abs(a[i] - b[i]);
        }
        return differences;
    }

    private static Value[] leaves(double[] x) {
        return new Leaves(x).matrix(0, 1, x.length)[0];
    }

    private static double[] data(Value[] values) {
        return Arrays.stream(values).mapToDouble(Value::data).toArray();
    }
}
