package dev.microgpt.transformer;

import dev.microgpt.autograd.Functions;
import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.optim.Optimizer;

/** The object graph: builds the loss of each document from {@link Value}s and runs it backwards. */
final class ValueEngine extends Engine {
    private final Leaves leaves;
    private final ValueGpt gpt;

    ValueEngine(Gpt start, Optimizer optimizer) {
        super(start, optimizer);
        this.leaves = new Leaves(parameters.values());
        this.gpt = new ValueGpt(config, parameters.tensors(), leaves);
    }

    @Override
    public Kind kind() {
        return Kind.VALUE;
    }

    @Override
    double computeLossAndGradient(int[][] documents) {
        leaves.load(parameters.values());
        double sum = 0;
        for (int[] tokens : documents) {
            Value loss = lossGraph(tokens);
            sum += loss.data();
            // the gradient of a mean: each document contributes its share to the leaves
            (documents.length == 1 ? loss : loss.div(documents.length)).backward();
        }
        leaves.gradient(gradient.values());
        return sum / documents.length;
    }

    private Value lossGraph(int[] tokens) {
        ValueGpt.Pass pass = gpt.newPass();
        Value[] losses = new Value[config.positions(tokens)];
        for (int t = 0; t < losses.length; t++) {
            losses[t] = Functions.crossEntropy(pass.next(tokens[t]), tokens[t + 1]);
        }
        return Functions.mean(losses);
    }
}
