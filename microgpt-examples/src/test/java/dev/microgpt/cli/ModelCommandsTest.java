package dev.microgpt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.onnx.OnnxModel;
import dev.microgpt.text.Documents;
import dev.microgpt.transformer.Precision;
import dev.microgpt.transformer.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** generate, score, report and inspect, of the original recipe on the embedded names. */
class ModelCommandsTest {
    @Test
    void a_message_commands_no_terminal() {
        assertThat(Cli.run("report", "no\u001b[2J\u202e").err())
                .first()
                .isEqualTo("error: MODEL no␛[2J<U+202E> is not a file that exists");
    }

    @TempDir
    private static Path folder;

    private static String model;

    @BeforeAll
    static void train() {
        Path file = folder.resolve("model.safetensors");
        MicroGpt.train(Documents.givenNames().asList(), TrainingOptions.of(Preset.STAGE5))
                .save(file);
        model = file.toString();
    }

    @Test
    void generate_prints_strings_and_nothing_else() {
        Cli cli = Cli.run("generate", model, "--seed", "7");

        assertThat(cli.out())
                .isEqualTo(MicroGpt.load(Path.of(model)).generate(20, new GenerationOptions().withSeed(7)));
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void generate_without_a_seed_gives_others_each_time_and_tells_its_seed() {
        Cli cli = Cli.run("generate", model);
        Cli other = Cli.run("generate", model);

        assertThat(other.out()).hasSize(20).isNotEqualTo(cli.out());
        assertThat(cli.err()).singleElement().asString().matches("seed (\\d+); --seed \\1 repeats this");
        String seed = cli.err().get(0).replaceAll(".*--seed (\\d+) .*", "$1");
        assertThat(Cli.run("generate", model, "--seed", seed)).isEqualTo(new Cli(0, cli.out(), List.of()));
    }

    @Test
    void generate_takes_every_option() {
        List<String> known = Documents.givenNames().asList();

        Cli cli = Cli.run(
                "generate",
                model,
                "--count",
                "30",
                "--temperature",
                "0.9",
                "--top-k",
                "9",
                "--top-p",
                "0.95",
                "--prefix",
                "em",
                "--pattern",
                "\\w+[a-m]",
                "--min-length",
                "5",
                "--max-length",
                "6",
                "--unique",
                "--novel",
                "--seed",
                "3");
        Cli again = Cli.run("generate", model, "--seed", "3", "--count", "5");
        Cli other = Cli.run("generate", model, "--seed", "4", "--count", "5");
        Cli surest = Cli.run("generate", model, "--temperature", "0", "--count", "2");

        assertThat(cli.out())
                .hasSize(30)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(known)
                .allMatch(text -> text.matches("em[a-z]{2,3}[a-m]"));
        assertThat(again.out()).isNotEqualTo(other.out());
        assertThat(surest.out().get(0)).isEqualTo(surest.out().get(1));
        assertThat(Cli.run("generate", model, "--top-k", "1", "--count", "1").out())
                .isEqualTo(surest.out().subList(0, 1));
        assertThat(Cli.run("generate", model, "--top-p", "0.001", "--count", "1")
                        .out())
                .isEqualTo(surest.out().subList(0, 1));
    }

    @Test
    void generate_prints_what_it_found_when_there_is_no_more() {
        Cli cli = Cli.run(
                "generate",
                model,
                "--max-length",
                "1",
                "--unique",
                "--count",
                "30",
                "--temperature",
                "1",
                "--seed",
                "42");

        assertThat(cli.out()).hasSizeBetween(20, 27);
        assertThat(cli.err())
                .singleElement()
                .isEqualTo("error: found " + cli.out().size() + " of 30, and nothing new after that;"
                        + " a higher --temperature or fewer conditions may find more");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void generate_says_when_all_that_it_can_write_is_in_the_list() {
        String known = Documents.givenNames().get(0);

        Cli cli = Cli.run(
                ("generate " + model + " --novel --seed 1 --prefix " + known + " --max-length " + known.length())
                        .split(" "));

        assertThat(cli)
                .isEqualTo(new Cli(
                        1,
                        List.of(),
                        List.of("error: found 0 of 20: string 0 was drawn 101 times and dropped each time;"
                                + " a higher temperature or fewer conditions may find more")));
    }

    @Test
    void score_prints_loss_bits_perplexity_and_surprise() {
        Cli cli = Cli.run("score", model, "emma", "xqzzv", "zoé");

        assertThat(cli.out())
                .containsExactly(
                        "    loss      bits  perplexity  surprise  string",
                        "  2.7549    3.9745       15.72    5.2080  emma",
                        "  5.6000    8.0791      270.43   10.2472  xqzzv",
                        "Infinity  Infinity    Infinity  Infinity  zoé");
    }

    @Test
    void score_takes_a_word_that_begins_with_a_hyphen_after_two() {
        Cli cli = Cli.run("score", model, "--", "-emma");

        assertThat(cli.out().get(1)).isEqualTo("Infinity  Infinity    Infinity  Infinity  -emma");
    }

    @Test
    void score_says_from_where_on_a_string_is_not_read() {
        Cli cli = Cli.run("score", model, "mariannaelisaanna", "mariannaelisaannaqqqq", "mariannaelisaann\u00e9");

        assertThat(cli.out().stream().skip(1)).allMatch(line -> line.endsWith("  (cut at 16)"));
        assertThat(cli.out().stream()
                        .skip(1)
                        .map(line -> Double.parseDouble(line.strip().split(" ")[0])))
                .isSorted()
                .endsWith(Double.POSITIVE_INFINITY);
    }

    @Test
    void score_reads_standard_input_and_ranks() {
        Cli cli = Cli.runWith("ava\nxqzzv\n\nemma\n", "score", model, "--rank");

        assertThat(cli.out()).hasSize(4);
        assertThat(cli.out().stream().skip(1).map(line -> line.substring(42))).containsExactly("xqzzv", "emma", "ava");
    }

    @Test
    void score_without_anything_to_score_is_wrong_usage() {
        Cli cli = Cli.runWith("\n", "score", model);

        assertThat(cli)
                .isEqualTo(new Cli(
                        2,
                        List.of(),
                        List.of("error: standard input contains no document: there is no line that is not blank")));
    }

    @Test
    void report_prints_the_report() {
        Cli cli = Cli.run("report", model);

        assertThat(cli.out())
                .isEqualTo(MicroGpt.load(Path.of(model))
                        .report()
                        .toString()
                        .lines()
                        .toList());
    }

    @Test
    void report_prints_json_for_programs() {
        Cli cli = Cli.run("report", model, "--json");

        assertThat(cli.out())
                .containsExactly(MicroGpt.load(Path.of(model)).report().toJson());
        assertThat(cli.out().get(0)).contains("\"verdict\":\"unknown\""); // the recipe holds nothing out
    }

    @Test
    void inspect_prints_shape_tensors_and_provenance() {
        Cli cli = Cli.run("inspect", model);

        assertThat(cli.out())
                .contains(
                        "vocabulary         27 tokens: BOS and abcdefghijklmnopqrstuvwxyz",
                        "parameters         4,192",
                        "  layer0.mlp_fc1       1,024  64 x 16",
                        "preset             microgpt",
                        "seed               42",
                        "steps made         1,000, by the engine ARRAY",
                        "training loss      2.4875 nats per character",
                        "held-out loss      none");
    }

    @Test
    void bench_measures_every_engine_that_is_there() {
        Cli cli = Cli.run("bench", "--seconds", "0.01");

        Stream<String> engines = cli.out().stream().skip(2);
        assertThat(cli.out().get(0)).startsWith("Java " + Runtime.version());
        assertThat(engines.map(line -> line.replaceAll(" .*", "")))
                .containsExactly("VALUE", "TAPE", "ARRAY", "VECTOR", "VECTOR,");
        assertThat(cli.out().get(2)).matches("VALUE +\\d+\\.\\d +[\\d,]+ +1\\.0 +\\d+");
        assertThat(cli.out().get(6))
                .isEqualTo("VECTOR, float  needs java --add-modules jdk.incubator.vector -jar microgpt.jar bench");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--count -1      | option --count -1 is below 0",
                "--temperature -1| option --temperature -1.0: temperature -1.0 is not a finite number >= 0",
                "--top-k 0       | option --top-k 0: topK 0 is not >= 1",
                "--top-p 2       | option --top-p 2.0: topP 2.0 is not in (0, 1]",
                "--min-length -1 | option --min-length -1: minLength -1 is not >= 0",
                "--min-length 17 | option --min-length 17: minLength 17 is not <= blockSize 16",
                "--max-length 0  | option --max-length 0: maxLength 0 is not >= 1",
                "--prefix é      | option --prefix é: character 'é' (U+00E9) at index 0 of \"é\" is not in the vocabulary",
                "--pattern a(?=b) | option --pattern a(?=b): pattern \"a(?=b)\" has (?= at index 1, which is not supported",
                "--pattern [0-9]+ | option --pattern [0-9]+: pattern \"[0-9]+\" matches no string of 1 (minLength) to 16 characters (maxLength or blockSize), and the vocabulary has no [0-9]",
                "--pattern bo+ --prefix em | option --pattern bo+: prefix \"em\" begins no string of 1 to 16 characters that pattern \"bo+\" matches"
            })
    void generate_names_option_value_and_rule(String options, String message) {
        Cli cli = Cli.run(("generate " + model + " " + options).split(" "));

        assertThat(cli.err()).containsExactly("error: " + message);
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @Test
    void export_writes_the_model_for_other_runtimes() throws IOException {
        MicroGpt trained = MicroGpt.load(Path.of(model));
        Path onnx = folder.resolve("model.onnx");
        Path half = folder.resolve("half.onnx");

        Cli cli = Cli.run("export", model, onnx.toString());
        Cli inFloat = Cli.run("export", model, half.toString(), "--float");
        Path cached = folder.resolve("cached.onnx");
        Cli inSteps = Cli.run("export", model, cached.toString(), "--kv-cache", "--float");
        Cli nowhere = Cli.run("export", model, folder.resolve("no/model.onnx").toString());

        assertThat(cli.out())
                .containsExactly(String.format(
                        Locale.ROOT, "%s: %,d bytes; input input_ids, output logits", onnx, Files.size(onnx)));
        assertThat(inSteps.out())
                .containsExactly(String.format(
                        Locale.ROOT,
                        "%s: %,d bytes; inputs input_ids and past_key_values, outputs logits and present",
                        cached,
                        Files.size(cached)));
        assertThat(Files.readAllBytes(onnx)).isEqualTo(OnnxModel.toBytes(trained, Precision.DOUBLE));
        assertThat(Files.readAllBytes(half)).isEqualTo(OnnxModel.toBytes(trained, Precision.FLOAT));
        assertThat(Files.readAllBytes(cached)).isEqualTo(OnnxModel.toBytesWithCache(trained, Precision.FLOAT));
        assertThat(Files.size(onnx)).isBetween(8L * 4192, 8L * 4192 + 8_000); // the weights, and what to do with them
        assertThat(Files.size(half)).isBetween(4L * 4192, 4L * 4192 + 8_000);
        assertThat(inFloat.exitCode()).isZero();
        assertThat(nowhere.err())
                .containsExactly("error: OUT " + folder.resolve("no/model.onnx") + " is not in a folder that exists");
        assertThat(nowhere.exitCode()).isEqualTo(2);
        byte[] before = Files.readAllBytes(Path.of(model));
        Cli itself = Cli.run("export", model, model);
        assertThat(itself.err()).containsExactly("error: OUT " + model + " is the file of the model itself");
        assertThat(itself.exitCode()).isEqualTo(2);
        assertThat(Files.readAllBytes(Path.of(model))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "score", "report", "inspect"})
    void a_file_that_is_no_model_is_refused(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), "anna\n");

        Cli missing = Cli.run(command, "nowhere");
        Cli directory = Cli.run(command, "src");
        Cli list = Cli.run(command, file.toString());

        assertThat(missing.err()).containsExactly("error: MODEL nowhere is not a file that exists");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(directory.err()).containsExactly("error: MODEL src is not a file that exists");
        assertThat(list.err()).singleElement().asString().startsWith("error: file " + file + " is not a valid model: ");
        assertThat(list.exitCode()).isEqualTo(1);
    }
}
