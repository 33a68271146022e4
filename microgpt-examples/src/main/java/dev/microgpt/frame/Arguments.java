package dev.microgpt.frame;

import dev.microgpt.text.Documents;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of the stage programs: {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}. */
final class Arguments {
    private static final List<String> OPTIONS =
            List.of("--data", "--seed", "--steps", "--metrics", "--trace", "--parameter");

    private static final int MOST_STEPS = 10_000_000; // their losses are kept in memory

    private final Map<String, String> values = new LinkedHashMap<>();

    private Arguments() {}

    static Arguments parse(String... args) {
        return parse(OPTIONS, args);
    }

    /** The options of a program that takes only these. */
    static Arguments parse(List<String> options, String... args) {
        Arguments arguments = new Arguments();
        for (int i = 0; i < args.length; i += 2) {
            if (!options.contains(args[i])) {
                throw new IllegalArgumentException(
                        "option " + args[i] + " is not one of " + String.join(", ", options));
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("option " + args[i] + " needs a value");
            }
            if (arguments.values.put(args[i], args[i + 1]) != null) {
                throw new IllegalArgumentException("option " + args[i] + " is given twice");
            }
        }
        arguments.check();
        return arguments;
    }

    /** Finds what is wrong before anything is trained. */
    private void check() {
        seed();
        steps(1);
        if (values.containsKey("--parameter") && !values.containsKey("--trace")) {
            throw new IllegalArgumentException("option --parameter needs --trace WORD beside it");
        }
        if (values.containsKey("--trace") && values.containsKey("--metrics")) {
            throw new IllegalArgumentException(
                    "option --metrics has nothing to write beside --trace, which stores nothing");
        }
        metrics().ifPresent(file -> OutputFile.check("option --metrics", file));
    }

    /** What {@link DataSource} gives, or the embedded given names. */
    Documents documents() {
        return DataSource.read(values.getOrDefault("--data", "given-names"));
    }

    long seed() {
        return number("--seed", 42, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    int steps(int defaultSteps) {
        return (int) number("--steps", defaultSteps, 1, MOST_STEPS);
    }

    boolean stepsGiven() {
        return values.containsKey("--steps");
    }

    /** The order of an n-gram model. */
    int order() {
        if (!values.containsKey("--order")) {
            throw new IllegalArgumentException("option --order is missing");
        }
        return (int) number("--order", 0, 2, 8);
    }

    Optional<String> trace() {
        return Optional.ofNullable(values.get("--trace"));
    }

    Optional<String> parameter() {
        return Optional.ofNullable(values.get("--parameter"));
    }

    /** Writes the losses as {@code step,loss} in full precision, if a file was asked for: whole or not at all. */
    void writeMetrics(double... losses) {
        metrics().ifPresent(file -> OutputFile.writeMetrics(file, 1, losses));
    }

    private Optional<Path> metrics() {
        return Optional.ofNullable(values.get("--metrics")).map(Path::of);
    }

    private long number(String option, long fallback, long least, long most) {
        String text = values.get(option);
        if (text == null) {
            return fallback;
        }
        String rule = "option " + option + " " + text + " is not a whole number in [" + least + ", " + most + "]";
        try {
            long number = Long.parseLong(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(rule);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }
}
