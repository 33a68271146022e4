package dev.microgpt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.microgpt.evaluation.Report.HeldOutLoss;
import dev.microgpt.evaluation.Report.Nearest;
import dev.microgpt.evaluation.Report.Novelty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final HeldOutLoss GOOD = new HeldOutLoss(2.4, 2.6, 2.8, 0.01, Optional.empty());
    private static final Novelty NOVEL = new Novelty(1000, 10, 350, 20, 120, 500);

    @Test
    void says_all_that_can_go_wrong_in_18_lines() {
        Report report = new Report(
                135,
                15,
                1350,
                30,
                2,
                16,
                27,
                Optional.of(
                        new HeldOutLoss(2.7, 2.65, 2.8, 0.04, Optional.of(new Counted(2.6, 3, 0.02, 2.59, 0.2, 0.01)))),
                new Novelty(1000, 10, 510, 20, 60, 400),
                List.of(new Nearest("lena", "lea", 1), new Nearest("a\nb", "x".repeat(41), 41)));

        assertThat(report).hasToString("""
                        150 strings: 135 to train on, 15 held out to test; duplicates: 30, longer than the model's 15 characters: 2.
                        Training read 1,350 strings, each different one about 12.9 times.
                        Loss on the held-out strings, in nats per character (less is better):
                          both (weight of the GPT 0.20)   2.590   as unsure as among 13.3 characters
                          the GPT                         2.700   as unsure as among 14.9 characters
                          counting n-grams (order 3)      2.600   as unsure as among 13.5 characters
                          counting pairs (bigram)         2.650   as unsure as among 14.2 characters
                          counting characters (unigram)   2.800   as unsure as among 16.4 characters
                          chance                          3.296   as unsure as among 27.0 characters
                        Is the GPT worth it for this list? No: counting is enough, and better by 0.100 ± 0.040 nats per character. NGram.train(list) is the whole program.
                        It is no better than counting pairs by 0.050 ± 0.080 nats per character.
                        Of 1,000 samples: 400 new (40 %), 510 training strings, 20 held-out strings, 60 repeats of a new one, 10 empty.
                        New ~ its nearest training string (characters to change): lena ~ lea (1), a\uFFFDb ~ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (41).
                        Warning: 120 different strings are few: below 200, how good the model is depends on luck.
                        Warning: 20 % of the strings are duplicates: the model favours the repeated ones.
                        Warning: 1 % of the strings are too long: the model sees their first 16 characters and not their end.
                        Warning: On held-out strings the GPT is no better than counting.
                        Warning: 51 % of the samples are training strings; a higher temperature gives fewer.""");
        assertThat(report.toString().lines()).hasSize(18);
    }

    @Test
    void says_that_nothing_was_held_out() {
        Report report = new Report(
                32_033, 0, 1000, 2539, 0, 16, 27, Optional.empty(), new Novelty(1000, 10, 350, 0, 110, 530), List.of());

        assertThat(report).hasToString("""
                        32,033 strings: 32,033 to train on, 0 held out to test; duplicates: 2,539, longer than the model's 15 characters: 0.
                        Training read 1,000 strings, so not all of them.
                        Is the GPT worth it for this list? Not known: no strings were held out to tell by.
                        Of 1,000 samples: 530 new (53 %), 350 training strings, 0 held-out strings, 110 repeats of a new one, 10 empty.""");
    }

    @Test
    void reads_the_same_everywhere() {
        Report report = good();
        String expected = report.toString();
        Locale before = Locale.getDefault();

        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(report).hasToString(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void verdict_follows_from_the_numbers() {
        assertVerdict(
                2.4,
                new Counted(2.5, 6, 0.02, 2.37, 0.7, 0.01),
                "both",
                "Yes, with n-grams beside it: both are better than the GPT alone by 0.030 ± 0.020 nats per character, and the GPT"
                        + " than n-grams by 0.100 ± 0.040 nats per character. LanguageModel.mix(model.gpt(),"
                        + " NGram.train(list, 6, model.tokenizer()), 0.70) is both.");
        assertVerdict(
                2.5,
                new Counted(2.4, 8, 0.06, 2.37, 0.45, 0.01),
                "both",
                "Yes, with n-grams beside it: both are better than n-grams alone by 0.030 ± 0.020 nats per character, and n-grams"
                        + " than the GPT by 0.100 ± 0.120 nats per character. LanguageModel.mix(model.gpt(),"
                        + " NGram.train(list, 8, model.tokenizer()), 0.45) is both.");
        assertVerdict(
                2.4,
                new Counted(2.5, 6, 0.04, 2.37, 0.7, 0.02),
                "gpt",
                "Yes: it is better than counting by 0.100 ± 0.080 nats per character.");
        assertVerdict(
                2.5,
                new Counted(2.4, 6, 0.04, 2.42, 0.7, 0.02),
                "counting",
                "No: counting is enough, and better by 0.100 ± 0.080 nats per character. NGram.train(list) is the whole program.");
        assertVerdict( // what both gain is no accident, but little
                2.5,
                new Counted(2.4, 6, 0.04, 2.38, 0.2, 0.002),
                "counting",
                "No: counting is enough, and better by 0.100 ± 0.080 nats per character. NGram.train(list) is the whole program.");
        assertVerdict(
                2.4,
                new Counted(2.5, 6, 0.06, 2.37, 0.7, 0.02),
                "unknown",
                "Not known: it is better than counting by 0.100 ± 0.120 nats per character, which may be chance.");
        assertVerdict(
                2.5,
                new Counted(2.4, 6, 0.06, 2.4, 0, 0),
                "unknown",
                "Not known: it is worse than counting by 0.100 ± 0.120 nats per character, which may be chance.");
    }

    private static void assertVerdict(double gpt, Counted counted, String verdict, String conclusion) {
        Report report = with(new HeldOutLoss(gpt, 2.6, 3, 0.01, Optional.of(counted)));

        assertThat(report.verdict()).isEqualTo(verdict);
        assertThat(report.conclusion()).isEqualTo(conclusion);
        assertThat(report.toString())
                .contains("\nIs the GPT worth it for this list? " + conclusion + "\nIt is better than");
        assertThat(report.warnings().contains("On held-out strings the GPT is no better than counting."))
                .isEqualTo(verdict.equals("counting"));
    }

    @Test
    void a_report_that_knows_no_ngrams_does_not_flatter() {
        assertThat(good().verdict()).isEqualTo("unknown");
        assertThat(good().conclusion())
                .isEqualTo(
                        "Not known: it is better than counting pairs or characters by 0.200 ± 0.020 nats per character, but"
                                + " n-grams were not counted.");
        Report bad = with(new HeldOutLoss(2.6, 2.5, 2.8, 0.01, Optional.empty()));
        assertThat(bad.conclusion())
                .isEqualTo(
                        "Not known: it is no better than counting pairs or characters by 0.100 ± 0.020 nats per character, but"
                                + " n-grams were not counted.");
        assertThat(bad.warnings()).contains("On held-out strings the GPT is no better than counting.");
    }

    @Test
    void warns_only_beyond_the_thresholds() {
        HeldOutLoss barelyBetter = new HeldOutLoss(2.59, 2.6, 2.8, 0.01, Optional.empty());
        Novelty halfCopies = new Novelty(4, 0, 2, 0, 0, 2);
        Novelty none = new Novelty(0, 0, 0, 0, 0, 0);
        String few = " different strings are few: below 200, how good the model is depends on luck.";

        assertThat(new Report(200, 50, 2500, 25, 2, 16, 27, Optional.of(barelyBetter), halfCopies, List.of())
                        .warnings())
                .isEmpty();
        assertThat(new Report(200, 0, 2000, 0, 0, 16, 27, Optional.empty(), none, List.of()).warnings())
                .isEmpty();
        assertThat(new Report(199, 20, 2000, 20, 0, 16, 27, Optional.of(GOOD), NOVEL, List.of()).warnings())
                .containsExactly("199" + few);
        assertThat(new Report(0, 0, 0, 0, 0, 16, 27, Optional.empty(), none, List.of()).warnings())
                .containsExactly("0" + few);
    }

    @Test
    void one_is_singular() {
        Report report = new Report(1, 0, 1, 0, 0, 2, 27, Optional.empty(), new Novelty(3, 0, 1, 1, 1, 0), List.of());

        assertThat(report).hasToString("""
                        1 string: 1 to train on, 0 held out to test; duplicates: 0, longer than the model's 1 character: 0.
                        Training read 1 string, each about 1.0 times.
                        Is the GPT worth it for this list? Not known: no strings were held out to tell by.
                        Of 3 samples: 0 new (0 %), 1 training string, 1 held-out string, 1 repeat of a new one, 0 empty.
                        Warning: 1 different string is few: below 200, how good the model is depends on luck.""");
    }

    @Test
    void a_loss_that_nobody_can_imagine_has_no_number_of_characters() {
        for (double loss : new double[] {20, 700, 1e33}) {
            assertThat(with(new HeldOutLoss(loss, 2.6, 2.8, 0.01, Optional.empty()))
                            .toString())
                    .contains("   as unsure as among more than a million characters\n")
                    .doesNotContain("Infinity");
        }
    }

    private static Report good() {
        return with(GOOD);
    }

    private static Report with(HeldOutLoss loss) {
        return new Report(
                2733, 304, 27_330, 0, 0, 13, 27, Optional.of(loss), NOVEL, List.of(new Nearest("lena", "lea", 1)));
    }
}
