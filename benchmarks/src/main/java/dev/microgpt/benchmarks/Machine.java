package dev.microgpt.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the numbers were measured on. */
final class Machine {
    /** Properties that {@link AllBenchmarks} gives to its JVMs, and so to the results. */
    static final String CPU = "benchmarks.cpu";

    static final String DATE = "benchmarks.date";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo"); // on Linux

    private Machine() {}

    /** Name of the processor and how many of it there are; what Java knows of it where there is no better source. */
    static String cpu() {
        int count = Runtime.getRuntime().availableProcessors();
        return name() + ", " + count + (count == 1 ? " core" : " cores");
    }

    private static String name() {
        String fallback = System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return fallback;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(fallback);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
