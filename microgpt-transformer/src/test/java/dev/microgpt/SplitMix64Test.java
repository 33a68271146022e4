package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void draws_the_published_numbers() {
        SplitMix64 random = new SplitMix64(1234567);

        assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
        assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    }

    @Test
    void draws_what_the_generator_of_the_jdk_draws() {
        for (long seed : new long[] {0, 42, -1, Long.MIN_VALUE}) {
            SplitMix64 random = new SplitMix64(seed);
            SplittableRandom jdk = new SplittableRandom(seed);

            for (int i = 0; i < 100; i++) {
                assertThat(random.nextLong()).isEqualTo(jdk.nextLong());
                assertThat(random.nextDouble()).isEqualTo((jdk.nextLong() >>> 11) * 0x1p-53);
            }
        }
    }

    @Test
    void seeds_one_of_many_with_the_number_of_that_index() {
        SplitMix64 seeds = new SplitMix64(42);

        for (long index = 0; index < 100; index++) {
            SplitMix64 expected = new SplitMix64(seeds.nextLong());
            SplitMix64 random = SplitMix64.of(42, index);

            assertThat(random.nextLong()).isEqualTo(expected.nextLong());
            assertThat(random.nextLong()).isEqualTo(expected.nextLong());
        }
    }
}
