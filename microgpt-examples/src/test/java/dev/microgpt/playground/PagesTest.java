package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of the pages: what they refer to is there, and the Java lines that they show are in the source. */
class PagesTest {
    private static final Pattern JAVA = Pattern.compile(
            "<figure class=\"java\" data-file=\"([^\"]+)\" data-from=\"([^\"]+)\" data-to=\"([^\"]+)\"></figure>");
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern IMPORT = Pattern.compile("(?m)(?:^import .* from |import\\()\"([^\"]+)\"");
    private static final Pattern NAMES = Pattern.compile("(?m)^import \\{([^}]+)} from \"([^\"]+)\"");
    static final List<String> STAGES = List.of(
            "data",
            "counting",
            "ngram",
            "gradient",
            "autograd",
            "attention",
            "heads",
            "adam",
            "own",
            "compare",
            "ablation");
    static final List<String> PAGES =
            Stream.concat(STAGES.stream(), Stream.of("index", "glossary")).toList();

    static String read(String path) {
        try (InputStream in = Resources.open(path)) {
            assertThat(in).as(path).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    @ParameterizedTest
    @FieldSource("STAGES")
    void a_page_has_all_its_parts(String page) {
        String html = read("/" + page + ".html");

        assertThat(html)
                .contains("<html lang=\"en\">", "name=\"viewport\"", "<h1>", "<b>So far.</b>", "class=\"lead\"")
                .contains(
                        "class=\"formula\"",
                        "<math",
                        "<figure class=\"java\"",
                        "class=\"panel\"",
                        "aria-live=\"polite\"")
                .contains("<p class=\"needs\"><b>You need.</b> ", "<h2>What you now understand</h2>")
                .contains("Try this", "<summary>Answer</summary>", "\"glossary.html#", "\"" + page + ".js");
    }

    @Test
    void the_java_lines_stand_in_the_source_once() {
        int count = 0;
        for (String page : STAGES) {
            for (MatchResult figure :
                    JAVA.matcher(read("/" + page + ".html")).results().toList()) {
                List<String> lines = read("/source/" + figure.group(1)).lines().toList();
                String from = figure.group(2);
                String to = figure.group(3);
                List<Integer> starts = new ArrayList<>();
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).contains(from)) {
                        starts.add(i);
                    }
                }

                assertThat(starts).as(page + ": " + from).hasSize(1);
                List<String> tail = lines.subList(starts.get(0), lines.size());
                int length = (int) tail.stream()
                                .takeWhile(line -> !line.contains(to))
                                .count()
                        + 1;
                assertThat(length).as(page + ": " + from + " … " + to).isLessThanOrEqualTo(20);
                assertThat(tail.subList(0, length)).noneMatch(line -> line.contains("/**"));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(2 * STAGES.size() - 4);
    }

    @Test
    void everything_that_a_page_refers_to_is_there() {
        for (String page : PAGES) {
            for (MatchResult match :
                    REFERENCE.matcher(read("/" + page + ".html")).results().toList()) {
                String reference = match.group(1);
                assertThat(reference).as("%s works below any path", page).doesNotStartWith("/");
                String[] parts = reference.split("#");
                String target = read("/" + parts[0].replaceFirst("\\?.*", ""));
                if (parts.length > 1) {
                    assertThat(target).as(page + ": " + reference).contains(" id=\"" + parts[1] + "\"");
                }
            }
        }
    }

    static Stream<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/microgpt/playground"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".js"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everything_that_a_script_refers_to_is_there(String script) {
        String source = read("/" + script);

        for (MatchResult match : IMPORT.matcher(source).results().toList()) {
            assertThat(match.group(1)).as("%s works below any path", script).startsWith("./");
            read(match.group(1).substring(1));
        }
        for (MatchResult names : NAMES.matcher(source).results().toList()) {
            String exporting = read(names.group(2).substring(1));
            for (String name : names.group(1).split(",")) {
                String exported = Pattern.quote(name.strip().split(" ")[0]); // before "as"
                assertThat(exporting)
                        .as(names.group(2) + " exports what it is asked for")
                        .containsPattern("(?m)^export [^(=\\n]*(?<![\\w$])" + exported + "(?![\\w$])");
            }
        }
        assertThat(source).doesNotContain("innerHTML", "eval(", "https://", "href: \"/", "fetch(\"/");
    }

    @Test
    void both_themes_give_text_enough_contrast() {
        String css = read("/style.css");
        Map<String, String> light = colours(css.substring(0, css.indexOf(":root[data-theme")));
        Map<String, String> dark = colours(css.substring(css.indexOf(":root[data-theme")));
        for (Map<String, String> theme : List.of(light, dark)) {
            for (String text : List.of("ink", "soft", "blue", "rust", "green", "violet", "gold", "teal")) {
                for (String ground : List.of("paper", "card", "shade")) {
                    assertThat(contrast(theme.get(text), theme.get(ground)))
                            .as(text + " on " + ground + " " + theme.get(text))
                            .isGreaterThanOrEqualTo(4.5);
                }
            }
        }
    }

    private static Map<String, String> colours(String css) {
        Map<String, String> colours = new java.util.HashMap<>();
        Pattern.compile("--([a-z-]+): (#[0-9a-f]{6})")
                .matcher(css.substring(0, css.indexOf('}')))
                .results()
                .forEach(match -> colours.put(match.group(1), match.group(2)));
        return colours;
    }

    /** Contrast ratio of WCAG 2: (L1 + 0.05) / (L2 + 0.05). */
    private static double contrast(String a, String b) {
        double la = luminance(a);
        double lb = luminance(b);
        return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
    }

    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
