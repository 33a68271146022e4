package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.Trainer.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void says_how_far_training_has_come() {
        Progress progress = new Progress(250, 1000, 2.5, OptionalDouble.of(2.61), 1, Duration.ofSeconds(83));
        Progress early = new Progress(1, 1_000_000, 3.2958, OptionalDouble.empty(), 1, Duration.ofSeconds(7384));

        assertThat(ProgressLine.text(progress, 2.4, 1234.5))
                .isEqualTo("step 250 / 1000 | loss 2.400 | held out 2.610 | 1,235 steps/s | 1:23 left ");
        assertThat(ProgressLine.text(early, 3.2958, 9))
                .isEqualTo("step 1 / 1000000 | loss 3.296 | 9 steps/s | 2:03:04 left ");
    }

    @Test
    void writes_one_line_over_and_over() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        long start = System.nanoTime();
        ProgressLine line = new ProgressLine(Optional.of(new PrintStream(terminal, true, StandardCharsets.UTF_8)));

        for (int step = 1; step <= 100; step++) {
            line.show(new Progress(step, 100, step <= 50 ? 3 : 2, OptionalDouble.empty(), 1, Duration.ZERO));
        }
        line.end();
        int pauses = (int) ((System.nanoTime() - start) / 100_000_000);

        String written = terminal.toString(StandardCharsets.UTF_8);
        assertThat(List.of(written.split("\r")))
                .hasSizeBetween(3, 3 + pauses) // nothing, the first, at most one for each pause, the last
                .last()
                .asString()
                .matches(
                        "(?s)\u001b\\[\\?7lstep 100 / 100 \\| loss 2\\.\\d+ .* left █+[▂-▇]?▁+\u001b\\[K\u001b\\[\\?7h\n");
    }

    @Test
    void is_silent_without_a_terminal() {
        ProgressLine line = new ProgressLine(Optional.empty());

        line.show(new Progress(1, 1, 3, OptionalDouble.empty(), 1, Duration.ZERO));
        line.end();

        assertThat(ProgressLine.terminal()).isEmpty(); // of this build
    }

    @Test
    void a_sparkline_shows_means_between_the_least_and_the_most() {
        Sparkline curve = new Sparkline(4);
        curve.add(0.125, 4);
        curve.add(0.25, 2);
        curve.add(0.5, 1);
        curve.add(1, 2);

        assertThat(curve).hasToString("█▁▅");
        assertThat(new Sparkline(3)).hasToString("");
    }
}
