package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import dev.microgpt.Provenance;
import dev.microgpt.TrainingOptions;
import dev.microgpt.frame.Output;
import dev.microgpt.optim.Parameters.Tensor;
import dev.microgpt.transformer.GptConfig;
import java.util.Locale;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints what a model consists of and where it comes from. */
@Command(
        name = "inspect",
        description = "Shows what a model consists of and where it comes from.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar inspect names.safetensors"})
final class InspectCommand implements Runnable {
    private final Output out = new Output();

    @Mixin
    private ModelArgument model;

    @Override
    public void run() {
        MicroGpt trained = model.load();
        printModel(trained);
        printTraining(trained.trainingOptions());
        printProvenance(trained.provenance());
    }

    private void printModel(MicroGpt trained) {
        GptConfig config = trained.gpt().config();
        line(
                "vocabulary",
                "%d tokens: BOS and %s",
                config.vocabSize(),
                trained.tokenizer().vocabulary());
        line("blockSize", "%d", config.blockSize());
        line("embedDim", "%d", config.embedDim());
        line("headCount", "%d", config.headCount());
        line("layerCount", "%d", config.layerCount());
        line("activation", "%s", config.activation());
        line("parameters", "%,d", trained.gpt().parameters().size());
        for (Tensor tensor : trained.gpt().parameters().tensors()) {
            String shape = String.format(Locale.ROOT, "%d x %d", tensor.rows(), tensor.columns());
            line("  " + tensor.name(), "%,9d  %s", tensor.size(), shape);
        }
    }

    private void printTraining(TrainingOptions options) {
        line("preset", "%s", options.basis());
        line("optimizer", "%s", options.optimizer());
        line("learningRate", "%s", options.learningRate());
        line("steps", "%,d", options.steps());
        line("batchSize", "%,d", options.batchSize());
        line("loss over", "%s", options.lossOverTokens() ? "tokens" : "strings");
        line("seed", "%d", options.seed());
        line("precision", "%s", options.precision());
    }

    private void printProvenance(Provenance provenance) {
        line(
                "data",
                "%,d string%s, SHA-256 %s",
                provenance.dataCount(),
                provenance.dataCount() == 1 ? "" : "s",
                provenance.dataSha256());
        line("steps made", "%,d, by the engine %s", provenance.steps(), provenance.engine());
        line("training loss", "%s", loss(provenance.trainingLoss()));
        line("held-out loss", "%s", loss(provenance.heldOutLoss()));
        line("made by", "microgpt %s", provenance.libraryVersion());
    }

    private static String loss(OptionalDouble loss) {
        return loss.isPresent() ? String.format(Locale.ROOT, "%.4f nats per character", loss.getAsDouble()) : "none";
    }

    private void line(String name, String format, Object... values) {
        out.line("%-18s %s", name, String.format(Locale.ROOT, format, values));
    }
}
