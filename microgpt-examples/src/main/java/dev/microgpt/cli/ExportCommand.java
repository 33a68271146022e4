package dev.microgpt.cli;

import dev.microgpt.MicroGpt;
import dev.microgpt.frame.Output;
import dev.microgpt.frame.OutputFile;
import dev.microgpt.onnx.OnnxModel;
import dev.microgpt.transformer.Precision;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model for another runtime. */
@Command(
        name = "export",
        description = "Writes a model as an ONNX file, for Python, JavaScript and others.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  java -jar microgpt.jar export names.safetensors names.onnx"})
final class ExportCommand implements Runnable {
    @Mixin
    private ModelArgument model;

    @Parameters(index = "1", paramLabel = "OUT", description = "the file to write, such as names.onnx")
    private Path out;

    @Option(names = "--float", description = "weights and logits in single precision: half the size (double)")
    private boolean inFloat;

    @Option(
            names = "--kv-cache",
            description = "keys and values of earlier tokens go in and come out: a step computes the new tokens only")
    private boolean cached;

    @Override
    public void run() {
        OutputFile.check("OUT", out);
        if (out.toAbsolutePath()
                .normalize()
                .equals(model.file().toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("OUT " + out + " is the file of the model itself");
        }
        MicroGpt trained = model.load();
        Precision precision = inFloat ? Precision.FLOAT : Precision.DOUBLE;
        byte[] file = cached ? OnnxModel.toBytesWithCache(trained, precision) : OnnxModel.toBytes(trained, precision);
        OutputFile.write("onnx", out, file);
        new Output()
                .line(
                        cached
                                ? "%s: %,d bytes; inputs input_ids and past_key_values, outputs logits and present"
                                : "%s: %,d bytes; input input_ids, output logits",
                        out,
                        file.length);
    }
}
