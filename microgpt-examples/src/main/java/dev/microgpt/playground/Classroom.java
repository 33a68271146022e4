package dev.microgpt.playground;

import dev.microgpt.bigram.Bigram;
import dev.microgpt.frame.Spelling;
import dev.microgpt.mlp.MlpByHand;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private final Run<MlpByHand> mlp = new Run<>(() -> Training.byHand(this, Run.STEPS));
    private final Map<Preset, Run<Gpt>> gpts = new EnumMap<>(Preset.class);

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
        for (Preset preset : Preset.values()) {
            gpts.put(preset, new Run<>(() -> Training.gpt(preset, this, Run.STEPS)));
        }
    }

    /** The documents in the order in which they came. */
    Documents given() {
        return given;
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

    /** Stage 0 after some steps, made anew: counting costs next to nothing. */
    Bigram bigram(int steps) {
        Bigram model = new Bigram(tokenizer.vocabSize());
        for (int step = 0; step < steps; step++) {
            model.learn(tokensAtStep(step));
        }
        return model;
    }

    /** Stage 1 after some steps, a multiple of {@value Run#EVERY}. */
    MlpByHand mlp(int steps) {
        return mlp.model(steps);
    }

    /** Stages 3, 4 and 5 after some steps, a multiple of {@value Run#EVERY}. */
    Gpt gpt(int stage, int steps) {
        Preset preset = switch (stage) {
            case 3 -> Preset.STAGE3;
            case 4 -> Preset.STAGE4;
            case 5 -> Preset.STAGE5;
            default -> throw new IllegalArgumentException("stage " + stage + " is not in [3, 5]");
        };
        return gpts.get(preset).model(steps);
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
