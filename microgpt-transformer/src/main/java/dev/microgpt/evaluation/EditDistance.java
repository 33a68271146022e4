package dev.microgpt.evaluation;

/** How many characters must be inserted, deleted or replaced to make one text from another (Levenshtein). */
final class EditDistance {
    private EditDistance() {}

    /**
     * The distance, as far as it matters.
     *
     * @param a code points
     * @param b code points
     * @param limit where to give up, ≥ 0
     * @return the distance if it is at most {@code limit}, else {@code limit + 1}
     */
    static int between(int[] a, int[] b, int limit) {
        if (Math.abs(a.length - b.length) > limit) {
            return limit + 1;
        }
        int[] row = new int[b.length + 1]; // row[j]: distance of a's first i characters from b's first j
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            int least = row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
                least = Math.min(least, row[j]);
            }
            if (least > limit) { // no later row has less
                return limit + 1;
            }
        }
        return Math.min(row[b.length], limit + 1);
    }
}
