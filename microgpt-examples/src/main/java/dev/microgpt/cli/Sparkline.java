package dev.microgpt.cli;

/** A curve of means in one line of text, such as ▇▆▄▃▂▂▁. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final double[] sums;
    private final int[] counts;

    /**
     * An empty curve.
     *
     * @param width number of characters when it is complete
     */
    Sparkline(int width) {
        this.sums = new double[width];
        this.counts = new int[width];
    }

    /**
     * Adds a value.
     *
     * @param progress where, in (0, 1]
     */
    void add(double progress, double value) {
        int bar = (int) Math.ceil(progress * sums.length) - 1;
        sums[bar] += value;
        counts[bar]++;
    }

    @Override
    public String toString() {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < sums.length; i++) {
            if (counts[i] > 0) {
                least = Math.min(least, sums[i] / counts[i]);
                most = Math.max(most, sums[i] / counts[i]);
            }
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < sums.length; i++) {
            if (counts[i] > 0) {
                double height = most > least ? (sums[i] / counts[i] - least) / (most - least) : 0;
                line.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
            }
        }
        return line.toString();
    }
}
