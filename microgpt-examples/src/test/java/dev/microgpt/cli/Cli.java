package dev.microgpt.cli;

import dev.microgpt.examples.Run;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command did in this JVM. */
record Cli(int exitCode, List<String> out, List<String> err) {
    static Cli run(String... args) {
        PrintStream console = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int[] exitCode = new int[1];
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            List<String> out = Run.lines(() -> exitCode[0] = Main.run(args));
            return new Cli(
                    exitCode[0],
                    out,
                    err.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setErr(console);
        }
    }

    static Cli runWith(String standardInput, String... args) {
        InputStream console = System.in;
        System.setIn(new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(args);
        } finally {
            System.setIn(console);
        }
    }

    /** What stands after {@code sample 12: } in each line that has it. */
    List<String> samples() {
        return out.stream()
                .filter(line -> line.matches("sample [ 0-9]\\d: .*"))
                .map(line -> line.substring(11))
                .toList();
    }
}
