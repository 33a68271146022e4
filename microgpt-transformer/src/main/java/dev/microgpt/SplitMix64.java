package dev.microgpt;

import java.util.random.RandomGenerator;

/**
 * A random generator of one number of state: cheap enough for one to each string. Its numbers are fixed here and not by the
 * JDK, because strings and {@linkplain Fingerprint fingerprints} depend on them.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood 2014</a>
 */
final class SplitMix64 implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L; // 2⁶⁴ divided by the golden ratio, made odd

    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    /** One of many generators made from a seed: its own seed is what the generator of that seed draws as number index. */
    static SplitMix64 of(long seed, long index) {
        return new SplitMix64(new SplitMix64(seed + index * GOLDEN_GAMMA).nextLong());
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** A number in [0, 1), a multiple of 2⁻⁵³. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }
}
