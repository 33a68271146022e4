package dev.microgpt.cli;

import dev.microgpt.InvalidModelException;
import dev.microgpt.MicroGpt;
import dev.microgpt.frame.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** All commands, and what they have in common: messages, exit codes, and the end by Ctrl-C. */
@Command(
        name = Commands.NAME,
        description = "Learns a list of short strings and invents new ones like them.",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StageCommand.class,
            TrainCommand.class,
            GenerateCommand.class,
            ScoreCommand.class,
            ReportCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            BenchCommand.class,
            PlaygroundCommand.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Without a command: learns 3,037 given names by the original recipe and invents 20.",
            "Each command has more to say: java -jar microgpt.jar train --help",
            "",
            "Examples:",
            "  java -jar microgpt.jar train --data names.txt --model names.safetensors",
            "  java -jar microgpt.jar generate names.safetensors --count 100 --novel",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 141 the reader has left (| head)"
        })
final class Commands {
    static final String NAME = "microgpt";
    static final String JAVA = "java -jar microgpt.jar ";

    private static final Logger LOGGER =
            Logger.getLogger("dev.microgpt"); // a field, or it is forgotten with its handler

    /** Stops what runs when Ctrl-C is pressed. */
    final Interruption interruption = new Interruption();

    static int execute(String... args) {
        PrintStream err = Visible.err();
        Handler notes = new Notes(err);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(notes);
        Commands commands = new Commands();
        try {
            return commandLine(commands, err).execute(args);
        } catch (OutOfMemoryError e) {
            err.println("error: there is not enough memory; java -Xmx8g -jar microgpt.jar … allows for 8 GB");
            return ExitCode.SOFTWARE;
        } finally {
            LOGGER.removeHandler(notes);
            LOGGER.setUseParentHandlers(true); // for what goes on, such as the playground
            commands.interruption.close();
        }
    }

    private static CommandLine commandLine(Commands commands, PrintStream err) {
        CommandLine line = new CommandLine(commands);
        line.getSubcommands()
                .get("generate-completion")
                .getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "Example:",
                        "  alias microgpt='java -jar microgpt.jar'",
                        "  source <(microgpt generate-completion)");
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        return line.setUsageHelpWidth(100)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, args) -> wrongUsage(e, err))
                .setExecutionExceptionHandler((e, failed, result) -> failure(e, err));
    }

    private static int wrongUsage(ParameterException e, PrintStream err) {
        CommandLine line = e.getCommandLine();
        err.println("error: " + Usage.message(e));
        err.println("see " + JAVA + (line.getParent() == null ? "" : line.getCommandName() + " ") + "--help");
        return ExitCode.USAGE;
    }

    private static int failure(Exception e, PrintStream err) {
        if (e instanceof IllegalArgumentException) {
            err.println("error: " + e.getMessage());
            return ExitCode.USAGE;
        }
        if (e instanceof UncheckedIOException
                || e instanceof InvalidModelException
                || e instanceof IllegalStateException) {
            err.println("error: " + e.getMessage());
        } else {
            e.printStackTrace(err); // a mistake of ours
        }
        return ExitCode.SOFTWARE;
    }

    /**
     * Overrides a setting if its option was given.
     *
     * @throws IllegalArgumentException if the value breaks the setting's rule; the message names option, value and rule
     */
    static <S, V> S override(S settings, String option, V value, BiFunction<S, V, S> with) {
        if (value == null) {
            return settings;
        }
        try {
            return with.apply(settings, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("option " + option + " " + value + ": " + e.getMessage(), e);
        }
    }

    /** Prints what the library logs as a line for people. */
    private static final class Notes extends Handler {
        private final PrintStream err;

        Notes(PrintStream err) {
            this.err = err;
        }

        @Override
        public void publish(LogRecord entry) {
            err.println("note: " + new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** The version of the library in the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream in = MicroGpt.class.getResourceAsStream("version.txt")) {
                return new String[] {NAME + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
