package dev.microgpt.autograd;

/**
 * How a {@link Tape} stores a row in two longs, four ints: operands a and b, then operand c and the operation. There for
 * speed: a backward pass reads the rows of a step from memory, and two loads are fewer than four.
 */
final class TapeRow {
    static final int LONGS = 2;

    /** The largest stride of a dot product: it takes 12 of the operation's 32 bits. */
    static final int MAX_STRIDE = 0xfff;

    private TapeRow() {}

    static void write(long[] rows, int handle, int operation, int a, int b, int c) {
        rows[LONGS * handle] = pair(a, b);
        rows[LONGS * handle + 1] = pair(c, operation);
    }

    private static long pair(int first, int second) {
        return (long) second << 32 | first; // first is a handle or a length, never negative
    }

    /** a of the first long, c of the second. */
    static int first(long pair) {
        return (int) pair;
    }

    /** b of the first long, the operation of the second. */
    static int second(long pair) {
        return (int) (pair >>> 32);
    }

    static int withStrides(int operation, int aStride, int bStride) {
        return operation | aStride << 8 | bStride << 20;
    }

    static int withoutStrides(int operation) {
        return operation & 0xff;
    }

    static boolean bothStridesAreOne(int operation) {
        return operation >>> 8 == (1 | 1 << 12);
    }

    static int aStride(int operation) {
        return operation >>> 8 & MAX_STRIDE;
    }

    static int bStride(int operation) {
        return operation >>> 20;
    }
}
