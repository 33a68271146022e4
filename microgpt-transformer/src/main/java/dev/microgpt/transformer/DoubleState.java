package dev.microgpt.transformer;

import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.array.Layout;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** The state in double precision, for any way of computing losses and gradient. */
final class DoubleState implements TrainingState {
    /** A model that gets its weights with each call; weights and gradient are in the same order. */
    interface Model {
        /** Returns Σ share·mean loss of each document and overwrites {@code gradient}. */
        double gradient(double[] weights, int[][] documents, double[] shares, double[] gradient);

        /** Returns the loss of each prediction of each document. */
        double[][] losses(double[] weights, int[][] documents);
    }

    /** The order in which the way of computing likes the weights; all arrays here are in it. */
    enum Order {
        CANONICAL,
        PACKED
    }

    private final Layout layout;
    private final Order order;
    private final Optimizer optimizer;
    private final IntFunction<Model> byThreads;
    private final Parameters weights;
    private final Parameters gradient;
    private Moments moments;
    private Model model;

    /** Begins with weights, which are copied, and fresh moments; {@code byThreads} makes the model for so many threads. */
    DoubleState(Layout layout, Order order, Parameters start, Optimizer optimizer, IntFunction<Model> byThreads) {
        this.layout = layout;
        this.order = order;
        this.optimizer = optimizer;
        this.byThreads = byThreads;
        this.weights = imported(start);
        this.gradient = weights.zeros();
        this.moments = optimizer.start(weights);
        this.model = byThreads.apply(1);
    }

    @Override
    public double lossAndGradient(int[][] documents, double[] shares) {
        return model.gradient(weights.values(), documents, shares, gradient.values());
    }

    @Override
    public double[][] losses(int[][] documents) {
        return model.losses(weights.values(), documents);
    }

    @Override
    public void useThreads(int threads) {
        model = byThreads.apply(threads);
    }

    @Override
    public double squaredNorm(double unit) {
        double sum = 0;
        for (double derivative : gradient.values()) {
            double scaled = derivative * unit;
            sum += scaled * scaled;
        }
        return sum;
    }

    @Override
    public double largestDerivative() {
        double largest = 0;
        for (double derivative : gradient.values()) {
            largest = Math.max(largest, Math.abs(derivative));
        }
        return largest;
    }

    @Override
    public void scaleGradient(double factor) {
        double[] g = gradient.values();
        for (int i = 0; i < g.length; i++) {
            g[i] *= factor;
        }
    }

    @Override
    public void update(double learningRate) {
        optimizer.update(weights, gradient, moments, learningRate);
    }

    @Override
    public Parameters weights() {
        return exported(weights);
    }

    @Override
    public Parameters gradient() {
        return exported(gradient);
    }

    @Override
    public Moments moments() {
        return copied(moments, this::exported);
    }

    @Override
    public void restore(Moments earlier) {
        moments = copied(earlier, this::imported);
    }

    private static Moments copied(Moments moments, UnaryOperator<Parameters> order) {
        return moments.first().isEmpty()
                ? Moments.of(moments.updates())
                : Moments.of(
                        moments.updates(),
                        order.apply(moments.first().get()),
                        order.apply(moments.second().orElseThrow()));
    }

    private Parameters imported(Parameters canonical) {
        if (order == Order.CANONICAL) {
            return canonical.copy();
        }
        Parameters packed = canonical.zeros();
        layout.pack(canonical.values(), packed.values());
        return packed;
    }

    private Parameters exported(Parameters own) {
        if (order == Order.CANONICAL) {
            return own.copy();
        }
        Parameters canonical = own.zeros();
        layout.unpack(own.values(), canonical.values());
        return canonical;
    }
}
