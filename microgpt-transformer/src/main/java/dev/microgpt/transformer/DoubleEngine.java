package dev.microgpt.transformer;

import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.array.DoubleGpt;
import dev.microgpt.transformer.array.DoubleShards;
import dev.microgpt.transformer.array.Layout;
import dev.microgpt.transformer.kernels.DoubleKernels;
import java.util.function.Supplier;

/**
 * Gradients derived by hand, in double precision: {@link DoubleGpt} is the derivation, its kernels are plain loops or
 * SIMD. Weights, gradient and moments lie in the order of {@link Layout}. Allocates nothing while it trains on
 * plain loops in one thread, after the first batch.
 */
final class DoubleEngine extends Engine {
    private final Kind kind;
    private final Layout layout;
    private final Supplier<DoubleGpt> newGpt;
    private DoubleShards batch;

    DoubleEngine(Kind kind, Supplier<DoubleKernels> newKernels, Gpt start, Optimizer optimizer) {
        super(start, optimizer);
        this.kind = kind;
        this.layout = new Layout(config);
        this.newGpt = () -> new DoubleGpt(config, newKernels.get(), ROWS);
        this.batch = new DoubleShards(1, newGpt);
        layout.pack(start.parameters().values(), parameters.values());
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public void useThreads(int threads) {
        super.useThreads(threads);
        batch = new DoubleShards(threads, newGpt);
    }

    @Override
    double computeLossAndGradient(int[][] documents) {
        return batch.gradient(parameters.values(), documents, gradient.values());
    }

    @Override
    Parameters imported(Parameters canonical) {
        Parameters packed = canonical.zeros();
        layout.pack(canonical.values(), packed.values());
        return packed;
    }

    @Override
    Parameters exported(Parameters packed) {
        Parameters canonical = packed.zeros();
        layout.unpack(packed.values(), canonical.values());
        return canonical;
    }
}
