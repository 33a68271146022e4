package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Optimizer;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine keeps from step to step, and who shares the work: for all of them, in every precision. */
class EngineStateTest {
    private static final Optimizer ADAM = new Adam(0.85, 0.99, 1e-8);
    private static final int[] EMMA = {26, 4, 12, 12, 0, 26};

    static Stream<Arguments> engines() {
        Stream<Arguments> inDouble = EngineContractTest.kinds().map(kind -> Arguments.of(kind, Precision.DOUBLE));
        Stream<Arguments> inFloat =
                Kind.VECTOR.isAvailable() ? Stream.of(Arguments.of(Kind.VECTOR, Precision.FLOAT)) : Stream.empty();
        return Stream.concat(inDouble, inFloat);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void the_number_of_threads_does_not_change_a_bit(Kind kind, Precision precision) {
        GptConfig config = new GptConfig(27, 16, 8, 2, 1, Activation.RELU);
        Gpt start = new Gpt(config, Preset.STAGE5.initialization().draw(config, new PythonRandom(1)));
        List<double[]> weights = new ArrayList<>();
        List<Double> losses = new ArrayList<>();

        for (int threads = 1; threads <= 4; threads++) {
            Engine engine = Engine.of(kind, precision, start, ADAM);
            engine.useThreads(threads);
            Random random = new Random(5);
            for (int step = 0; step < 15; step++) {
                losses.add(engine.lossAndGradient(randomNames(random, 1 + random.nextInt(90))));
                engine.update(0.01);
            }
            weights.add(engine.model().parameters().values());
        }

        assertThat(weights).containsOnly(weights.get(0));
        assertThat(losses.subList(15, 60))
                .isEqualTo(Stream.generate(() -> losses.subList(0, 15))
                        .limit(3)
                        .flatMap(List::stream)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("engines")
    void goes_on_where_another_engine_stopped(Kind kind, Precision precision) {
        Gpt start = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1));
        Engine whole = Engine.of(kind, precision, start, ADAM);
        steps(whole, 8, new Random(2));
        Engine first = Engine.of(kind, precision, start, ADAM);
        Random random = new Random(2);
        steps(first, 5, random);

        Engine second = Engine.of(kind, precision, first.model(), ADAM);
        second.restore(first.moments());
        steps(second, 3, random);

        assertThat(second.model().parameters().values())
                .isEqualTo(whole.model().parameters().values());
        assertThat(second.moments().updates()).isEqualTo(8);
        assertThat(second.moments().second().orElseThrow().values())
                .isEqualTo(whole.moments().second().orElseThrow().values());
    }

    @ParameterizedTest
    @MethodSource("engines")
    void keeps_its_own_copy_of_restored_moments(Kind kind, Precision precision) {
        Engine engine = Engine.of(kind, precision, Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1)), ADAM);
        steps(engine, 1, new Random(2));
        Moments moments = engine.moments();

        engine.restore(moments);
        moments.first().orElseThrow().values()[0] = Double.NaN;

        assertThat(engine.moments().first().orElseThrow().values()).doesNotContain(Double.NaN);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void refuses_the_moments_of_another_optimizer_or_shape(Kind kind, Precision precision) {
        Gpt start = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1));
        Engine adam = Engine.of(kind, precision, start, ADAM);
        Engine sgd = Engine.of(kind, precision, start, new Sgd());
        Engine other = Engine.of(kind, precision, Gpt.initial(Preset.EARLY, 27, new PythonRandom(1)), ADAM);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.restore(sgd.moments()))
                .withMessage("moments without averages are not those of Adam");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.restore(adam.moments()))
                .withMessage("moments with averages are not those of Sgd");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.restore(other.moments()))
                .withMessage(
                        "the layout of the moments differs: it has Tensor[name=wpe, rows=8, columns=16, offset=432] "
                                + "where the parameters have Tensor[name=wpe, rows=16, columns=16, offset=432]");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void shortens_a_gradient_that_is_too_long(Kind kind, Precision precision) {
        Engine engine = Engine.of(kind, precision, Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1)), new Sgd());
        engine.lossAndGradient(EMMA);
        double[] before = engine.gradient().values();
        double norm = Math.sqrt(Arrays.stream(before).map(g -> g * g).sum());

        double found = engine.clipGradient(norm / 4);
        double[] clipped = engine.gradient().values();
        double then = engine.clipGradient(norm);

        assertThat(found).isCloseTo(norm, within(1e-12));
        assertThat(then).isCloseTo(norm / 4, within(1e-6 * norm));
        double[] quarter = Arrays.stream(before).map(g -> g / 4).toArray();
        assertThat(clipped).satisfies(closeTo(quarter, 1e-7));
        assertThat(engine.gradient().values()).isEqualTo(clipped);
    }

    /** Stage 5 before training, its lm_head so many times as large, and with it most of the gradient. */
    private static Gpt withHead(double factor) {
        Gpt start = Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1));
        Parameters parameters = start.parameters();
        Parameters.Tensor head = parameters.tensor("lm_head");
        for (int i = head.offset(); i < head.offset() + head.size(); i++) {
            parameters.values()[i] *= factor;
        }
        return new Gpt(start.config(), parameters);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void shortens_a_gradient_whose_squares_overflow(Kind kind, Precision precision) {
        double factor = precision == Precision.FLOAT ? 1e25 : 1e160;
        Engine engine = Engine.of(kind, precision, withHead(factor), new Sgd());
        engine.lossAndGradient(EMMA);
        double[] before = engine.gradient().values();

        double found = engine.clipGradient(1);
        double[] clipped = engine.gradient().values();

        assertThat(found).isGreaterThan(factor / 100).isLessThan(factor * 100);
        assertThat(Arrays.stream(clipped).map(g -> g * g).sum()).isCloseTo(1, within(1e-6));
        assertThat(clipped)
                .satisfies(closeTo(Arrays.stream(before).map(g -> g / found).toArray(), 1e-7));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_average_that_overflows_makes_its_weights_NaN(Kind kind, Precision precision) {
        Gpt huge = withHead(precision == Precision.FLOAT ? 1e25 : 1e160);
        Engine engine = Engine.of(kind, precision, huge, ADAM);
        engine.lossAndGradient(EMMA);
        engine.update(0.01);
        double[] squares = engine.moments().second().orElseThrow().values();
        double[] weights = engine.model().parameters().values();

        assertThat(squares).contains(Double.POSITIVE_INFINITY);
        for (int i = 0; i < weights.length; i++) {
            if (squares[i] == 0 || squares[i] == Double.POSITIVE_INFINITY) {
                assertThat(Double.isNaN(weights[i])).as("weight %d", i).isEqualTo(squares[i] != 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void shortens_a_gradient_to_almost_nothing(Kind kind, Precision precision) {
        Engine engine = Engine.of(kind, precision, Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1)), new Sgd());
        engine.lossAndGradient(EMMA);
        double limit = precision == Precision.FLOAT ? 1e-30 : 1e-200;

        engine.clipGradient(limit);
        double then = engine.clipGradient(limit / 4);
        double last = engine.clipGradient(limit);

        assertThat(then).isCloseTo(limit, within(1e-5 * limit));
        assertThat(last).isCloseTo(limit / 4, within(1e-5 * limit));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void names_what_is_wrong(Kind kind, Precision precision) {
        Engine engine = Engine.of(kind, precision, Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1)), ADAM);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.useThreads(0))
                .withMessage("threads 0 is below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.clipGradient(0))
                .withMessage("maxNorm 0.0 is not positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.clipGradient(Double.NaN))
                .withMessage("maxNorm NaN is not positive");
    }

    private static void steps(Engine engine, int count, Random random) {
        for (int step = 0; step < count; step++) {
            engine.lossAndGradient(randomNames(random, 3));
            engine.update(0.01);
        }
    }

    private static int[][] randomNames(Random random, int count) {
        int[][] batch = new int[count][];
        for (int i = 0; i < count; i++) {
            batch[i] = random.ints(2 + random.nextInt(17), 0, 27).toArray();
        }
        return batch;
    }
}
