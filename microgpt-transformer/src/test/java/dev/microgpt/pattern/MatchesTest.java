package dev.microgpt.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchesTest {
    private static final String VOCABULARY = "\n&-1A_ab🙂";
    private static final int[] CHARACTERS = VOCABULARY.codePoints().toArray();
    private static final List<List<String>> STRINGS = strings(3); // by length

    private static List<List<String>> strings(int longest) {
        List<List<String>> strings = new ArrayList<>(List.of(List.of("")));
        for (int length = 1; length <= longest; length++) {
            strings.add(strings.get(length - 1).stream()
                    .flatMap(text -> Arrays.stream(CHARACTERS).mapToObj(c -> text + Character.toString(c)))
                    .toList());
        }
        return strings;
    }

    // ---- the same strings as java.util.regex

    @Test
    void random_patterns_have_the_matches_of_java_util_regex() {
        SplittableRandom random = new SplittableRandom(1);
        int possible = 0;
        for (int i = 0; i < 3_000; i++) {
            String pattern = choice(random, 2);
            int minLength = random.nextInt(3);
            int maxLength = minLength + random.nextInt(2);
            if (isSupported(pattern)) { // all but a few ranges that are none
                possible += isAsInJava(pattern, minLength, maxLength) ? 1 : 0;
            }
        }
        assertThat(possible).isGreaterThan(1_500);
    }

    /** Whatever is read at all is read as java.util.regex does; most of this is refused here or there. */
    @Test
    void random_characters_are_read_as_in_java_util_regex_or_not_at_all() {
        SplittableRandom random = new SplittableRandom(2);
        String soup = "aab1-_&\\\\\\[[]](()){}|?*+.^$,:<=!0123dDwWsSnxuEQ🙂";
        int[] codePoints = soup.codePoints().toArray();
        int read = 0;
        for (int i = 0; i < 60_000; i++) {
            String pattern = random.ints(1 + random.nextInt(9), 0, codePoints.length)
                    .mapToObj(c -> Character.toString(codePoints[c]))
                    .collect(Collectors.joining());
            if (isSupported(pattern)) {
                isAsInJava(pattern, 0, 2);
                read++;
            }
        }
        assertThat(read).isGreaterThan(3_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^",
                "$",
                "^$",
                "|",
                "a|",
                "(|a)b",
                "()*",
                "(a*)*",
                "(a*|b)+",
                "(a|ab)(b|)",
                "(?:a|1){2}",
                "a{2,}",
                "(a?){2,3}",
                "(ab?){0,2}",
                "a{1}",
                "a??b*?-+?_{1,2}?",
                "^a|b$",
                ".",
                ".*",
                "[^a]",
                "[^\\d\\s]",
                "[a-]",
                "[-a]",
                "[--1]",
                "[+--]",
                "[\\d-a]",
                "[.$|?*+(){}]",
                "[&1]",
                "[!-&&b]",
                "[\\]\\[\\^\\\\-]",
                "[\\n&-]",
                "\\s",
                "\\S\\D\\W",
                "\\w+",
                "\\x61\\u0062",
                "\\n|\\t|\\r|\\f|\\a|\\e",
                "\\-\\&\\.",
                "a-1",
                "]",
                "}",
                "[🙂b]",
                "🙂+",
                "[a-🙂]",
                "\\🙂",
                "((a|b)*1){1,2}",
                "(a+)+b"
            })
    void special_cases_have_the_matches_of_java_util_regex(String pattern) {
        isAsInJava(pattern, 0, 3);
    }

    /** Compares; whether there is any match. */
    private static boolean isAsInJava(String pattern, int minLength, int maxLength) {
        Pattern java = Pattern.compile(pattern);
        List<List<String>> expected = new ArrayList<>();
        for (int length = 0; length <= maxLength; length++) {
            boolean asked = length >= minLength;
            expected.add(STRINGS.get(length).stream()
                    .filter(text -> asked && java.matcher(text).matches())
                    .toList());
        }
        Optional<Matches> matches = matches(pattern, minLength, maxLength);
        assertThat(written(matches, "", maxLength)).as(pattern).isEqualTo(expected);
        matches.ifPresent(some -> assertThat(some.count(0, Matches.START))
                .as(pattern)
                .isEqualTo(expected.stream().mapToInt(List::size).sum()));
        return matches.isPresent();
    }

    private static Optional<Matches> matches(String pattern, int minLength, int maxLength) {
        try {
            return Optional.of(new Matches(pattern, VOCABULARY, minLength, maxLength));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("\" matches no string of " + minLength + " (minLength) to " + maxLength);
            return Optional.empty();
        }
    }

    /** All strings that the allowed tokens lead to, by length. None of them may lead to nothing. */
    private static List<List<String>> written(Optional<Matches> matches, String begin, int maxLength) {
        List<List<String>> written = new ArrayList<>();
        for (int length = 0; length <= maxLength; length++) {
            written.add(new ArrayList<>());
        }
        matches.ifPresent(some -> write(some, begin, 0, Matches.START, maxLength, written));
        return written;
    }

    private static void write(
            Matches matches, String text, int length, int state, int maxLength, List<List<String>> written) {
        if (length == maxLength) { // no more is drawn
            written.get(length).add(text);
            return;
        }
        double[] logits = new double[CHARACTERS.length + 1];
        matches.rule(logits, length, state);
        if (Arrays.stream(logits).allMatch(logit -> logit < 0)) {
            throw new AssertionError("nothing may follow " + text);
        }
        if (logits[CHARACTERS.length] == 0) {
            written.get(length).add(text);
        }
        for (int token = 0; token < CHARACTERS.length; token++) {
            if (logits[token] == 0) {
                String longer = text + Character.toString(CHARACTERS[token]);
                write(matches, longer, length + 1, matches.next(state, token), maxLength, written);
            }
        }
    }

    private static boolean isSupported(String pattern) {
        try {
            Matches.requireSupported(pattern);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String choice(SplittableRandom random, int depth) {
        return random.ints(1 + random.nextInt(10) / 7, 0, 2)
                .mapToObj(i -> sequence(random, depth))
                .collect(Collectors.joining("|"));
    }

    private static String sequence(SplittableRandom random, int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7) / 2; i >= 0; i--) {
            text.append(one(random, depth));
            text.append(pick(random, "", "", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,}", "{2,3}", "{0,}"));
            if (!text.toString().matches("(?s).*[^?*+}]")) {
                text.append(pick(random, "", "", "?"));
            }
        }
        return text.toString();
    }

    private static String one(SplittableRandom random, int depth) {
        int kind = random.nextInt(depth > 0 ? 8 : 6);
        if (kind > 5) {
            return pick(random, "(", "(?:") + choice(random, depth - 1) + ")";
        }
        return kind > 3
                ? characterClass(random)
                : pick(
                        random, "a", "b", "1", "A", "_", "-", "&", "\n", "🙂", "é", ".", "\\d", "\\w", "\\s", "\\D",
                        "\\W", "\\S", "\\.");
    }

    private static String characterClass(SplittableRandom random) {
        StringBuilder text = new StringBuilder(pick(random, "[", "[^"));
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(pick(
                    random, "a", "b", "1", "_", "&", "-", "\\-", "a-b", "A-z", "1-🙂", "\\d", "\\W", "\n", "🙂", ".",
                    "\\]"));
        }
        return text.append(']').toString().replace("&&", "&");
    }

    private static String pick(SplittableRandom random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a(?=b)      ; (?= at index 1, which is not supported",
                "(?!b)a      ; (?! at index 0, which is not supported",
                "(?<=b)a     ; (?< at index 0, which is not supported",
                "(?<year>a)  ; (?< at index 0, which is not supported",
                "(?>a)       ; (?> at index 0, which is not supported",
                "(?i)a       ; (?i at index 0, which is not supported",
                "(a)\\1      ; \\1 at index 3, which is not supported",
                "\\k<a>      ; \\k at index 0, which is not supported",
                "\\p{L}      ; \\p at index 0, which is not supported",
                "\\bab       ; \\b at index 0, which is not supported",
                "\\Qa.b\\E   ; \\Q at index 0, which is not supported",
                "\\07        ; \\0 at index 0, which is not supported",
                "\\x{61}     ; \\x at index 0, which is not supported",
                "\\ud83d     ; \\u at index 0, which is not supported",
                "a\\         ; \\ at index 1, which is not supported",
                "a*+         ; *+ at index 1, which is not supported",
                "a{2}+       ; {2}+ at index 1, which is not supported",
                "a**         ; ** at index 1, which is not supported",
                "a{2}{3}     ; {2}{ at index 1, which is not supported",
                "*a          ; * at index 0, which is not supported",
                "a{,3}       ; { at index 1, which is not supported",
                "a^b         ; ^ at index 1, which is not supported",
                "a$b         ; $ at index 1, which is not supported",
                "[a[b]]      ; [ at index 2, which is not supported",
                "[a&&b]      ; && at index 2, which is not supported",
                "[a^]        ; ^ at index 2, which is not supported",
                "[]a]        ; ] at index 1, which is not supported",
                "[a-\\d]     ; \\d at index 3, which is not supported",
                "[b-a]       ; b-a at index 1, which is no range",
                "a{3,2}      ; {3,2} at index 1, which is not from a number to one that is as large, and at least 1",
                "a{0}        ; {0} at index 1, which is not from a number to one that is as large, and at least 1",
                "(a          ; ( at index 0, which is not closed",
                "a)          ; ) at index 1, which closes nothing"
            })
    void names_what_is_not_supported_and_its_index(String pattern, String message) {
        assertRefused(pattern, "pattern \"" + pattern + "\" has " + message);
    }

    @Test
    void names_what_is_too_much_or_has_no_end() {
        String deep = "(".repeat(101) + "a" + ")".repeat(101);

        assertRefused("[a", "pattern \"[a\" ends in a class, which is not closed");
        assertRefused("[a-", "pattern \"[a-\" ends in a class, which is not closed");
        assertRefused(deep, "pattern \"" + deep + "\" has ( at index 100, which is deeper than 100 groups");
        assertThat(isSupported(deep.substring(1, deep.length() - 1))).isTrue();
        for (String pattern : List.of("a{5001}", "(a{100}){100}", "(()*){999999999}", "((){2,}){100000}")) {
            assertRefused(
                    pattern,
                    "pattern \"" + pattern
                            + "\" has more than 5000 parts with all repetitions written out, and that is the limit");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matches(".*a.{13}", "ab", 1, 20))
                .withMessage(
                        "pattern \".*a.{13}\" takes more than 5000 states for 20 characters, and that is the limit");
    }

    @Test
    void refuses_many_states_for_many_characters() {
        assertThat(new Matches(".{1500}", "ab", 1, 2_600).count(0, Matches.START))
                .isInfinite();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matches(".{1500}", "ab", 1, 2_700))
                .withMessage(
                        "pattern \".{1500}\" takes 1502 states for 2700 characters: states × (characters + 1) is 4056902,"
                                + " and the limit is 4000000");
    }

    private static void assertRefused(String pattern, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Matches.requireSupported(pattern))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matches(pattern, "ab", 1, 10))
                .withMessage(message);
    }

    @Test
    void says_why_nothing_matches() {
        String no = "\" matches no string of 1 (minLength) to 10 characters (maxLength or blockSize)";

        assertImpossible("a{11}", "pattern \"a{11}" + no);
        assertImpossible("", "pattern \"" + no);
        assertImpossible("é[0-9]|(ü?é)", "pattern \"é[0-9]|(ü?é)" + no + ", and the vocabulary has no é, [0-9], ü");
        assertThatIllegalArgumentException().isThrownBy(() -> new Matches("a?", "ab", 2, 10));
    }

    private static void assertImpossible(String pattern, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matches(pattern, "ab", 1, 10))
                .withMessage(message);
    }

    @Test
    void counts_many_strings() {
        assertThat(new Matches("[ab]*", "ab", 0, 40).count(0, Matches.START)).isEqualTo((1L << 41) - 1);
        assertThat(new Matches(".*", "ab", 0, 2_000).count(0, Matches.START)).isInfinite();
    }
}
