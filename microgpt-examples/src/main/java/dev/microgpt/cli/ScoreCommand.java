package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import dev.microgpt.evaluation.Score;
import dev.microgpt.frame.DataSource;
import dev.microgpt.frame.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how surprising strings are. */
@Command(
        name = "score",
        description = {
            "Says how surprising strings are to a model: loss in nats per character, bits per character, perplexity.",
            "A string with a character that the model does not know is infinitely surprising. Where one is too long for the"
                    + " model, it says (cut at N): from character N on, which counts from 0, each costs what chance costs."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  java -jar microgpt.jar score names.safetensors emma xqzzv",
            "  java -jar microgpt.jar score names.safetensors --rank < names.txt"
        })
final class ScoreCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Parameters(
            index = "1..*",
            paramLabel = "WORD",
            description = "what to score; without any, the lines of standard input")
    private List<String> words;

    @Option(names = "--rank", description = "the most surprising first")
    private boolean rank;

    @Override
    public void run() {
        MicroGpt trained = model.load();
        List<String> strings = words == null ? DataSource.read("-").asList() : words;
        List<Score> scores = rank ? trained.rank(strings) : trained.scores(strings);
        Output out = new Output();
        out.line("    loss      bits  perplexity  surprise  string");
        for (Score score : scores) {
            out.line(
                    "%8.4f  %8.4f  %10.2f  %8.4f  %s%s",
                    score.loss(),
                    score.bitsPerCharacter(),
                    score.perplexity(),
                    score.surprise(),
                    score.text(),
                    score.cutAt().isPresent() ? "  (cut at " + score.cutAt().getAsInt() + ")" : "");
        }
    }
}
