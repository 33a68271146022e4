package dev.microgpt.transformer.kernels;

/**
 * The hidden units of a feed-forward part, for each position: what its forward pass leaves to its backward pass. A unit is
 * <em>active</em> where its sum z is above 0, or NaN, which must not get lost. Plain loops list the active units and leave
 * out the others, whose h has no meaning there; on SIMD all take part, those that are off as 0, and nothing is listed.
 */
public final class DoubleHidden {
    final boolean squared;
    final double[] z; // sums, [rows][units]
    final double[] h; // max(0, z), or its square, [rows][units]
    final int[] active; // the active units of each row, [rows][units], or empty
    final int[] activeCount; // how many these are, [rows], or empty

    DoubleHidden(boolean squared, double[] z, double[] h, int[] active, int[] activeCount) {
        this.squared = squared;
        this.z = z;
        this.h = h;
        this.active = active;
        this.activeCount = activeCount;
    }

    /** Units that are not listed. Without the square, h lies where z lies. */
    public static DoubleHidden unlisted(boolean squared, double[] z, double[] h) {
        return new DoubleHidden(squared, z, h, new int[0], new int[0]);
    }

    /** Whether h is the square of max(0, z). */
    public boolean squared() {
        return squared;
    }

    /** Where the sums go, [rows][units]. */
    public double[] z() {
        return z;
    }

    /** Where the units are, [rows][units]. */
    public double[] h() {
        return h;
    }
}
