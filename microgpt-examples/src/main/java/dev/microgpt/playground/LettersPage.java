package dev.microgpt.playground;

import dev.microgpt.optim.Parameters;
import dev.microgpt.transformer.Preset;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The letters as a map: where the rows of wte lie, seen from the side on which they differ most. */
final class LettersPage {
    private static final int AXES = 2;
    private static final String VOWELS = "aeiouæøœ" + "αεηιουω" + "аеиоуыэюя";

    private final Classroom classroom;

    LettersPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("letters/map", this::map);
    }

    /**
     * The map after some steps. Its axes are the principal components of the run's last vectors, so that letters move and the map stays.
     * {@code shares}: of the variance of the vectors shown, along each axis; {@code extent[axis]}: lowest and highest coordinate of the
     * run's first and last vectors; {@code withinVowels} and {@code vowelToOther}: mean distances between two letters, all 16 numbers
     * counted, −1 where there are no such two.
     */
    record Letters(List<Letter> letters, double[] shares, double[][] extent, double withinVowels, double vowelToOther)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "letters shares extent withinVowels vowelToOther",
                    letters,
                    shares,
                    extent,
                    withinVowels,
                    vowelToOther);
        }
    }

    /**
     * A token. {@code start}: where it lay before training; {@code read}: how often the run has read it; {@code moved}: how far it has
     * come; {@code nearest}: the token whose vector is closest, and how close; distances count all 16 numbers.
     */
    record Letter(
            String symbol,
            boolean vowel,
            double[] place, // [2]
            double[] start, // [2]
            int read,
            double moved,
            String nearest,
            double distance)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "symbol vowel place start read moved nearest distance",
                    symbol,
                    vowel,
                    place,
                    start,
                    read,
                    moved,
                    nearest,
                    distance);
        }
    }

    private Letters map(Question question) {
        int stage = question.integer("stage", 3, 5);
        int steps = question.integer("steps", 0, Run.STEPS);
        double[][] now = vectors(stage, steps);
        double[][] first = vectors(stage, 0);
        double[][] last = vectors(stage, Run.STEPS);
        PrincipalComponents axes = PrincipalComponents.of(last);
        boolean[] vowels = vowels();
        int[] read = read(steps);
        List<Letter> letters = IntStream.range(0, now.length)
                .mapToObj(i -> letter(i, vowels[i], axes, now, first[i], read[i]))
                .toList();
        return new Letters(
                letters,
                IntStream.range(0, AXES)
                        .mapToDouble(axis -> axes.share(axis, now))
                        .toArray(),
                IntStream.range(0, AXES)
                        .mapToObj(axis -> extent(axes, axis, first, last))
                        .toArray(double[][]::new),
                meanDistance(now, i -> vowels[i], i -> vowels[i]),
                meanDistance(
                        now,
                        i -> vowels[i],
                        i -> !vowels[i] && i != classroom.tokenizer().bos()));
    }

    private Letter letter(
            int token, boolean vowel, PrincipalComponents axes, double[][] now, double[] first, int read) {
        int nearest = nearest(token, now);
        return new Letter(
                classroom.symbol(token),
                vowel,
                axes.coordinates(AXES, now[token]),
                axes.coordinates(AXES, first),
                read,
                distance(now[token], first),
                classroom.symbol(nearest),
                distance(now[token], now[nearest]));
    }

    private double[][] vectors(int stage, int steps) {
        Parameters parameters = classroom.gpt(stage, steps).parameters();
        Parameters.Tensor wte = parameters.tensor("wte");
        return IntStream.range(0, wte.rows())
                .mapToObj(row -> Arrays.copyOfRange(
                        parameters.values(),
                        wte.offset() + row * wte.columns(),
                        wte.offset() + (row + 1) * wte.columns()))
                .toArray(double[][]::new);
    }

    private boolean[] vowels() {
        boolean[] vowels = new boolean[classroom.tokenizer().vocabSize()];
        for (int token = 0; token < vowels.length; token++) {
            vowels[token] = token != classroom.tokenizer().bos()
                    && isVowel(classroom.tokenizer().symbol(token));
        }
        return vowels;
    }

    /** Whether a character is a vowel of the Latin, Greek or Cyrillic alphabet; marks such as accents do not count. */
    static boolean isVowel(String character) {
        String letter = Normalizer.normalize(character.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        return VOWELS.indexOf(letter.codePointAt(0)) >= 0;
    }

    /** How often each token is an input of the first steps. */
    private int[] read(int steps) {
        int[] read = new int[classroom.tokenizer().vocabSize()];
        int blockSize = Preset.STAGE5.config(read.length).blockSize(); // stages 3 and 4 have the same
        for (int step = 0; step < steps; step++) {
            int[] tokens = classroom.tokensAtStep(step);
            int inputs = Math.min(tokens.length - 1, blockSize);
            Arrays.stream(tokens, 0, inputs).forEach(token -> read[token]++);
        }
        return read;
    }

    private static double[] extent(PrincipalComponents axes, int axis, double[][] first, double[][] last) {
        DoubleSummaryStatistics coordinates = Stream.of(first, last)
                .flatMap(Arrays::stream)
                .mapToDouble(vector -> axes.coordinates(AXES, vector)[axis])
                .summaryStatistics();
        return new double[] {coordinates.getMin(), coordinates.getMax()};
    }

    private static int nearest(int token, double[]... vectors) {
        int nearest = token == 0 ? 1 : 0;
        for (int other = 0; other < vectors.length; other++) {
            if (other != token
                    && distance(vectors[token], vectors[other]) < distance(vectors[token], vectors[nearest])) {
                nearest = other;
            }
        }
        return nearest;
    }

    /** Over all pairs of different tokens, one of the first kind and one of the second; −1 if there is none. */
    private static double meanDistance(double[][] vectors, IntPredicate first, IntPredicate second) {
        return IntStream.range(0, vectors.length)
                .filter(first)
                .boxed()
                .flatMap(i -> IntStream.range(0, vectors.length)
                        .filter(second)
                        .filter(j -> i != j)
                        .mapToObj(j -> distance(vectors[i], vectors[j])))
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(-1);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return Math.sqrt(sum);
    }
}
