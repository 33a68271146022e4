package dev.microgpt.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.microgpt.examples.EarlyMicroGpt;
import dev.microgpt.examples.Run;
import dev.microgpt.examples.Stage0Bigram;
import dev.microgpt.examples.Stage1MlpByHand;
import dev.microgpt.examples.Stage2Autograd;
import dev.microgpt.examples.Stage3Attention;
import dev.microgpt.examples.Stage4MultiHead;
import dev.microgpt.examples.Stage5Adam;
import dev.microgpt.testing.Golden;
import dev.microgpt.testing.NamesFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepTraceTest {
    @Test
    void shows_the_update_of_the_trained_model() {
        agreesWithTheTrainedModel(true);
    }

    @Test
    @Tag("proof")
    void shows_the_update_of_the_model_trained_on_names_txt() {
        agreesWithTheTrainedModel(false);
    }

    private static void agreesWithTheTrainedModel(boolean onGivenNames) {
        Golden golden = Golden.read(onGivenNames ? "given-trained-model" : "trained-model");
        for (String word : golden.strings("updated_words")) {
            List<String> trace = trace(5, onGivenNames, "--trace", word, "--steps", "1000");
            String update = "one_adam_update." + word + ".";

            assertThat(trace.get(0)).isEqualTo("one step for \"" + word + "\" after 1000 training steps");
            assertThat(number(trace, "mean loss")).isCloseTo(golden.number("losses." + word + ".mean"), within(1e-9));
            double[] losses = golden.doubles("losses." + word + ".per_position");
            for (int t = 0; t < losses.length; t++) {
                String[] row = trace.get(4 + t).strip().split(" +");
                assertThat(Double.parseDouble(row[3])).isCloseTo(Math.exp(-losses[t]), within(1e-6));
                assertThat(Double.parseDouble(row[4])).isCloseTo(losses[t], within(1e-4));
            }
            assertThat(trace)
                    .contains("update of " + golden.string(update + "parameter") + " by Adam, β 0.85 and 0.99");
            for (String[] name : new String[][] {
                {"gradient", "gradient"},
                {"m", "m"},
                {"v", "v"},
                {"m̂", "mHat"},
                {"v̂", "vHat"},
                {"learning rate", "learningRate"},
                {"update", "delta"},
                {"before", "before"},
                {"after", "after"}
            }) {
                assertThat(number(trace, "  " + name[0] + "  "))
                        .as(name[0])
                        .isCloseTo(golden.number(update + name[1]), within(1e-9));
            }
        }
    }

    @ParameterizedTest(name = "on the given names: {0}")
    @ValueSource(booleans = {true, false})
    void stage_0_shows_probabilities_and_increments(boolean onGivenNames) {
        Golden golden = Golden.read(onGivenNames ? "given-trained-model" : "trained-model");

        List<String> trace = trace(0, onGivenNames, "--trace", "ava", "--steps", "100");

        assertThat(number(trace, "mean loss"))
                .isCloseTo(golden.number("bigram_after_100_documents_ava.mean"), within(1e-9));
        double[] probabilities = golden.doubles("bigram_after_100_documents_ava.probabilities");
        for (int t = 0; t < 4; t++) {
            assertThat(Double.parseDouble(trace.get(4 + t).strip().split(" +")[3]))
                    .isCloseTo(probabilities[t], within(1e-6));
        }
        assertThat(trace)
                .containsSubsequence("probabilities", "increments")
                .anyMatch(line -> line.matches("  p\\(v \\| a\\) = \\(\\d+ \\+ 1\\) / \\(\\d+ \\+ 27\\) = "
                        + String.format(Locale.ROOT, "%.6f", probabilities[1])));
        assertThat(trace.subList(trace.size() - 5, trace.size()))
                .allMatch(line -> line.equals("increments") || line.matches("  counts\\[.+]\\[.+]  \\d+ -> \\d+"));
    }

    @Test
    void the_early_program_starts_at_these_losses() {
        List<String> trace = Run.lines(() -> EarlyMicroGpt.main(
                "--trace",
                "emma",
                "--data",
                NamesFile.orAbort("the early program's first losses").toString()));

        assertThat(trace.get(1)).isEqualTo("tokens <BOS>=26 e=4 m=12 m=12 a=0 <BOS>=26");
        assertThat(trace.subList(4, 9).stream().map(row -> row.substring(row.length() - 6)))
                .containsExactly("3.3640", "3.2286", "3.1776", "3.3341", "3.3281");
        assertThat(number(trace, "mean loss")).isCloseTo(3.2865, within(5e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void stages_with_plain_gradient_descent_show_the_update_of_the_parameter_asked_for(int stage) {
        String parameter = stage < 3 ? "wte[4][3]" : "layer0.mlp_fc1[4][3]";

        List<String> trace = trace(stage, true, "--trace", "emma", "--steps", "3", "--parameter", parameter);

        assertThat(trace).contains("update of " + parameter + " by gradient descent");
        double update = -number(trace, "  learning rate") * number(trace, "  gradient");
        assertThat(update).isNotZero();
        assertThat(number(trace, "  update")).isCloseTo(update, within(1e-15));
        assertThat(number(trace, "  after") - number(trace, "  before")).isCloseTo(update, within(1e-15));
    }

    @Test
    void puts_the_numbers_into_the_formulas() {
        List<String> adam = trace(5, true, "--trace", "emma", "--parameter", "layer0.attn_wq[0][0]");
        List<String> descent = trace(1, true, "--trace", "emma");

        assertThat(adam.stream().map(line -> line.replaceFirst(" = \\S+$", "")))
                .containsSubsequence(
                        "update of layer0.attn_wq[0][0] by Adam, β 0.85 and 0.99",
                        "  m              0.85 · 0 + 0.15 · −0.00002739",
                        "  v              0.99 · 0 + 0.01 · (−0.00002739)²",
                        "  m̂              −0.000004108 / (1 − 0.85)",
                        "  v̂              7.501e-12 / (1 − 0.99)",
                        "  update         −0.01 · −0.00002739 / (√7.501e-10 + 1e-8)",
                        "  after          0.08368 + 0.009996");
        assertThat(descent).anyMatch(line -> line.startsWith("  update         −1 · −0.007663 = 0.0076631353287"));
    }

    @Test
    void stages_1_and_2_show_the_same_step() {
        List<String> byHand = trace(1, true, "--trace", "emma", "--steps", "2");
        List<String> onValues = trace(2, true, "--trace", "emma", "--steps", "2");

        assertThat(onValues.subList(0, 10)).isEqualTo(byHand.subList(0, 10));
        assertThat(number(onValues, "  gradient")).isCloseTo(number(byHand, "  gradient"), within(1e-15));
    }

    @Test
    void a_word_is_read_as_people_type_it() {
        List<String> typed = trace(5, true, "--trace", "Zoë");

        assertThat(typed.get(0)).isEqualTo("\"Zoë\" is read as \"zoe\"");
        assertThat(typed.subList(1, typed.size())).isEqualTo(trace(5, true, "--trace", "zoe"));
    }

    @Test
    void names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trace(5, true, "--trace", "emma", "--parameter", "lm_head"))
                .withMessage(
                        "option --parameter lm_head does not have the form name[row][column], as in lm_head[0][0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trace(5, true, "--trace", "emma", "--parameter", "lm_head[27][0]"))
                .withMessage("option --parameter lm_head[27][0]: row 27 of lm_head is not in [0, 27)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trace(0, true, "--trace", "emma", "--parameter", "lm_head[1][1]"))
                .withMessage("option --parameter needs a stage with weights, stage 0 has counts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trace(5, true, "--trace", "zo-é"))
                .withMessage("option --trace zo-é: no text of the list has \"-\"; try zoe");
    }

    private static List<String> trace(int stage, boolean onGivenNames, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (!onGivenNames) {
            all.addAll(List.of(
                    "--data",
                    NamesFile.orAbort("--trace of stage " + stage + " on names.txt")
                            .toString()));
        }
        String[] options = all.toArray(String[]::new);
        return Run.lines(() -> {
            switch (stage) {
                case 0 -> Stage0Bigram.main(options);
                case 1 -> Stage1MlpByHand.main(options);
                case 2 -> Stage2Autograd.main(options);
                case 3 -> Stage3Attention.main(options);
                case 4 -> Stage4MultiHead.main(options);
                default -> Stage5Adam.main(options);
            }
        });
    }

    /** The number at the end of the line that starts like this, or after the words there. */
    private static double number(List<String> lines, String start) {
        String rest = lines.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line starts with \"" + start + "\" in " + lines))
                .substring(start.length())
                .replaceFirst(".* = ", "")
                .replace('−', '-')
                .strip();
        return Double.parseDouble(rest.split(" ")[0]);
    }
}
