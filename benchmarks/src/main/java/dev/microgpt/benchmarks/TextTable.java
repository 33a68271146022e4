package dev.microgpt.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Lines of plain text in columns, each as wide as its widest cell: whatever a cell holds, two blanks stand before the next. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final int texts;

    /**
     * A table without rows.
     *
     * @param texts how many columns begin at their left edge, as texts do; those after them end at the right, as numbers do
     */
    TextTable(int texts) {
        this.texts = texts;
    }

    /** Adds a row with as many cells as the rows before it. */
    void add(String... cells) {
        rows.add(cells.clone());
    }

    /** The lines, each with its line feed. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                String blanks = " ".repeat(width(i) - row[i].length());
                table.append(i == 0 ? "" : GAP).append(i < texts ? row[i] + blanks : blanks + row[i]);
            }
            table.append('\n');
        }
        return table.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }
}
