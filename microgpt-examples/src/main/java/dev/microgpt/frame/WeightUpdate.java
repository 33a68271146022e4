package dev.microgpt.frame;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Optimizer;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The first update of one weight, as the optimizer's formulas with the numbers put in.
 *
 * @param weight where it is
 * @param gradient of the loss with it
 * @param m average gradient after the update; 0 if the optimizer has none
 * @param v average squared gradient, likewise
 * @param learningRate of the update
 * @param before the weight before it
 * @param after and after it
 */
record WeightUpdate(
        String weight, double gradient, double m, double v, double learningRate, double before, double after) {

    void print(Optimizer optimizer, Output out) {
        boolean isAdam = optimizer instanceof Adam;
        out.line("\nupdate of %s by %s", weight, isAdam ? name((Adam) optimizer) : "gradient descent");
        out.line("  gradient       %s", full(gradient));
        String direction = isAdam ? printAverages((Adam) optimizer, out) : brief(gradient);
        out.line("  learning rate  %s", full(learningRate));
        out.line("  update         %s · %s = %s", brief(-learningRate), direction, full(after - before));
        out.line("  before         %s", full(before));
        String sum = brief(before) + (after < before ? " − " : " + ") + brief(Math.abs(after - before));
        out.line("  after          %s = %s", sum, full(after));
    }

    private static String name(Adam adam) {
        return "Adam, β " + brief(adam.beta1()) + " and " + brief(adam.beta2());
    }

    /** Returns what the learning rate is multiplied by. */
    private String printAverages(Adam adam, Output out) {
        double beta1 = adam.beta1();
        double beta2 = adam.beta2();
        double mHat = m / (1 - beta1);
        double vHat = v / (1 - beta2);
        String square = (gradient < 0 ? "(" + brief(gradient) + ")" : brief(gradient)) + "²";
        out.line("  m              %s · 0 + %s · %s = %s", brief(beta1), brief(1 - beta1), brief(gradient), full(m));
        out.line("  v              %s · 0 + %s · %s = %s", brief(beta2), brief(1 - beta2), square, full(v));
        out.line("  m̂              %s / (1 − %s) = %s", brief(m), brief(beta1), full(mHat));
        out.line("  v̂              %s / (1 − %s) = %s", brief(v), brief(beta2), full(vHat));
        return brief(mHat) + " / (√" + brief(vHat) + " + " + brief(adam.epsilon()) + ")";
    }

    /** A number in a formula: four digits. */
    private static String brief(double number) {
        if (!Double.isFinite(number)) {
            return full(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(4)).stripTrailingZeros();
        return signed(rounded.scale() < 0 ? rounded.toPlainString() : rounded.toString());
    }

    /** A result: all digits. */
    private static String full(double number) {
        return signed(Double.toString(number));
    }

    /** With a minus that is as long as a plus, and a small e, as in formulas. */
    private static String signed(String number) {
        return number.replaceFirst("^-", "−").replace('E', 'e');
    }
}
