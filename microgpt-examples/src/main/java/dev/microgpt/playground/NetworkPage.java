package dev.microgpt.playground;

import dev.microgpt.optim.Parameters;
import dev.microgpt.text.LanguageModel;
import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.Gpt;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The network as one drawing: what it makes of one letter, forward and backward, in stages 1 to 5. */
final class NetworkPage {
    private final Classroom classroom;

    NetworkPage(Classroom classroom) {
        this.classroom = classroom;
    }

    void register(Api api) {
        api.answer("network/letter", this::letter);
        api.answer("network/lines", question -> NetworkLines.of(question.integer("stage", 1, 5)));
    }

    /** {@code cut}: predictions that do not fit into blockSize; {@code weights}: of the whole model. */
    record Letter(
            List<String> symbols,
            List<String> tokens,
            int cut,
            int position,
            int token,
            int target,
            int weights,
            double[] probabilities,
            double loss, // of this prediction, in nats
            NetworkReading.Numbers forward,
            NetworkReading.Numbers backward)
            implements JsonObject {
        @Override
        public Map<String, Object> fields() {
            return Json.fields(
                    "symbols tokens cut position token target weights probabilities loss forward backward",
                    symbols,
                    tokens,
                    cut,
                    position,
                    token,
                    target,
                    weights,
                    probabilities,
                    loss,
                    forward,
                    backward);
        }
    }

    private Letter letter(Question question) {
        int stage = question.integer("stage", 1, 5);
        int steps = question.integer("steps", 0, Run.STEPS);
        int[] tokens = classroom.tokenizer().encodeDocument(classroom.word(question, "word"));
        Learner learner = classroom.run("" + stage).before(steps);
        LanguageModel model = learner.model();
        Parameters parameters = learner.state().parameters();
        double[] losses = model.losses(tokens);
        int position = question.integer("position", 0, losses.length - 1);
        int target = tokens[position + 1];
        NetworkReading read = model instanceof Gpt gpt
                ? NetworkReading.gpt(parameters, gpt.config().headCount(), target, Arrays.copyOf(tokens, position + 1))
                : NetworkReading.perceptron(parameters, tokens[position], target);
        NetworkReading.Numbers forward = read.forward();
        return new Letter(
                classroom.symbols(),
                classroom.symbols(tokens),
                tokens.length - 1 - losses.length,
                position,
                tokens[position],
                target,
                parameters.size(),
                new Sampler(1, 1).probabilities(forward.logits()),
                losses[position],
                forward,
                read.backward());
    }
}
