package dev.microgpt.examples;

import static dev.microgpt.autograd.Functions.*;

import dev.microgpt.autograd.Leaves;
import dev.microgpt.autograd.Value;
import dev.microgpt.frame.Program;
import dev.microgpt.frame.StepTrace;
import dev.microgpt.optim.LearningRate;
import dev.microgpt.optim.Moments;
import dev.microgpt.optim.Parameters;
import dev.microgpt.optim.Sgd;
import dev.microgpt.text.Documents;
import dev.microgpt.text.PythonRandom;
import dev.microgpt.text.Tokenizer;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stage 3: the model looks back. Attention with one head, written out on {@link Value}s.
 *
 * <p>Same as stage 2: documents, tokens, autograd, plain gradient descent. The perceptron is still there, inside.
 *
 * <p>New here: position embeddings, rmsNorm, residual connections, and attention: each position asks (query), earlier
 * positions answer (key) and hand over what they have (value).
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 3"}
 *
 * <p>You should see a mean loss of 2.49 over the last 100 steps, where stage 2 had 2.64: place or past, either one gives
 * nearly the whole gain. And "tina", "atosh", "sesa", "korina".
 */
public final class Stage3Attention {
    private final Map<String, Value[][]> weights = new HashMap<>();

    Stage3Attention(Parameters parameters, Leaves leaves) {
        parameters.tensors().forEach(t -> weights.put(t.name(), leaves.matrix(t.offset(), t.rows(), t.columns())));
    }

    private Value[] layer(String name, Value... x) {
        return linear(x, weights.get("layer0." + name));
    }

    /** The mean loss of a document. Keys and values of earlier positions are kept, and gradients flow through them. */
    Value loss(int... tokens) {
        List<Value[]> keys = new ArrayList<>();
        List<Value[]> values = new ArrayList<>();
        Value[] losses = new Value[Math.min(weights.get("wpe").length, tokens.length - 1)];
        for (int position = 0; position < losses.length; position++) {
            Value[] x = rmsNorm(add(weights.get("wte")[tokens[position]], weights.get("wpe")[position]));
            x = add(x, attention(rmsNorm(x), keys, values)); // residual: attention adds to what is there
            x = add(x, layer("mlp_fc2", relu(layer("mlp_fc1", rmsNorm(x))))); // the perceptron of stage 2
            losses[position] = crossEntropy(linear(x, weights.get("lm_head")), tokens[position + 1]);
        }
        return mean(losses);
    }

    private Value[] attention(Value[] x, List<Value[]> keys, List<Value[]> values) {
        Value[] query = layer("attn_wq", x);
        keys.add(layer("attn_wk", x));
        values.add(layer("attn_wv", x));
        Value[] scores = new Value[keys.size()];
        for (int t = 0; t < scores.length; t++) {
            scores[t] = dot(query, keys.get(t)).div(Math.sqrt(query.length)); // q·k_t / √d
        }
        Value[] looks = softmax(scores); // how much to look at each position
        Value[] mix = new Value[query.length];
        for (int j = 0; j < mix.length; j++) {
            mix[j] = looks[0].mul(values.get(0)[j]);
            for (int t = 1; t < looks.length; t++) {
                mix[j] = mix[j].add(looks[t].mul(values.get(t)[j])); // Σ_t a_t·v_t
            }
        }
        return layer("attn_wo", mix);
    }

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, Stage3Attention::run, program -> StepTrace.gpt(Preset.STAGE3, program));
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        Gpt untrained = Gpt.initial(Preset.STAGE3, tokenizer.vocabSize(), random);
        Parameters parameters = untrained.parameters();
        Parameters gradient = parameters.zeros();
        Leaves leaves = new Leaves(parameters.values());
        Stage3Attention model = new Stage3Attention(parameters, leaves);
        program.print("num params: %d", parameters.size());

        int steps = program.steps(1000);
        Sgd sgd = new Sgd();
        Moments moments = sgd.start(parameters);
        LearningRate rate = LearningRate.linear(0.1, steps);
        for (int step = 0; step < steps; step++) {
            leaves.load(parameters.values());
            Value loss = model.loss(tokenizer.encodeDocument(documents.atStep(step)));
            loss.backward();
            leaves.gradient(gradient.values());
            sgd.update(parameters, gradient, moments, rate.at(step));
            program.step(step, loss.data(), step < 5 || step % 200 == 0);
        }

        Gpt trained = new Gpt(untrained.config(), parameters);
        program.samples(trained, Preset.STAGE3.sampler(), tokenizer, random);
    }
}
