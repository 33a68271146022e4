package dev.microgpt.transformer.array;

/** Reads many documents side by side, one in each sequence: what a {@link BatchContext} stands on. Checks nothing. */
public interface BatchReader {
    /** In place of a token that was not drawn. */
    int UNDECIDED = -1;

    /**
     * Reads a token in each of the first sequences.
     *
     * @param tokenIds the tokens
     * @param position how many tokens each sequence has read of its document before
     */
    void read(int[] tokenIds, int[] position);

    /** The logits after what was read last, [sequences][vocabSize]. */
    void logits(double[][] to);

    /**
     * Draws what follows: the first token whose running sum of softmax(logits / temperature) exceeds a number in [0, 1), or
     * {@link #UNDECIDED} where it cannot be told for certain, since sums are rounded.
     *
     * @param temperature above 0
     * @param uniform the numbers, [sequences]
     * @param tokenIds where the tokens go, [sequences]
     */
    void draw(double temperature, double[] uniform, int[] tokenIds);
}
