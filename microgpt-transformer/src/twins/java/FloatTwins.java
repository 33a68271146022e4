import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the single-precision twins of the hand-derived GPT: the same text with {@code float} for {@code double}. Run by
 * the build, with the source folder and the folder for the twins. The scalar functions are not the same text (their
 * polynomials differ), so {@code FloatMath} and {@code VectorFloatMath} are written by hand.
 */
final class FloatTwins {
    private static final List<String> ORIGINALS = List.of(
            "DoubleBatch",
            "DoubleGpt",
            "DoubleKernels",
            "DoubleProducts",
            "VectorDoubleKernels",
            "VectorDoubleProducts");

    private FloatTwins() {}

    public static void main(String[] args) throws IOException {
        Path sources = Path.of(args[0], "dev", "microgpt", "transformer");
        Path twins = Files.createDirectories(Path.of(args[1], "dev", "microgpt", "transformer"));
        for (String original : ORIGINALS) {
            String text = Files.readString(sources.resolve(original + ".java"));
            Path twin = twins.resolve(inFloat(original) + ".java");
            String content = inFloat(text);
            if (!Files.exists(twin)
                    || !Files.readString(twin).equals(content)) { // an unchanged file needs no compiling
                Files.writeString(twin, content);
            }
        }
    }

    private static String inFloat(String text) {
        return text.replace("Double", "Float").replace("double", "float");
    }
}
