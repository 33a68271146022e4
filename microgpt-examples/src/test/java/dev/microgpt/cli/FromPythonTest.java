package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table that leads from the names of microgpt.py to ours: our side of it is true. */
class FromPythonTest {
    private static final Path DOCUMENT = Path.of("../docs/from-python.md");
    private static final Pattern ROW =
            Pattern.compile("\\| (?<lines>\\d[^|]*) \\| (?<theirs>`[^|]*) \\| (?<ours>.*) \\|");
    private static final Pattern LINK = Pattern.compile("\\[`([^`]+)`]\\(([^)#]+)(?:#L(\\d+))?\\)");

    @Test
    void what_we_call_it_stands_where_the_table_says() throws IOException {
        List<Matcher> rows = rows();

        assertThat(rows).hasSizeGreaterThan(50);
        for (Matcher row : rows) {
            List<MatchResult> links = LINK.matcher(row.group("ours")).results().toList();
            assertThat(links).as(row.group()).hasSize(2);
            assertThat(links.get(0).group(3)).as(row.group()).isNotNull();
            for (MatchResult link : links) {
                follow(row, link);
            }
        }
    }

    private static void follow(Matcher row, MatchResult link) throws IOException {
        List<String> source = Files.readAllLines(DOCUMENT.resolveSibling(link.group(2)));
        List<Integer> places = IntStream.range(0, source.size())
                .filter(i -> source.get(i).contains(link.group(1)))
                .mapToObj(i -> i + 1)
                .toList();
        assertThat(places)
                .as("%s: the lines of %s with %s", row.group("theirs"), link.group(2), link.group(1))
                .isNotEmpty();
        if (link.group(3) != null) {
            assertThat(places)
                    .as("%s: the lines of %s with %s", row.group("theirs"), link.group(2), link.group(1))
                    .contains(Integer.parseInt(link.group(3)));
        }
    }

    @Test
    void the_original_has_200_lines() throws IOException {
        assertThat(rows().stream()
                        .flatMap(row -> Pattern.compile("\\d+")
                                .matcher(row.group("lines"))
                                .results())
                        .map(MatchResult::group))
                .allMatch(line -> Integer.parseInt(line) >= 1 && Integer.parseInt(line) <= 200);
    }

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }
}
