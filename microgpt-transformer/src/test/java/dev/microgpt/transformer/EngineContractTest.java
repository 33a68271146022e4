package dev.microgpt.transformer;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.autograd.GradientCheck;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.optim.Sgd;
import dev.microgpt.testing.Golden;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.transformer.GptConfig.Activation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine must do: the same test for all of them. */
class EngineContractTest {
    /** The build runs this test without the Vector API, for all other kinds, and with it, for that one. */
    static Stream<Engine.Kind> kinds() {
        return Engine.Kind.VECTOR.isAvailable()
                ? Stream.of(Engine.Kind.VECTOR)
                : Stream.of(Engine.Kind.values()).filter(Engine.Kind::isAvailable);
    }

    static Stream<Arguments> goldenRuns() {
        return kinds().flatMap(kind -> Stream.of(Preset.values())
                .flatMap(preset ->
                        Stream.of(true, false).map(onGivenNames -> Arguments.of(kind, preset, onGivenNames))));
    }

    @ParameterizedTest(name = "{0} engine, {1}, on the given names: {2}")
    @MethodSource("goldenRuns")
    void reproduces_the_original_programs(Engine.Kind kind, Preset preset, boolean onGivenNames) {
        Golden golden =
                Golden.read((onGivenNames ? "given-" : "") + preset.name().toLowerCase(Locale.ROOT));

        GoldenGptRun run = GoldenGptRun.of(preset, onGivenNames, kind);

        run.agreesWith(golden, preset == Preset.EARLY ? 1e-8 : 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void agrees_with_the_value_engine_on_larger_models(int seed) {
        Random random = new Random(seed);
        int headCount = 1 + random.nextInt(4);
        int headDim = (8 + random.nextInt(89)) / headCount;
        GptConfig config = new GptConfig(
                2 + random.nextInt(60),
                4 + random.nextInt(61),
                headCount * headDim,
                headCount,
                1 + random.nextInt(3),
                Activation.values()[random.nextInt(2)]);
        Gpt model = RandomGpt.uniform(config, random, 1 / Math.sqrt(config.embedDim()));
        int[][] batch = new int[1 + random.nextInt(9)][];
        int affordable = 75_000 / model.parameters().size() + 2; // positions that fit into memory as values
        for (int i = 0; i < batch.length; i++) {
            int length = 2 + random.nextInt(Math.min(config.blockSize() + 3, affordable));
            batch[i] = random.ints(length, 0, config.vocabSize()).toArray();
        }
        Engine reference = Engine.of(Engine.Kind.VALUE, model, new Sgd());
        double expected = reference.lossAndGradient(batch);
        double[] gradient = reference.gradient().values();
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();

        assertThat(kinds().filter(kind -> kind != Engine.Kind.VALUE))
                .isNotEmpty()
                .allSatisfy(kind -> {
                    Engine engine = Engine.of(kind, model, new Sgd());
                    assertThat(engine.lossAndGradient(batch)).isCloseTo(expected, within(1e-9));
                    assertThat(engine.gradient().values()).satisfies(closeTo(gradient, 1e-9 * Math.max(1, largest)));
                });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_batch_may_be_larger_than_what_goes_through_the_model_at_once(Engine.Kind kind) {
        Random random = new Random(3);
        GptConfig config = new GptConfig(9, 12, 8, 2, 1, Activation.RELU);
        Gpt model = RandomGpt.uniform(config, random, 1);
        int[][] batch = new int[60][];
        double[] mean = new double[model.parameters().size()];
        Engine single = Engine.of(Engine.Kind.VALUE, model, new Sgd());
        for (int i = 0; i < batch.length; i++) {
            batch[i] = random.ints(2 + random.nextInt(13), 0, 9).toArray();
            single.lossAndGradient(batch[i]);
            double[] gradient = single.gradient().values();
            Arrays.setAll(mean, j -> mean[j] + gradient[j] / 60);
        }
        Engine engine = Engine.of(kind, model, new Sgd());

        double loss = engine.lossAndGradient(batch);

        assertThat(loss).isCloseTo(meanLoss(model, batch), within(1e-9));
        assertThat(engine.gradient().values()).satisfies(closeTo(mean, 1e-9));
    }

    @ParameterizedTest
    @MethodSource("randomShapes")
    void the_loss_over_tokens_weighs_every_prediction_alike(Engine.Kind kind, int seed) {
        Random random = new Random(seed);
        GptConfig config = randomConfig(random, 1 + random.nextInt(2));
        Gpt model = RandomGpt.uniform(config, random, 1);
        int[][] batch = randomDocuments(config, 5 + 40 * (seed % 2), random); // through the model at once, and not
        double total = Arrays.stream(batch)
                .mapToInt(document -> model.losses(document).length)
                .sum();
        double expected = 0;
        double[] gradient = new double[model.parameters().size()];
        Engine single = Engine.of(Engine.Kind.VALUE, model, new Sgd());
        for (int[] document : batch) {
            double share = model.losses(document).length / total;
            expected += share * single.lossAndGradient(document);
            double[] own = single.gradient().values();
            Arrays.setAll(gradient, i -> gradient[i] + share * own[i]);
        }
        Engine engine = Engine.of(kind, model, new Sgd());

        engine.useLossOverTokens(true);
        engine.useThreads(2);

        assertThat(engine.lossAndGradient(batch)).isCloseTo(expected, within(1e-9));
        assertThat(engine.gradient().values()).satisfies(closeTo(gradient, 1e-9));
        engine.useLossOverTokens(false);
        assertThat(engine.lossAndGradient(batch)).isCloseTo(meanLoss(model, batch), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("randomShapes")
    void losses_are_those_of_the_model_token_by_token(Engine.Kind kind, int seed) {
        Random random = new Random(seed);
        GptConfig config = randomConfig(random, 1 + random.nextInt(3));
        Engine engine = Engine.of(kind, RandomGpt.uniform(config, random, 1), new Adam(0.85, 0.99, 1e-8));
        engine.useThreads(2);
        int[][] documents = randomDocuments(config, 100, random); // more than pass through the model at once
        engine.lossAndGradient(documents[0]);
        engine.update(0.01);
        Parameters gradient = engine.gradient();

        double[][] losses = engine.losses(documents);

        Gpt model = engine.model();
        assertThat(losses).hasNumberOfRows(100);
        for (int i = 0; i < documents.length; i++) {
            assertThat(losses[i]).satisfies(closeTo(model.losses(documents[i]), 1e-12));
        }
        assertThat(engine.gradient().values()).isEqualTo(gradient.values());
        assertThat(engine.losses()).isEmpty();
        engine.useThreads(1);
        assertThat(engine.losses(documents)).isDeepEqualTo(losses);
    }

    static Stream<Arguments> randomShapes() {
        return kinds().flatMap(kind -> IntStream.range(0, 8).mapToObj(seed -> Arguments.of(kind, seed)));
    }

    @ParameterizedTest
    @MethodSource("randomShapes")
    void the_gradient_is_that_of_central_differences(Engine.Kind kind, int seed) {
        Random random = new Random(seed);
        GptConfig config = randomConfig(random, 1 + random.nextInt(3));
        Gpt model = RandomGpt.uniform(config, random, 1);
        int[][] batch = randomBatch(config, random);
        Engine engine = Engine.of(kind, model, new Sgd());

        double loss = engine.lossAndGradient(batch);

        assertThat(loss).isCloseTo(meanLoss(model, batch), within(1e-12));
        double[] central = GradientCheck.centralDifferences(
                point -> meanLoss(new Gpt(config, filled(config, point)), batch),
                model.parameters().values());
        assertThat(engine.gradient().values()).satisfies(closeTo(central, 1e-7));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void repeats_itself_bit_by_bit(Engine.Kind kind) {
        double[][] runs = new double[2][];
        for (int run = 0; run < 2; run++) {
            Random random = new Random(7);
            GptConfig config = randomConfig(random, 2);
            Engine engine = Engine.of(kind, RandomGpt.uniform(config, random, 1), new Adam(0.85, 0.99, 1e-8));
            for (int step = 0; step < 20; step++) {
                engine.lossAndGradient(randomBatch(config, random));
                engine.update(0.01);
            }
            runs[run] = engine.model().parameters().values();
        }

        assertThat(runs[1]).isEqualTo(runs[0]);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void cuts_a_document_at_the_block_size(Engine.Kind kind) {
        GptConfig config = new GptConfig(5, 3, 4, 2, 1, Activation.RELU);
        Engine engine = Engine.of(kind, RandomGpt.uniform(config, new Random(1), 1), new Sgd());

        double whole = engine.lossAndGradient(new int[] {4, 0, 1, 2, 3, 0, 4});
        Parameters wholeGradient = engine.gradient();
        double cut = engine.lossAndGradient(new int[] {4, 0, 1, 2});

        assertThat(whole).isEqualTo(cut);
        assertThat(wholeGradient.values()).isEqualTo(engine.gradient().values());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void learns_a_vocabulary_of_one_character_and_the_empty_word(Engine.Kind kind) {
        Gpt untrained = Gpt.initial(Preset.STAGE5, 2, new PythonRandom(1));
        Engine engine = Engine.of(kind, untrained, new Adam(0.85, 0.99, 1e-8));

        double first = engine.lossAndGradient(new int[][] {{1, 0, 0, 1}, {1, 1}});
        for (int step = 0; step < 200; step++) {
            engine.lossAndGradient(new int[][] {{1, 0, 0, 1}});
            engine.update(0.01);
        }

        assertThat(first).isBetween(0.3, 1.5); // near ln 2 = 0.69
        assertThat(engine.model().loss(1, 0, 0, 1)).isLessThan(0.01);
    }

    static Stream<Arguments> matrices() {
        return kinds().flatMap(kind -> Stream.of("wte", "lm_head", "layer0.attn_wk", "layer0.mlp_fc1", "layer0.mlp_fc2")
                .map(matrix -> Arguments.of(kind, matrix)));
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void a_matrix_of_nan_shows_in_the_loss(Engine.Kind kind, String matrix) {
        GptConfig config = Preset.STAGE5.config(27);
        Parameters parameters = Preset.STAGE5.initialization().draw(config, new PythonRandom(1));
        Tensor tensor = parameters.tensor(matrix);
        double nan = 0 / 0.0 * -1; // as the processor makes it, with a sign
        Arrays.fill(parameters.values(), tensor.offset(), tensor.offset() + tensor.size(), nan);
        Gpt model = new Gpt(config, parameters);

        double loss = Engine.of(kind, model, new Sgd()).lossAndGradient(new int[] {26, 3, 5, 26});

        assertThat(loss).isNaN();
        assertThat(model.loss(26, 3, 5, 26)).isNaN();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hands_out_copies_and_leaves_its_start_alone(Engine.Kind kind) {
        Gpt start = Gpt.initial(Preset.EARLY, 27, new PythonRandom(1));
        double[] before = start.parameters().values();
        Engine engine = Engine.of(kind, start, Preset.EARLY.optimizer());
        engine.lossAndGradient(new int[] {26, 3, 26});
        Gpt untouched = engine.model();
        engine.gradient().values()[0] = Double.NaN;
        engine.moments().first().orElseThrow().values()[0] = Double.NaN;

        engine.update(0.01);

        assertThat(engine.kind()).isEqualTo(kind);
        assertThat(start.parameters().values()).isEqualTo(before);
        assertThat(untouched.parameters().values()).isEqualTo(before);
        assertThat(engine.model().parameters().values()).isNotEqualTo(before).doesNotContain(Double.NaN);
        assertThat(engine.moments().updates()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void names_what_is_wrong_and_keeps_the_model(Engine.Kind kind) {
        Engine engine = Engine.of(kind, Gpt.initial(Preset.STAGE5, 27, new PythonRandom(1)), new Sgd());
        engine.lossAndGradient(new int[] {26, 3, 26});
        double[] before = engine.model().parameters().values();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.lossAndGradient(new int[] {26, 27, 26}))
                .withMessage("documents[0]: tokenId 27 is not in [0, 27)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.lossAndGradient(new int[] {26}))
                .withMessage("documents[0]: a document of 1 tokens has nothing to predict; it needs 2 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(engine::lossAndGradient)
                .withMessage("there is no document in the batch; it needs 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.update(Double.NaN))
                .withMessage("learning rate NaN is not a finite number of at least 0");
        assertThat(engine.model().parameters().values()).isEqualTo(before);
    }

    @Test
    void a_model_whose_scratch_does_not_fit_into_an_array_is_refused() {
        GptConfig config = new GptConfig(27, 20_000, 8, 8, 1, Activation.RELU);
        Gpt model = new Gpt(config, config.newParameters());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.of(Engine.Kind.ARRAY, model, new Sgd()))
                .withMessage(
                        "blockSize 20000 with vocabSize 27, embedDim 8 and headCount 8 needs a matrix that does not fit "
                                + "into one array");
    }

    @Test
    void the_first_step_of_the_original_has_this_gradient() {
        Golden golden = Golden.read("stage5");
        Gpt untrained =
                new Gpt(Preset.STAGE5.config(27), filled(Preset.STAGE5.config(27), golden.doubles("init_params")));
        int[] yuheng = {26, 24, 20, 7, 4, 13, 6, 26};

        for (Engine.Kind kind : kinds().toList()) {
            Engine engine = Engine.of(kind, untrained, new Sgd());
            engine.lossAndGradient(yuheng);

            assertThat(engine.gradient().values()).satisfies(closeTo(golden.doubles("step1_gradient"), 1e-12));
        }
        assertThat(untrained.losses(yuheng)).satisfies(closeTo(golden.doubles("step1_losses"), 1e-12));
    }

    private static GptConfig randomConfig(Random random, int layerCount) {
        int headCount = 1 + random.nextInt(3);
        return new GptConfig(
                2 + random.nextInt(5),
                1 + random.nextInt(6),
                headCount * (1 + random.nextInt(3)),
                headCount,
                layerCount,
                Activation.values()[random.nextInt(2)]);
    }

    private static Parameters filled(GptConfig config, double... values) {
        Parameters parameters = config.newParameters();
        System.arraycopy(values, 0, parameters.values(), 0, values.length);
        return parameters;
    }

    private static int[][] randomBatch(GptConfig config, Random random) {
        return randomDocuments(config, 1 + random.nextInt(4), random);
    }

    private static int[][] randomDocuments(GptConfig config, int count, Random random) {
        int[][] documents = new int[count][];
        for (int i = 0; i < count; i++) {
            documents[i] = random.ints(2 + random.nextInt(config.blockSize() + 2), 0, config.vocabSize())
                    .toArray();
        }
        return documents;
    }

    private static double meanLoss(Gpt model, int[][] batch) {
        return Arrays.stream(batch).mapToDouble(model::loss).average().orElseThrow();
    }
}
