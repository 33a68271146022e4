package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps the Javadoc of the library true, as {@link DocumentationTest} does for the documents: every {@code <pre>{@code …}</pre>}
 * in a package-info or a file whose type is public is compiled and run, and must do what its comments promise (see {@link Promise}).
 * A {@code <pre>} without {@code @code} is a formula or an output.
 */
class JavadocExamplesTest {
    private static final Path REPOSITORY = Path.of(".."); // tests run in the folder of their module
    private static final List<String> MODULES = List.of("bigram", "autograd", "optim", "mlp", "transformer");
    private static final Pattern PUBLIC_TYPE = Pattern.compile("^(public|package .*;\\s*\\z)", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> examples_do_what_their_comments_say() throws IOException {
        List<JavadocExample> examples = new ArrayList<>();
        for (String module : MODULES) {
            List<JavadocExample> ofModule = examples(REPOSITORY.resolve("microgpt-" + module + "/src/main/java"));
            assertThat(ofModule).as("examples of " + module).isNotEmpty();
            examples.addAll(ofModule);
        }

        JavadocExample.compile(examples, folder);

        return examples.stream()
                .map(example -> dynamicTest(
                        REPOSITORY.relativize(example.place().file()) + ":"
                                + example.place().line(),
                        () -> example.check(folder)));
    }

    private static List<JavadocExample> examples(Path sources) throws IOException {
        List<JavadocExample> examples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                if (PUBLIC_TYPE.matcher(Files.readString(file)).find()) {
                    examples.addAll(JavadocExample.in(file));
                }
            }
        }
        return examples;
    }
}
