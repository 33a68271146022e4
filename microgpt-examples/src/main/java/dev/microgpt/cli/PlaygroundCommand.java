package dev.microgpt.cli;

import dev.microgpt.frame.DataSource;
import dev.microgpt.playground.Playground;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens the playground. */
@Command(
        name = "playground",
        description = "Shows every stage at work in the browser, on this machine only, until Ctrl-C.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar playground --open"})
final class PlaygroundCommand implements Runnable {
    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "where it listens; any free port unless given")
    private int port;

    @Option(names = "--data", paramLabel = "SOURCE", defaultValue = "given-names", description = TrainCommand.DATA)
    private String data;

    @Option(names = "--open", description = "opens it in the browser")
    private boolean open;

    @Override
    public void run() {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("option --port " + port + " is not in [0, 65535]");
        }
        VectorModule.load(); // long trainings of one's own list
        Playground.run(DataSource.read(data), port, open);
    }
}
