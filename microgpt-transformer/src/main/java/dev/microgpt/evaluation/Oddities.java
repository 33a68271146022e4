package dev.microgpt.evaluation;

import dev.microgpt.text.Documents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What looks wrong about the strings of a list, by numbers of strings.
 *
 * @param otherForms not in the {@link Documents#normalForm form} in which strings are compared: with invisible characters, or letters
 *     that are written in two characters where one would do
 * @param controls with a control character, such as a tab
 * @param columns like the lines of a table: nearly all of the list have the same number of tabs, semicolons, commas or bars
 */
record Oddities(int otherForms, int controls, int columns) {
    static final Oddities NONE = new Oddities(0, 0, 0);

    private static final String SEPARATORS = "\t;,|";
    private static final double NEARLY_ALL = 0.9;
    private static final int FEWEST_LINES = 10; // of a table, or it may be chance

    Oddities {
        Report.requireCount("otherForms", otherForms);
        Report.requireCount("controls", controls);
        Report.requireCount("columns", columns);
    }

    static Oddities of(List<String> trained, List<String> heldOut) {
        List<String> all = Stream.concat(trained.stream(), heldOut.stream()).toList();
        return new Oddities(
                count(all.stream()
                        .filter(string -> !Documents.normalForm(string).equals(string))),
                count(all.stream().filter(string -> string.chars().anyMatch(Character::isISOControl))),
                columns(all));
    }

    private static int count(Stream<String> strings) {
        return (int) strings.count();
    }

    /** The most strings that have the same number of a separator, if they are nearly all. */
    private static int columns(List<String> strings) {
        int most = 0;
        for (char separator : SEPARATORS.toCharArray()) {
            Map<Long, Integer> lines = new HashMap<>(); // number of separators -> strings
            for (String string : strings) {
                long separators = string.chars().filter(c -> c == separator).count();
                if (separators > 0) {
                    lines.merge(separators, 1, Integer::sum);
                }
            }
            Optional<Integer> largest = lines.values().stream().max(Integer::compare);
            most = Math.max(most, largest.orElse(0));
        }
        return most >= Math.max(FEWEST_LINES, NEARLY_ALL * strings.size()) ? most : 0;
    }
}
