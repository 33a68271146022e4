package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.fail;

import dev.microgpt.cli.MarkdownFile.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** What a reader can do with a fenced block: run it as a program, type it into JShell, give it to the command line. */
record Snippet(Block block) {
    private static final List<String> JSHELL_STARTUP = List.of("import java.util.*;", "import java.util.stream.*;");

    /** Does what {@link Main#main} does with the arguments in the block's marker, except for ending the JVM at an error. */
    void runCommand() {
        String arguments = block.argument();
        try {
            Main.run(arguments.isEmpty() ? new String[0] : arguments.split(" +"));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            System.out.println("error: " + e.getMessage());
        }
    }

    /** Compiles the block as the body of a main method into a folder, and runs it. */
    void runProgram(Path folder) {
        compile(folder);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Program").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (ReflectiveOperationException | IOException e) {
            throw new AssertionError(block.place() + ": the program fails", e);
        }
    }

    private void compile(Path folder) {
        String imports = lines(true).collect(Collectors.joining());
        String body = lines(false).collect(Collectors.joining("\n"));
        String text = Source.IMPORTS + imports
                + "public class Program { public static void main(String... args) throws Exception {\n" + body + "\n}}";
        Source.compile(
                List.of(new Source(
                        "Program", block.place().file(), block.place().line() - 1, text)),
                folder);
    }

    private Stream<String> lines(boolean imports) {
        return block.lines().stream().map(line -> line.startsWith("import ") == imports ? line : "");
    }

    /** Types the block into JShell, line by line. */
    void typeIntoJShell() {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            JSHELL_STARTUP.forEach(shell::eval);
            String typed = "";
            for (String line : block.lines()) {
                CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(typed + line);
                while (info.completeness().isComplete()) {
                    shell.eval(info.source()).forEach(event -> check(shell, event));
                    info = shell.sourceCodeAnalysis().analyzeCompletion(info.remaining());
                }
                typed = info.remaining().isBlank() ? "" : info.remaining() + "\n";
            }
            if (!typed.isEmpty()) {
                fail("%s: JShell waits for the end of%n%s", block.place(), typed);
            }
        }
    }

    private void check(JShell shell, SnippetEvent event) {
        String input = event.snippet().source();
        shell.diagnostics(event.snippet()).filter(problem -> problem.isError()).forEach(problem -> {
            fail("%s: JShell rejects%n%s%n%s", block.place(), input, problem.getMessage(Locale.ROOT));
        });
        if (event.exception() != null) {
            throw new AssertionError(block.place() + ": JShell fails at\n" + input, event.exception());
        }
    }
}
