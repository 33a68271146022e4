package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.fail;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A class made of lines of a document. Every line keeps its number, for messages of the compiler and for stack traces. */
final class Source extends SimpleJavaFileObject {
    static final String IMPORTS = Stream.of(
                    "",
                    "evaluation.",
                    "text.",
                    "bigram.",
                    "autograd.",
                    "mlp.",
                    "optim.",
                    "transformer.",
                    "safetensors.")
            .map(name -> "import dev.microgpt." + name + "*; ")
            .collect(Collectors.joining());

    private final Path document;
    private final String text;

    /** A public class whose text begins at a line of the document, counted from 1. */
    Source(String className, Path document, int line, String text) {
        super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
        this.document = document;
        this.text = "\n".repeat(line - 1) + text;
    }

    @Override
    public String getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }

    /** Compiles classes into a folder, or fails with the places in their documents. */
    static void compile(List<Source> sources, Path folder) {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-d", folder.toString(), "-proc:none");
        if (!ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, options, null, sources)
                .call()) {
            fail(problems.getDiagnostics().stream()
                    .map(p -> (p.getSource() instanceof Source source ? source.document : "") + ":" + p.getLineNumber()
                            + ": " + p.getMessage(Locale.ROOT))
                    .collect(Collectors.joining("\n")));
        }
    }
}
