package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document of this repository: its fenced blocks, its links, and the anchors of its headings. */
record MarkdownFile(Path path, List<Block> blocks, List<Link> links, List<String> anchors) {
    private static final Pattern FENCE = Pattern.compile("```(?<language>\\w*)");
    private static final Pattern MARKER = Pattern.compile("<!-- (?<marker>(from|output)\\b.*) -->");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** A place in a document, for messages. */
    record Place(Path file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** A link to another document, a file or a heading. */
    record Link(Place place, String target) {}

    /** A fenced block: where its first line stands, the marker in front of it or "", the language or "", its lines. */
    record Block(Place place, String marker, String language, List<String> lines) {
        boolean is(String language, String marker) {
            return this.language.equals(language) && this.marker.startsWith(marker);
        }

        /** What stands after "from" or "output of:" in the marker. */
        String argument() {
            return marker.replaceFirst("^(from|output of:) *", "");
        }
    }

    static MarkdownFile read(Path path) throws IOException {
        MarkdownFile document = new MarkdownFile(path, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<String> lines = Files.readAllLines(path);
        String marker = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher fence = FENCE.matcher(line);
            Matcher comment = MARKER.matcher(line);
            if (fence.matches()) {
                int begin = i + 1;
                i = begin;
                while (i < lines.size() && !lines.get(i).strip().equals("```")) {
                    i++;
                }
                Place place = new Place(path, begin + 1);
                document.blocks.add(new Block(place, marker, fence.group("language"), lines.subList(begin, i)));
                marker = "";
            } else if (!line.isEmpty()) {
                if (!marker.isEmpty()) {
                    fail("%s:%d: no fenced block after the marker \"%s\"", path, i + 1, marker);
                }
                marker = comment.matches() ? comment.group("marker") : "";
                document.readProse(line, new Place(path, i + 1));
            }
        }
        return document;
    }

    private void readProse(String line, Place place) {
        if (line.startsWith("#")) {
            String heading = line.replaceFirst("^#+\\s*", "").toLowerCase(Locale.ROOT);
            anchors.add(heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        }
        LINK.matcher(line.replaceAll("`[^`]*`", "code"))
                .results()
                .map(link -> new Link(place, link.group(1)))
                .forEach(links::add);
    }
}
