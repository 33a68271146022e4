package dev.microgpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.microgpt.text.Documents;
import java.util.AbstractList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    @Test
    void contains_every_string_it_was_made_of_before_and_after_encoding() {
        List<String> names = Documents.givenNames().asList();
        Fingerprint fingerprint = Fingerprint.of(names);
        Fingerprint decoded = Fingerprint.decode(fingerprint.encode());

        assertThat(names).allMatch(fingerprint::mayContain).allMatch(decoded::mayContain);
        assertThat(decoded.encode()).isEqualTo(fingerprint.encode());
    }

    /** Expected: 0.074 %. A million strings, and a million others that look like them. */
    @Test
    void takes_less_than_one_in_a_thousand_other_strings_for_one_of_its_own() {
        int million = 1_000_000;
        Fingerprint fingerprint = Fingerprint.of(
                IntStream.range(0, million).mapToObj(i -> "string " + i).toList());

        assertThat(IntStream.range(0, million).filter(i -> fingerprint.mayContain("string " + i)))
                .hasSize(million);
        assertThat(IntStream.range(million, 2 * million)
                        .filter(i -> fingerprint.mayContain("string " + i))
                        .count())
                .isBetween(600L, 900L);
        assertThat(fingerprint.encode()).hasSize(2_500_008);
    }

    @Test
    void keeps_the_rate_for_short_lists() {
        int wrong = 0;
        for (int list = 0; list < 1000; list++) {
            String start = list + " ";
            Fingerprint fingerprint = Fingerprint.of(
                    IntStream.range(0, 20).mapToObj(i -> start + i).toList());
            for (int other = 20; other < 1020; other++) {
                wrong += fingerprint.mayContain(start + other) ? 1 : 0;
            }
        }

        assertThat(wrong).isLessThan(1000); // of a million
    }

    @Test
    void keeps_the_rate_for_any_number_of_lists() {
        List<Fingerprint> lists = List.of();
        for (int list = 0; list < 200; list++) {
            String start = list + " ";
            lists = Fingerprint.with(
                    lists, IntStream.range(0, 50).mapToObj(i -> start + i).collect(Collectors.toSet()));
            assertThat(lists).hasSize(list + 1);
        }
        List<Fingerprint> all = lists.stream()
                .map(fingerprint -> Fingerprint.decode(fingerprint.encode()))
                .toList();

        for (int list = 0; list < 200; list++) {
            assertThat(Fingerprint.anyMayContain(all, list + " 49")).isTrue();
        }
        assertThat(IntStream.range(0, 200_000)
                        .filter(i -> Fingerprint.anyMayContain(all, "other " + i))
                        .count())
                .isLessThan(200);
        assertThat(all.get(199).encode()).startsWith("50:29:");
    }

    @Test
    void keeps_the_rate_for_each_short_list() {
        for (int list = 0; list < 1000; list++) {
            String start = list + " ";
            Fingerprint fingerprint = Fingerprint.with(
                            List.of(),
                            IntStream.range(0, 5).mapToObj(i -> start + i).collect(Collectors.toSet()))
                    .get(0);
            assertThat(IntStream.range(0, 10_000)
                            .filter(i -> fingerprint.mayContain(start + "other " + i))
                            .count())
                    .isLessThan(25); // 8 are expected at most
        }
    }

    @Test
    void a_list_that_is_contained_needs_no_fingerprint_of_its_own() {
        List<Fingerprint> one = Fingerprint.with(List.of(), Set.of("ada", "ben"));

        assertThat(Fingerprint.with(one, Set.of("ben", "ada"))).isEqualTo(one).hasSize(1);
        List<Fingerprint> two = Fingerprint.with(one, Set.of("ben", "cleo"));
        assertThat(two).hasSize(2);
        assertThat(two.get(1).encode()).startsWith("1:15:");
        assertThat(Fingerprint.anyMayContain(two, "cleo")).isTrue();
    }

    /** The text is that of a twin in Python: files that hold it must be readable for ever. */
    @Test
    void has_the_same_text_for_ever() {
        assertThat(Fingerprint.of(List.of("emma", "olivia", "zoé")).encode()).isEqualTo("3:GDcRHa+U");
        assertThat(Fingerprint.of(List.of()).encode()).isEqualTo("0:AA==");
    }

    @Test
    void hashes_as_the_authors_of_fnv_do() {
        assertThat(Fingerprint.hash("")).isEqualTo(0xcbf29ce484222325L);
        assertThat(Fingerprint.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(Fingerprint.hash("foobar")).isEqualTo(0x85944171f73967e8L);
    }

    @Test
    void of_nothing_contains_nothing() {
        assertThat(Fingerprint.of(List.of()).mayContain("")).isFalse();
    }

    @Test
    void rejects_any_other_text() {
        assertRejected("", "fingerprint has no colon after the number of strings");
        assertRejected("GDcRHa+U", "fingerprint has no colon after the number of strings");
        for (String size : List.of("", "-1", "3.0", "0x3", "143165577", "99999999999")) {
            assertRejected(size + ":GDcRHa+U", "fingerprint does not begin with a number of strings in [1, 143165576]");
        }
        for (String places : List.of("", "10", "-11", "1.1", "100")) {
            assertRejected("3:" + places + ":GDcRHa+U", "fingerprint does not have a number of places in [11, 99]");
        }
        assertRejected("3:13:GDcRHa+U", "fingerprint of 3 strings has 6 bytes, not 8");
        assertRejected("0:AA==", "fingerprint does not begin with a number of strings in [1, 143165576]");
        assertRejected("3:GDcR", "fingerprint of 3 strings has 3 bytes, not 6");
        assertRejected("143165576:GDcR", "fingerprint of 143165576 strings has 3 bytes, not 268435455");
        assertRejected("3:GDcRHa+UGDcR", "fingerprint of 3 strings has 9 bytes, not 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fingerprint.decode("3:GDcR*a+U"))
                .withMessageStartingWith("fingerprint is not base64: ");
    }

    @Test
    void rejects_more_strings_than_it_has_bits_for() {
        List<String> endless = new AbstractList<>() {
            @Override
            public String get(int index) {
                return "";
            }

            @Override
            public int size() {
                return 143_165_577;
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fingerprint.of(endless))
                .withMessage("143165577 strings are more than 143165576");
    }

    private static void assertRejected(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fingerprint.decode(text))
                .withMessage(message);
    }
}
