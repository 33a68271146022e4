package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.microgpt.cli.MarkdownFile.Block;
import dev.microgpt.cli.MarkdownFile.Link;
import dev.microgpt.cli.MarkdownFile.Place;
import dev.microgpt.examples.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps the documents true: README.md and its neighbours, those of the modules, and
 * everything below docs. A fenced block is checked by its language
 * and by the marker on the line before it:
 *
 * <ul>
 *   <li>{@code <!-- from microgpt-bigram/src/main/java/dev/microgpt/bigram/Bigram.java -->} before {@code ```java}: an
 *       excerpt, whose lines stand in that file one after the other; only the indentation may differ
 *   <li>{@code ```java} without a marker: a program, the body of a main method, with all packages of the library imported; it
 *       may begin with imports of its own. It is compiled and run
 *   <li>{@code ```jshell}: lines to be typed into JShell, none of which may fail
 *   <li>{@code <!-- output -->} before {@code ```text}: what the program or the JShell session in the block before prints
 *   <li>{@code <!-- output of: stage 0 --trace emma -->} before {@code ```text}: what {@link Main} prints for these arguments
 * </ul>
 *
 * In excerpts and outputs a line … stands for any number of lines. In outputs a number x may differ by 1e-9·max(1, |x|). Other
 * blocks are not checked. Links to documents, their headings and other files must lead somewhere.
 */
class DocumentationTest {
    private static final Path REPOSITORY = Path.of(".."); // tests run in the folder of their module
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final double TOLERANCE = 1e-9;
    private static final Locale LOCALE = Locale.getDefault();

    @TempDir
    private Path folder;

    @BeforeAll
    static void print_numbers_with_a_point() {
        Locale.setDefault(Locale.ROOT);
    }

    @AfterAll
    static void print_numbers_as_before() {
        Locale.setDefault(LOCALE);
    }

    @TestFactory
    Stream<DynamicTest> code_does_what_the_document_says() throws IOException {
        return documents().flatMap(document -> tests(document.blocks()));
    }

    @TestFactory
    Stream<DynamicTest> links_lead_somewhere() throws IOException {
        return documents()
                .flatMap(document -> document.links().stream())
                .filter(link -> !link.target().matches("[a-z]+:.*"))
                .map(link -> test(link.place(), "link to " + link.target(), () -> follow(link)));
    }

    private static Stream<MarkdownFile> documents() throws IOException {
        List<MarkdownFile> documents = new ArrayList<>();
        try (Stream<Path> rootAndModules = Files.walk(REPOSITORY, 2);
                Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
            Stream<Path> files = Stream.concat(rootAndModules, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .distinct();
            for (Path path : files.sorted().toList()) {
                documents.add(MarkdownFile.read(path));
            }
        }
        return documents.stream();
    }

    private Stream<DynamicTest> tests(List<Block> blocks) {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Snippet snippet = new Snippet(block);
            Optional<Block> output = blocks.stream()
                    .skip(i + 1)
                    .limit(1)
                    .filter(next -> next.marker().equals("output"))
                    .findFirst();
            if (block.is("java", "from")) {
                tests.add(test(block.place(), "excerpt of " + block.argument(), () -> compareWithSource(block)));
            } else if (isProgram(block)) {
                tests.add(test(block.place(), "program", () -> compare(() -> snippet.runProgram(folder), output)));
            } else if (block.is("jshell", "")) {
                tests.add(test(block.place(), "JShell", () -> compare(snippet::typeIntoJShell, output)));
            } else if (block.is("text", "output of:")) {
                tests.add(
                        test(block.place(), block.argument(), () -> compare(snippet::runCommand, Optional.of(block))));
            } else if (!block.marker().isEmpty() && !isOutput(block, i == 0 ? block : blocks.get(i - 1))) {
                fail("%s: the marker \"%s\" does not fit its block", block.place(), block.marker());
            }
        }
        return tests.build();
    }

    private static boolean isProgram(Block block) {
        return block.language().equals("java") && block.marker().isEmpty();
    }

    private static boolean isOutput(Block block, Block before) {
        return block.is("text", "output") && (isProgram(before) || before.is("jshell", ""));
    }

    private static DynamicTest test(Place place, String what, Executable check) {
        return dynamicTest(REPOSITORY.relativize(place.file()) + ":" + place.line() + " " + what, check);
    }

    private static void compareWithSource(Block block) throws IOException {
        List<String> source = Files.readAllLines(REPOSITORY.resolve(block.argument()));
        new Original(block.argument(), source, (line, other) -> line.strip().equals(other.strip()), false)
                .compare(block);
    }

    private static void compare(Runnable program, Optional<Block> output) {
        List<String> printed = Run.lines(program);
        output.ifPresent(new Original("the output", printed, DocumentationTest::sameText, true)::compare);
    }

    /** Whether two lines have the same words, and numbers that are as good as equal. */
    private static boolean sameText(String line, String other) {
        boolean sameWords = words(line).equals(words(other));
        double[] x = numbers(line);
        double[] y = numbers(other);
        for (int i = 0; sameWords && i < x.length; i++) {
            if (Math.abs(x[i] - y[i]) > TOLERANCE * Math.max(1, Math.abs(x[i]))) {
                return false;
            }
        }
        return sameWords;
    }

    private static String words(String line) {
        return NUMBER.matcher(line).replaceAll("#").stripTrailing();
    }

    private static double[] numbers(String line) {
        Stream<String> numbers = NUMBER.matcher(line).results().map(MatchResult::group);
        return numbers.mapToDouble(Double::parseDouble).toArray();
    }

    private static void follow(Link link) throws IOException {
        String[] target = link.target().split("#", 2);
        Path file =
                target[0].isEmpty() ? link.place().file() : link.place().file().resolveSibling(target[0]);
        assertThat(file).as("%s: link to %s", link.place(), link.target()).exists();
        if (target.length == 2 && file.toString().endsWith(".java")) {
            assertThat(target[1]).as("%s: line of %s", link.place(), file).matches("L[1-9]\\d*");
            assertThat(Integer.parseInt(target[1].substring(1)))
                    .as("%s: line of %s", link.place(), file)
                    .isLessThanOrEqualTo(Files.readAllLines(file).size());
        } else if (target.length == 2) {
            assertThat(MarkdownFile.read(file).anchors())
                    .as("%s: headings of %s", link.place(), file)
                    .contains(target[1]);
        }
    }
}
