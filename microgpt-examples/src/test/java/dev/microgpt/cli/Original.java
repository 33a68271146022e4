package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.fail;

import dev.microgpt.cli.MarkdownFile.Block;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What a document quotes: a source file, or the output of a program.
 *
 * @param name what it is called in a message
 * @param same when a line of the document and one of the original are taken as the same
 * @param whole whether the document must quote all of it, from the first line to the last
 */
record Original(String name, List<String> lines, BiPredicate<String, String> same, boolean whole) {
    private static final String ELISION = "…";

    /** Fails unless the lines of the block stand here one after the other; a line … stands for any number of lines. */
    void compare(Block block) {
        int from = 0;
        int begin = 0;
        for (int end = 0; end <= block.lines().size(); end++) {
            if (end == block.lines().size() || block.lines().get(end).strip().equals(ELISION)) {
                from = find(block, begin, end, from);
                begin = end + 1;
            }
        }
    }

    /** Finds the lines [begin, end) of the block at or after {@code from}, and returns where they end. */
    private int find(Block block, int begin, int end, int from) {
        List<String> part = block.lines().subList(begin, end);
        int latest = whole && begin == 0 ? 0 : lines.size();
        boolean toTheEnd = whole && end == block.lines().size();
        int best = from;
        for (int start = from; start <= latest; start++) {
            int n = common(part, start);
            if (n == part.size() && (!toTheEnd || start + n == lines.size())) {
                return start + n;
            }
            if (n > common(part, best)) {
                best = start;
            }
        }
        int n = common(part, best);
        return fail(
                "%s:%d: the document has%n  %s%nwhere %s has%n  %s",
                block.place().file(),
                block.place().line() + begin + n,
                line(block.lines(), begin + n),
                name,
                line(lines, best + n));
    }

    /** How many lines of the part stand here from {@code start} on. */
    private int common(List<String> part, int start) {
        int n = 0;
        while (n < part.size() && start + n < lines.size() && same.test(part.get(n), lines.get(start + n))) {
            n++;
        }
        return n;
    }

    private static String line(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "(its end)";
    }
}
