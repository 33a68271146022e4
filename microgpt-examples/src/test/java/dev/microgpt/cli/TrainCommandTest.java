package dev.microgpt.cli;

import static dev.microgpt.testing.CloseTo.closeTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.optim.Adam;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Sgd;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.GptConfig.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "value", "tape", "array"})
    void the_preset_microgpt_is_the_original_on_every_engine(String engine) throws Exception {
        agrees(Golden.read("given-stage5"), 1e-9, "--preset", "microgpt", "--engine", engine);
    }

    @Test
    void the_preset_early_is_the_original() throws Exception {
        agrees(Golden.read("given-early"), 1e-8, "--preset", "early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "tape", "array"})
    void the_preset_microgpt_is_the_original_on_names_txt(String engine) throws Exception {
        String names = NamesFile.orAbort("train --preset microgpt --engine " + engine + " on names.txt")
                .toString();

        agrees(Golden.read("stage5"), 1e-9, "--preset", "microgpt", "--engine", engine, "--data", names);
    }

    private void agrees(Golden golden, double tolerance, String... options) throws IOException {
        String metrics = folder.resolve("losses.csv").toString();

        Cli cli = train(Stream.concat(Stream.of("--metrics", metrics), Stream.of(options)));

        List<String> csv = Files.readAllLines(Path.of(metrics));
        assertThat(csv.get(0)).isEqualTo("step,loss");
        assertThat(csv.stream()
                        .skip(1)
                        .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
                        .toArray())
                .satisfies(closeTo(golden.doubles("losses"), tolerance));
        assertThat(cli.out())
                .startsWith("num docs: " + golden.string("documents"), "vocab size: 27")
                .contains("--- inference (new, hallucinated names) ---");
        assertThat(cli.samples()).isEqualTo(golden.strings("samples"));
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void keeps_the_report_as_json_with_keys_for_programs() throws IOException {
        Path json = folder.resolve("report.json");
        String model = folder.resolve("reported.safetensors").toString();
        String names = String.join("\n", Documents.givenNames().asList().subList(0, 200));

        Cli cli = Cli.runWith(
                names, "train", "--data", "-", "--steps", "20", "--quiet", "--model", model, "--json", json.toString());

        assertThat(cli.exitCode()).isZero();
        assertThat(Cli.run("report", model, "--json").out()).isEqualTo(Files.readAllLines(json));
        Map<String, Object> keys = JSON.std.mapFrom(Files.readString(json));
        assertThat(keys).extractingByKey("verdict").isIn("gpt", "both", "counting", "unknown");
        assertThat(keys.get("heldOutLoss"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("unigram", "bigram", "ngram", "gpt", "both");
        assertThat((int) keys.get("ngramOrder")).isBetween(2, 8);
        assertThat(((Number) keys.get("gptWeight")).doubleValue()).isBetween(0.0, 1.0);
        assertThat(keys.get("novelty"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsKeys("samples", "fresh", "trained");
    }

    @Test
    void without_options_trains_with_settings_that_fit_the_list() {
        String model = folder.resolve("model.safetensors").toString();

        Cli cli = Cli.runWith("anna\nhannah\notto\n", "train", "--data", "-", "--model", model);

        assertThat(cli.exitCode()).isZero();
        TrainingOptions used = MicroGpt.load(Path.of(model)).trainingOptions();
        TrainingOptions fitting = TrainingOptions.forStrings(List.of("anna", "hannah", "otto"));
        assertThat(used).usingRecursiveComparison().isEqualTo(fitting);
        assertThat(cli.out())
                .startsWith("num docs: 3", "vocab size: 6", "num params: 12928")
                .contains("The model is in " + model + ".");
        assertThat(cli.samples()).hasSize(20);
    }

    @Test
    void another_share_held_out_leaves_as_many_passes_over_the_rest() {
        String model = folder.resolve("model.safetensors").toString();
        String list = String.join("\n", Documents.givenNames().asList().subList(0, 60));

        Cli.runWith(list, "train", "--data", "-", "--held-out", "0", "--model", model);
        TrainingOptions all = MicroGpt.load(Path.of(model)).trainingOptions();
        Cli.runWith(list, "train", "--data", "-", "--held-out", "0", "--steps", "20", "--model", model);
        TrainingOptions chosen = MicroGpt.load(Path.of(model)).trainingOptions();

        assertThat(TrainingOptions.forStrings(List.of(list.split("\n"))).steps())
                .isEqualTo(34); // 10 · 54 strings, 16 a step
        assertThat(all.steps()).isEqualTo(38); // 10 · 60
        assertThat(all.learningRate().steps()).isEqualTo(38);
        assertThat(chosen.steps()).isEqualTo(20);
    }

    @Test
    void every_option_overrides_the_preset() {
        String model = folder.resolve("model.safetensors").toString();

        String options = "--preset microgpt --seed -7 --layers 2 --heads 3 --embed 12 --block 9 --steps 11 --batch 5"
                + " --learning-rate 0.02 --beta1 0.8 --beta2 0.98 --schedule cosine --activation relu2 --init-std 0.05"
                + " --engine tape --threads 2 --held-out 0.01 --patience 4 --quiet --samples 3";

        Cli cli = train(Stream.concat(Stream.of("--model", model), Stream.of(options.split(" "))));

        TrainingOptions used = MicroGpt.load(Path.of(model)).trainingOptions();
        assertThat(cli.out()).hasSize(5);
        assertThat(used.seed()).isEqualTo(-7);
        assertThat(used.newConfig(27))
                .hasToString("GptConfig[vocabSize=27, blockSize=9, embedDim=12, headCount=3,"
                        + " layerCount=2, activation=" + Activation.RELU_SQUARED + "]");
        assertThat(used.steps()).isEqualTo(11);
        assertThat(used.batchSize()).isEqualTo(5);
        assertThat(used.learningRate()).isEqualTo(LearningRate.cosine(0.02, 11));
        assertThat(used.optimizer()).isEqualTo(new Adam(0.8, 0.98, 1e-8));
        assertThat(used.initialization().deviation()).isEqualTo(0.05);
        assertThat(used.engine().map(Enum::name)).isEqualTo(Optional.of("TAPE"));
        assertThat(used.threads()).isEqualTo(2);
        assertThat(used.heldOutFraction()).isEqualTo(0.01);
        assertThat(used.patience()).isEqualTo(4);
    }

    @Test
    void gradient_descent_and_a_constant_rate_can_be_asked_for() {
        String model = folder.resolve("model.safetensors").toString();

        train(
                "--preset",
                "early",
                "--steps",
                "3",
                "--optimizer",
                "sgd",
                "--schedule",
                "constant",
                "--learning-rate",
                "0.1",
                "--model",
                model);

        TrainingOptions used = MicroGpt.load(Path.of(model)).trainingOptions();
        assertThat(used.optimizer()).isEqualTo(new Sgd());
        assertThat(used.learningRate()).isEqualTo(LearningRate.constant(0.1));
    }

    @Test
    void quiet_prints_nothing_but_the_samples() {
        Cli cli = train("--steps", "1", "--samples", "2", "--temperature", "0", "--quiet");

        assertThat(cli.out()).hasSize(4).startsWith("", "--- inference (new, hallucinated names) ---");
        assertThat(cli.samples().get(0)).isEqualTo(cli.samples().get(1));
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void goes_on_from_a_checkpoint_with_the_same_bits() throws IOException {
        String whole = folder.resolve("whole.safetensors").toString();
        String resumed = folder.resolve("resumed.safetensors").toString();
        String checkpoints = folder.resolve("checkpoints").toString();
        String metrics = folder.resolve("losses.csv").toString();
        train("--steps", "40", "--checkpoint", checkpoints, "--model", whole);
        Files.delete(Path.of(checkpoints, "checkpoint-0000000040.safetensors"));

        Cli cli = train("--resume", checkpoints, "--model", resumed, "--metrics", metrics);

        assertThat(cli.exitCode()).isZero();
        assertThat(MicroGpt.load(Path.of(resumed)).gpt().parameters().values())
                .isEqualTo(MicroGpt.load(Path.of(whole)).gpt().parameters().values());
        assertThat(Path.of(metrics))
                .content()
                .startsWith("step,loss\n39,")
                .contains("\n40,")
                .hasLineCount(3);
    }

    @Test
    void going_on_needs_the_same_list() {
        String checkpoints = folder.resolve("checkpoints").toString();
        train("--steps", "1", "--checkpoint", checkpoints);

        Cli cli = train("--resume", checkpoints, "--data", "pom.xml");

        assertThat(cli.err())
                .singleElement()
                .asString()
                .startsWith("error: option --resume " + checkpoints + " with --data pom.xml: the strings (SHA-256 ")
                .contains(") are not those of the checkpoint (");
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "microgpt"})
    void writes_a_page_with_the_strings_that_are_printed(String preset) throws IOException {
        Path file = folder.resolve("page.html");

        Cli cli = train(
                "--preset",
                preset,
                "--steps",
                "9",
                "--held-out",
                "0.1",
                "--temperature",
                "0.9",
                "--html",
                file.toString());

        String page = Files.readString(file);
        assertThat(page).startsWith("<!doctype html>").contains("counting pairs", "Temperature 0.90.");
        assertThat(Pattern.compile("<li>(?:<bdi>|<i>)(.*?)</")
                        .matcher(page)
                        .results()
                        .map(item -> item.group(1).replace("(empty)", "")))
                .hasSize(40)
                .startsWith(cli.samples().toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--steps 0              | option --steps 0: steps 0 is below 1",
                "--batch 0              | option --batch 0: batchSize 0 is below 1",
                "--threads 0            | option --threads 0: threads 0 is below 1",
                "--block 0              | option --block 0: blockSize 0 is below 1",
                "--layers 0             | option --layers 0: layerCount 0 is below 1",
                "--embed 16 --heads 5   | option --embed 16 --heads 5: embedDim 16 is not a multiple of headCount 5",
                "--beta1 1              | option --beta1 1.0: beta1 1.0 is not in [0, 1)",
                "--beta2 NaN            | option --beta2 NaN: beta2 NaN is not in [0, 1)",
                "--optimizer sgd --beta2 0.9 | option --beta2 0.9 needs --optimizer adam, not sgd",
                "--learning-rate -1     | option --learning-rate -1.0: learning rate -1.0 is not a finite number of at least 0",
                "--init-std -1          | option --init-std -1.0: deviation -1.0 is not a finite number of at least 0",
                "--held-out 1           | option --held-out 1.0: heldOutFraction 1.0 is not in [0, 1)",
                "--patience -1          | option --patience -1: patience -1 is below 0",
                "--samples -1           | option --samples -1 is below 0",
                "--temperature -1       | option --temperature -1.0: temperature -1.0 is not a finite number >= 0",
                "--engine array --precision float | option --engine ARRAY: precision FLOAT needs engine VECTOR, not ARRAY",
                "--engine vector        | option --engine vector needs the module jdk.incubator.vector: java --add-modules jdk.incubator.vector -jar microgpt.jar",
                "--precision float      | option --precision float needs the module jdk.incubator.vector: java --add-modules jdk.incubator.vector -jar microgpt.jar",
                "--data nowhere         | option --data nowhere is neither a file that exists nor given-names, karpathy, jdk-classes or - for standard input",
                "--data src             | option --data src is neither a file that exists nor given-names, karpathy, jdk-classes or - for standard input",
                "--resume nowhere       | option --resume nowhere is not a directory that exists",
                "--resume src --seed 1  | option --seed cannot be given with --resume, which goes on with the settings of the checkpoint",
                "--resume src --preset early | option --preset cannot be given with --resume, which goes on with the settings of the checkpoint",
                "--resume src           | option --resume src with --data given-names: there is no checkpoint in directory src",
                "--checkpoint pom.xml   | option --checkpoint pom.xml is not a directory",
                "--model src            | option --model src is not the name of a file",
                "--metrics no/where.csv | option --metrics no/where.csv is not in a folder that exists",
                "--html src             | option --html src is not the name of a file"
            })
    void names_option_value_and_rule(String options, String message) {
        Cli cli = train(options.split(" "));

        assertThat(cli.err()).containsExactly("error: " + message);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data       | option --data  is neither a file that exists nor given-names, karpathy, jdk-classes or - for standard input",
                "--checkpoint | option --checkpoint  is not a directory",
                "--resume     | option --resume  is not a directory that exists",
                "--model      | option --model  is not the name of a file"
            })
    void a_variable_of_the_shell_that_is_not_set_is_not_the_present_directory(String option, String message) {
        Cli cli = train("--samples", "1", option, "");

        assertThat(cli.err()).containsExactly("error: " + message);
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @Test
    void a_checkpoint_that_cannot_be_written_costs_the_exit_code_and_nothing_else() throws IOException {
        String run = folder.resolve("run").toString();
        Path model = folder.resolve("model.safetensors");
        Path metrics = folder.resolve("losses.csv");
        train("--steps", "60", "--checkpoint", run);
        Path last = folder.resolve("run").resolve("checkpoint-0000000060.safetensors");
        Files.delete(last);
        Files.createDirectories(last.resolve("not empty")); // so that no file can be put there

        Cli cli = train("--resume", run, "--model", model.toString(), "--metrics", metrics.toString());

        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.err())
                .last()
                .isEqualTo(
                        "error: the checkpoints are not complete: file " + last + " cannot be written: it is a folder");
        assertThat(model).exists();
        assertThat(Files.readAllLines(metrics)).hasSize(1 + 3);
    }

    @Test
    void a_training_that_runs_away_is_a_failure() {
        Cli cli = train("--steps", "50", "--learning-rate", "1e300");

        assertThat(cli.err()).singleElement().asString().startsWith("error: ").contains("training has run away");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    private static Cli train(String... options) {
        return train(Stream.of(options));
    }

    private static Cli train(Stream<String> options) {
        return Cli.run(Stream.concat(Stream.of("train"), options).toArray(String[]::new));
    }
}
