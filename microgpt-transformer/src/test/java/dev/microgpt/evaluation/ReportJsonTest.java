package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A report as a model file keeps it and a command prints it. */
class ReportJsonTest {
    private static final Novelty NOVEL = new Novelty(1000, 10, 350, 20, 120, 500);
    private static final Report GOOD = new Report(
            2733,
            304,
            27_330,
            1,
            2,
            13,
            27,
            Optional.of(new HeldOutLoss(2.4, 2.6, 2.8, 0.01, Optional.of(new Counted(2.5, 6, 0.04, 2.37, 0.7, 0.01)))),
            NOVEL,
            List.of(new Nearest("lena", "lea", 1)));

    /** The keys are those of files that were written before: they stay as they are. */
    private static final String JSON = "{\"trained\":2733,\"heldOut\":304,\"read\":27330,\"duplicates\":1,\"cut\":2,"
            + "\"blockSize\":13,\"vocabSize\":27,"
            + "\"loss\":{\"gpt\":2.4,\"bigram\":2.6,\"unigram\":2.8,\"gainError\":0.01,\"counted\":{\"ngram\":2.5,"
            + "\"ngramOrder\":6,\"ngramError\":0.04,\"both\":2.37,\"gptWeight\":0.7,\"bothError\":0.01}},"
            + "\"verdict\":\"both\",\"heldOutLoss\":{\"unigram\":2.8,\"bigram\":2.6,\"ngram\":2.5,\"gpt\":2.4,\"both\":2.37},"
            + "\"ngramOrder\":6,\"gptWeight\":0.7,"
            + "\"novelty\":{\"samples\":1000,\"empty\":10,\"trained\":350,\"heldOut\":20,\"repeated\":120,\"fresh\":500},"
            + "\"nearest\":[{\"sample\":\"lena\",\"trained\":\"lea\",\"edits\":1}]}";

    @Test
    void has_these_keys_for_ever() {
        assertThat(GOOD.toJson()).isEqualTo(JSON);
        assertThat(GOOD.novelty()).hasToString(JSON.substring(JSON.indexOf("{\"samples"), JSON.indexOf(",\"nearest")));
    }

    /** What was written before n-grams were counted. */
    private static final String OLD = "{\"trained\":2733,\"heldOut\":304,\"read\":27330,\"duplicates\":1,\"cut\":2,"
            + "\"blockSize\":13,\"vocabSize\":27,"
            + "\"loss\":{\"gpt\":2.4,\"bigram\":2.6,\"unigram\":2.8,\"gainError\":0.01},"
            + "\"novelty\":{\"samples\":1000,\"empty\":10,\"trained\":350,\"heldOut\":20,\"repeated\":120,\"fresh\":500},"
            + "\"nearest\":[{\"sample\":\"lena\",\"trained\":\"lea\",\"edits\":1}]}";

    @Test
    void reads_what_was_written_before_ngrams_were_counted() {
        Report old = Report.fromJson(OLD);

        HeldOutLoss loss = old.heldOutLoss().orElseThrow();
        assertThat(loss.gpt()).isEqualTo(2.4);
        assertThat(loss.ngram()).isEmpty();
        assertThat(loss.both()).isEmpty();
        assertThat(loss.ngramOrder()).isEmpty();
        assertThat(loss.gptWeight()).isEmpty();
        assertThat(old.verdict()).isEqualTo("unknown");
        assertThat(old.toJson())
                .isEqualTo(
                        OLD.replace(
                                ",\"novelty\"",
                                ",\"verdict\":\"unknown\",\"heldOutLoss\":{\"unigram\":2.8,\"bigram\":2.6,\"gpt\":2.4},\"novelty\""));
        assertThat(Report.fromJson(old.toJson())).isEqualTo(old).isNotEqualTo(GOOD);
    }

    @Test
    void comes_back_from_its_json() {
        Report none = new Report(9, 0, 9, 0, 0, 16, 27, Optional.empty(), NOVEL, List.of());

        for (Report report : List.of(GOOD, none)) {
            assertThat(Report.fromJson(report.toJson())).isEqualTo(report).hasSameHashCodeAs(report);
        }
        assertThat(none).isNotEqualTo(GOOD);
        String odd =
                JSON.replace("\"loss\":", "\"oddities\":{\"otherForms\":3,\"controls\":2,\"columns\":1},\"loss\":");
        assertThat(Report.fromJson(odd).oddities()).isEqualTo(new Oddities(3, 2, 1));
        assertThat(Report.fromJson(odd).toJson()).isEqualTo(odd);
        assertThat(GOOD.oddities()).isEqualTo(Oddities.NONE);
        assertThat(Report.fromJson(JSON.replace("\"edits\":1", "\"edits\":2"))).isNotEqualTo(GOOD);
        assertThat(Report.fromJson(JSON.replace("{\"trained\":2733", "{\"new\":[],\"trained\":2733")))
                .isEqualTo(GOOD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"trained\":2733        | \"x\":1                  | report.trained is missing",
                "\"trained\":2733        | \"trained\":-1           | report: trained -1 is below 0",
                "\"read\":27330          | \"read\":-1              | report: read -1 is below 0",
                "\"read\":27330          | \"read\":\"many\"        | report.read is not a whole number",
                "\"duplicates\":1        | \"duplicates\":3038      | report: duplicates 3038 is not in [0, 3037]",
                "\"cut\":2               | \"cut\":3038             | report: cut 3038 is not in [0, 3037]",
                "\"blockSize\":13        | \"blockSize\":0          | report: blockSize 0 is below 1",
                "\"vocabSize\":27        | \"vocabSize\":27,\"oddities\":{\"controls\":-1} | report.oddities: controls -1 is below 0",
                "\"vocabSize\":27        | \"vocabSize\":1          | report: vocabSize 1 is below 2",
                "\"gpt\":2.4,\"bigram\"    | \"gpt\":-1,\"bigram\"               | report.loss: gpt -1.0 is not a finite number of at least 0",
                "\"ngramError\":0.04     | \"ngramError\":-1        | report.loss.counted: ngramError -1.0 is not a finite number of at least 0",
                "\"ngramOrder\":6,\"ngramError\" | \"ngramOrder\":9,\"ngramError\" | report.loss.counted: ngramOrder 9 is not in [2, 8]",
                "\"gptWeight\":0.7,\"bothError\" | \"gptWeight\":1.5,\"bothError\" | report.loss.counted: gptWeight 1.5 is not in [0, 1]",
                "\"gainError\":0.01      | \"gainError\":true       | report.loss.gainError is not a number",
                "\"fresh\":500           | \"fresh\":501            | report.novelty: samples 1000 is not the sum of its parts, 1001",
                "\"edits\":1             | \"edits\":0              | report.nearest[0]: edits 0 is below 1",
                "\"nearest\":[           | \"nearest\":[7,          | report.nearest[0] is not an object",
            })
    void names_what_contradicts_itself(String before, String after, String message) {
        assertThat(JSON).contains(before);
        assertRefused(JSON.replace(before, after), message);
    }

    @Test
    void names_what_is_no_report() {
        String near = "{\"sample\":\"a\",\"trained\":\"b\",\"edits\":1},";

        assertRefused(
                JSON.replace("\"nearest\":[", "\"nearest\":[" + near.repeat(5)),
                "report: nearest has 6 elements, more than 5");
        assertRefused("[]", "report is not an object");
        assertRefused("{", "report is not valid: expected '\"' at index 1, found the end");
        assertThatNullPointerException().isThrownBy(() -> Report.fromJson(null)).withMessage("json is null");
    }

    private static void assertRefused(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.fromJson(json))
                .withMessage(message);
    }
}
