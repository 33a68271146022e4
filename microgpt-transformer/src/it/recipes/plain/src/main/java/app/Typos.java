package app;

import dev.microgpt.MicroGpt;
import dev.microgpt.evaluation.Score;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the odd values of a column of a CSV file. */
public final class Typos {
    private final MicroGpt model;

    Typos(MicroGpt model) {
        this.model = model;
    }

    /** What is odd about a line: its number, the value, and where in the value the model was surprised most. */
    record Oddity(int line, String value, int index, double surprise) {}

    /**
     * The oddest values first.
     *
     * @param lines those of the file, a head line first, no value with a comma in it
     * @param name that of the column
     */
    List<Oddity> oddest(List<String> lines, String name) {
        int column = List.of(lines.get(0).split(",")).indexOf(name);
        List<String> values =
                lines.stream().skip(1).map(line -> line.split(",", -1)[column]).toList();
        List<Score> scores = model.scores(values);
        return IntStream.range(0, values.size())
                .mapToObj(i -> new Oddity(
                        i + 2,
                        values.get(i),
                        scores.get(i).mostSurprising(),
                        scores.get(i).surprise()))
                .sorted(Comparator.comparingDouble(Oddity::surprise).reversed())
                .toList();
    }
}
