package org.teavm.classlib.java.security;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * SHA-256, the only {@link java.security.MessageDigest} that the library uses.
 *
 * @see <a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4</a>
 */
public final class TMessageDigest {
    private static final int BLOCK = 64; // bytes

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    public static TMessageDigest getInstance(String algorithm) {
        return new TMessageDigest();
    }

    public void update(byte input) {
        message.write(input);
    }

    public void update(byte[] input) {
        message.write(input, 0, input.length);
    }

    public void update(byte[] input, int offset, int length) {
        message.write(input, offset, length);
    }

    public void update(ByteBuffer input) {
        byte[] bytes = new byte[input.remaining()];
        input.get(bytes);
        update(bytes);
    }

    public byte[] digest(byte[] input) {
        update(input);
        return digest();
    }

    public byte[] digest() {
        byte[] bytes = message.toByteArray();
        message.reset();
        ByteBuffer padded = ByteBuffer.allocate((bytes.length + 9 + BLOCK - 1) / BLOCK * BLOCK);
        padded.put(bytes)
                .put((byte) 0x80)
                .putLong(padded.capacity() - Long.BYTES, 8L * bytes.length)
                .rewind();
        int[] hash = fractions(8, 2);
        int[] k = fractions(BLOCK, 3);
        while (padded.hasRemaining()) {
            compress(hash, k, padded);
        }
        ByteBuffer digest = ByteBuffer.allocate(4 * hash.length);
        for (int word : hash) {
            digest.putInt(word);
        }
        return digest.array();
    }

    private static void compress(int[] hash, int[] k, ByteBuffer message) {
        int[] w = new int[BLOCK];
        int[] s = hash.clone(); // a, b, …, h
        for (int t = 0; t < BLOCK; t++) {
            w[t] = t < 16
                    ? message.getInt()
                    : w[t - 16] + sigma(w[t - 15], 7, 18, 3) + w[t - 7] + sigma(w[t - 2], 17, 19, 10);
            int t1 = s[7] + sum(s[4], 6, 11, 25) + (s[4] & s[5] ^ ~s[4] & s[6]) + k[t] + w[t];
            int t2 = sum(s[0], 2, 13, 22) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]);
            System.arraycopy(s, 0, s, 1, 7);
            s[4] += t1;
            s[0] = t1 + t2;
        }
        for (int i = 0; i < hash.length; i++) {
            hash[i] += s[i];
        }
    }

    private static int sum(int x, int a, int b, int c) {
        return Integer.rotateRight(x, a) ^ Integer.rotateRight(x, b) ^ Integer.rotateRight(x, c);
    }

    private static int sigma(int x, int a, int b, int shift) {
        return Integer.rotateRight(x, a) ^ Integer.rotateRight(x, b) ^ x >>> shift;
    }

    /** The first 32 bits of the fractional parts of the square or cube roots of the first primes. */
    private static int[] fractions(int count, int root) {
        int[] fractions = new int[count];
        int found = 0;
        for (int n = 2; found < count; n++) {
            boolean prime = true;
            for (int d = 2; d * d <= n; d++) {
                prime &= n % d != 0;
            }
            if (prime) {
                double x = root == 2 ? Math.sqrt(n) : Math.cbrt(n);
                fractions[found++] = (int) (long) ((x - Math.floor(x)) * 0x1p32);
            }
        }
        return fractions;
    }
}
