package dev.microgpt.evaluation;

import dev.microgpt.text.Documents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What looks wrong about the strings of a list, by numbers of strings.
 *
 * @param otherForms not in the {@link Documents#normalForm form} in which strings are compared: with invisible characters, or
 *     letters that are written in two characters where one would do
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
        List<String> all = new ArrayList<>(trained);
        all.addAll(heldOut);
        int otherForms = 0;
        int controls = 0;
        Map<Integer, Integer> lines = new HashMap<>(); // by the separator and how often it comes
        for (String string : all) {
            int[] separators = new int[SEPARATORS.length()];
            boolean control = false;
            for (int i = 0; i < string.length(); i++) {
                char c = string.charAt(i);
                control |= Character.isISOControl(c);
                int separator = SEPARATORS.indexOf(c);
                if (separator >= 0) {
                    separators[separator]++;
                }
            }
            for (int i = 0; i < separators.length; i++) {
                if (separators[i] > 0) {
                    lines.merge(separators[i] * separators.length + i, 1, Integer::sum);
                }
            }
            otherForms += Documents.normalForm(string).equals(string) ? 0 : 1;
            controls += control ? 1 : 0;
        }
        int most = lines.values().stream().max(Integer::compare).orElse(0);
        return new Oddities(otherForms, controls, most >= Math.max(FEWEST_LINES, NEARLY_ALL * all.size()) ? most : 0);
    }
}
