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
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Stage 4: several heads, several layers.
 *
 * <p>Same as stage 3: embeddings, rmsNorm, attention, perceptron, residuals, plain gradient descent.
 *
 * <p>New here: attention runs in four heads, each on its own quarter of the activations, so that a position can look at
 * several others for several reasons; and the block stands in a loop over layers (here there is one).
 *
 * <p>Run with: {@code mvn -q compile exec:java -Dexec.args="stage 4"}
 *
 * <p>You should see losses close to those of stage 3: at this size and after 1,000 steps four heads are no better than one.
 * And "tina", "autor", "sesa", "korina".
 */
public final class Stage4MultiHead {
    private final GptConfig config;
    private final Map<String, Value[][]> weights = new HashMap<>();
    private final UnaryOperator<Value> activation; // of the hidden units: relu, or what else it may be

    Stage4MultiHead(GptConfig config, Parameters parameters, Leaves leaves, UnaryOperator<Value> activation) {
        this.config = config;
        this.activation = activation;
        parameters.tensors().forEach(t -> weights.put(t.name(), leaves.matrix(t.offset(), t.rows(), t.columns())));
    }

    /** The mean loss of a document. Keys and values of earlier positions are kept, in each layer its own. */
    Value loss(int... tokens) {
        List<List<Value[]>> keys = new ArrayList<>();
        List<List<Value[]>> values = new ArrayList<>();
        for (int layer = 0; layer < config.layerCount(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
        Value[] losses = new Value[Math.min(config.blockSize(), tokens.length - 1)];
        for (int position = 0; position < losses.length; position++) {
            Value[] x = rmsNorm(add(weights.get("wte")[tokens[position]], weights.get("wpe")[position]));
            for (int layer = 0; layer < config.layerCount(); layer++) { // what one puts out, the next takes in
                String block = "layer" + layer + ".";
                x = add(x, attention(block, rmsNorm(x), keys.get(layer), values.get(layer)));
                Value[] hidden = linear(rmsNorm(x), weights.get(block + "mlp_fc1"));
                Arrays.setAll(hidden, i -> activation.apply(hidden[i]));
                x = add(x, linear(hidden, weights.get(block + "mlp_fc2")));
            }
            losses[position] = crossEntropy(linear(x, weights.get("lm_head")), tokens[position + 1]);
        }
        return mean(losses);
    }

    private Value[] attention(String block, Value[] x, List<Value[]> keys, List<Value[]> values) {
        Value[] query = linear(x, weights.get(block + "attn_wq"));
        keys.add(linear(x, weights.get(block + "attn_wk")));
        values.add(linear(x, weights.get(block + "attn_wv")));
        Value[] mix = new Value[query.length];
        for (int head = 0; head < config.headCount(); head++) {
            int from = head * config.headDim(); // where its slice of query, keys and values begins
            Value[] scores = new Value[keys.size()];
            for (int t = 0; t < scores.length; t++) {
                scores[t] = dot(slice(query, from), slice(keys.get(t), from)).div(Math.sqrt(config.headDim()));
            }
            Value[] looks = softmax(scores); // how much this head looks at each position
            for (int j = from; j < from + config.headDim(); j++) {
                mix[j] = looks[0].mul(values.get(0)[j]);
                for (int t = 1; t < looks.length; t++) {
                    mix[j] = mix[j].add(looks[t].mul(values.get(t)[j])); // Σ_t a_t·v_t
                }
            }
        }
        return linear(mix, weights.get(block + "attn_wo"));
    }

    private Value[] slice(Value[] x, int from) {
        return Arrays.copyOfRange(x, from, from + config.headDim());
    }

    /**
     * Trains and samples.
     *
     * @param args {@code --data SOURCE --seed N --steps N --metrics FILE --trace WORD --parameter P}, all optional
     */
    public static void main(String... args) {
        Program.run(args, Stage4MultiHead::run, program -> StepTrace.gpt(Preset.STAGE4, program));
    }

    private static void run(Program program) {
        PythonRandom random = new PythonRandom(program.seed());
        Documents documents = program.documents().shuffled(random);
        program.print("num docs: %d", documents.size());
        Tokenizer tokenizer = Tokenizer.of(documents);
        program.print("vocab size: %d", tokenizer.vocabSize());

        GptConfig config = Preset.STAGE4.config(tokenizer.vocabSize());
        Parameters parameters = Preset.STAGE4.initialization().draw(config, random);
        Parameters gradient = parameters.zeros();
        Leaves leaves = new Leaves(parameters.values());
        Stage4MultiHead model = new Stage4MultiHead(config, parameters, leaves, Value::relu);
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

        // Here the engine takes over: the library's Gpt has the same weights and reads without a graph
        program.samples(new Gpt(config, parameters), Preset.STAGE4.sampler(), tokenizer, random);
    }
}
