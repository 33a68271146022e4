package dev.microgpt.playground;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What variants of stage 5 reached on the given names with {@value #COUNT} seeds, {@value #FIRST} and those after it, as measured once:
 * the page shows it before anybody has trained anything. Each line of the resource is a variant's key and its unseen losses.
 */
final class MeasuredSeeds {
    static final long FIRST = Classroom.SEED;
    static final int COUNT = 50;

    private static final String RESOURCE = "given-names-seeds.csv";

    private MeasuredSeeds() {}

    /** Unseen losses in nats per token by the key of the variant, shape [{@value #COUNT}], in the order of the seeds. */
    static Map<String, double[]> givenNames() {
        return read(RESOURCE);
    }

    /** Those of a resource beside this class. */
    static Map<String, double[]> read(String resource) {
        Map<String, double[]> losses = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(MeasuredSeeds.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                String[] cells = line.split(",");
                losses.put(
                        cells[0],
                        Arrays.stream(cells)
                                .skip(1)
                                .mapToDouble(Double::parseDouble)
                                .toArray());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
        return losses;
    }
}
