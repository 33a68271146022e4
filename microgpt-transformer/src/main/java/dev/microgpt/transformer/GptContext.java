package dev.microgpt.transformer;

import dev.microgpt.text.Context;
import dev.microgpt.transformer.array.Reader;

/**
 * A {@link Gpt} reading one document, and after {@link #restart()} the next one: whoever reads many, one after the other,
 * needs only one context, and it keeps what it works with in the cache of the processor.
 *
 * <pre>{@code
 * Gpt model = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(42));
 * GptContext context = model.newContext(Precision.FLOAT);
 * context.next(26); // logits, [27]
 * context.restart();
 * context.next(26); // the same once more
 * }</pre>
 *
 * <p>Belongs to one thread. Allocates nothing after construction, unless the keys and values of blockSize positions are more
 * than 4 MB: then room for them grows with the document. See {@link BatchContext} for many documents at once.
 *
 * @since 0.1
 */
public final class GptContext implements Context {
    private final GptConfig config;
    private final Reader pass;
    private final double[] logits; // [vocabSize]
    private int position; // tokens read

    GptContext(GptConfig config, Reader pass) {
        this.config = config;
        this.pass = pass;
        logits = new double[config.vocabSize()];
    }

    @Override
    public double[] next(int tokenId) {
        config.requireToken(tokenId);
        if (position == config.blockSize()) {
            throw new IllegalStateException(
                    "the context is full: blockSize " + config.blockSize() + " positions have been fed");
        }
        pass.read(tokenId, position++, logits);
        return logits;
    }

    /** Begins a new document: as if nothing had been read yet. */
    public void restart() {
        position = 0;
        pass.forget();
    }
}
