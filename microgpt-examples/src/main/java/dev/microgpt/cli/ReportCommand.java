package dev.microgpt.cli;

import dev.microgpt.examples.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the report that was made after training. */
@Command(
        name = "report",
        description =
                "Says how good a model is: its loss beside models that only count, and how much of what it writes is new.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar report names.safetensors"})
final class ReportCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Override
    public void run() {
        new Output().line("%s", model.load().report());
    }
}
