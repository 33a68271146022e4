package app;

import dev.microgpt.MicroGpt;
import dev.microgpt.text.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trains a model on the module path, prints 20 names, and has it back from a file; fails if it does not learn. */
public final class InventNames {
    private InventNames() {}

    public static void main(String[] args) throws IOException {
        check("module dev.microgpt.transformer", String.valueOf(MicroGpt.class.getModule()));
        Path file = Files.createTempDirectory("consumer").resolve("names.safetensors");

        MicroGpt model = MicroGpt.train(Documents.givenNames().asList());
        model.generate(20).forEach(System.out::println);
        model.save(file);
        double nats = MicroGpt.load(file).loss("emma");

        check(String.valueOf(model.loss("emma")), String.valueOf(nats));
        check("true", String.valueOf(nats < Math.log(27)));
        System.out.println(model.report());
    }

    private static void check(String expected, String actual) {
        if (!actual.startsWith(expected)) {
            throw new AssertionError("expected " + expected + ", but was " + actual);
        }
    }
}
