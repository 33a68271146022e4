package dev.microgpt.cli;

import dev.microgpt.playground.Playground;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Opens the playground, which reads its options itself. */
@Command(
        name = "playground",
        description = "Shows every stage at work in the browser, on this machine only, until Ctrl-C.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar playground --open"})
final class PlaygroundCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "where it listens; any free port unless given")
    private String port;

    @Option(names = "--data", paramLabel = "SOURCE", description = TrainCommand.DATA)
    private String data;

    @Option(names = "--open", description = "opens it in the browser")
    private boolean open;

    @Override
    public void run() {
        Playground.main(spec.commandLine().getParseResult().matchedOptions().stream()
                .flatMap(option -> Stream.concat(
                        Stream.of(option.longestName()),
                        Stream.<String>ofNullable(option.arity().max() == 0 ? null : option.getValue())))
                .toArray(String[]::new));
    }
}
