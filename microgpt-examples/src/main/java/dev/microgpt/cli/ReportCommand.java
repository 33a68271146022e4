package dev.microgpt.cli;

import dev.microgpt.evaluation.Report;
import dev.microgpt.frame.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the report that was made after training. */
@Command(
        name = "report",
        description =
                "Says how good a model is: its loss beside models that only count, and how much of what it writes is new.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  java -jar microgpt.jar report names.safetensors",
            "  java -jar microgpt.jar report names.safetensors --json"
        })
final class ReportCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Option(names = "--json", description = "prints it as JSON, for programs")
    private boolean json;

    @Override
    public void run() {
        Report report = model.load().report();
        new Output().line("%s", json ? report.toJson() : report);
    }
}
