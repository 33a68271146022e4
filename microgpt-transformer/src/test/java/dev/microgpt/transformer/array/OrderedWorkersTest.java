package dev.microgpt.transformer.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OrderedWorkersTest {
    /** Notes the order in which shards are added; fails where it is told to. */
    private static class Notes implements OrderedWorkers.Work {
        final List<Integer> order = new ArrayList<>(); // no lock: the workers promise that only one adds at a time
        final ConcurrentHashMap<Integer, Integer> computedBy = new ConcurrentHashMap<>();

        @Override
        public void compute(int shard, int thread) {
            computedBy.merge(shard, thread, (a, b) -> {
                throw new AssertionError("shard computed twice");
            });
        }

        @Override
        public void add(int shard, int thread) {
            assertThat(computedBy.get(shard)).isEqualTo(thread);
            order.add(shard);
        }
    }

    @RepeatedTest(3)
    void every_shard_is_computed_once_and_added_in_order() {
        Notes notes = new Notes();
        OrderedWorkers workers = new OrderedWorkers(3);

        for (int batch = 0; batch < 2_000; batch++) {
            notes.order.clear();
            notes.computedBy.clear();
            workers.run(1 + batch % 9, notes);

            assertThat(notes.order)
                    .isEqualTo(IntStream.range(0, 1 + batch % 9).boxed().toList());
        }
    }

    @Test
    void two_shards_are_computed_at_the_same_time() {
        CountDownLatch both = new CountDownLatch(2);
        Notes notes = new Notes() {
            @Override
            public void compute(int shard, int thread) {
                super.compute(shard, thread);
                both.countDown();
                try {
                    assertThat(both.await(5, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };

        new OrderedWorkers(2).run(2, notes);

        assertThat(both.getCount()).isZero();
    }

    @RepeatedTest(20)
    void a_shard_that_fails_is_told_to_the_caller() {
        Notes notes = new Notes() {
            @Override
            public void compute(int shard, int thread) {
                super.compute(shard, thread);
                if (shard == 2) {
                    throw new IllegalArgumentException("shard 2");
                }
            }
        };
        OrderedWorkers workers = new OrderedWorkers(2);

        assertThatIllegalStateException()
                .isThrownBy(() -> workers.run(6, notes))
                .withMessage("a part of the batch could not be computed: java.lang.IllegalArgumentException: shard 2")
                .withCauseInstanceOf(IllegalArgumentException.class);
        assertThat(notes.order).doesNotContain(2, 3, 4, 5);
    }
}
