package dev.microgpt.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ShelfTest {
    @Test
    void the_oldest_makes_room() {
        Shelf<String> shelf = new Shelf<>(2, Duration.ofHours(1));

        shelf.put("a", "first");
        shelf.put("b", "second");
        assertThat(shelf.get("a")).hasValue("first");
        shelf.put("c", "third");

        assertThat(shelf.get("a")).isEmpty();
        assertThat(shelf.get("b")).hasValue("second");
        assertThat(shelf.get("c")).hasValue("third");
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void what_has_had_its_time_goes() throws InterruptedException {
        Shelf<String> brief = new Shelf<>(2, Duration.ofMillis(1));
        Shelf<String> patient = new Shelf<>(2, Duration.ofHours(1));

        patient.put("a", "first");
        brief.put("a", "first");
        while (brief.get("a").isPresent()) {
            Thread.sleep(10);
        }

        assertThat(brief.get("a")).isEmpty();
        assertThat(patient.get("a")).hasValue("first");
    }

    @Test
    void names_are_long_and_never_the_same() {
        assertThat(Stream.generate(Shelf::newName).limit(1_000))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[0-9a-f]{32}"));
    }
}
