package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.microgpt.cli.MarkdownFile.Place;
import dev.microgpt.examples.Run;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * An example in Javadoc: statements that compile with all packages of the library imported, and do what the comments after
 * them promise. A file {@code Path.of("name")} lies in the folder of the test.
 */
final class JavadocExample {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code(.*?)\\}</pre>", Pattern.DOTALL);

    private final Place place;
    private final String className;
    private final Source program;
    private final Map<Integer, Promise> promises = new TreeMap<>(); // by the line on which the statement ends

    private JavadocExample(Place place, String code) throws IOException {
        this.place = place;
        Path file = place.file();
        String type = file.getFileName().toString();
        className = (file.getParent().getFileName() + "_" + type + "_" + place.line()).replaceAll("\\W", "_");
        String text = Source.IMPORTS + "import java.nio.file.*; import java.util.*; public class " + className
                + " { public static void run(Path folder, Map<Integer, Object> results) throws Exception {"
                + code.replace("Path.of(", "folder.resolve(") + "\n}}";
        program = new Source(className, file, place.line(), new Recorder(text).recordResults());
    }

    /** All examples of a file. */
    static List<JavadocExample> in(Path file) throws IOException {
        List<JavadocExample> examples = new ArrayList<>();
        String text = Files.readString(file);
        for (MatchResult example : EXAMPLE.matcher(text).results().toList()) {
            int line = (int) text.substring(0, example.start()).lines().count();
            String code = example.group(1).replaceAll("(?m)^ *\\* ?", "");
            examples.add(new JavadocExample(new Place(file, line), code));
        }
        return examples;
    }

    static void compile(List<JavadocExample> examples, Path folder) {
        Source.compile(examples.stream().map(example -> example.program).toList(), folder);
    }

    Place place() {
        return place;
    }

    /** Runs the example, which has been compiled into a folder. Fails if a promise is broken or anything else is thrown. */
    void check(Path folder) {
        Map<Integer, Object> results = new HashMap<>();
        Run.lines(() -> run(folder, results));
        promises.forEach((line, promise) -> {
            String statement = place.file() + ":" + line;
            assertThat(results).as("%s is reached", statement).containsKey(line);
            assertThat(Promise.outcome(results.get(line))).as(statement).isEqualTo(promise.outcome());
        });
    }

    private void run(Path folder, Map<Integer, Object> results) {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass(className).getMethod("run", Path.class, Map.class).invoke(null, folder, results);
        } catch (ReflectiveOperationException | IOException e) {
            throw new AssertionError(place + ": the example fails", e);
        }
    }

    /** Collects the promises, and lets the statements in front of them put what happens into {@code results}. */
    private final class Recorder extends TreeScanner<Void, Void> {
        private final String text;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final NavigableMap<Integer, String> insertions = new TreeMap<>(); // by their place in the text

        Recorder(String text) throws IOException {
            this.text = text;
            JavacTask parser = (JavacTask) ToolProvider.getSystemJavaCompiler()
                    .getTask(
                            null, null, error -> {}, null, null, List.of(new Source(className, place.file(), 1, text)));
            unit = parser.parse().iterator().next();
            positions = Trees.instance(parser).getSourcePositions();
        }

        String recordResults() {
            scan(unit, null);
            StringBuilder recording = new StringBuilder(text);
            insertions.descendingMap().forEach(recording::insert);
            return recording.toString();
        }

        @Override
        public Void visitExpressionStatement(ExpressionStatementTree statement, Void none) {
            int start = (int) positions.getStartPosition(unit, statement);
            int end = (int) positions.getEndPosition(unit, statement);
            Promise.after(text, end).ifPresent(promise -> {
                String put = "results.put(" + note(promise, end) + ", ";
                if (promise.isException()) {
                    insertions.put(start, "try { ");
                    insertions.put(end, put + "\"no exception\"); } catch (Throwable thrown) { " + put + "thrown); }");
                } else {
                    insertions.put(start, put);
                    insertions.put(end - 1, ")");
                }
            });
            return super.visitExpressionStatement(statement, none);
        }

        @Override
        public Void visitVariable(VariableTree variable, Void none) {
            int end = (int) positions.getEndPosition(unit, variable);
            Promise.after(text, end)
                    .ifPresent(promise -> insertions.put(
                            end, " results.put(" + note(promise, end) + ", " + variable.getName() + ");"));
            return super.visitVariable(variable, none);
        }

        private int note(Promise promise, int end) {
            int line = place.line() + (int) unit.getLineMap().getLineNumber(end) - 1;
            promises.put(line, promise);
            return line;
        }
    }
}
