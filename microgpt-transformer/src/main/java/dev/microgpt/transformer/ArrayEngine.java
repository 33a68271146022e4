package dev.microgpt.transformer;

import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;

/** Gradients derived by hand on plain arrays: {@link DoubleGpt} is the derivation. Allocates nothing while it trains. */
final class ArrayEngine extends Engine {
    private static final int ROWS = 128; // positions that a batch puts through the model at once

    private final GptLayout layout;
    private final DoubleGpt gpt;

    ArrayEngine(Gpt start, Optimizer optimizer) {
        super(start, optimizer);
        this.layout = new GptLayout(config);
        this.gpt = new DoubleGpt(config, new DoubleKernels(), ROWS);
        layout.pack(start.parameters().values(), parameters.values());
    }

    @Override
    public Kind kind() {
        return Kind.ARRAY;
    }

    @Override
    double computeLossAndGradient(int[][] documents) {
        return gpt.gradient(
                parameters.values(), documents, 0, documents.length, 1.0 / documents.length, gradient.values());
    }

    @Override
    Parameters exported(Parameters packed) {
        Parameters canonical = packed.zeros();
        layout.unpack(packed.values(), canonical.values());
        return canonical;
    }
}
