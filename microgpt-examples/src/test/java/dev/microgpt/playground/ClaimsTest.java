package dev.microgpt.playground;

import static dev.microgpt.playground.Visitor.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Sampler;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The figures of the table that says which claims about microgpt are true: measured anew, or in the measured seeds. */
class ClaimsTest {
    private static final Map<String, double[]> GIVEN = MeasuredSeeds.givenNames();
    private static final Map<String, double[]> NAMES = MeasuredSeeds.read("names-txt-seeds.csv"); // of the tests
    private static final int SEEDS = 10;
    private static final int[] MOMENTS = {50, 200, 1000};
    private static String page;

    @BeforeAll
    static void read() throws IOException {
        String html = new String(Resources.open("/ablation.html").readAllBytes(), StandardCharsets.UTF_8);
        page = html.substring(html.indexOf("id=\"claims\""));
    }

    private static String difference(Map<String, double[]> measured, String key) {
        Luck luck = Luck.of(Variant.of(key), measured.get(key), measured.get("whole"), Math.log(27));
        return String.format(Locale.ROOT, "%+.4f ± %.4f", luck.difference(), luck.differenceError());
    }

    @Test
    void differences_are_those_of_the_seeds() {
        assertThat(page)
                .contains("Plain descent: " + difference(GIVEN, "descent") + " on the given names, "
                        + difference(NAMES, "descent") + " on names.txt; worse with each of 50 seeds")
                .contains("Without attention " + difference(GIVEN, "attention") + ", without position "
                        + difference(GIVEN, "position") + ", without both " + difference(GIVEN, "attention position")
                        + ". On names.txt " + difference(NAMES, "attention") + ", " + difference(NAMES, "position")
                        + " and " + difference(NAMES, "attention position"))
                .contains("One head: " + difference(GIVEN, "one-head") + " on the given names, "
                        + difference(NAMES, "one-head") + " on names.txt")
                .contains("Without perceptron " + difference(GIVEN, "perceptron")
                        + " on the given names: nobody can tell. " + difference(NAMES, "perceptron") + " on names.txt");
        for (Map<String, double[]> measured : List.of(GIVEN, NAMES)) {
            double[] whole = measured.get("whole");
            assertThat(IntStream.range(0, 50).filter(i -> measured.get("descent")[i] > whole[i]))
                    .hasSize(50);
        }
    }

    /** Of the long list one seed of two variants is enough to see that it is the same measurement. */
    @Test
    void the_seeds_of_the_original_list_are_those_of_the_lesson_model() {
        Documents names = Documents.read(NamesFile.orAbort("the measured losses of variants on names.txt"));
        for (String key : List.of("whole", "attention position")) {
            LessonRun run = new LessonRun(Variant.of(key), names, Tokenizer.of(names), 42, Run.STEPS);
            for (int step = 0; step < Run.STEPS; step++) {
                run.step();
            }
            assertThat(run.unseenLoss()).as(key).isCloseTo(NAMES.get(key)[0], within(1e-6));
        }
    }

    @Test
    void samples_end_early_and_pairs_swing() {
        try (Visitor visitor = new Visitor()) {
            List<Map<String, Object>> moments = visitor.listen("compare/arc", "{}");
            double[][] ended = new double[3][SEEDS];
            double[][] an = new double[3][SEEDS];
            for (int seed = 0; seed < SEEDS; seed++) {
                measure(MeasuredSeeds.FIRST + seed, seed, ended, an);
            }

            assertThat(ended[0]).containsOnly(1); // 100 %
            assertThat(page)
                    .contains("BOS ends " + percent((double) moments.get(1).get("ended"))
                            + " of the samples after 1 step, and all after 50, with each of " + SEEDS + " seeds")
                    .contains(pair(moments, 0) + " of the pairs in the list are <i>an</i>. In the samples it is "
                            + pair(moments, 2) + " after 50 steps, " + pair(moments, 4) + " after 200 and "
                            + pair(moments, 7) + " after 1,000; the medians of " + SEEDS + " seeds are "
                            + percent(median(an[0])) + ", " + percent(median(an[1])) + " and "
                            + percent(median(an[2])))
                    .contains("after 50 steps one seed has "
                            + percent(Arrays.stream(an[0]).min().orElseThrow()) + " and another "
                            + percent(Arrays.stream(an[0]).max().orElseThrow()));
        }
    }

    /** Trains stage 5 with a seed of its own; puts into column {@code at} what its samples are like after 50, 200 and 1,000 steps. */
    private static void measure(long seed, int at, double[][] ended, double[][] an) {
        PythonRandom random = new PythonRandom(seed);
        List<String> names = Documents.givenNames().shuffled(random).asList();
        Tokenizer tokenizer = Tokenizer.of(Documents.givenNames());
        GptConfig config = Preset.STAGE5.config(tokenizer.vocabSize());
        Gpt untrained = new Gpt(config, Preset.STAGE5.initialization().draw(config, random));
        Engine engine = Engine.of(Engine.Kind.ARRAY, untrained, Preset.STAGE5.optimizer());
        for (int step = 0, moment = 0; step <= Run.STEPS; step++) {
            if (moment < MOMENTS.length && step == MOMENTS[moment]) {
                List<int[]> samples = samples(engine.model());
                ended[moment][at] = samples.stream()
                                .filter(tokens -> tokens.length < config.blockSize())
                                .count()
                        / 500.0;
                an[moment][at] =
                        share("an", samples.stream().map(tokenizer::decode).toList());
                moment++;
            }
            if (step < Run.STEPS) {
                engine.lossAndGradient(tokenizer.encodeDocument(names.get(step)));
                engine.update(Preset.STAGE5.learningRate(Run.STEPS).at(step));
            }
        }
    }

    private static List<int[]> samples(Gpt model) {
        PythonRandom random = new PythonRandom(42);
        Sampler sampler = Preset.STAGE5.sampler();
        return Stream.generate(() -> sampler.sample(model, random)).limit(500).toList();
    }

    /** Of all pairs of neighbours. */
    private static double share(String pair, List<String> texts) {
        int all =
                texts.stream().mapToInt(text -> Math.max(0, text.length() - 1)).sum();
        int count = texts.stream()
                .mapToInt(text -> (int) IntStream.range(0, text.length())
                        .filter(i -> text.startsWith(pair, i))
                        .count())
                .sum();
        return (double) count / all;
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return (sorted[SEEDS / 2 - 1] + sorted[SEEDS / 2]) / 2;
    }

    private static String pair(List<Map<String, Object>> moments, int index) {
        return percent(doubles(moments.get(index).get("shares"))[0]);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    @Test
    void lengths_are_those_of_the_given_names() {
        Documents names = Documents.givenNames();
        long cut = names.stream()
                .filter(name -> name.codePointCount(0, name.length()) >= 8)
                .count();
        long read = names.shuffled(new PythonRandom(42)).stream()
                .limit(1000)
                .mapToInt(name -> Math.min(16, name.codePointCount(0, name.length()) + 1))
                .sum();

        assertThat(page)
                .contains(String.format(
                        Locale.ROOT,
                        "%d of the %,d given names have 8 or more, %d %%",
                        cut,
                        names.size(),
                        100 * cut / names.size()))
                .contains(String.format(Locale.ROOT, "%,d tokens</td><td>300 billion", read));
    }
}
