package dev.microgpt.cli;

import static dev.microgpt.cli.Commands.override;

import dev.microgpt.ExhaustedException;
import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.cli.RunRecord.Point;
import dev.microgpt.frame.Output;
import dev.microgpt.frame.OutputFile;
import dev.microgpt.frame.Visible;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What comes of a run: the files that {@code train} keeps, and what it prints. */
final class Results {
    private static final Path STOPPED = Path.of("microgpt-stopped.safetensors");

    @Option(names = "--model", paramLabel = "OUT.safetensors", description = "keeps the model")
    private Path model;

    @Option(names = "--metrics", paramLabel = "OUT.csv", description = "writes step,loss in full precision")
    private Path metrics;

    @Option(names = "--html", paramLabel = "OUT.html", description = "writes a page about the training")
    private Path html;

    @Option(names = "--json", paramLabel = "OUT.json", description = "writes the report as JSON, for programs")
    private Path json;

    @Option(names = "--samples", paramLabel = "N", description = "how many strings to invent at the end (20)")
    private int samples = 20;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "of these: less is more predictable, 1 as learned (1; of a preset 0.5)")
    private Double temperature;

    @Option(names = "--quiet", description = "prints nothing but the strings invented at the end")
    private boolean quiet;

    /**
     * Finds what is wrong before anything is trained.
     *
     * @throws IllegalArgumentException if an option breaks its rule; the message names it
     */
    void check() {
        if (samples < 0) {
            throw new IllegalArgumentException("option --samples " + samples + " is below 0");
        }
        generation();
        check("--model", model);
        check("--metrics", metrics);
        check("--html", html);
        check("--json", json);
    }

    private static void check(String option, Path file) {
        if (file != null) {
            OutputFile.check("option " + option, file);
        }
    }

    /** Whether nothing but the samples is printed. */
    boolean isQuiet() {
        return quiet;
    }

    /** Whether anything needs the loss of every step. */
    boolean needLosses() {
        return metrics != null || html != null;
    }

    /** Writes the files. */
    void keep(RunRecord run) {
        if (model != null) {
            run.model().save(model);
        }
        if (metrics != null) {
            int firstStep = run.losses().isEmpty() ? 1 : run.losses().get(0).step();
            OutputFile.writeMetrics(
                    metrics,
                    firstStep,
                    run.losses().stream().mapToDouble(Point::loss).toArray());
        }
        if (html != null) {
            HtmlReport.write(html, run, generation());
        }
        if (json != null) {
            OutputFile.write("report", json, run.model().report().toJson() + "\n");
        }
    }

    /**
     * Writes the files of a run that was stopped, the model in any case.
     *
     * @return where the model is
     */
    Path keepStopped(RunRecord run) {
        if (model == null) {
            model = STOPPED;
        }
        keep(run);
        return model;
    }

    /** Prints what there is to say about the model, and what it invents. */
    void show(MicroGpt trained) {
        line("\n%s\n", trained.report());
        line(model == null ? "The model is not kept; --model FILE keeps it." : "The model is in %s.", model);
        if (samples > 0) {
            new Output().samples(invented(trained));
        }
    }

    /** As many samples as there are: what a model writes that has learned little may come to no end. */
    private List<String> invented(MicroGpt trained) {
        try {
            return trained.generate(samples, generation(), trained.random());
        } catch (ExhaustedException e) {
            Visible.err().println("warning: " + e.getMessage());
            return e.found();
        }
    }

    /** How strings are invented, on the page as on standard output: with the random numbers that come after the training. */
    private GenerationOptions generation() {
        return override(new GenerationOptions(), "--temperature", temperature, GenerationOptions::withTemperature);
    }

    void line(String format, Object... values) {
        if (!quiet) {
            new Output().line(format, values);
        }
    }
}
