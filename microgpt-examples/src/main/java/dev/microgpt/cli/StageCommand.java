package dev.microgpt.cli;

import dev.microgpt.examples.EarlyMicroGpt;
import dev.microgpt.examples.Stage0Bigram;
import dev.microgpt.examples.Stage0NGram;
import dev.microgpt.examples.Stage1MlpByHand;
import dev.microgpt.examples.Stage2Autograd;
import dev.microgpt.examples.Stage3Attention;
import dev.microgpt.examples.Stage4MultiHead;
import dev.microgpt.examples.Stage5Adam;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the program of a stage, which reads its options itself. */
@Command(
        name = "stage",
        description = "Runs one of the seven programs, as the original does.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar stage 5 --trace emma --steps 1000"})
final class StageCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STAGE", description = "0, 1, 2, 3, 4, 5 or early")
    private String stage;

    @Option(names = "--data", paramLabel = "SOURCE", description = TrainCommand.DATA)
    private String data;

    @Option(names = "--seed", paramLabel = "N", description = "seed of the random numbers, 42 unless given")
    private String seed;

    @Option(names = "--steps", paramLabel = "N", description = "number of updates")
    private String steps;

    @Option(
            names = "--order",
            paramLabel = "N",
            description = "of stage 0: how far does counting go? n-grams up to this order, 2 to 8")
    private String order;

    @Option(names = "--metrics", paramLabel = "OUT.csv", description = "writes step,loss in full precision")
    private String metrics;

    @Option(names = "--trace", paramLabel = "WORD", description = "shows one training step for this word in full")
    private String trace;

    @Option(
            names = "--parameter",
            paramLabel = "NAME[ROW][COLUMN]",
            description = "the weight whose update --trace shows, such as wte[25][0]")
    private String parameter;

    @Override
    public void run() {
        String[] options = spec.commandLine().getParseResult().matchedOptions().stream()
                .flatMap(option -> Stream.of(option.longestName(), option.<String>getValue()))
                .toArray(String[]::new);
        if (order != null && !stage.equals("0")) {
            throw new IllegalArgumentException("option --order needs stage 0, which counts");
        }
        switch (stage) {
            case "0" -> {
                if (order == null) {
                    Stage0Bigram.main(options);
                } else {
                    Stage0NGram.main(options);
                }
            }
            case "1" -> Stage1MlpByHand.main(options);
            case "2" -> Stage2Autograd.main(options);
            case "3" -> Stage3Attention.main(options);
            case "4" -> Stage4MultiHead.main(options);
            case "5" -> Stage5Adam.main(options);
            case "early" -> EarlyMicroGpt.main(options);
            default -> throw new IllegalArgumentException("stage " + stage + " is not one of 0, 1, 2, 3, 4, 5, early");
        }
    }
}
