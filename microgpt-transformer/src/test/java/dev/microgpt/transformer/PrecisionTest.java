package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What single precision promises, and what is said where the Vector API is absent. */
class PrecisionTest {
    private static final Engine.Kind VECTOR = Engine.Kind.VECTOR;
    private static final int[] EMMA = {26, 4, 12, 12, 0, 26};

    private final Gpt untrained = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1));

    @ParameterizedTest(name = "on the given names: {0}")
    @ValueSource(booleans = {true, false})
    void a_run_in_float_stays_close_to_the_original(boolean onGivenNames) {
        assumeVector("stage 5 in float");
        Golden golden = Golden.read(onGivenNames ? "given-stage5" : "stage5");
        PythonRandom random = new PythonRandom(42);
        Documents documents = (onGivenNames
                        ? Documents.givenNames()
                        : Documents.read(NamesFile.orAbort("stage 5 in float on names.txt")))
                .shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(documents);
        Preset preset = Preset.STAGE5;
        Engine engine = Engine.of(
                VECTOR, Precision.FLOAT, Gpt.initial(preset, tokenizer.vocabSize(), random), preset.optimizer());
        LearningRate rate = preset.learningRate(1000);
        double[] losses = new double[1000];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
            engine.update(rate.at(step));
        }

        double[] expected = golden.doubles("losses");
        double[] differences = IntStream.range(0, losses.length)
                .mapToDouble(step -> Math.abs(losses[step] - expected[step]))
                .sorted()
                .toArray();
        assertThat(differences[losses.length / 2]).isLessThan(1e-5);
        assertThat(differences[losses.length - 1]).isLessThan(0.02); // a kink of ReLU, for some widths of vectors
        double mean = Arrays.stream(losses).skip(900).average().orElseThrow();
        assertThat(mean).isCloseTo(onGivenNames ? 2.487549 : 2.276123, within(1e-3));
    }

    /** Now and then a run comes upon a kink of ReLU, where the least difference grows: hence medians, and a share of the runs. */
    @Test
    void most_runs_in_float_have_the_losses_of_those_in_double() {
        assumeVector("losses of forty runs in float");

        List<Difference> differences = LongStream.rangeClosed(1, 40)
                .mapToObj(seed -> Difference.of(seed, 0.99, 1000))
                .toList();

        assertThat(median(differences, Difference::largest)).isLessThan(2e-6);
        assertThat(differences).filteredOn(run -> run.largest < 1e-4).hasSizeGreaterThanOrEqualTo(36);
        assertThat(median(differences, Difference::meanOfLast)).isLessThan(2e-7);
        assertThat(differences).allMatch(run -> run.meanOfLast < 2e-3);
    }

    /** Half of the usual steps, in which few runs come upon a kink. */
    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.99, 0.999, 0.9999, 1 - 1e-8})
    void moments_in_float_are_as_good_as_float_is_whatever_beta2(double beta2) {
        assumeVector("moments in float with beta2 " + beta2);

        List<Difference> differences = LongStream.rangeClosed(1, 20)
                .mapToObj(seed -> Difference.of(seed, beta2, 500))
                .toList();

        assertThat(median(differences, Difference::largest)).isLessThan(2e-6);
        assertThat(median(differences, Difference::firstMoment)).isLessThan(2e-6);
        assertThat(median(differences, Difference::secondMoment)).isLessThan(2e-6);
    }

    private static double median(List<Difference> differences, ToDoubleFunction<Difference> of) {
        return differences.stream()
                .mapToDouble(of)
                .sorted()
                .skip(differences.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    /**
     * A run of stage 5 in float and in double, and how far they are apart.
     *
     * @param largest of the differences of losses
     * @param meanOfLast difference of the means of the last 100
     * @param firstMoment of the last step, relative
     * @param secondMoment of the last step, relative
     */
    private record Difference(double largest, double meanOfLast, double firstMoment, double secondMoment) {
        static Difference of(long seed, double beta2, int steps) {
            double[] inFloat = new double[steps];
            double[] inDouble = new double[steps];
            Moments first = run(Precision.FLOAT, seed, beta2, inFloat);
            Moments second = run(Precision.DOUBLE, seed, beta2, inDouble);
            double largest = 0;
            for (int i = 0; i < inFloat.length; i++) {
                largest = Math.max(largest, Math.abs(inFloat[i] - inDouble[i]));
            }
            return new Difference(
                    largest,
                    Math.abs(meanOfLast(inFloat) - meanOfLast(inDouble)),
                    relative(first.first().orElseThrow(), second.first().orElseThrow()),
                    relative(first.second().orElseThrow(), second.second().orElseThrow()));
        }

        private static Moments run(Precision precision, long seed, double beta2, double... losses) {
            PythonRandom random = new PythonRandom(seed);
            Documents documents = Documents.givenNames().shuffled(random);
            Tokenizer tokenizer = Tokenizer.of(documents);
            Gpt start = Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random);
            Engine engine = Engine.of(VECTOR, precision, start, new Adam(0.85, beta2, 1e-8));
            LearningRate rate = Preset.STAGE5.learningRate(losses.length);
            for (int step = 0; step < losses.length; step++) {
                losses[step] = engine.lossAndGradient(tokenizer.encodeDocument(documents.atStep(step)));
                engine.update(rate.at(step));
            }
            return engine.moments();
        }

        private static double meanOfLast(double... losses) {
            return Arrays.stream(losses).skip(losses.length - 100).average().orElseThrow();
        }

        private static double relative(Parameters found, Parameters expected) {
            double difference = 0;
            double size = 0;
            for (int i = 0; i < found.size(); i++) {
                difference += Math.pow(found.values()[i] - expected.values()[i], 2);
                size += Math.pow(expected.values()[i], 2);
            }
            return Math.sqrt(difference / size);
        }
    }

    static Stream<Arguments> presetsAndMeans() {
        return Stream.of(Preset.values())
                .flatMap(preset -> Stream.of(true, false).map(overTokens -> Arguments.of(preset, overTokens)));
    }

    @ParameterizedTest
    @MethodSource("presetsAndMeans")
    void the_gradient_and_the_update_in_float_are_those_in_double(Preset preset, boolean lossOverTokens) {
        assumeVector("gradient in float of " + preset);
        Gpt start = Gpt.initial(preset, 27, new PythonRandom(3));
        Optimizer optimizer = preset.optimizer();
        Engine inDouble = Engine.of(Engine.Kind.ARRAY, start, optimizer);
        Engine inFloat = Engine.of(VECTOR, Precision.FLOAT, start, optimizer);
        inDouble.useLossOverTokens(lossOverTokens);
        inFloat.useLossOverTokens(lossOverTokens);
        int[][] batch = {EMMA, {26, 0, 26}, {26, 26}, {26, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}};

        double loss = inDouble.lossAndGradient(batch);
        assertThat(inFloat.lossAndGradient(batch)).isCloseTo(loss, within(1e-5));
        double[] gradient = inDouble.gradient().values();
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        assertThat(inFloat.gradient().values()).satisfies(closeTo(gradient, 1e-4 * largest));

        double[][] losses = inDouble.losses(batch);
        double[][] narrow = inFloat.losses(batch);
        for (int i = 0; i < batch.length; i++) {
            assertThat(narrow[i]).satisfies(closeTo(losses[i], 1e-5));
        }

        inDouble.update(0.01);
        inFloat.update(0.01);
        assertThat(inFloat.moments().updates()).isEqualTo(1);
        assertThat(inFloat.precision()).isEqualTo(Precision.FLOAT);
        assertThat(inFloat.moments().first().isPresent())
                .isEqualTo(inDouble.moments().first().isPresent());
        inDouble.moments()
                .first()
                .ifPresent(
                        m -> assertThat(inFloat.moments().first().orElseThrow().values())
                                .satisfies(closeTo(m.values(), 1e-4 * largest)));
    }

    /** Interpreted, half compiled, compiled: the same step gives the same bits. */
    @ParameterizedTest
    @EnumSource
    void bits_do_not_change_when_the_code_is_compiled(Precision precision) {
        assumeVector("bits in " + precision);
        double[] first = null;
        for (int repetition = 0; repetition < 1000; repetition++) {
            Engine engine = Engine.of(VECTOR, precision, untrained, new Sgd());
            double loss = engine.lossAndGradient(EMMA);
            double[] gradient = engine.gradient().values();
            gradient[0] += loss;
            if (first == null) {
                first = gradient;
            }
            assertThat(gradient).isEqualTo(first);
        }
    }

    @Test
    void float_is_for_the_vector_engine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.of(Engine.Kind.ARRAY, Precision.FLOAT, untrained, new Sgd()))
                .withMessage("precision FLOAT needs engine VECTOR, not ARRAY");
        assertThat(Engine.of(Engine.Kind.ARRAY, Precision.DOUBLE, untrained, new Sgd())
                        .precision())
                .isEqualTo(Precision.DOUBLE);
    }

    @Test
    void without_the_vector_api_the_error_names_the_flag() {
        assumeTrue(!VECTOR.isAvailable(), "NOT CHECKED in this run: the Vector API is there");

        assertThatIllegalStateException()
                .isThrownBy(() -> Engine.of(VECTOR, untrained, new Sgd()))
                .withMessage("engine VECTOR needs the module jdk.incubator.vector, which is not there: "
                        + "start java with --add-modules jdk.incubator.vector");
    }

    @Test
    void auto_chooses_simd_for_long_trainings_where_it_is_there() {
        GptConfig small = Preset.STAGE5.config(27);
        GptConfig large = new GptConfig(27, 64, 64, 4, 4, GptConfig.Activation.RELU);

        Engine.Kind simd = VECTOR.isAvailable() ? VECTOR : Engine.Kind.ARRAY;

        assertThat(Engine.Kind.auto(small, 1_600_000)).isEqualTo(Engine.Kind.ARRAY);
        assertThat(Engine.Kind.auto(small, 1_700_000)).isEqualTo(simd); // some 230,000 names
        assertThat(Engine.Kind.auto(large, 30_000)).isEqualTo(Engine.Kind.ARRAY);
        assertThat(Engine.Kind.auto(large, 40_000)).isEqualTo(simd);
        assertThat(Engine.Kind.auto(small, Long.MAX_VALUE)).isEqualTo(simd);
        assertThat(Engine.Kind.vectorPays(small, 1_600_000)).isFalse();
        assertThat(Engine.Kind.vectorPays(small, 1_700_000)).isTrue(); // whether or not it is there
    }

    @Test
    void names_what_is_wrong_with_an_update() {
        assumeVector("errors of an update in float");
        Engine engine = Engine.of(VECTOR, Precision.FLOAT, untrained, new Sgd());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.update(-1))
                .withMessage("learning rate -1.0 is not a finite number of at least 0");
        assertThat(engine.moments().updates()).isZero();
    }

    private static void assumeVector(String check) {
        assumeTrue(VECTOR.isAvailable(), "NOT CHECKED in this run: " + check + "; the run with SIMD does");
    }
}
