package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.microgpt.evaluation.Report;
import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A report as the model file keeps it. */
class ReportMapTest {
    private static final HeldOutLoss GOOD = new HeldOutLoss(2.4, 2.6, 2.8, 0.01);
    private static final Novelty NOVEL = new Novelty(1000, 10, 350, 20, 120, 500);

    @Test
    void comes_back_from_its_map() {
        for (Report report : List.of(good(), new Report(9, 0, 9, 0, 0, 16, 27, Optional.empty(), NOVEL, List.of()))) {
            assertThat(Records.fromMap("report", Records.toMap(report), Report.class))
                    .isEqualTo(report);
        }
    }

    @Test
    void rejects_a_map_that_contradicts_itself() {
        rejects("read", -1L, "report: read -1 is below 0");
        rejects("trained", -1L, "report: trained -1 is below 0");
        rejects("duplicates", 3038L, "report: duplicates 3038 is not in [0, 3037]");
        rejects("cut", 3038L, "report: cut 3038 is not in [0, 3037]");
        rejects("blockSize", 0L, "report: blockSize 0 is below 1");
        rejects("vocabSize", 1L, "report: vocabSize 1 is below 2");
        Map<String, Double> loss = Map.of("gpt", Double.NaN, "bigram", 1.0, "unigram", 1.0, "gainError", 0.0);
        rejects("loss", loss, "report.loss: gpt NaN is not a finite number of at least 0");
        Map<String, Object> novelty = new HashMap<>(Records.toMap(NOVEL));
        novelty.put("fresh", 501L);
        rejects("novelty", novelty, "report.novelty: samples 1000 is not the sum of its parts, 1001");
        Map<String, Object> same = Map.of("sample", "a", "trained", "a", "edits", 0L);
        rejects("nearest", List.of(same), "report.nearest[0]: edits 0 is below 1");
        Map<String, Object> near = Map.of("sample", "a", "trained", "b", "edits", 1L);
        rejects("nearest", Collections.nCopies(6, near), "report: nearest has 6 elements, more than 5");
    }

    private static void rejects(String key, Object value, String message) {
        Map<String, Object> map = Records.toMap(good());
        map.put(key, value);

        assertThatThrownBy(() -> Records.fromMap("report", map, Report.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Report good() {
        return with(GOOD);
    }

    private static Report with(HeldOutLoss loss) {
        return new Report(
                2733, 304, 27_330, 0, 0, 13, 27, Optional.of(loss), NOVEL, List.of(new Nearest("lena", "lea", 1)));
    }
}
