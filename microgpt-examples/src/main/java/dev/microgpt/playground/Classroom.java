package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.frame.Spelling;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.mlp.MlpPreset;
import dev.microgpt.text.Documents;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What all pages speak of: the documents in the order of training, their tokenizer, and the models that the stages make of
 * them with seed 42. A model is trained once, when somebody first asks for it, and kept; any number of threads may ask.
 */
final class Classroom {
    static final long SEED = 42; // of the original programs
    private static final String EXAMPLE = "emma";
    private static final int EXAMPLE_LENGTH = 12; // at most: it fits into blockSize and on a telephone

    private final Documents given;
    private final Documents documents;
    private final Tokenizer tokenizer;
    private final Spelling spelling;
    private final Set<String> list;
    private final Map<String, Run<MlpByHand>> perceptrons; // by stage
    private final Map<String, Run<Gpt>> gpts;

    Classroom(Documents given) {
        this.given = given;
        PythonRandom random = new PythonRandom(SEED);
        documents = given.shuffled(random);
        tokenizer = Tokenizer.of(documents);
        spelling = new Spelling(tokenizer);
        if (tokenizer.vocabSize() > Limits.VOCABULARY) {
            throw new IllegalArgumentException("the documents have " + (tokenizer.vocabSize() - 1)
                    + " different characters, more than the " + (Limits.VOCABULARY - 1) + " that the playground draws");
        }
        list = Set.copyOf(documents.asList());
        perceptrons = Map.of("1", Run.of(MlpPreset.STAGE1, this), "2", Run.of(MlpPreset.STAGE2, this));
        gpts = Map.of(
                "3", Run.of(Preset.STAGE3, this),
                "4", Run.of(Preset.STAGE4, this),
                "5", Run.of(Preset.STAGE5, this),
                "early", Run.of(Preset.EARLY, this));
    }

    /** The documents in the order in which they came. */
    Documents given() {
        return given;
    }

    /** Whether they are the embedded names, of which some numbers are known without measuring. */
    boolean hasGivenNames() {
        return given.asList().equals(Documents.givenNames().asList());
    }

    /** The documents, shuffled. */
    Documents documents() {
        return documents;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** How what people type is written in this list. */
    Spelling spelling() {
        return spelling;
    }

    /** A word of a question, as it is written in this list: Zoë as zoe. */
    String word(Question question, String name) {
        return spelling.read(question.text(name, Limits.WORD));
    }

    /** The documents, each once. */
    Set<String> list() {
        return list;
    }

    /** A word to begin with: emma if this list has its letters, else the beginning of the first document. */
    String example() {
        if (EXAMPLE.codePoints().allMatch(c -> tokenizer.vocabulary().indexOf(c) >= 0)) {
            return EXAMPLE;
        }
        String first = documents.atStep(0);
        int length = Math.min(EXAMPLE_LENGTH, first.codePointCount(0, first.length()));
        return first.substring(0, first.offsetByCodePoints(0, length));
    }

    /** The generator as it stands after the shuffle: the next draws are the initial weights. */
    PythonRandom afterShuffle() {
        PythonRandom random = new PythonRandom(SEED);
        documents.shuffled(random); // as many draws as for the documents themselves
        return random;
    }

    /** A document of the training, as tokens. */
    int[] tokensAtStep(long step) {
        return tokenizer.encodeDocument(documents.atStep(step));
    }

    /** Loss of the documents of some steps of the training, in nats per predicted token; −1 if there is none. */
    double meanLoss(LanguageModel model, int from, int to) {
        return meanLoss(model::losses, this::tokensAtStep, from, to);
    }

    /** Loss in nats per predicted token, so that a long document counts more; −1 if there is no document. */
    static double meanLoss(Function<int[], double[]> losses, IntFunction<int[]> tokens, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(tokens)
                .map(losses)
                .flatMapToDouble(Arrays::stream)
                .average()
                .orElse(-1);
    }

    /** Stage 0 after some steps, made anew: counting costs next to nothing. */
    Bigram bigram(int steps) {
        Bigram model = new Bigram(tokenizer.vocabSize());
        for (int step = 0; step < steps; step++) {
            model.learn(tokensAtStep(step));
        }
        return model;
    }

    /**
     * The run of a program with weights, 1 to 5 or early.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    Run<?> run(String stage) {
        Run<?> run = perceptrons.containsKey(stage) ? perceptrons.get(stage) : gpts.get(stage);
        if (run == null) {
            throw new IllegalArgumentException("stage " + stage + " has no weights");
        }
        return run;
    }

    /** How many steps a program trains: 0, 1, …, 5 or early. */
    int steps(String program) {
        return program.equals("0") ? Run.STEPS : run(program).rate().steps();
    }

    /** What a program has learned after some steps, a multiple of {@value Run#EVERY}. */
    LanguageModel model(String program, int steps) {
        return program.equals("0") ? bigram(steps) : run(program).model(steps);
    }

    /** Stage 1 after some steps, a multiple of {@value Run#EVERY}. */
    MlpByHand mlp(int steps) {
        return perceptrons.get("1").model(steps);
    }

    /** Stages 3 to 5, or the early program, after some steps, a multiple of {@value Run#EVERY}. */
    Gpt gpt(String stage, int steps) {
        Run<Gpt> run = gpts.get(stage);
        if (run == null) {
            throw new IllegalArgumentException("stage " + stage + " is not one of 3, 4, 5, early");
        }
        return run.model(steps);
    }

    /** Stages 3, 4 and 5 after some steps, a multiple of {@value Run#EVERY}. */
    Gpt gpt(int stage, int steps) {
        return gpt("" + stage, steps);
    }

    /** A token for labels: its character, or BOS. */
    String symbol(int token) {
        return token == tokenizer.bos() ? "BOS" : label(tokenizer.symbol(token).codePointAt(0));
    }

    /** A character for labels: a space is ␣, and what else cannot be seen by itself is called by its number. */
    static String label(int codePoint) {
        if (codePoint == ' ') {
            return "␣";
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> String.format(Locale.ROOT, "U+%04X", codePoint);
            default -> Character.toString(codePoint);
        };
    }

    /** Tokens for labels. */
    List<String> symbols(int... tokens) {
        return Arrays.stream(tokens).mapToObj(this::symbol).toList();
    }

    /** All tokens for labels, in the order of their ids. */
    List<String> symbols() {
        return symbols(IntStream.range(0, tokenizer.vocabSize()).toArray());
    }
}
