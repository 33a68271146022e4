package dev.microgpt;

import dev.microgpt.transformer.Preset;
import java.util.OptionalInt;

/**
 * What holds where {@link GenerationOptions} leave it open.
 *
 * @param temperature that of the model
 * @param minLength the fewest characters of a string
 * @param maxLength characters at which a string ends; blockSize may end it earlier
 * @param wholeAtMaxLength whether a string that ends there is whole; else it is cut, and never handed out
 */
record Unset(double temperature, int minLength, int maxLength, boolean wholeAtMaxLength) {
    /** As the original programs sample: empty strings, too, and strings that end where blockSize ends them. */
    static final Unset ORIGINAL = new Unset(Preset.STAGE5.sampler().temperature(), 0, Integer.MAX_VALUE, true);

    private static final long TIMES_THE_LONGEST = 4;
    private static final long LEAST_MAX_LENGTH = 64;

    /** Of a list of one's own: what the model has learned, as it is; less makes strings that are too short, and more alike. */
    static final double AS_LEARNED = 1;

    /**
     * Whole strings that are not empty.
     *
     * @param temperature that of the model
     * @param longest characters of the longest string that the model was trained on, if known
     */
    static Unset whole(double temperature, OptionalInt longest) {
        long maxLength = longest.isPresent()
                ? Math.max(LEAST_MAX_LENGTH, TIMES_THE_LONGEST * longest.getAsInt())
                : Integer.MAX_VALUE;
        return new Unset(temperature, 1, (int) Math.min(Integer.MAX_VALUE, maxLength), false);
    }
}
