package dev.microgpt.playground;

import dev.microgpt.text.Context;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import java.util.List;
import java.util.Map;

/** One word, read by all programs side by side. */
final class WordPage {
    private static final List<String> PROGRAMS = List.of("0", "1", "2", "3", "4", "5", "early");
    private static final Sampler AS_IT_IS = new Sampler(1, 1);

    private final Classroom classroom;

    WordPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("word/stages", this::stages);
    }

    record Word(List<String> symbols, List<String> tokens, int[] ids, List<Stage> stages) implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields("symbols tokens ids stages", symbols, tokens, ids, stages);
        }
    }

    /**
     * What a program makes of the word. {@code steps}: how long it has been trained, never longer than the program itself trains;
     * {@code probabilities[t][i]}: of token i after the first t + 1 tokens, for as many as fit into its blockSize; {@code losses[t]}: of
     * the token that came, in nats; {@code untrained}: the mean loss before the first step.
     */
    record Stage(String stage, int steps, double[][] probabilities, double[] losses, double loss, double untrained)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "stage steps probabilities losses loss untrained",
                    stage,
                    steps,
                    probabilities,
                    losses,
                    loss,
                    untrained);
        }
    }

    private Word stages(Question question) {
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        int steps = question.integer("steps", 0, Run.STEPS);
        return new Word(
                classroom.symbols(),
                classroom.symbols(tokens),
                tokens,
                PROGRAMS.stream().map(program -> stage(program, steps, tokens)).toList());
    }

    private Stage stage(String program, int steps, int... tokens) {
        int trained = Math.min(steps, classroom.steps(program));
        LanguageModel model = classroom.model(program, trained);
        double[] losses = model.losses(tokens);
        Context context = model.newContext();
        double[][] probabilities = new double[losses.length][];
        for (int t = 0; t < losses.length; t++) {
            probabilities[t] = AS_IT_IS.probabilities(context.next(tokens[t]));
        }
        return new Stage(
                program,
                trained,
                probabilities,
                losses,
                model.loss(tokens),
                classroom.model(program, 0).loss(tokens));
    }
}
