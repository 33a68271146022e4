package dev.microgpt.cli;

import static dev.microgpt.cli.Commands.override;

import dev.microgpt.ExhaustedException;
import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.frame.Output;
import dev.microgpt.frame.Visible;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints new strings, one a line. */
@Command(
        name = "generate",
        description = "Invents strings, one a line; new ones each time, unless --seed repeats them.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar generate names.safetensors --count 100 --novel --unique"})
final class GenerateCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Option(names = "--count", paramLabel = "N", defaultValue = "20", description = "how many (20)")
    private int count;

    @Option(names = "--temperature", paramLabel = "X", description = "less is more predictable, 1 as learned (0.5)")
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

    @Option(
            names = "--pattern",
            paramLabel = "REGEX",
            description = "what each matches as a whole, such as '[A-Z]{2}-\\d{4}(-[SML])?'")
    private String pattern;

    @Option(names = "--min-length", paramLabel = "N", description = "fewest characters (1)")
    private Integer minLength;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "ends each there; without it, one that comes to no end is dropped")
    private Integer maxLength;

    @Option(names = "--unique", description = "none twice")
    private boolean unique;

    @Option(names = "--novel", description = "none of the list that the model was trained on")
    private boolean novel;

    @Option(names = "--seed", paramLabel = "N", description = "repeats: the same seed gives the same strings")
    private Long seed;

    @Override
    public void run() {
        if (count < 0) {
            throw new IllegalArgumentException("option --count " + count + " is below 0");
        }
        MicroGpt trained = model.load();
        Iterator<String> strings = trained.stream(options(trained)).limit(count).iterator();
        Output out = new Output();
        int found = 0;
        try {
            while (strings.hasNext()) {
                out.line("%s", strings.next());
                if (System.out.checkError()) {
                    return; // nobody reads on, or the disk is full
                }
                found++;
            }
        } catch (ExhaustedException e) {
            throw tooFew(found, ": " + e.getMessage());
        }
        if (found < count) {
            throw tooFew(
                    found, ", and nothing new after that; a higher --temperature or fewer conditions may find more");
        }
    }

    private IllegalStateException tooFew(int found, String why) {
        return new IllegalStateException(String.format(Locale.ROOT, "found %,d of %,d%s", found, count, why));
    }

    private GenerationOptions options(MicroGpt trained) {
        GenerationOptions options = new GenerationOptions().withUnique(unique).withNovelOnly(novel);
        options = override(options, "--temperature", temperature, GenerationOptions::withTemperature);
        options = override(options, "--top-k", topK, GenerationOptions::withTopK);
        options = override(options, "--top-p", topP, GenerationOptions::withTopP);
        options = override(options, "--max-length", maxLength, GenerationOptions::withMaxLength);
        options = override(options, "--min-length", minLength, (before, n) -> fit(trained, before.withMinLength(n)));
        options = override(options, "--prefix", prefix, (before, text) -> fit(trained, before.withPrefix(text)));
        options = override(options, "--pattern", pattern, (before, regex) -> fit(trained, before.withPattern(regex)));
        return options.withSeed(seed == null ? newSeed() : seed);
    }

    /** A short seed, which standard error tells, so that the strings can be had again. */
    private static long newSeed() {
        long seed = ThreadLocalRandom.current().nextInt(1_000_000_000);
        Visible.err().println("seed " + seed + "; --seed " + seed + " repeats this");
        return seed;
    }

    /** Checks what only the model can tell. */
    private static GenerationOptions fit(MicroGpt trained, GenerationOptions options) {
        trained.generate(0, options);
        return options;
    }
}
