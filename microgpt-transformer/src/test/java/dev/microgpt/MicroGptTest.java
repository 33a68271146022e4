package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.evaluation.Report;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Initialization;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicroGptTest {
    private static final List<String> NAMES = Documents.givenNames().asList();
    private static final TrainingOptions QUICK =
            TrainingOptions.of(Preset.STAGE5).withSteps(200);
    private static final MicroGpt MODEL = MicroGpt.train(NAMES, QUICK);
    private static final GenerationOptions DEFAULTS = new GenerationOptions();
    private static final GenerationOptions SEEDED = DEFAULTS.withSeed(1);

    @TempDir
    Path directory;

    // ---- training

    @Tag("proof")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void settings_for_the_list_beat_counting_pairs(long seed) {
        MicroGpt model = MicroGpt.train(NAMES, TrainingOptions.forStrings(NAMES).withSeed(seed));

        Report.HeldOutLoss loss = model.report().heldOutLoss().orElseThrow();
        assertThat(loss.gpt()).isLessThan(loss.bigram() - 0.1);
        assertThat(loss.gpt()).isCloseTo(model.provenance().heldOutLoss().orElseThrow(), within(1e-12));
        assertThat(model.generate(1000, SEEDED.withMinLength(1)))
                .doesNotContain("")
                .hasSize(1000);
    }

    @Test
    void the_same_list_and_options_give_the_same_model() {
        MicroGpt again = MicroGpt.train(NAMES, QUICK);

        assertThat(again.gpt().parameters().values())
                .isEqualTo(MODEL.gpt().parameters().values());
        assertThat(again.report()).isEqualTo(MODEL.report());
        assertThat(MicroGpt.train(NAMES, QUICK.withSeed(1)).gpt().parameters().values())
                .isNotEqualTo(MODEL.gpt().parameters().values());
    }

    @Test
    void a_list_without_a_string_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MicroGpt.train(List.of()))
                .withMessage("the list has no string that is not blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MicroGpt.train(List.of(" ", "\t")))
                .withMessage("the list has no string that is not blank");
        List<String> withNull = new ArrayList<>(List.of("anna", "bob"));
        withNull.add(null);
        assertThatNullPointerException()
                .isThrownBy(() -> MicroGpt.train(withNull))
                .withMessage("strings[2] is null");
    }

    @Test
    void learns_one_string_and_a_string_that_is_repeated() {
        MicroGpt one = MicroGpt.train(List.of("anna"));
        List<String> copies = Collections.nCopies(500, "anna");
        MicroGpt repeated =
                MicroGpt.train(copies, TrainingOptions.forStrings(copies).withSteps(313));

        assertThat(one.trainingOptions().heldOutFraction()).isZero();
        assertThat(one.report().warnings()).isNotEmpty();
        assertThat(repeated.loss("anna")).isLessThan(0.1);
        assertThat(repeated.generate(3)).containsOnly("anna");
        assertThat(repeated.report().duplicateCount()).isEqualTo(499);
        assertThatExceptionOfType(ExhaustedException.class)
                .isThrownBy(() -> repeated.generate(
                        2, new GenerationOptions().withUnique(true).withTemperature(0)))
                .satisfies(e -> assertThat(e.found()).containsExactly("anna"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "😀😃 😄😁 😆😅 🤣😂 🙂🙃 😉😊",
                "مرحبا سلام كتاب قلم شمس قمر",
                "你好 世界 中文 名字 北京 上海",
                "e\u0301te\u0301 a\u0308a\u0308 n\u0303n\u0303 o\u0302o\u0302",
                "a\"b \\x {} [] <> 'q"
            })
    void learns_any_characters_and_keeps_them_in_the_file(String words) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            list.addAll(List.of(words.split(" ")));
        }
        MicroGpt model = MicroGpt.train(list, QUICK.withSteps(100));
        Path file = directory.resolve("model.safetensors");

        model.save(file);
        MicroGpt loaded = MicroGpt.load(file);

        assertThat(loaded.tokenizer().vocabulary()).isEqualTo(model.tokenizer().vocabulary());
        assertThat(loaded.generate(10, SEEDED)).isEqualTo(model.generate(10, SEEDED));
        String alphabet = loaded.tokenizer().vocabulary();
        assertThat(String.join("", model.generate(10, SEEDED)).codePoints())
                .allMatch(character -> alphabet.indexOf(character) >= 0);
    }

    @Test
    void can_be_looked_at() {
        assertThat(MODEL)
                .hasToString("MicroGpt[GptConfig[vocabSize=27, blockSize=16, embedDim=16, headCount=4, layerCount=1,"
                        + " activation=RELU], trained on 3037 strings in 200 steps]");
        assertThat(MODEL.trainingOptions().toString())
                .startsWith("{\"basis\":\"microgpt\",\"blockSize\":16,\"embedDim\":16,");
    }

    // ---- the file

    @Test
    void a_loaded_model_is_the_saved_one() throws IOException {
        Path file = directory.resolve("model.safetensors");

        MODEL.save(file);
        MicroGpt loaded = MicroGpt.load(file);
        Path copy = directory.resolve("copy.safetensors");
        loaded.save(copy);

        assertThat(loaded.gpt().parameters().values())
                .isEqualTo(MODEL.gpt().parameters().values());
        assertThat(loaded.generate(20, SEEDED)).isEqualTo(MODEL.generate(20, SEEDED));
        assertThat(loaded.generate(20, DEFAULTS, loaded.random()))
                .isEqualTo(MODEL.generate(20, DEFAULTS, MODEL.random()));
        assertThat(loaded.report()).isEqualTo(MODEL.report());
        assertThat(loaded.provenance()).isEqualTo(MODEL.provenance());
        assertThat(loaded.provenance().libraryVersion()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
        assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void a_loaded_model_still_knows_its_list_by_the_fingerprint() {
        Path file = directory.resolve("model.safetensors");
        MODEL.save(file);
        GenerationOptions novel = new GenerationOptions().withNovelOnly(true).withSeed(3);

        MicroGpt loaded = MicroGpt.load(file);

        List<String> strings = loaded.generate(500, novel);
        assertThat(strings).doesNotContainAnyElementsOf(NAMES);
        List<String> exact = MODEL.generate(500, novel);
        exact = exact.subList(0, 400);
        List<String> missing = new ArrayList<>(exact);
        missing.removeAll(strings);
        assertThat(missing).as("false positives").hasSizeLessThan(5);
    }

    @Test
    void a_loaded_model_can_be_trained_further() {
        Path file = directory.resolve("model.safetensors");
        MODEL.save(file);

        MicroGpt further = Trainer.furtherTraining(MicroGpt.load(file), NAMES, MODEL.trainingOptions())
                .train();

        assertThat(further.gpt().parameters().values())
                .isEqualTo(Trainer.furtherTraining(MODEL, NAMES, MODEL.trainingOptions())
                        .train()
                        .gpt()
                        .parameters()
                        .values());
    }

    @Test
    void all_options_survive_the_file() {
        Random random = new Random(1);
        TrainingOptions options = QUICK.withSteps(2)
                .withBlockSize(7)
                .withShape(12, 3, 2)
                .withActivation(GptConfig.Activation.RELU_SQUARED)
                .withInitialization(new Initialization(0.05, true, Set.of("attn_wo")))
                .withOptimizer(new Sgd())
                .withLearningRate(LearningRate.cosine(0.02, 9).withWarmup(3))
                .withBatchSize(3)
                .withMaxGradientNorm(0.25)
                .withHeldOutFraction(0.125)
                .withEvaluateEvery(1)
                .withPatience(4)
                .withEngine(Kind.TAPE)
                .withThreads(2)
                .withSeed(random.nextLong());
        MicroGpt model = MicroGpt.train(NAMES.subList(0, 100), options);
        Path file = directory.resolve("model.safetensors");

        model.save(file);

        TrainingOptions loaded = MicroGpt.load(file).trainingOptions();
        assertThat(loaded).usingRecursiveComparison().isEqualTo(options);
        assertThat(loaded).isEqualTo(options).hasSameHashCodeAs(options);
    }

    @Test
    void the_strings_of_many_lists_are_known_and_hardly_any_other() {
        TrainingOptions tiny = QUICK.withShape(4, 1, 1).withSteps(1);
        MicroGpt model = MicroGpt.train(NAMES, tiny);
        for (int i = 0; i < 20; i++) {
            List<String> more = List.of("qqq" + NAMES.get(i), "zzz" + NAMES.get(i));
            model = Trainer.furtherTraining(model, more, tiny).train();
        }

        assertThat(NAMES).allMatch(model::isKnown);
        assertThat(model.isKnown("zzz" + NAMES.get(3))).isTrue();
        assertThat(IntStream.range(0, 100_000).mapToObj(i -> "anna" + i).filter(model::isKnown))
                .hasSizeLessThan(100);
    }

    @Test
    void the_strings_of_the_list_are_known_and_hardly_any_other() {
        Path file = directory.resolve("model.safetensors");
        MODEL.save(file);
        MicroGpt loaded = MicroGpt.load(file);
        List<String> others =
                IntStream.range(0, 10_000).mapToObj(i -> "anna" + i).toList();

        assertThat(NAMES).allMatch(MODEL::isKnown).allMatch(loaded::isKnown);
        assertThat(MODEL.isKnown(" " + NAMES.get(0) + "\n")).isTrue();
        assertThat(others).noneMatch(MODEL::isKnown);
        assertThat(others.stream().filter(loaded::isKnown)).hasSizeLessThan(10);
    }
}
