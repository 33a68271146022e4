package dev.microgpt.benchmarks;

import dev.microgpt.cli.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does somebody wait for who runs the program once? Most of a short run is starting the JVM, interpreting and
 * compiling.
 *
 * <p>Whole processes: {@code train} is the program without arguments, which trains stage 5 and invents 20 names;
 * {@code trainWithArchive} is the same, with the classes read from an archive that an earlier run has left
 * (-XX:ArchiveClassesAtExit, -XX:SharedArchiveFile); the reference, {@code nothing}, is {@code java -version}: the JVM
 * by itself.
 *
 * <p>Run with: {@code java -jar benchmarks/target/benchmarks.jar Startup}
 *
 * <p>You should see milliseconds, {@code train} several times as long as {@code nothing}, less with the archive, and less with
 * the flags, which spare a short run what only a long one profits from.
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

    private Path folder;
    private String classPath; // jars
    private Path archive;

    /**
     * Leaves an archive of classes.
     *
     * @throws IOException if there is no JVM
     * @throws InterruptedException if nobody waits for it any more
     */
    @Setup
    public void prepare() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("startup");
        classPath = inJars(System.getProperty("java.class.path"));
        archive = folder.resolve("classes.jsa");
        run("-XX:ArchiveClassesAtExit=" + archive);
        if (!Files.exists(archive)) {
            throw new IllegalStateException("the JVM has left no archive of classes");
        }
    }

    /** An archive of classes demands jars where a test has folders. */
    private String inJars(String path) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            if (!Files.isDirectory(Path.of(entry))) {
                jars.add(entry);
                continue;
            }
            Path jar = folder.resolve(jars.size() + ".jar");
            ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", entry, ".");
            jars.add(jar.toString());
        }
        return String.join(File.pathSeparator, jars);
    }

    /**
     * Removes it.
     *
     * @throws IOException if it cannot
     */
    @TearDown
    public void remove() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

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
     * Trains and invents with classes from the archive.
     *
     * @return the exit code
     * @throws IOException if there is no JVM
     * @throws InterruptedException if nobody waits for it any more
     */
    @Benchmark
    public int trainWithArchive() throws IOException, InterruptedException {
        return run("-XX:SharedArchiveFile=" + archive);
    }

    /**
     * The reference: starts the JVM, which prints its version and ends.
     *
     * @return the exit code
     * @throws IOException if there is no JVM
     * @throws InterruptedException if nobody waits for it any more
     */
    @Benchmark
    public int nothing() throws IOException, InterruptedException {
        return run("-version");
    }

    private int run(String... moreFlags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        if (!flags.isEmpty()) {
            command.addAll(List.of(flags.split(" ")));
        }
        command.addAll(List.of(moreFlags));
        command.addAll(List.of("-cp", classPath, Main.class.getName()));
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
