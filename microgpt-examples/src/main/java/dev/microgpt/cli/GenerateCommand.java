package dev.microgpt.cli;

import static dev.microgpt.cli.Commands.override;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.examples.Output;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints new strings, one a line. */
@Command(
        name = "generate",
        description = "Invents strings, one a line; the same ones each time, unless --seed says otherwise.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar generate names.safetensors --count 100 --novel --unique"})
final class GenerateCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Option(names = "--count", paramLabel = "N", defaultValue = "20", description = "how many (20)")
    private int count;

    @Option(names = "--temperature", paramLabel = "X", description = "how wild: 0 not at all, 1 as learned (0.5)")
    private Double temperature;

    @Option(names = "--top-k", paramLabel = "N", description = "draws from the N most likely characters only")
    private Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "X",
            description = "draws from the most likely characters that add up to X only")
    private Double topP;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "how each begins")
    private String prefix;

    @Option(names = "--min-length", paramLabel = "N", description = "fewest characters")
    private Integer minLength;

    @Option(names = "--max-length", paramLabel = "N", description = "most characters")
    private Integer maxLength;

    @Option(names = "--unique", description = "none twice")
    private boolean unique;

    @Option(names = "--novel", description = "none of the list that the model was trained on")
    private boolean novel;

    @Option(names = "--seed", paramLabel = "N", description = "seed of the random numbers")
    private Long seed;

    @Override
    public void run() {
        if (count < 0) {
            throw new IllegalArgumentException("option --count " + count + " is below 0");
        }
        MicroGpt trained = model.load();
        long attempts = 1_000 + 50L * count; // those included that --unique and --novel drop
        Iterator<String> strings = trained.stream(options(trained).withMaxAttempts(attempts))
                .limit(count)
                .iterator();
        Output out = new Output();
        int found = 0;
        while (strings.hasNext()) {
            out.line("%s", strings.next());
            if (System.out.checkError()) {
                return; // nobody reads on, or the disk is full
            }
            found++;
        }
        if (found < count) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "found %,d of %,d after %,d attempts; a higher --temperature or fewer conditions may find more",
                    found,
                    count,
                    attempts));
        }
    }

    private GenerationOptions options(MicroGpt trained) {
        GenerationOptions options =
                trained.generationOptions().withUnique(unique).withNovelOnly(novel);
        options = override(options, "--temperature", temperature, GenerationOptions::withTemperature);
        options = override(options, "--top-k", topK, GenerationOptions::withTopK);
        options = override(options, "--top-p", topP, GenerationOptions::withTopP);
        options = override(options, "--max-length", maxLength, GenerationOptions::withMaxLength);
        options = override(options, "--min-length", minLength, (before, n) -> fit(trained, before.withMinLength(n)));
        options = override(options, "--prefix", prefix, (before, text) -> fit(trained, before.withPrefix(text)));
        return override(options, "--seed", seed, (before, n) -> before.withSeed(n));
    }

    /** Checks what only the model can tell. */
    private static GenerationOptions fit(MicroGpt trained, GenerationOptions options) {
        trained.generate(0, options);
        return options;
    }
}
