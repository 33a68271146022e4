package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.Trainer.Progress;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GoldenGptRun;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import dev.microgpt.transformer.vector.Simd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TrainerTest {
    private static final Documents DOCUMENTS = Documents.givenNames();
    private static final List<String> NAMES = DOCUMENTS.asList();
    private static final TrainingOptions QUICK =
            TrainingOptions.of(Preset.STAGE5).withSteps(60);
    private static final TrainingOptions HELD_OUT =
            QUICK.withHeldOutFraction(0.01).withEvaluateEvery(10).withBatchSize(3);

    @TempDir
    Path directory;

    // ---- the loop

    @ParameterizedTest
    @EnumSource
    void a_preset_is_the_original_program_to_the_letter(Preset preset) {
        Golden golden = Golden.read("given-" + preset.name().toLowerCase(Locale.ROOT));
        List<Double> losses = new ArrayList<>();

        MicroGpt model = new Trainer(NAMES, TrainingOptions.of(preset))
                .onProgress(progress -> losses.add(progress.loss()))
                .train();

        double[] all = losses.stream().mapToDouble(Double::doubleValue).toArray();
        new GoldenGptRun(DOCUMENTS, model.tokenizer(), model.gpt(), all, samples(model, 20))
                .agreesWith(golden, preset == Preset.EARLY ? 1e-8 : 1e-9);
    }

    /** Mean over all predictions in the strings, read token by token. */
    private static double meanLoss(MicroGpt model, List<String> strings) {
        return strings.stream()
                .flatMapToDouble(string ->
                        Arrays.stream(model.gpt().losses(model.tokenizer().encodeDocument(string))))
                .average()
                .orElseThrow();
    }

    /** What the original program would write after this training. */
    private static List<String> samples(MicroGpt model, int count) {
        return model.generate(count, new GenerationOptions(), model.random());
    }

    @Test
    void the_preset_on_names_txt_has_the_loss_of_the_original() {
        Documents names = Documents.read(NamesFile.orAbort("the preset on names.txt"));

        MicroGpt model = new Trainer(names.asList(), TrainingOptions.of(Preset.STAGE5)).train();

        List<String> next = names.shuffled(new PythonRandom(42)).asList().subList(1000, 2000);
        assertThat(meanLoss(model, next)).isCloseTo(2.38471, within(1e-5));
        assertThat(samples(model, 3)).containsExactly("kamon", "ann", "karai");
    }

    @Test
    void batches_follow_each_other_through_the_list_and_long_gradients_are_shortened() {
        List<String> list = List.of("anna", "bob", "carla", "dave", "eve");
        TrainingOptions options =
                TrainingOptions.of(Preset.STAGE5).withSteps(7).withBatchSize(3).withMaxGradientNorm(0.5);
        List<Double> losses = new ArrayList<>();

        MicroGpt model = new Trainer(list, options)
                .onProgress(progress -> losses.add(progress.loss()))
                .train();

        PythonRandom random = new PythonRandom(42);
        Documents shuffled = Documents.of(list).shuffled(random);
        Tokenizer tokenizer = Tokenizer.of(list);
        Engine engine = Engine.of(
                Kind.ARRAY, Gpt.initial(Preset.STAGE5, tokenizer.vocabSize(), random), Preset.STAGE5.optimizer());
        for (int step = 0; step < 7; step++) {
            int first = 3 * step;
            int[][] batch = IntStream.range(first, first + 3)
                    .mapToObj(i -> tokenizer.encodeDocument(shuffled.atStep(i)))
                    .toArray(int[][]::new);
            assertThat(engine.lossAndGradient(batch)).isEqualTo(losses.get(step));
            assertThat(engine.clipGradient(0.5)).isGreaterThan(0.5);
            engine.update(Preset.STAGE5.learningRate(7).at(step));
        }
        assertThat(model.gpt().parameters().values())
                .isEqualTo(engine.model().parameters().values());
    }

    @Test
    void a_seed_and_its_negative_give_the_same_model() {
        MicroGpt model = MicroGpt.train(NAMES, QUICK.withSteps(3).withSeed(7));

        assertThat(MicroGpt.train(NAMES, QUICK.withSteps(3).withSeed(-7))
                        .gpt()
                        .parameters()
                        .values())
                .isEqualTo(model.gpt().parameters().values());
    }

    @Test
    void the_number_of_held_out_strings_is_rounded_and_leaves_one_to_train_on() {
        Documents ten = Documents.of(NAMES.subList(0, 10));

        assertThat(TrainingData.of(ten, QUICK.withHeldOutFraction(0.24), List.of())
                        .heldOut())
                .hasSize(2);
        assertThat(TrainingData.of(ten, QUICK.withHeldOutFraction(0.25), List.of())
                        .heldOut())
                .hasSize(3);
        assertThat(TrainingData.of(ten, QUICK.withHeldOutFraction(0.99), List.of())
                        .trained())
                .hasSize(1);
    }

    @Test
    void tells_how_far_it_has_come() {
        List<Progress> all = new ArrayList<>();

        new Trainer(NAMES, HELD_OUT.withSteps(25)).onProgress(all::add).train();

        assertThat(all)
                .extracting(Progress::step)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 25).boxed().toList());
        assertThat(all).extracting(Progress::steps).containsOnly(25);
        assertThat(all.get(8).heldOutLoss()).isEmpty();
        assertThat(all.get(9).heldOutLoss())
                .isEqualTo(all.get(18).heldOutLoss())
                .isPresent();
        assertThat(all.get(24).heldOutLoss()).isNotEqualTo(all.get(23).heldOutLoss());
        assertThat(all.get(24).timeLeft()).isZero();
        assertThat(all).allSatisfy(progress -> {
            assertThat(progress.loss()).isBetween(1.0, 5.0);
            assertThat(progress.tokensPerSecond()).isBetween(10.0, 1e9);
            assertThat(progress.timeLeft().isNegative()).isFalse();
        });
    }

    @Test
    void says_where_it_is() {
        Trainer trainer = new Trainer(NAMES, QUICK.withSteps(2));
        String shape = "3037 strings, GptConfig[vocabSize=27, blockSize=16, embedDim=16, headCount=4, layerCount=1,"
                + " activation=RELU]]";

        assertThat(trainer).hasToString("Trainer[step 0 of 2, " + shape);
        trainer.train();
        assertThat(trainer).hasToString("Trainer[step 2 of 2, " + shape);
    }

    @Test
    void shows_the_model_while_it_learns() {
        List<Double> losses = new ArrayList<>();
        Trainer trainer = new Trainer(NAMES, QUICK);
        int[] anna = trainer.tokenizer().encodeDocument("anna");
        trainer.onProgress(progress -> losses.add(trainer.model().loss(anna)));

        MicroGpt model = trainer.train();

        assertThat(losses).hasSize(60).doesNotHaveDuplicates();
        assertThat(losses.get(59)).isEqualTo(model.gpt().loss(anna)).isLessThan(losses.get(0) - 0.3);
    }

    // ---- held-out strings

    /** In float it is another one than that of the model in double, by some 1e-9. */
    @Test
    void the_report_tells_the_loss_that_the_model_was_chosen_by() {
        assumeTrue(Simd.isPresent());

        MicroGpt model = new Trainer(NAMES, HELD_OUT.withPrecision(Precision.FLOAT)).train();

        double chosenBy = model.provenance().heldOutLoss().orElseThrow();
        assertThat(model.report().heldOutLoss().orElseThrow().gpt()).isCloseTo(chosenBy, within(1e-14));
    }

    @Test
    void keeps_the_model_that_was_best_on_the_held_out_strings() {
        List<String> few = NAMES.subList(0, 60); // soon learned by heart
        TrainingOptions options = QUICK.withSteps(600).withHeldOutFraction(0.3).withEvaluateEvery(25);
        List<OptionalDouble> evaluations = new ArrayList<>();

        MicroGpt model = new Trainer(few, options)
                .onProgress(progress -> evaluations.add(progress.heldOutLoss()))
                .train();

        double least = evaluations.stream()
                .flatMapToDouble(OptionalDouble::stream)
                .min()
                .orElseThrow();
        List<String> heldOut =
                Documents.of(few).shuffled(new PythonRandom(42)).asList().subList(42, 60);
        assertThat(least).isLessThan(evaluations.get(599).orElseThrow() - 0.05); // the last one is not the best
        assertThat(meanLoss(model, heldOut)).isCloseTo(least, within(1e-12));
        assertThat(model.provenance().heldOutLoss()).hasValue(least);
        assertThat(model.provenance().steps()).isEqualTo(600);
    }

    @Test
    void ends_early_when_nothing_gets_better() {
        List<String> few = NAMES.subList(0, 60);
        TrainingOptions options = QUICK.withSteps(600)
                .withHeldOutFraction(0.3)
                .withEvaluateEvery(25)
                .withPatience(3);
        List<OptionalDouble> evaluations = new ArrayList<>();

        MicroGpt model = new Trainer(few, options)
                .onProgress(progress -> evaluations.add(progress.heldOutLoss()))
                .train();

        assertThat(evaluations).hasSizeLessThan(500);
        int steps = evaluations.size();
        double least = model.provenance().heldOutLoss().orElseThrow();
        assertThat(evaluations.get(steps - 1 - 75)).hasValue(least);
        assertThat(model.provenance().steps()).isEqualTo(steps);
    }

    @Test
    void the_vocabulary_has_the_characters_of_held_out_strings_too() {
        List<String> list = new ArrayList<>(NAMES.subList(0, 99));
        list.add("ü");

        for (long seed = 0; seed < 5; seed++) {
            MicroGpt model = new Trainer(
                            list, QUICK.withSteps(2).withHeldOutFraction(0.9).withSeed(seed))
                    .train();

            assertThat(model.tokenizer().vocabulary()).endsWith("ü");
        }
    }

    // ---- ending

    @Test
    void cancelling_from_another_thread_leaves_a_usable_model() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(50);
        Trainer trainer =
                new Trainer(NAMES, QUICK.withSteps(Integer.MAX_VALUE)).onProgress(progress -> running.countDown());
        List<MicroGpt> models = new ArrayList<>();
        Thread thread = new Thread(() -> models.add(trainer.train()));
        thread.start();
        running.await();

        trainer.cancel();
        thread.join();

        assertThat(models.get(0).generate(3)).hasSize(3);
        assertThat(models.get(0).provenance().steps()).isGreaterThanOrEqualTo(50);
        assertThat(models.get(0).loss("anna")).isLessThan(3.3);
    }

    @Test
    void cancelling_before_the_first_evaluation_keeps_what_was_learned() {
        Trainer trainer = new Trainer(NAMES, HELD_OUT.withEvaluateEvery(1000));
        trainer.onProgress(progress -> {
            if (progress.step() == 40) {
                trainer.cancel();
            }
        });

        MicroGpt model = trainer.train();

        assertThat(model.provenance().steps()).isEqualTo(40);
        assertThat(model.provenance().heldOutLoss().orElseThrow()).isLessThan(3.3);
    }

    @Test
    void an_interrupt_ends_the_training_and_the_thread_stays_interrupted() {
        Trainer trainer = new Trainer(NAMES, HELD_OUT).checkpoints(directory, 1000);
        trainer.onProgress(progress -> {
            if (progress.step() == 40) {
                Thread.currentThread().interrupt();
            }
        });

        MicroGpt model = trainer.train();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(model.provenance().steps()).isEqualTo(40);
        assertThat(model.report().novelty().sampleCount()).isEqualTo(1000);
        assertThat(directory).isDirectoryContaining("glob:**-0000000040.safetensors");
    }

    @Test
    void an_interrupt_ends_generation_and_the_thread_stays_interrupted() {
        MicroGpt model = MicroGpt.train(NAMES, QUICK);

        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> model.generate(1))
                .withMessage("the thread was interrupted while it generated");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(model.generate(1)).hasSize(1);
    }

    @Test
    void a_loss_that_runs_away_ends_the_training_with_advice() {
        TrainingOptions options = QUICK.withOptimizer(new Sgd()).withLearningRate(LearningRate.constant(1e200));

        assertThatIllegalStateException()
                .isThrownBy(() -> new Trainer(NAMES, options).train())
                .withMessage(
                        "the loss is NaN after step 1 of 60: training has run away. A smaller learning rate than 1.0E200"
                                + " may help, or a limit for the length of the gradient, such as a maxGradientNorm of 1");
    }

    @ParameterizedTest
    @CsvSource({"sgd, 1e8, 60", "sgd, 1e8, 1", "adam, 1e10, 60", "adam, 1e10, 1", "sgd, 1e30, 2"})
    void a_training_that_runs_away_is_called_that_however_finite_its_losses(String name, double rate, int steps) {
        for (double heldOut : new double[] {0, 0.2}) {
            TrainingOptions options = QUICK.withSteps(steps)
                    .withHeldOutFraction(heldOut)
                    .withOptimizer(name.equals("sgd") ? new Sgd() : new Adam(0.85, 0.99, 1e-8))
                    .withLearningRate(LearningRate.constant(rate));

            assertThatIllegalStateException()
                    .isThrownBy(() -> new Trainer(NAMES, options).train())
                    .withMessageContaining(": training has run away. A smaller learning rate than " + rate);
        }
    }

    @Test
    void a_training_that_runs_away_late_keeps_the_best_model_so_far() {
        TrainingOptions options = HELD_OUT.withOptimizer(new Adam(0.85, 0.99, 1e-8))
                .withLearningRate(LearningRate.constant(2))
                .withEvaluateEvery(1)
                .withSteps(1000);

        MicroGpt kept = new Trainer(NAMES, options).train(); // from a loss of some 1,000 on

        assertThat(kept.provenance().steps()).isBetween(2, 999);
        double least = kept.provenance().heldOutLoss().orElseThrow();
        assertThat(kept.report().heldOutLoss().orElseThrow().gpt()).isCloseTo(least, within(1e-12 * least));
    }

    @Test
    void weights_that_run_away_in_the_last_update_are_noticed() {
        TrainingOptions options = QUICK.withSteps(1)
                .withOptimizer(new Sgd())
                .withMaxGradientNorm(1e308)
                .withLearningRate(LearningRate.constant(Double.MAX_VALUE));

        assertThatIllegalStateException()
                .isThrownBy(() -> new Trainer(NAMES, options).train())
                .withMessageStartingWith(
                        "the model has weights that are too large to compute with after step 1 of 1: training has run");
    }

    @Test
    void trains_once() {
        Trainer trainer = new Trainer(NAMES, QUICK.withSteps(1));
        trainer.train();

        assertThatIllegalStateException()
                .isThrownBy(trainer::train)
                .withMessage("this trainer has trained already; make a new one");
    }

    // ---- training further

    @Test
    void a_model_is_trained_further() {
        MicroGpt first = MicroGpt.train(NAMES, QUICK);

        MicroGpt second =
                Trainer.furtherTraining(first, List.of("zzyzx", "zzyzy"), QUICK).train();

        assertThat(second.loss("zzyzx")).isLessThan(first.loss("zzyzx") - 1);
        assertThat(second.provenance().steps()).isEqualTo(120);
        assertThat(second.provenance().dataCount()).isEqualTo(2);
        assertThat(second.tokenizer().vocabulary()).isEqualTo(first.tokenizer().vocabulary());
        GenerationOptions all = new GenerationOptions().withMaxAttempts(1);
        String known = NAMES.get(0);
        assertThat(second.generate(1, all.withPrefix(known).withMaxLength(known.length())))
                .containsExactly(known);
        assertThatExceptionOfType(ExhaustedException.class)
                .as("the first list is remembered")
                .isThrownBy(() -> second.generate(
                        1, all.withPrefix(known).withMaxLength(known.length()).withNovelOnly(true)));
    }

    @Test
    void a_model_is_not_trained_on_characters_that_it_does_not_know_nor_in_another_shape() {
        MicroGpt model = MicroGpt.train(NAMES, QUICK.withSteps(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.furtherTraining(model, List.of("anna", "zoé"), QUICK)
                        .train())
                .withMessage("character 'é' (U+00E9) at index 2 of \"zoé\" is not in the vocabulary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.furtherTraining(model, List.of("anna"), QUICK.withShape(8, 2, 1))
                        .train())
                .withMessage("the options are for GptConfig[vocabSize=27, blockSize=16, embedDim=8, headCount=2,"
                        + " layerCount=1, activation=RELU], but the model is GptConfig[vocabSize=27, blockSize=16,"
                        + " embedDim=16, headCount=4, layerCount=1, activation=RELU]");
    }

    @Test
    void only_strings_that_the_model_has_not_seen_are_held_out_when_it_is_trained_further() {
        List<String> first = NAMES.subList(0, 1000);
        List<String> more = NAMES.subList(900, 1300);
        MicroGpt model = MicroGpt.train(first, QUICK.withHeldOutFraction(0.1));

        MicroGpt same = Trainer.furtherTraining(
                        model, first, model.trainingOptions().withSeed(3))
                .train();
        MicroGpt further = Trainer.furtherTraining(
                        model, more, model.trainingOptions().withSeed(3).withHeldOutFraction(0.5))
                .train();
        TrainingData data = TrainingData.of(
                Documents.of(more),
                QUICK.withSeed(3).withHeldOutFraction(0.5),
                model.contents().fingerprints());

        assertThat(same.report().heldOutCount()).isZero();
        assertThat(same.contents().fingerprints()).hasSize(1);
        assertThat(data.heldOut()).hasSize(200).doesNotContainAnyElementsOf(first);
        assertThat(data.trained()).hasSize(200);
        assertThat(further.report().heldOutCount()).isEqualTo(200);
    }

    @Test
    void the_engine_is_chosen_from_shape_and_work_alone() {
        MicroGpt model = MicroGpt.train(NAMES, QUICK);

        assertThat(model.provenance().engine()).isEqualTo(Kind.ARRAY);
        assertThat(model.trainingOptions().engine()).isEqualTo(Optional.empty());
    }
}
