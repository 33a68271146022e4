package dev.microgpt.transformer;

import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;

/**
 * Gradients derived by hand, in double precision: {@link DoubleGpt} is the derivation, its kernels are plain loops or
 * SIMD. Weights, gradient and moments lie in the order of {@link GptLayout}. Allocates nothing while it trains on
 * plain loops, after the first batch.
 */
final class DoubleEngine extends Engine {
    private final Kind kind;
    private final GptLayout layout;
    private final DoubleGpt gpt;

    DoubleEngine(Kind kind, DoubleKernels kernels, Gpt start, Optimizer optimizer) {
        super(start, optimizer);
        this.kind = kind;
        this.layout = new GptLayout(config);
        this.gpt = new DoubleGpt(config, kernels, ROWS);
        layout.pack(start.parameters().values(), parameters.values());
    }

    @Override
    public Kind kind() {
        return kind;
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
