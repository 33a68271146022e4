package dev.microgpt.benchmarks;

import dev.microgpt.cli.Main;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does somebody wait for who runs the program once? Most of a short run is starting the JVM, interpreting and
 * compiling.
 *
 * <p>Whole processes: {@code train} is the program without arguments, which trains stage 5 and invents 20 names; the
 * reference, {@code nothing}, is its usage message, hence the JVM and a few classes.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Startup}
 *
 * <p>You should see milliseconds, {@code train} several times as long as {@code nothing}, and less with the flags, which
 * spare a short run what only a long one profits from.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 15)
@Fork(1)
@State(Scope.Thread)
public class StartupBenchmark {
    /** Flags of the JVM, separated by blanks. */
    @Param({"", "-XX:+UseSerialGC", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"})
    public String flags;

    /**
     * Trains and invents.
     *
     * @return the exit code
     * @throws IOException if there is no JVM
     * @throws InterruptedException if nobody waits for it any more
     */
    @Benchmark
    public int train() throws IOException, InterruptedException {
        return run();
    }

    /**
     * The reference: starts, prints how it is used and ends.
     *
     * @return the exit code
     * @throws IOException if there is no JVM
     * @throws InterruptedException if nobody waits for it any more
     */
    @Benchmark
    public int nothing() throws IOException, InterruptedException {
        return run("--help");
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        if (!flags.isEmpty()) {
            command.addAll(List.of(flags.split(" ")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        int code = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException(command + " ended with exit code " + code);
        }
        return code;
    }
}
