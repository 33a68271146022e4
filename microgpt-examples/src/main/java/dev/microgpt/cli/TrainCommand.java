package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import dev.microgpt.Trainer;
import dev.microgpt.TrainingOptions;
import dev.microgpt.frame.DataSource;
import dev.microgpt.frame.Visible;
import dev.microgpt.text.Documents;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Trains a model on a list, says how good it is, and shows what it invents. */
@Command(
        name = "train",
        description = "Trains a model on a list of strings and invents new ones.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Ctrl-C stops training and keeps the model so far.",
            "",
            "Examples:",
            "  java -jar microgpt.jar train --data names.txt --model names.safetensors",
            "  java -jar microgpt.jar train --preset microgpt --data karpathy --metrics losses.csv",
            "  java -jar microgpt.jar train --data jdk-classes --steps 5000 --checkpoint run1"
        })
final class TrainCommand implements Callable<Integer> {
    static final String DATA =
            "a file with one string a line, - for standard input, given-names (embedded, the default),"
                    + " karpathy (names.txt, downloaded once) or jdk-classes (names of the public classes of this JDK)";

    private static final int STOPPED = 130; // what a shell expects after Ctrl-C
    private static final int CHECKPOINTS = 20;

    /** Values of {@code --preset}. */
    enum PresetName {
        AUTO,
        MICROGPT,
        EARLY
    }

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Commands parent;

    @Option(names = "--data", paramLabel = "SOURCE", defaultValue = "given-names", description = DATA)
    private String data;

    @Option(
            names = "--preset",
            paramLabel = "microgpt|early|auto",
            defaultValue = "auto",
            description =
                    "auto: settings that fit the list (the default); microgpt and early: the original programs, to the"
                            + " letter")
    private PresetName preset;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "keeps the state of the training, " + CHECKPOINTS + " times and at Ctrl-C")
    private Path checkpoint;

    @Option(names = "--resume", paramLabel = "DIR", description = "goes on from there, with the same --data")
    private Path resume;

    @ArgGroup(validate = false, order = 1, heading = "%nInstead of what the preset says:%n")
    private Overrides overrides = new Overrides();

    @ArgGroup(validate = false, order = 2, heading = "%nWhat to keep and to show:%n")
    private Results results = new Results();

    @Override
    public Integer call() {
        check();
        Documents documents = DataSource.read(data);
        Trainer trainer = newTrainer(documents);
        results.line("num docs: %d", documents.size());
        results.line("vocab size: %d", Tokenizer.of(documents).vocabSize());
        RunLog log = new RunLog(results.needLosses());
        parent.interruption.onRequest(trainer::cancel);
        MicroGpt model = train(trainer, log);
        results.line("num params: %d", model.gpt().parameters().size());
        if (parent.interruption.isRequested()) {
            sayWhereItIs(
                    model,
                    results.keepStopped(log.record(model)),
                    trainer.checkpointFailure().isEmpty());
            return STOPPED;
        }
        results.keep(log.record(model));
        results.show(model);
        return trainer.checkpointFailure()
                .map(failure -> {
                    Visible.err().println("error: the checkpoints are not complete: " + failure.getMessage());
                    return ExitCode.SOFTWARE;
                })
                .orElse(ExitCode.OK);
    }

    private void check() {
        List<OptionSpec> given = spec.commandLine().getParseResult().matchedOptions();
        for (OptionSpec option : given) {
            if (option.originalStringValues().size() > 1) { // which picocli does not mind where there are groups
                throw new ParameterException(spec.commandLine(), Usage.givenTwice(option));
            }
            if (resume != null && isSettingOfTheCheckpoint(option)) {
                throw new IllegalArgumentException("option " + option.longestName()
                        + " cannot be given with --resume, which goes on with the settings of the checkpoint");
            }
        }
        if (resume != null && (isBlank(resume) || !Files.isDirectory(resume))) {
            throw new IllegalArgumentException("option --resume " + resume + " is not a directory that exists");
        }
        if (checkpoint != null && (isBlank(checkpoint) || Files.exists(checkpoint) && !Files.isDirectory(checkpoint))) {
            throw new IllegalArgumentException("option --checkpoint " + checkpoint + " is not a directory");
        }
        results.check();
    }

    /** Such as a variable of the shell that is not set; Java takes it for the present directory. */
    private static boolean isBlank(Path path) {
        return path.toString().isBlank();
    }

    private boolean isSettingOfTheCheckpoint(OptionSpec option) {
        return spec.argGroups().get(0).options().contains(option)
                || List.of("--preset", "--checkpoint").contains(option.longestName());
    }

    private Trainer newTrainer(Documents documents) {
        if (resume != null) {
            return resuming(documents);
        }
        TrainingOptions options = overrides.applyTo(
                switch (preset) {
                    case AUTO -> TrainingOptions.forStrings(documents.asList());
                    case MICROGPT -> TrainingOptions.of(Preset.STAGE5);
                    case EARLY -> TrainingOptions.of(Preset.EARLY);
                });
        GptConfig config = options.newConfig(Tokenizer.of(documents).vocabSize());
        long predictions = (long) options.steps() * options.batchSize() * config.blockSize(); // or fewer
        if (options.engine().isEmpty() && Kind.vectorPays(config, predictions)) {
            VectorModule.load();
        }
        Trainer trainer = new Trainer(documents.asList(), options);
        return checkpoint == null
                ? trainer
                : trainer.checkpoints(checkpoint, Math.max(1, options.steps() / CHECKPOINTS));
    }

    private Trainer resuming(Documents documents) {
        VectorModule.load(); // the engine is that of the checkpoint
        try {
            return Trainer.resuming(resume, documents.asList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "option --resume " + resume + " with --data " + data + ": " + e.getMessage(), e);
        }
    }

    private MicroGpt train(Trainer trainer, RunLog log) {
        ProgressLine line = new ProgressLine(results.isQuiet() ? Optional.empty() : ProgressLine.terminal());
        trainer.onProgress(progress -> {
            log.add(progress);
            line.show(progress);
        });
        try {
            return trainer.train();
        } finally {
            line.end();
        }
    }

    private void sayWhereItIs(MicroGpt model, Path file, boolean resumable) {
        PrintStream err = Visible.err();
        err.println("stopped after step " + model.provenance().steps() + " of "
                + model.trainingOptions().steps() + "; the model so far is in " + file);
        Path directory = resume == null ? checkpoint : resume;
        if (directory != null && resumable) {
            err.println("go on with --resume " + directory + " --data " + data);
        }
    }
}
