package dev.microgpt.cli;

import dev.microgpt.frame.FileName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with arguments: option, value and rule. */
final class Usage {
    private Usage() {}

    static String message(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(command, unmatched.getUnmatched().get(0));
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            return argument instanceof OptionSpec option
                    ? "option " + option.longestName() + " needs a value, " + option.paramLabel()
                    : argument.paramLabel() + " is missing";
        }
        if (e instanceof OverwrittenOptionException twice && twice.getOverwritten() instanceof OptionSpec option) {
            return givenTwice(option);
        }
        if (e.getArgSpec() != null && e.getArgSpec().type() == Path.class && e.getValue() != null) {
            String role = e.getArgSpec() instanceof OptionSpec option
                    ? "option " + option.longestName()
                    : e.getArgSpec().paramLabel();
            return role + " " + FileName.unusable(e.getValue());
        }
        if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
            return "option " + option.longestName() + " " + e.getValue() + " is not " + rule(option.type());
        }
        return e.getMessage();
    }

    static String givenTwice(OptionSpec option) {
        return "option " + option.longestName() + " is given twice";
    }

    private static String rule(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == Integer.class || type == int.class) {
            return "a whole number in [" + Integer.MIN_VALUE + ", " + Integer.MAX_VALUE + "]";
        }
        if (type == Long.class) {
            return "a whole number in [" + Long.MIN_VALUE + ", " + Long.MAX_VALUE + "]";
        }
        return type == Double.class || type == double.class ? "a number" : "a valid " + type.getSimpleName();
    }

    private static String unknown(CommandSpec command, String argument) {
        String name = argument.replaceFirst("=.*", "");
        if (name.startsWith("-") && name.length() > 1) {
            String hint = didYouMean(name, command.optionsMap().keySet());
            return "option " + name + " is not known"
                    + (hint.isEmpty() && takesWords(command) ? "; a word that begins with - comes after --" : hint);
        }
        if (command.subcommands().isEmpty()) {
            return "argument " + argument + " is one too many";
        }
        Stream<String> known =
                Stream.concat(command.subcommands().keySet().stream(), command.optionsMap().keySet().stream());
        return "command " + name + " is not known" + didYouMean(name, known.toList());
    }

    /** Whether any number of arguments may come after those that have a place of their own. */
    private static boolean takesWords(CommandSpec command) {
        return command.positionalParameters().stream()
                .anyMatch(parameter -> parameter.index().isVariable());
    }

    /** Suggests what begins so, or else what has the fewest typing errors. */
    private static String didYouMean(String name, Collection<String> known) {
        Comparator<String> begunFirst = Comparator.comparing(other -> !other.startsWith(name));
        Optional<String> nearest = known.stream().min(begunFirst.thenComparingInt(other -> edits(name, other)));
        return nearest.filter(other ->
                        name.length() > 2 && (other.startsWith(name) || edits(name, other) <= name.length() / 2))
                .map(other -> "; did you mean " + other + "?")
                .orElse("");
    }

    /** How many characters must be inserted, deleted or replaced to turn one into the other. */
    private static int edits(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[before.length];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }
}
