package dev.microgpt.playground;

import dev.microgpt.optim.Parameters;
import java.util.Map;

/** The place of one weight. */
record Weight(String tensor, int row, int column) implements JsonObject {
    @Override
    public Map<String, Object> fields() {
        return Json.fields("tensor row column", tensor, row, column);
    }

    /** The one that a question names. */
    static Weight of(Question question) {
        return new Weight(
                question.text("tensor", 40),
                question.integer("row", 0, 1_000_000),
                question.integer("column", 0, 1_000_000));
    }

    /**
     * Its number.
     *
     * @throws IllegalArgumentException if there is no such place
     */
    double in(Parameters parameters) {
        try {
            return parameters.get(tensor, row, column);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(e.getMessage(), e); // the visitor's input is wrong, not the playground
        }
    }
}
