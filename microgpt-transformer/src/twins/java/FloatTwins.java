import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the Java sources that are the same text many times over. Run by the build, with the source folder and the folder for
 * what is written. First, the single-precision twins of the hand-derived GPT: for each {@code Double*.java} and
 * {@code VectorDouble*.java} that has no {@code Float} file beside it, the same text with {@code float} for {@code double}, except
 * where {@code double} has the comment {@code always}. (The scalar functions are not the same text, because their polynomials
 * differ: {@code FloatMath} and {@code VectorFloatMath} are written by hand.) Second, the {@linkplain Tiles tiles} of the
 * products on the Vector API.
 */
final class FloatTwins {
    private static final List<String> PACKAGES = List.of("kernels", "array", "vector");
    private static final Pattern ORIGINAL = Pattern.compile("(Vector)?Double\\w*\\.java");

    private FloatTwins() {}

    public static void main(String[] args) throws IOException {
        Path sources = Path.of(args[0], "dev", "microgpt", "transformer");
        Path twins = Path.of(args[1], "dev", "microgpt", "transformer");
        for (String name : PACKAGES) {
            Files.createDirectories(twins.resolve(name));
            for (Path original : originals(sources.resolve(name))) {
                String twin = inFloat(original.getFileName().toString());
                if (!Files.exists(original.resolveSibling(twin))) {
                    write(twins.resolve(name).resolve(twin), inFloat(Files.readString(original)));
                }
            }
        }
        String tiles = Tiles.source();
        write(twins.resolve("vector").resolve("VectorDoubleTiles.java"), tiles);
        write(twins.resolve("vector").resolve("VectorFloatTiles.java"), inFloat(tiles));
    }

    private static List<Path> originals(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            ORIGINAL.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static String inFloat(String text) {
        return text.replace("Double", "Float").replace("double", "float").replace("/* always */ float", "double");
    }

    private static void write(Path file, String content) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(content)) { // an unchanged file needs no compiling
            Files.writeString(file, content);
        }
    }

    /**
     * The inner loops of {@code VectorDoubleProducts}: tiles of y = A·b, some rows by one, two or four vectors, whose sums stay
     * in registers. In {@code rowsNxV} the numbers of A that a sum takes lie one after the other, in {@code columnsNxV} those that
     * a step takes. The compiler of the JVM does not make these of loops over arrays of vectors. Fewer than {@value #FEWEST} rows
     * are {@value #FEWEST} of which the last comes again: a tile that is seldom called would be compiled late.
     */
    private static final class Tiles {
        private static final int FEWEST = 4;

        private static final String HEAD = """
                package dev.microgpt.transformer.vector;

                import jdk.incubator.vector.DoubleVector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorShuffle;
                import jdk.incubator.vector.VectorSpecies;

                /** Inner loops of {@link VectorDoubleProducts}, written by the build. */
                final class VectorDoubleTiles {
                    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
                    private static final int LANES = SPECIES.length();

                    private VectorDoubleTiles() {}
                """;

        static String source() {
            StringBuilder text = new StringBuilder(HEAD);
            for (int vectors = 1; vectors <= 4; vectors *= 2) {
                text.append(choice(vectors));
                for (int rows = FEWEST; rows <= most(vectors); rows++) {
                    text.append(tile("rows", rows, vectors));
                }
            }
            for (int[] size : new int[][] {{6, 2}, {8, 2}, {16, 1}, {8, 1}, {1, 1}}) {
                text.append(tile("columns", size[0], size[1]));
            }
            for (int distance = 1; distance < 16; distance *= 2) {
                text.append(swap(distance));
            }
            for (int lanes : new int[] {2, 4, 8, 16}) {
                text.append(transpose(lanes));
            }
            return text.append("}\n").toString();
        }

        /** Shuffle and masks of the lanes whose numbers differ in one bit. */
        private static String swap(int distance) {
            return """

                        private static final VectorShuffle<Double> SWAP_%1$d =
                                VectorShuffle.fromOp(SPECIES, lane -> (lane ^ %1$d) %% LANES);
                        private static final VectorMask<Double> HIGH_%1$d = VectorMask.fromLong(SPECIES, %2$s);
                        private static final VectorMask<Double> LOW_%1$d = HIGH_%1$d.not();
                    """.formatted(distance, high(distance));
        }

        /** The 16 lanes in whose number the bit is set. */
        private static String high(int bit) {
            int lanes = 0;
            for (int lane = 0; lane < 16; lane++) {
                lanes |= (lane & bit) == 0 ? 0 : 1 << lane;
            }
            return "0b" + Integer.toBinaryString(lanes);
        }

        /** A square tile: for each bit in which the numbers of rows and lanes are written, those that differ in it change places. */
        private static String transpose(int lanes) {
            StringBuilder text = new StringBuilder("""

                        static void transpose%d(double[] x, int xAt, int xRow, double[] y, int yAt, int yRow) {
                    """.formatted(lanes));
            for (int row = 0; row < lanes; row++) {
                line(text, 2, "DoubleVector x0_%d = DoubleVector.fromArray(SPECIES, x, xAt + %1$d * xRow);", row);
            }
            int stage = 0;
            for (int distance = 1; distance < lanes; distance *= 2) {
                for (int row = 0; row < lanes; row++) {
                    if ((row & distance) == 0) {
                        line(
                                text,
                                2,
                                "DoubleVector s%d_%d = x%1$d_%2$d.blend(x%1$d_%d, LOW_%d).rearrange(SWAP_%4$d);",
                                stage,
                                row,
                                row + distance,
                                distance);
                        line(
                                text,
                                2,
                                "DoubleVector x%d_%d = x%d_%2$d.blend(s%3$d_%2$d, HIGH_%d);",
                                stage + 1,
                                row,
                                stage,
                                distance);
                        line(
                                text,
                                2,
                                "DoubleVector x%d_%d = x%d_%2$d.blend(s%3$d_%d, LOW_%d);",
                                stage + 1,
                                row + distance,
                                stage,
                                row,
                                distance);
                    }
                }
                stage++;
            }
            for (int row = 0; row < lanes; row++) {
                line(text, 2, "x%d_%d.intoArray(y, yAt + %2$d * yRow);", stage, row);
            }
            line(text, 1, "}");
            return text.toString();
        }

        /** Most rows of a tile. Eight positions of rows are too many for the general registers, so that some move at each k. */
        private static int most(int vectors) {
            return vectors == 4 ? 5 : 8;
        }

        /** How far a vector is from the first; two vectors may share columns. */
        private static String distance(int vector, int vectors) {
            return vector == 0 ? "" : vectors == 2 ? " + gap" : " + " + vector + " * LANES";
        }

        /** The tile of a number of rows. */
        private static String choice(int vectors) {
            StringBuilder text = new StringBuilder("""

                        static void rowsx%1$d(
                                int rows, VectorDoubleView a, VectorDoubleView b, VectorDoubleView y,
                                int r, int c, int count%2$s) {
                            switch (rows) {
                    """.formatted(vectors, vectors == 2 ? ", int gap" : ""));
            for (int rows = FEWEST; rows <= most(vectors); rows++) {
                line(
                        text,
                        3,
                        "case %s -> rows%dx%d(%sa, b, y, r, c, count%s);",
                        rows == FEWEST ? "1, 2, 3, 4" : rows,
                        rows,
                        vectors,
                        rows == FEWEST ? "rows - 1, " : "",
                        vectors == 2 ? ", gap" : "");
            }
            line(text, 3, "default -> throw new IllegalArgumentException(\"no tile has \" + rows + \" rows\");");
            line(text, 2, "}");
            line(text, 1, "}");
            return text.toString();
        }

        private static String tile(String kind, int rows, int vectors) {
            boolean columns = kind.equals("columns");
            boolean few = !columns && rows == FEWEST;
            String row = few ? "Math.min(%d, last)" : "%d";
            StringBuilder text = new StringBuilder(
                    """

                        static void %s%dx%d(
                                %sVectorDoubleView a, VectorDoubleView b, VectorDoubleView y,
                                int r, int c, int count%s) {
                            double[] aValues = a.values;
                            double[] bValues = b.values;
                            double[] yValues = y.values;
                            int bAt = b.at + c;
                            int bRow = b.row;
                    """.formatted(kind, rows, vectors, few ? "int last, " : "", vectors == 2 ? ", int gap" : ""));
            if (columns) {
                line(text, 2, "int aAt = a.at + r;");
                line(text, 2, "int aRow = a.row;");
            }
            for (int j = 0; j < rows; j++) {
                if (!columns) {
                    line(text, 2, "int a%d = a.at + (r + %s) * a.row;", j, row.formatted(j));
                }
                for (int v = 0; v < vectors; v++) {
                    line(text, 2, "DoubleVector y%d_%d = DoubleVector.zero(SPECIES);", j, v);
                }
            }
            line(text, 2, "for (int k = 0; k < count; k++) {");
            for (int v = 0; v < vectors; v++) {
                line(
                        text,
                        3,
                        "DoubleVector b%d = DoubleVector.fromArray(SPECIES, bValues, bAt + k * bRow%s);",
                        v,
                        distance(v, vectors));
            }
            if (columns) {
                line(text, 3, "int at = aAt + k * aRow;");
            }
            for (int j = 0; j < rows; j++) {
                line(
                        text,
                        3,
                        "DoubleVector x%d = DoubleVector.broadcast(SPECIES, aValues[%s]);",
                        j,
                        columns ? "at + " + j : "a" + j + " + k");
                for (int v = 0; v < vectors; v++) {
                    line(text, 3, "y%d_%d = x%1$d.fma(b%2$d, y%1$d_%2$d);", j, v);
                }
            }
            line(text, 2, "}");
            line(text, 2, "int yRow = y.row;");
            line(text, 2, "int yAt = y.at + r * yRow + c;");
            for (int j = 0; j < rows; j++) {
                for (int v = 0; v < vectors; v++) {
                    String at = row.formatted(j);
                    line(text, 2, "y%d_%d.intoArray(yValues, yAt + %s * yRow%s);", j, v, at, distance(v, vectors));
                }
            }
            line(text, 1, "}");
            return text.toString();
        }

        private static void line(StringBuilder text, int indent, String format, Object... arguments) {
            text.append("    ".repeat(indent))
                    .append(format.formatted(arguments))
                    .append('\n');
        }
    }
}
